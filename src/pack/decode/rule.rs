//! A rule file: what stands at its top, and the order in which its parts are read.

use std::collections::BTreeMap;

use super::entries::{Entries, texts, word};
use super::fix::FixAt;
use super::select::SelectAt;
use super::sink::At;
use super::{Decoder, Link, LinkKind, operation};
use crate::pack::fault::suggestion;
use crate::pack::model::{Check, ErrorText, Language, ReportOptions, Rule, Status};
use crate::pack::test_case::{self, TestCase};

/// What the checks came to.
#[derive(Default)]
pub(crate) struct Checks {
    pub(crate) names: Vec<String>,
    pub(crate) checks: Vec<Check>,
}

/// The texts of a rule in other languages, by code.
pub(crate) type Languages = BTreeMap<String, Language>;

impl Decoder<'_> {
    pub(super) fn rule(&mut self, id: String, pack: String, mut entries: Entries<'_>) -> (Option<Rule>, Vec<TestCase>) {
        let title = entries.need_text("title", &mut self.sink);
        let why = entries.need_text("why", &mut self.sink);
        let since = entries.need_text("since", &mut self.sink);
        let status = self.status(&mut entries);
        let symptoms = self.symptoms(&mut entries);
        let references = self.references(&mut entries);
        let aliases = self.rule_links(&mut entries, "aliases", LinkKind::Alias);
        let explains = self.rule_links(&mut entries, "explains", LinkKind::Explains);
        let caused_by = self.rule_links(&mut entries, "caused-by", LinkKind::CausedBy);

        let look_up_entries = entries.named("look-up", "the look-up", &mut self.sink);
        let select_entries = entries.named("select", "the selection", &mut self.sink);
        self.look_ups = look_up_entries.iter().map(|(name, _)| name.value.clone()).collect();
        self.selects = select_entries.iter().map(|(name, _)| name.value.clone()).collect();
        let look_ups: Vec<_> = look_up_entries.into_iter().map(|(name, entries)| self.look_up(name, entries)).collect();
        self.look_up_models = look_ups.iter().map(|look_up| look_up.model.clone()).collect();
        let selects: Vec<_> = select_entries.into_iter().map(|(name, entries)| self.select(name, &entries)).collect();

        let checks = self.checks(&mut entries);
        for look_up in &look_ups {
            self.look_up_uses(look_up);
        }
        let fixes = self.fixes(&mut entries);
        let error_texts = self.error_texts(&mut entries, &checks.names);
        let report = self.report_options(&mut entries);
        let tests = self.tests(&mut entries, &checks.names, &fixes);
        let languages = self.languages(&mut entries, &title, &checks.checks, &fixes);
        entries.finish(&mut self.sink);
        let used = self.used(&selects);
        self.check_unused(&selects, &look_ups, &used);
        self.check_scopes(&selects);

        let rule = || {
            Some(Rule {
                id,
                pack,
                title: title?.value,
                why: why?.value.trim().to_owned(),
                since: since?.value,
                status,
                symptoms,
                references,
                aliases,
                explains,
                caused_by,
                error_texts,
                checks: checks.checks,
                look_ups: look_ups.into_iter().map(|look_up| look_up.model).collect::<Option<_>>()?,
                selects: selects.iter().map(SelectAt::model).collect(),
                report,
                fixes: fixes.into_iter().map(|fix| fix.model).collect::<Option<_>>()?,
                languages,
            })
        };
        (rule(), tests)
    }

    fn status(&mut self, entries: &mut Entries<'_>) -> Status {
        const WORDS: [(&str, Status); 3] =
            [("stable", Status::Stable), ("preview", Status::Preview), ("deprecated", Status::Deprecated)];
        let text = entries.text("status", &mut self.sink);
        text.and_then(|text| word(&text, "status", "unknown-status", &WORDS, &mut self.sink)).unwrap_or(Status::Stable)
    }

    fn symptoms(&mut self, entries: &mut Entries<'_>) -> Vec<String> {
        let Some(node) = entries.need("symptoms") else { return Vec::new() };
        let texts = texts(node, "symptoms", &mut self.sink);
        texts.into_iter().map(|text| self.operation(text)).collect()
    }

    /// The name of an operation.
    fn operation(&mut self, text: At<String>) -> String {
        operation(&text, &mut self.sink);
        text.value
    }

    fn references(&mut self, entries: &mut Entries<'_>) -> Vec<String> {
        let Some(node) = entries.need("references") else { return Vec::new() };
        let texts = texts(node, "references", &mut self.sink);
        for text in &texts {
            if !text.value.starts_with("https://") {
                self.sink.error("bad-reference", &text.span, "a reference is a web address", "no https:// here");
            }
        }
        texts.into_iter().map(|text| text.value).collect()
    }

    fn rule_links(&mut self, entries: &mut Entries<'_>, key: &'static str, kind: LinkKind) -> Vec<String> {
        let texts = entries.texts(key, &mut self.sink);
        for text in &texts {
            let (rule, file) = (text.value.clone(), self.sink.file().to_path_buf());
            self.links.push(Link { kind, rule, file, span: text.span.clone() });
        }
        texts.into_iter().map(|text| text.value).collect()
    }

    fn error_texts(&mut self, entries: &mut Entries<'_>, checks: &[String]) -> Vec<ErrorText> {
        const CAPTURES: [&str; 7] = ["user", "group", "sku", "plan", "address", "domain", "other"];
        let tables = entries.tables("error-text", "an error text", &mut self.sink);
        let mut found = Vec::new();
        for mut entries in tables {
            let text = entries.text("text", &mut self.sink);
            let pattern = entries.text("pattern", &mut self.sink);
            let check = entries.text("check", &mut self.sink);
            if let Some(check) = &check {
                self.known_check(check, checks);
            }
            if let Some(regex) = pattern.as_ref().and_then(|pattern| self.regex(pattern)) {
                for name in regex.capture_names().flatten().filter(|name| !CAPTURES.contains(name)) {
                    let span = pattern.as_ref().map_or(0..0, |pattern| pattern.span.clone());
                    let message = format!("a capture cannot be called `{name}`");
                    self.sink.error("unknown-capture", &span, message, "unknown capture").help =
                        suggestion(name, &CAPTURES, "Captures");
                }
            }
            let check = check.map(|check| check.value);
            match (text, pattern) {
                (Some(text), None) => found.push(ErrorText { text: text.value, is_pattern: false, check }),
                (None, Some(pattern)) => found.push(ErrorText { text: pattern.value, is_pattern: true, check }),
                _ => {
                    let message = "an error text has either `text` or `pattern`";
                    self.sink.error("missing-key", &entries.span, message, "");
                }
            }
            entries.finish(&mut self.sink);
        }
        found
    }

    fn known_check(&mut self, name: &At<String>, checks: &[String]) {
        if !checks.contains(&name.value) {
            let known: Vec<_> = checks.iter().map(String::as_str).collect();
            let message = format!("there is no check `{}`", name.value);
            self.sink.error("unknown-check", &name.span, message, "unknown check").help =
                suggestion(&name.value, &known, "Checks");
        }
    }

    fn report_options(&mut self, entries: &mut Entries<'_>) -> ReportOptions {
        let Some(mut entries) = entries.table("report", &mut self.sink) else { return ReportOptions::default() };
        entries.call("`[report]`");
        let show = entries.texts("show", &mut self.sink);
        for text in &show {
            if let Some(path) = self.path(text, false) {
                self.use_anywhere(&At { value: path, span: text.span.clone() });
            }
        }
        let report = ReportOptions {
            show: show.into_iter().map(|text| text.value).collect(),
            audit: entries.texts("audit", &mut self.sink).into_iter().map(|text| text.value).collect(),
            same_as_of: entries.flag("same-as-of", &mut self.sink).unwrap_or_default(),
        };
        entries.finish(&mut self.sink);
        report
    }

    fn tests(&mut self, entries: &mut Entries<'_>, checks: &[String], fixes: &[FixAt]) -> Vec<TestCase> {
        let fix_ids: Vec<_> = fixes.iter().map(|fix| fix.id.clone()).collect();
        let tables = entries.tables("test", "a test", &mut self.sink);
        let rule = entries.span.clone();
        test_case::decode(tables, checks, &fix_ids, &rule, &mut self.sink)
    }
}
