//! How objects and findings are named.

use crate::report::model::{Finding, FindingName, Value};
use crate::report::text::{Label, Line, shortened};
use crate::report::words;

use super::Context;

/// The longest name that is shown in full; a directory allows 256 characters.
const NAME: usize = 60;
/// The longest address that is shown in full; a sign-in name has at most 113 characters.
const ADDRESS: usize = 120;
/// How many ranges of numbers are shown.
const RANGES: usize = 3;
/// How many of those who may do something are named.
const PEOPLE: usize = 3;

impl Context<'_> {
    /// An object as a list shows it: kind, name, sign-in name, and what decides where it can be changed.
    pub(super) fn listed(&self, key: &str) -> Line {
        let mut line = self.object(key);
        if self.tenant.objects.get(key).is_some_and(|object| object.synced == Some(true)) {
            line.push(Line::new(Label::Faint, self.words.synced));
        }
        line
    }

    /// An object in a sentence: kind, name and sign-in name.
    pub(super) fn object(&self, key: &str) -> Line {
        let Some(object) = self.tenant.objects.get(key) else {
            return literal(key);
        };
        let name = self.name(key);
        let named = match &object.user_principal_name {
            Some(sign_in) if *sign_in != object.display_name => Line::fill(self.words.named, &[name, literal(sign_in)]),
            _ => name,
        };
        match words::find(self.words.kinds, &object.kind) {
            Some(kind) => Line::fill(self.words.named_kind, &[Line::plain(kind), named]),
            None => named,
        }
    }

    /// An object where the name is enough.
    pub(super) fn name(&self, key: &str) -> Line {
        let Some(object) = self.tenant.objects.get(key) else {
            return literal(key);
        };
        if object.user_principal_name.as_ref() == Some(&object.display_name) {
            return literal(&object.display_name);
        }
        let name = shortened(&object.display_name, NAME);
        Line::new(Label::Object, name).linked(object.url.as_deref())
    }

    /// The first few of some people, and how many more there are.
    pub(super) fn people(&self, keys: &[String]) -> Line {
        let most = if self.options.is_complete() { keys.len() } else { PEOPLE };
        let called = |key: &String| self.tenant.objects.get(key).map(|object| &object.display_name);
        // Two of one name are told apart by their sign-in names.
        let is_only = |key: &String| keys.iter().filter(|other| called(other) == called(key)).count() == 1;
        let one = |key: &String| if is_only(key) { self.name(key) } else { self.object(key) };
        let mut lines: Vec<Line> = keys.iter().take(most).map(one).collect();
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

    /// The open finding of this name.
    pub(super) fn finding(&self, name: FindingName<'_>) -> Option<&Finding> {
        self.by_name.get(&name).copied()
    }

    /// An object as one would type it: its sign-in name, or its name.
    pub(super) fn typed(&self, key: &str) -> Line {
        let sign_in = self.tenant.objects.get(key).and_then(|object| object.user_principal_name.as_deref());
        sign_in.map_or_else(|| self.object(key), literal)
    }

    /// The numbers of the open findings among these; none if there are none.
    pub(super) fn numbers<'f>(&self, names: impl IntoIterator<Item = FindingName<'f>>) -> Option<Line> {
        let ranks = names.into_iter().filter_map(|one| self.finding(one)).map(|finding| finding.rank).collect();
        self.ranges(ranks)
    }

    /// Numbers as ranges, the first few; none if there are none.
    pub(super) fn ranges(&self, mut numbers: Vec<usize>) -> Option<Line> {
        numbers.sort_unstable();
        numbers.dedup();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for number in numbers {
            match runs.last_mut() {
                Some((_, end)) if *end + 1 == number => *end = number,
                _ => runs.push((number, number)),
            }
        }
        // Two are no range.
        let apart = |(start, end): (usize, usize)| {
            if end == start + 1 { vec![(start, start), (end, end)] } else { vec![(start, end)] }
        };
        let runs: Vec<(usize, usize)> = runs.into_iter().flat_map(apart).collect();
        let shown = if self.options.is_complete() { runs.len() } else { runs.len().min(RANGES) };
        let others: usize = runs[shown..].iter().map(|(start, end)| end - start + 1).sum();
        let mut lines: Vec<Line> = runs[..shown].iter().map(|(start, end)| self.range(*start, *end)).collect();
        if others > 0 {
            lines.push(self.words.count(&self.words.others, others));
        }
        (!lines.is_empty()).then(|| self.all_of(lines))
    }

    /// A number, or from one to another.
    fn range(&self, start: usize, end: usize) -> Line {
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

/// A value that comes from data: products and services have names, all else is copied.
pub(super) fn value(value: &Value) -> Line {
    match value.kind.as_str() {
        "sku" | "plan" | "role" | "number" => Line::plain(shortened(&value.text, ADDRESS)),
        _ => literal(&value.text),
    }
}

/// The way to a page.
pub(super) fn way(text: &str) -> Line {
    Line::new(Label::Way, text)
}
