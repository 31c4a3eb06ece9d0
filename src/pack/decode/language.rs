//! The texts of a rule in other languages: `[nl]`, `[nl.check.NAME]`, `[nl.fix.ID]`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::check::paths;
use super::entries::{Entries, table};
use super::fix::FixAt;
use super::rule::Languages;
use super::sink::At;
use super::{Decoder, LANGUAGES, is_language, path};
use crate::pack::fault::suggestion;
use crate::pack::model::{Check, Fix, FixTexts, Language, Message, Template};

impl Decoder<'_> {
    pub(super) fn languages(
        &mut self,
        entries: &mut Entries<'_>,
        title: &Option<At<String>>,
        checks: &[Check],
        fixes: &[FixAt],
    ) -> Languages {
        let mut languages = BTreeMap::new();
        for (key, node) in entries.rest() {
            if !is_language(&key.value) {
                continue;
            }
            entries.accept(&key.value);
            if let Some(inner) = table(node, format!("`[{}]`", key.value), &mut self.sink) {
                let language = self.language(&key.value, inner, checks, fixes);
                languages.insert(key.value, language);
            }
        }
        let complete = self.context.builtin && !self.sink.broken;
        for code in LANGUAGES.iter().filter(|_| complete) {
            if let Some(title) = title.as_ref().filter(|_| !languages.contains_key(*code)) {
                let message = format!("the rule has no texts in `{code}`");
                self.sink.warning("language-missing", &title.span, message, format!("no `[{code}]` for this"));
            }
        }
        languages
    }

    fn language(&mut self, code: &str, mut entries: Entries<'_>, checks: &[Check], fixes: &[FixAt]) -> Language {
        let title = entries.need_text("title", &mut self.sink);
        let why = entries.need_text("why", &mut self.sink);
        let translated_checks = self.language_checks(code, &mut entries, checks);
        let translated_fixes = self.language_fixes(code, &mut entries, fixes);
        entries.finish(&mut self.sink);
        Language {
            title: title.map(|text| text.value).unwrap_or_default(),
            why: why.map(|text| text.value.trim().to_owned()).unwrap_or_default(),
            checks: translated_checks,
            fixes: translated_fixes,
        }
    }

    fn language_checks(
        &mut self,
        code: &str,
        entries: &mut Entries<'_>,
        checks: &[Check],
    ) -> BTreeMap<String, Message> {
        let mut found = BTreeMap::new();
        for (name, mut inner) in entries.named("check", "the check", &mut self.sink) {
            let node = inner.need("message");
            let message = node.and_then(|node| self.message(node, &[]));
            inner.finish(&mut self.sink);
            let Some(check) = checks.iter().find(|check| check.name == name.value) else {
                let names: Vec<_> = checks.iter().map(|check| check.name.as_str()).collect();
                self.left_over(&name, "check", &names);
                continue;
            };
            if let Some((text, message)) = message {
                self.same_message(&text.span, &check.message, &message);
                found.insert(name.value, message);
            }
        }
        for check in checks.iter().filter(|check| !entries_have(entries, "check", &check.name)) {
            self.untranslated(code, &entries.span.clone(), &format!("check.{}", check.name));
        }
        found
    }

    fn language_fixes(&mut self, code: &str, entries: &mut Entries<'_>, fixes: &[FixAt]) -> BTreeMap<String, FixTexts> {
        let mut found = BTreeMap::new();
        for (name, mut inner) in entries.named("fix", "the fix", &mut self.sink) {
            let Some(fix) = fixes.iter().find(|fix| fix.id.value == name.value) else {
                let names: Vec<_> = fixes.iter().map(|fix| fix.id.value.as_str()).collect();
                self.left_over(&name, "fix", &names);
                continue;
            };
            if let Some(model) = &fix.model {
                let texts = self.fix_texts(&mut inner, model);
                found.insert(name.value, texts);
                inner.finish(&mut self.sink);
            }
        }
        for fix in fixes.iter().filter(|fix| !entries_have(entries, "fix", &fix.id.value)) {
            self.untranslated(code, &entries.span.clone(), &format!("fix.{}", fix.id.value));
        }
        found
    }

    fn fix_texts(&mut self, inner: &mut Entries<'_>, model: &Fix) -> FixTexts {
        let title = self.fix_text(inner, "title", Some(&model.title)).unwrap_or_default();
        FixTexts {
            title,
            note: self.fix_text(inner, "note", model.note.as_ref()),
            only_if: self.fix_text(inner, "only-if", model.only_if.as_ref()),
            portal: self.fix_text(inner, "portal", model.portal.as_ref()),
            worked_when: self.fix_text(inner, "worked-when", model.worked_when.as_ref()),
            takes_effect: self.fix_text(inner, "takes-effect", model.takes_effect.as_ref()),
        }
    }

    fn fix_text(
        &mut self,
        entries: &mut Entries<'_>,
        key: &'static str,
        original: Option<&Template>,
    ) -> Option<Template> {
        let Some(original) = original else {
            if let Some(node) = entries.get(key) {
                let message = format!("`{key}` translates nothing");
                self.sink.error("translation-left-over", &node.span(), message, "the fix has no such text");
            }
            return None;
        };
        let text = entries.need_text(key, &mut self.sink)?;
        let template = self.template(&text, &[]);
        self.same_placeholders(&text.span, original, &template);
        Some(template)
    }

    fn same_message(&mut self, span: &Range<usize>, original: &Message, translated: &Message) {
        self.same_placeholders(span, &original.one, &translated.one);
        match (&original.many, &translated.many) {
            (Some(original), Some(translated)) => self.same_placeholders(span, original, translated),
            (None, None) => {}
            (Some(_), None) => {
                let message = "the translation has no text for many";
                self.sink.error("untranslated", span, message, "needs `one` and `many`");
            }
            (None, Some(_)) => {
                let message = "the translation has a text for many, the rule has none";
                self.sink.error("translation-left-over", span, message, "`many` translates nothing");
            }
        }
    }

    fn same_placeholders(&mut self, span: &Range<usize>, original: &Template, translated: &Template) {
        let (wanted, found) = (paths(original), paths(translated));
        let shown = |path: &&crate::pack::model::Path| format!("{{{}}}", path::show(path, &self.look_ups));
        let missing: Vec<_> = wanted.iter().filter(|path| !found.contains(path)).map(shown).collect();
        let extra: Vec<_> = found.iter().filter(|path| !wanted.contains(path)).map(shown).collect();
        let mut parts = Vec::new();
        if !missing.is_empty() {
            parts.push(format!("lacks {}", missing.join(", ")));
        }
        if !extra.is_empty() {
            parts.push(format!("has {} too many", extra.join(", ")));
        }
        if !parts.is_empty() {
            let message = "the translation has other placeholders than the text";
            self.sink.error("other-placeholders", span, message, parts.join(" and "));
        }
    }

    fn left_over(&mut self, name: &At<String>, what: &str, known: &[&str]) {
        let message = format!("there is no {what} `{}` to translate", name.value);
        self.sink.error("translation-left-over", &name.span, message, format!("unknown {what}")).help =
            suggestion(&name.value, known, "Known");
    }

    fn untranslated(&mut self, code: &str, span: &Range<usize>, section: &str) {
        let message = format!("`[{code}.{section}]` is missing");
        self.sink.error("untranslated", span, message, format!("lacks `[{code}.{section}]`"));
    }
}

fn entries_have(entries: &Entries<'_>, section: &str, name: &str) -> bool {
    entries.all().iter().any(|(key, node)| {
        key.value == section && node.get_ref().as_table().is_some_and(|inner| inner.contains_key(name))
    })
}
