//! What somebody wants to do, and whether it would work.

use crate::report::model::{Finding, FindingName, RequestReport};
use crate::report::text::{Label, Line};
use crate::report::words;

use super::objects::{literal, value};
use super::{Block, Context, Items};

/// How many requests are shown of those that an export holds besides.
const REQUESTS: usize = 3;

/// What a request takes away.
const REMOVED: &str = "removeLicenses";
/// The licenses that a request gives.
const ADDED: &str = "addLicenses";

/// How many are shown of those that somebody wrote down to ask.
const ASKED: usize = 30;

pub(super) fn add(context: &Context<'_>, items: &mut Items) {
    let requests = &context.tenant.requests;
    if requests.is_empty() {
        return;
    }
    let words = context.words;
    let mut title = Line::new(Label::Heading, words.requests);
    if requests.len() > 1 {
        title.push(Line::plain(": "));
        title.push(counts(context));
    }
    items.add(0, Block::Section(title));
    // Those that fail are what somebody has to act on; what an export holds besides nobody asks for now.
    let mut ordered: Vec<&RequestReport> = requests.iter().collect();
    ordered.sort_by_key(|request| (is_of_export(context, request), urgency(&request.verdict), request.index));
    let asked = ordered.iter().filter(|request| !is_of_export(context, request)).count();
    let shown = match asked {
        _ if context.options.is_complete() => ordered.len(),
        0 => ordered.len().min(REQUESTS),
        asked => asked.min(ASKED),
    };
    let mut lines: Vec<Line> = ordered.iter().take(shown).map(|request| one(context, request)).collect();
    if ordered.len() > shown {
        lines.push(words.count(&words.more, ordered.len() - shown));
    }
    items.bullets(0, lines);
}

/// How many fail, cannot be told and work.
fn counts(context: &Context<'_>) -> Line {
    let words = context.words;
    let verdicts = ["fails", "cannot-tell", "no-obstacle", "no-change", "succeeds"].into_iter().filter_map(|verdict| {
        let count = context.tenant.requests.iter().filter(|request| request.verdict == verdict).count();
        let phrase = words::name(words.verdict_counts, verdict);
        (count > 0).then(|| Line::plain(phrase.replace("{0}", &words.number(count))))
    });
    Line::join(verdicts, ", ", ", ")
}

/// Whether a request stands beside what an export says of the tenant, and not in a file of its own.
fn is_of_export(context: &Context<'_>, request: &RequestReport) -> bool {
    let mut sources = context.tenant.sources.iter();
    let source = sources.find(|source| Some(source.index) == request.origin.source);
    source.is_some_and(|source| source.collections.iter().any(|collection| collection.name != "requests"))
}

fn urgency(verdict: &str) -> usize {
    match verdict {
        "fails" => 0,
        "succeeds" => 3,
        "no-obstacle" | "no-change" => 2,
        _ => 1,
    }
}

fn one(context: &Context<'_>, request: &RequestReport) -> Line {
    let words = context.words;
    let label = match request.verdict.as_str() {
        "fails" => Label::High,
        "succeeds" | "no-obstacle" | "no-change" => Label::Good,
        _ => Label::Warning,
    };
    let verdict = Line::new(label, words::name(words.verdicts, &request.verdict));
    let mut line = request.name.as_deref().map(literal).unwrap_or_default();
    line.say(Line::fill(words.request, &[verdict, context.request(request)]));
    line.push(Line::plain("."));
    for (written, product) in &request.read_as {
        line.say(Line::fill(words.read_as, &[literal(written), Line::plain(product)]));
    }
    for text in &request.unclear {
        line.say(Line::plain(text));
    }
    let is_explained = reasons(context, request, &mut line);
    if request.verdict == "no-change" {
        line.say(Line::plain(words.is_already));
        if !request.through.is_empty() {
            let groups = context.all_of(request.through.iter().map(|key| context.object(key)));
            line.say(Line::fill(words.is_already_through, &[groups]));
        }
    }
    if request.verdict == "no-obstacle" {
        let beyond = request.not_shown.iter().map(|text| Line::plain(words::name(words.not_shown, text)));
        line.say(Line::fill(words.beyond, &[context.all_of(beyond)]));
    }
    if let Some(error) = request.error.as_ref().filter(|_| context.options.is_complete() || !is_explained) {
        line.say(Line::fill(words.recorded_error, &[Line::plain(&error.text)]));
    }
    if context.options.is_complete() || !is_explained {
        for step in &request.way_out {
            line.say(Line::fill(words.way_out, &[Line::plain(step)]));
        }
    }
    line
}

