//! Every fixed phrase of the formats for people, in one place: a language is one more [`Words`].
//!
//! `{0}`, `{1}`, … are replaced. What rules say (titles, messages, fixes) is in the report already and not here.

mod dutch;
mod english;

use super::text::{self, Label, Line};

pub use crate::language::Language;

impl Language {
    /// Its phrases.
    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::English => &english::WORDS,
            Self::Dutch => &dutch::WORDS,
        }
    }
}

/// A phrase with one form for one and another for many; `{0}` is the number.
#[derive(Debug)]
pub(crate) struct Counted {
    /// For one.
    pub(crate) one: &'static str,
    /// For none and for many.
    pub(crate) many: &'static str,
}

/// A code of the report and what it is called.
pub(crate) type Names = &'static [(&'static str, &'static str)];

/// The phrases of a language. What a phrase says is best read in `english.rs`.
#[derive(Debug)]
#[rustfmt::skip] // a list, to be read beside that of a language
pub(crate) struct Words {
    /// What sets thousands apart.
    pub(crate) thousands: char,
    /// How dates are written, for `strftime`.
    pub(crate) date: &'static str,
    /// Between the last two of an enumeration: all of them.
    pub(crate) and: &'static str,
    /// Between the last two of an enumeration: any of them.
    pub(crate) or: &'static str,
    /// Severities, as a label in front of a title.
    pub(crate) severities: Names,
    /// Severities behind a number.
    pub(crate) severity_counts: Names,
    /// Confidences worth a word.
    pub(crate) confidences: Names,
    /// Collections: their objects, singular and plural.
    pub(crate) collections: &'static [(&'static str, Counted, &'static str)],
    /// Kinds of objects that are named in front of the object.
    pub(crate) kinds: Names,
    /// Confidences as a reason for the order.
    pub(crate) confidences_ranked: Names,
    /// States of a property without a value.
    pub(crate) states: Names,
    /// Verdicts behind a number.
    pub(crate) verdict_counts: Names,
    /// Why something is missing or incomplete.
    pub(crate) reasons: Names,
    /// What somebody wants to do.
    pub(crate) operations: Names,
    /// Whether a request would work.
    pub(crate) verdicts: Names,
    /// What can stand in the way of a request and no export shows.
    pub(crate) not_shown: Names,
    /// Where the date of the data comes from.
    pub(crate) bases: Names,
    /// What stands before the first fix, by where it is made; the first of them is the usual place.
    pub(crate) fixes: Names,
    /// What stands before another fix.
    pub(crate) other_fixes: Names,
    /// How titles of fixes begin that say what stands before them anyway.
    pub(crate) joining: &'static [&'static str],
    /// What stands before a step that comes after a fix.
    pub(crate) next_fixes: Names,
    /// How careful one must be.
    pub(crate) safeties: Names,
    /// The states of an acceptance.
    pub(crate) acceptance_states: Names,
    /// The states of an acceptance that has an end.
    pub(crate) acceptance_states_until: Names,

    // The head.
    pub(crate) several_tenants: &'static str,
    pub(crate) tenant_item: &'static str,
    pub(crate) unnamed_tenant: &'static str,
    pub(crate) home_tenant: &'static str,
    pub(crate) data_of: &'static str,
    pub(crate) data_of_unknown: &'static str,
    pub(crate) age_days: Counted,
    pub(crate) age_hours: Counted,
    pub(crate) age_fresh: &'static str,
    pub(crate) age_at_most: &'static str,
    pub(crate) age_future: &'static str,
    pub(crate) redacted: &'static str,
    pub(crate) file: &'static str,
    pub(crate) files: Counted,
    pub(crate) nothing_read: &'static str,
    pub(crate) unread: &'static str,
    pub(crate) more_collections: Counted,
    pub(crate) incomplete: &'static str,
    pub(crate) incomplete_item: &'static str,
    pub(crate) excluded: &'static str,
    pub(crate) note: &'static str,
    pub(crate) notes: &'static str,

    // The summary.
    pub(crate) all_concerned: &'static str,
    pub(crate) about: &'static str,
    pub(crate) about_nothing: &'static str,
    pub(crate) about_also: &'static str,
    pub(crate) rules_elsewhere: Counted,
    pub(crate) summary: &'static str,
    pub(crate) people: Counted,
    pub(crate) nothing_found: &'static str,
    pub(crate) nothing_assessed: &'static str,
    pub(crate) rules_clear: Counted,
    pub(crate) rules_unseen: Counted,
    pub(crate) more: Counted,
    pub(crate) others: Counted,

    // Requests.
    pub(crate) requests: &'static str,
    pub(crate) request_values: &'static str,
    pub(crate) in_place_of: &'static str,
    pub(crate) with_licenses: &'static str,
    pub(crate) request_target: &'static str,
    pub(crate) request_actor: &'static str,
    pub(crate) request_row: &'static str,
    pub(crate) request: &'static str,
    pub(crate) because_of: &'static str,
    pub(crate) remark: &'static str,
    pub(crate) is_already: &'static str,
    pub(crate) is_already_through: &'static str,
    pub(crate) read_as: &'static str,
    pub(crate) not_decided: &'static str,
    pub(crate) steps_off: &'static str,
    pub(crate) steps_without_rule: &'static str,
    pub(crate) who_asks: &'static str,
    pub(crate) who_resets: &'static str,
    pub(crate) no_steps: &'static str,
    pub(crate) beyond: &'static str,
    pub(crate) recorded_error: &'static str,
    pub(crate) way_out: &'static str,

    // Findings.
    pub(crate) findings: &'static str,
    pub(crate) more_findings: Counted,
    pub(crate) range: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) heading_remarks: &'static str,
    pub(crate) status_new: &'static str,
    pub(crate) explained_by: &'static str,
    pub(crate) explained_by_some: &'static str,
    pub(crate) explains: &'static str,
    pub(crate) may_be_caused_by: &'static str,
    pub(crate) could_be: &'static str,
    pub(crate) at_least: &'static str,
    pub(crate) more_objects: Counted,
    pub(crate) more_objects_at_least: Counted,
    pub(crate) the_same_for: Counted,
    pub(crate) named: &'static str,
    pub(crate) named_kind: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) synced: &'static str,
    pub(crate) accepted_objects: Counted,
    pub(crate) changed_by: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) changed_result: &'static str,
    pub(crate) more_records: Counted,
    pub(crate) seen: &'static str,
    pub(crate) seen_value: &'static str,
    pub(crate) ranked_by: &'static str,
    pub(crate) ranked_answers: &'static str,
    pub(crate) ranked_failing: &'static str,
    pub(crate) ranked_with: &'static str,
    pub(crate) reference: &'static str,

    // Fixes.
    pub(crate) more_fixes: Counted,
    pub(crate) fixes_shortened: &'static str,
    pub(crate) mend_first: &'static str,
    pub(crate) same_fix: &'static str,
    pub(crate) same_step: &'static str,
    pub(crate) sure: &'static str,
    pub(crate) expect: &'static str,
    pub(crate) run_commands: &'static str,
    pub(crate) read_first: &'static str,
    pub(crate) connect_graph: &'static str,
    pub(crate) connect_exchange: &'static str,
    pub(crate) connect_on_premises: &'static str,
    pub(crate) activate: &'static str,
    pub(crate) only_tried: &'static str,
    pub(crate) more_commands: Counted,
    pub(crate) template: &'static str,
    pub(crate) template_others: &'static str,
    pub(crate) fix_missing: &'static str,
    pub(crate) changes: &'static str,
    pub(crate) change: &'static str,
    pub(crate) change_to: &'static str,
    pub(crate) change_from: &'static str,
    pub(crate) who: &'static str,
    pub(crate) who_same: &'static str,
    pub(crate) who_here: &'static str,
    pub(crate) who_activates: &'static str,
    pub(crate) who_nobody: &'static str,
    pub(crate) who_nobody_all: &'static str,
    pub(crate) own_account: &'static str,
    pub(crate) who_unknown: &'static str,
    pub(crate) portal: &'static str,
    pub(crate) place: &'static str,
    pub(crate) verify: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) worked_when: &'static str,
    pub(crate) takes_effect: &'static str,
    pub(crate) tried: &'static str,
    pub(crate) resolves: &'static str,
    pub(crate) resolves_more: Counted,
    pub(crate) resolves_part: &'static str,
    pub(crate) resolves_part_because: &'static str,
    pub(crate) creates: &'static str,

    // What was looked at.
    pub(crate) checked: &'static str,
    pub(crate) ran: Counted,
    pub(crate) ran_whole: Counted,
    pub(crate) ran_outcomes: Names,
    pub(crate) clear: &'static str,
    pub(crate) rules: Counted,
    pub(crate) clear_up_to: Counted,
    pub(crate) clear_idle: Counted,
    pub(crate) partial: &'static str,
    pub(crate) listed: &'static str,
    pub(crate) objects_checked: Counted,
    pub(crate) objects_unknown: Counted,
    pub(crate) not_asked: &'static str,
    pub(crate) not_asked_rules: Counted,
    pub(crate) left_out: &'static str,
    pub(crate) left_out_rules: Counted,
    pub(crate) off: &'static str,
    pub(crate) overrides: &'static str,
    pub(crate) override_severity: &'static str,
    pub(crate) override_off: &'static str,
    pub(crate) accepted: &'static str,
    pub(crate) accepted_item: &'static str,
    pub(crate) accepted_count: Counted,
    pub(crate) accepted_until: &'static str,
    pub(crate) accepted_ticket: &'static str,

    // What could not be looked at.
    pub(crate) not_assessed: Counted,
    pub(crate) lacking: &'static str,
    pub(crate) not_assessed_so: &'static str,
    pub(crate) gap: &'static str,
    pub(crate) gap_property: &'static str,
    pub(crate) gap_objects: Counted,
    pub(crate) gap_date: &'static str,
    pub(crate) gap_others: Counted,
    pub(crate) gap_actor: &'static str,
    pub(crate) gap_request: &'static str,
    pub(crate) gap_unknown: &'static str,
    pub(crate) not_assessed_script: &'static str,
    pub(crate) gap_properties: &'static str,
    pub(crate) gap_rules_count: Counted,
    pub(crate) gap_rules_partly_count: Counted,
    pub(crate) gap_rules: Counted,
    pub(crate) gap_rules_partly: Counted,
    pub(crate) gap_needs: &'static str,
    /// Whoever runs the command needs: role
    pub(crate) gap_needs_role: &'static str,
    pub(crate) gap_item: &'static str,
    pub(crate) gap_needs_item: &'static str,
    pub(crate) missing_column: &'static str,
    pub(crate) rules_column: &'static str,
    pub(crate) needs_column: &'static str,
    pub(crate) get_them: &'static str,

    // The headings of the table of findings.
    pub(crate) number_column: &'static str,
    pub(crate) severity_column: &'static str,
    pub(crate) finding_column: &'static str,
    pub(crate) rule_column: &'static str,
    pub(crate) objects_column: &'static str,
}

