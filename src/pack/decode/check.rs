//! Checks: what all kinds share.

use super::entries::{Entries, Node, no_duplicates, table, text};
use super::rule::Checks;
use super::scope::{Frame, PathUse, Provided};
use super::sink::At;
use super::{Decoder, confidence, kinds, severity};
use crate::pack::fault::suggestion;
use crate::pack::model::{
    Alias, Check, CheckKind, Confidence, MAX_CHECKS, Message, Path, Severity, Template, TemplatePart,
};

impl Decoder<'_> {
    /// `[[check]]`.
    pub(super) fn checks(&mut self, entries: &mut Entries<'_>) -> Checks {
        let tables = entries.tables("check", "a check", &mut self.sink);
        if !entries.has("check") {
            entries.need("check");
        }
        let mut found = Checks::default();
        let mut names = Vec::new();
        for (number, entries) in tables.into_iter().enumerate() {
            let (name, check) = self.check(entries);
            if let Some(name) = name.as_ref().filter(|_| number == MAX_CHECKS) {
                let message = format!("the rule has more than {MAX_CHECKS} checks");
                let fault = self.sink.error("too-many-checks", &name.span, message, "one too many");
                fault.help = Some("Put checks of another cause into a rule of their own.".to_owned());
            }
            names.extend(name);
            found.checks.extend(check);
        }
        no_duplicates(&names, "checks", "duplicate-check", &mut self.sink);
        found.names = names.into_iter().map(|name| name.value).collect();
        found
    }

    fn check(&mut self, mut entries: Entries<'_>) -> (Option<At<String>>, Option<Check>) {
        let name = entries.need_text("name", &mut self.sink);
        if let Some(name) = &name {
            self.kebab(name, "check");
            entries.call(format!("the check `{}`", name.value));
        }
        let kind_name = entries.need_text("kind", &mut self.sink);
        let graded = matches!(kind_name.as_ref().map(|kind| kind.value.as_str()), Some("conflict" | "requires"));
        let frame = self.frame(Frame::unknown());
        self.check_frames.push(frame);

        let known = kind_name.as_ref().filter(|kind| self.known_kind(kind));
        let kind = known.and_then(|kind| self.kind(&kind.value, &mut entries, frame));
        let (severity, confidence) = if graded { (None, None) } else { self.ranks(&mut entries) };
        let group_by = self.group_by(&mut entries, frame);
        let message = self.need_message(&mut entries, frame);
        if let Some((text, message)) = &message
            && !group_by.is_empty()
            && message.many.is_none()
        {
            self.same_for_all(text, &message.one, &group_by, frame);
        }
        if known.is_some() {
            entries.finish(&mut self.sink);
        } else {
            entries.report_missing(&mut self.sink);
        }
        let check = (|| {
            let (name, message) = (name.as_ref()?.value.clone(), message?.1);
            let group_by = group_by.into_iter().map(|path| path.value).collect();
            Some(Check { name, kind: kind?, severity, confidence, message, group_by })
        })();
        (name, check)
    }

    fn known_kind(&mut self, kind: &At<String>) -> bool {
        let known = kinds::KINDS.contains(&kind.value.as_str());
        if !known {
            let message = format!("there is no kind of check `{}`", kind.value);
            self.sink.error("unknown-kind", &kind.span, message, "unknown kind").help =
                suggestion(&kind.value, &kinds::KINDS, "Kinds");
        }
        known
    }

    fn kind(&mut self, name: &str, entries: &mut Entries<'_>, frame: usize) -> Option<CheckKind> {
        match name {
            "match" => self.match_kind(entries, frame).map(CheckKind::Match),
            "duplicate" => self.duplicate(entries, frame).map(CheckKind::Duplicate),
            "conflict" => self.set_check(entries, frame, false).map(CheckKind::Conflict),
            "requires" => self.set_check(entries, frame, true).map(CheckKind::Requires),
            "threshold" => self.threshold(entries, frame).map(CheckKind::Threshold),
            _ => self.native(entries, frame).map(CheckKind::Native),
        }
    }

    fn ranks(&mut self, entries: &mut Entries<'_>) -> (Option<Severity>, Option<Confidence>) {
        let severity_text = entries.need_text("severity", &mut self.sink);
        let severity = severity_text.and_then(|text| severity(&text, &mut self.sink));
        let confidence_text = entries.text("confidence", &mut self.sink);
        let confidence = confidence_text.and_then(|text| confidence(&text, &mut self.sink));
        (severity, confidence.or(Some(Confidence::Likely)))
    }

    fn group_by(&mut self, entries: &mut Entries<'_>, frame: usize) -> Vec<At<Path>> {
        let texts = entries.texts("group-by", &mut self.sink);
        let mut paths = Vec::new();
        for text in texts {
            if let Some(value) = self.path(&text, false) {
                let path = At { value, span: text.span };
                // What the check itself provides (`member`) is known to texts only by name, so it is looked up as there.
                self.uses.push(PathUse { path: path.clone(), frames: vec![frame], in_text: true, number: false });
                paths.push(path);
            }
        }
        paths
    }

    fn need_message(&mut self, entries: &mut Entries<'_>, frame: usize) -> Option<(At<String>, Message)> {
        let node = entries.need("message")?;
        self.message(node, &[frame])
    }

    /// `"…"` or `{ one = "…", many = "…" }`, with the text of `one`.
    pub(super) fn message(&mut self, node: Node<'_>, frames: &[usize]) -> Option<(At<String>, Message)> {
        if node.get_ref().as_str().is_some() {
            let one = text(node, "message", &mut self.sink)?;
            let message = Message { one: self.template(&one, frames), many: None };
            return Some((one, message));
        }
        let mut entries = table(node, "`message`".to_owned(), &mut self.sink)?;
        let one = entries.need_text("one", &mut self.sink);
        let many = entries.text("many", &mut self.sink);
        entries.finish(&mut self.sink);
        let many = many.map(|many| self.template(&many, frames));
        let one = one?;
        let message = Message { one: self.template(&one, frames), many };
        Some((one, message))
    }

    /// Warns of a text for a group that names one member of it.
    fn same_for_all(&mut self, text: &At<String>, message: &Template, group_by: &[At<Path>], frame: usize) {
        let look_ups = &self.look_ups;
        let varying = message.parts.iter().find_map(|part| match part {
            TemplatePart::Placeholder { path, .. } if !self.is_constant(path, group_by, frame) => {
                Some(super::path::show(path, look_ups))
            }
            _ => None,
        });
        if let Some(varying) = varying {
            let message = format!("`{{{varying}}}` may differ among the objects of a group");
            self.sink.warning("no-many", &text.span, message, "names only one of them").help =
                Some("Write `message = { one = \"…\", many = \"…\" }`; `{count}` is how many there are.".to_owned());
        }
    }

    /// Whether all objects of a group have the same value there.
    fn is_constant(&self, path: &Path, group_by: &[At<Path>], frame: usize) -> bool {
        let grouped = group_by.iter().any(|group| {
            let group = &group.value;
            group.alias == path.alias
                && (group.segments == ["id"]
                    || group.segments == path.segments && path.filters.starts_with(&group.filters))
        });
        match path.alias {
            _ if grouped => true,
            Alias::Organization | Alias::Settings => true,
            Alias::LookUp(index) => self.look_up_models.get(usize::from(index)).is_none_or(|look_up| {
                let pairs = look_up.iter().flat_map(|look_up| &look_up.matches);
                pairs.into_iter().all(|(_, from)| self.is_constant(from, group_by, frame))
            }),
            Alias::Object => path.segments.len() == 1 && self.frames[frame].provided.has(&path.segments[0]),
            _ => false,
        }
    }

    pub(super) fn frame(&mut self, frame: Frame) -> usize {
        self.frames.push(frame);
        self.frames.len() - 1
    }
}