/// Why it fails, or why that cannot be told; gives back whether a finding says it, with its fix.
fn reasons(context: &Context<'_>, request: &RequestReport, line: &mut Line) -> bool {
    let words = context.words;
    let found = request.steps.iter().filter(|step| step.outcome == "found");
    let mut findings: Vec<&Finding> = found
        .filter_map(|step| context.finding((step.finding.as_deref()?, step.check.as_deref()?)))
        .filter(|one| blocks(request, one))
        .collect();
    findings.sort_by_key(|finding| finding.rank);
    let is_explained = !findings.is_empty();
    if is_explained {
        // Beside a request that works the title would read as if it did not: the message says what is so.
        let is_remark = matches!(request.verdict.as_str(), "succeeds" | "no-obstacle" | "no-change");
        let mut by_title: Vec<(&str, Vec<FindingName<'_>>)> = Vec::new();
        for finding in findings {
            let text = if is_remark { finding.message.trim_end_matches('.') } else { &finding.title };
            match by_title.iter_mut().find(|(title, _)| *title == text) {
                Some((_, same)) => same.push(finding.name()),
                None => by_title.push((text, vec![finding.name()])),
            }
        }
        let reasons = by_title.into_iter().map(|(title, same)| match context.numbers(same) {
            Some(numbers) => Line::fill(words.gap_item, &[numbers, Line::plain(title)]),
            None => Line::plain(title),
        });
        let phrase = if is_remark { words.remark } else { words.because_of };
        line.say(Line::fill(phrase, &[Line::join(reasons, "; ", "; ")]));
    }
    let unknown = request.steps.iter().filter(|step| step.outcome == "unknown").map(|step| step.rule.as_str());
    let unknown: Vec<Line> = unknown.map(|rule| context.rule(rule)).collect();
    if request.verdict == "cannot-tell" && !unknown.is_empty() {
        let most = if context.options.is_complete() { unknown.len() } else { 1 };
        let more = unknown.len().saturating_sub(most);
        let mut shown: Vec<Line> = unknown.into_iter().take(most).collect();
        if more > 0 {
            shown.push(words.count(&words.others, more));
        }
        line.say(Line::fill(words.not_decided, &[context.all_of(shown)]));
    }
    if request.verdict == "cannot-tell" {
        for (outcome, phrase) in [("off", words.steps_off), ("no-rule", words.steps_without_rule)] {
            let mut steps = request.steps.iter().filter(|step| step.outcome == outcome);
            if let Some(first) = steps.next() {
                let more = steps.count();
                let others = (more > 0).then(|| words.count(&words.others, more));
                line.say(Line::fill(phrase, &[context.all_of([literal(&first.rule)].into_iter().chain(others))]));
            }
        }
        let is_role_open = request.steps.iter().any(|step| step.outcome == "unknown" && step.rule.contains("role"));
        if is_role_open && request.actor.is_none() && !request.values.contains_key("actor") {
            // Most who call about a password want to reset their own.
            let is_reset = request.operation == "reset-password";
            line.say(Line::plain(if is_reset { words.who_resets } else { words.who_asks }));
        }
        if request.steps.is_empty() {
            line.say(Line::plain(words.no_steps));
        }
    }
    is_explained
}

/// Whether a finding stands in the way of a request. What is only worth knowing makes none fail.
fn blocks(request: &RequestReport, finding: &Finding) -> bool {
    request.verdict != "fails"
        || matches!(finding.severity.as_str(), "high" | "critical") && finding.confidence != "hint"
}

impl Context<'_> {
    /// What is asked for, for whom and by whom.
    pub(super) fn request(&self, request: &RequestReport) -> Line {
        let words = self.words;
        let mut line = Line::plain(words::name(words.operations, &request.operation));
        let is_apart = |name: &str| matches!(name, "actor" | "target" | ADDED | REMOVED);
        let licenses = |list: &str| request.values.get(list).into_iter().flatten().map(value).collect::<Vec<Line>>();
        let (added, removed) = (licenses(ADDED), licenses(REMOVED));
        let named = request.values.iter().filter(|(name, _)| !is_apart(name));
        let named: Vec<Line> = named.flat_map(|(_, values)| values).map(value).collect();
        let values = match (named.is_empty(), added.is_empty()) {
            (false, false) => vec![Line::fill(words.with_licenses, &[self.all_of(named), self.all_of(added)])],
            _ => named.into_iter().chain(added).collect(),
        };
        let values = match (values.is_empty(), removed.is_empty()) {
            (false, false) => Some(Line::fill(words.in_place_of, &[self.all_of(values), self.all_of(removed)])),
            (true, true) => None,
            _ => Some(self.all_of(values.into_iter().chain(removed))),
        };
        if let Some(values) = values {
            line = Line::fill(words.request_values, &[line, values]);
        }
        // Whoever is not there is named as typed.
        let person = |key: Option<&String>, name: &str| {
            let typed = || Some(value(request.values.get(name)?.first()?));
            key.map(|key| self.typed(key)).or_else(typed)
        };
        if let Some(target) = person(request.target.as_ref(), "target") {
            line.say(Line::fill(words.request_target, &[target]));
        }
        if let Some(actor) = person(request.actor.as_ref(), "actor") {
            line.push(Line::plain(", "));
            line.push(Line::fill(words.request_actor, &[actor]));
        }
        if let Some(row) = request.origin.row {
            line.push(Line::plain(", "));
            line.push(Line::fill(words.request_row, &[Line::plain(words.number(row))]));
        }
        line
    }
}