impl Words {
    /// A date of the report as people read it, in UTC; what is no date stays as it is.
    pub(crate) fn date(&self, text: &str) -> String {
        text::date(text, self.date)
    }

    /// A number as text.
    pub(crate) fn number(&self, number: usize) -> String {
        text::number(number, self.thousands)
    }

    /// A phrase with its number.
    pub(crate) fn count(&self, phrase: &Counted, count: usize) -> Line {
        self.count_with(phrase, count, &[])
    }

    /// A phrase with its number and other values: `{1}`, ….
    pub(crate) fn count_with(&self, phrase: &Counted, count: usize, values: &[Line]) -> Line {
        let mut all = vec![Line::plain(self.number(count))];
        all.extend_from_slice(values);
        Line::fill(if count == 1 { phrase.one } else { phrase.many }, &all)
    }

    /// So many objects of a collection.
    pub(crate) fn collection(&self, name: &str, count: usize) -> Line {
        match self.collections.iter().find(|(known, _, _)| *known == name) {
            Some((_, phrase, _)) => self.count(phrase, count),
            None => Line::plain(format!("{} {name}", self.number(count))),
        }
    }

    /// What a collection is called.
    pub(crate) fn collection_name(&self, name: &str) -> String {
        let known = self.collections.iter().find(|(known, _, _)| *known == name);
        known.map_or(name, |(_, _, plural)| plural).to_owned()
    }
}

/// What a code is called; an unknown code is shown with blanks for its hyphens, so that reports of a newer version can
/// be printed.
pub(crate) fn name(names: Names, code: &str) -> String {
    find(names, code).map_or_else(|| code.replace('-', " "), str::to_owned)
}

/// What a code is called, if it has a name.
pub(crate) fn find(names: Names, code: &str) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// The label of a severity.
pub(crate) fn severity_label(severity: &str) -> Label {
    match severity {
        "critical" => Label::Critical,
        "high" => Label::High,
        "medium" => Label::Medium,
        "low" => Label::Low,
        _ => Label::Info,
    }
}
