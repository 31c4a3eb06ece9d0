//! How objects and findings are named.

use crate::report::model::{Finding, Value};
use crate::report::text::{Label, Line, shortened};
use crate::report::words;

use super::Context;

/// The longest name that is shown in full; a directory allows 256 characters.
const NAME: usize = 60;
/// The longest address that is shown in full; a sign-in name has at most 113 characters.
const ADDRESS: usize = 120;

impl Context<'_> {
    /// The name of an object, and its sign-in name.
    pub(super) fn object(&self, key: &str) -> Line {
        let Some(object) = self.tenant.objects.get(key) else {
            return literal(key);
        };
        let name = Line::new(Label::Object, shortened(&object.display_name, NAME));
        let named = match &object.user_principal_name {
            Some(sign_in) if *sign_in == object.display_name => literal(sign_in),
            Some(sign_in) => Line::fill(self.words.named, &[name, literal(sign_in)]),
            None => name,
        };
        match words::find(self.words.kinds, &object.kind) {
            Some(kind) => Line::fill(self.words.named_kind, &[Line::plain(kind), named]),
            None => named,
        }
    }

    /// An object in a list, with what decides where it can be changed.
    pub(super) fn listed(&self, key: &str) -> Line {
        let mut line = self.object(key);
        if self.tenant.objects.get(key).is_some_and(|object| object.synced == Some(true)) {
            line.push(Line::new(Label::Faint, self.words.synced));
        }
        line
    }

    /// The first few of some people, and how many more there are.
    pub(super) fn people(&self, keys: &[String]) -> Line {
        let most = if self.options.all { keys.len() } else { 3 };
        let mut lines: Vec<Line> = keys.iter().take(most).map(|key| self.object(key)).collect();
        if keys.len() > most {
            lines.push(self.words.count(&self.words.others, keys.len() - most));
        }
        self.all_of(lines)
    }

    /// An enumeration of all.
    pub(super) fn all_of(&self, lines: impl IntoIterator<Item = Line>) -> Line {
        Line::join(lines, ", ", self.words.and)
    }

    /// An enumeration of alternatives.
    pub(super) fn one_of(&self, lines: impl IntoIterator<Item = Line>) -> Line {
        Line::join(lines, ", ", self.words.or)
    }

    /// What a rule looks for, and its id.
    pub(super) fn rule(&self, id: &str) -> Line {
        let outcome = self.tenant.rules.iter().find(|outcome| outcome.rule == id);
        match outcome.map(|outcome| outcome.title.as_str()).filter(|title| !title.is_empty()) {
            Some(title) => Line::fill(self.words.rule, &[Line::plain(title), literal(id)]),
            None => literal(id),
        }
    }

    /// The open finding with this fingerprint.
    pub(super) fn finding(&self, fingerprint: &str) -> Option<&Finding> {
        self.open.iter().copied().find(|finding| finding.fingerprint == fingerprint)
    }

    /// The numbers of the open findings among these; none if there are none.
    pub(super) fn numbers<'f>(&self, fingerprints: impl IntoIterator<Item = &'f str>) -> Option<Line> {
        let mut ranks: Vec<usize> =
            fingerprints.into_iter().filter_map(|one| self.finding(one)).map(|finding| finding.rank).collect();
        ranks.sort_unstable();
        ranks.dedup();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for rank in ranks {
            match runs.last_mut() {
                Some((_, end)) if *end + 1 == rank => *end = rank,
                _ => runs.push((rank, rank)),
            }
        }
        let runs: Vec<Line> = runs.into_iter().map(|(start, end)| self.range(start, end)).collect();
        (!runs.is_empty()).then(|| self.all_of(runs))
    }

    /// A number, or from one to another.
    pub(super) fn range(&self, start: usize, end: usize) -> Line {
        let [first, last] = [start, end].map(|number| Line::plain(self.words.number(number)));
        if start == end { first } else { Line::fill(self.words.range, &[first, last]) }
    }

    /// A severity as the label of a finding.
    pub(super) fn severity(&self, severity: &str) -> Line {
        Line::new(words::severity_label(severity), words::name(self.words.severities, severity))
    }
}

/// What one copies.
pub(super) fn literal(text: &str) -> Line {
    Line::new(Label::Literal, shortened(text, ADDRESS))
}

/// A value that comes from data.
pub(super) fn value(value: &Value) -> Line {
    Line::new(Label::Literal, shortened(&value.text, ADDRESS))
}