/// The paths in a text, for comparing it with its translation.
pub(crate) fn paths(template: &Template) -> Vec<&Path> {
    let mut paths: Vec<_> = template.paths().collect();
    paths.sort();
    paths.dedup();
    paths
}

/// The names that some kind of check provides, and which.
pub(crate) const PROVIDED: [(&str, &str); 4] =
    [("holders", "duplicate"), ("member", "conflict"), ("other", "conflict"), ("needs", "requires")];

/// What texts may name besides properties, by kind.
pub(crate) fn provided(kind: &str) -> Provided {
    match kind {
        "duplicate" => Provided::Names(&["count", "key", "first", "holders"]),
        "conflict" => Provided::Names(&["count", "key", "first", "member", "other"]),
        "requires" => Provided::Names(&["count", "key", "first", "member", "needs"]),
        "native" => Provided::Anything,
        _ => Provided::Names(&["count", "key", "first"]),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::pack::decode::{Context, decode_rule};
    use crate::pack::model::MAX_CHECKS;

    #[test]
    fn a_rule_has_no_more_checks_than_are_told_apart() {
        let codes = |count: usize| {
            let mut text = String::new();
            for number in 0..count {
                write!(text, "[[check]]\nname = \"c{number}\"\n").unwrap();
            }
            let context = Context { tables: None, builtin: false };
            let faults = decode_rule(std::path::Path::new("it.toml"), "p", &text, &context).faults;
            faults.into_iter().filter(|fault| fault.code == "too-many-checks").map(|fault| fault.message).collect()
        };
        let (none, one): (Vec<String>, Vec<String>) = (codes(MAX_CHECKS), codes(MAX_CHECKS + 2));
        assert_eq!((none.len(), one), (0, vec!["the rule has more than 63 checks".to_owned()]));
    }
}
