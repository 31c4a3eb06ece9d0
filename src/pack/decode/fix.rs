//! Fixes: `[[fix]]`.

use toml::de::DeValue;

use super::entries::{Entries, Node, no_duplicates, table, text, texts, word};
use super::sink::At;
use super::{Decoder, path};
use crate::pack::fault::suggestion;
use crate::pack::model::{Alias, Fix, Holders, Safety, SetValue, Template, Where};

/// A fix with the place of its id.
pub(crate) struct FixAt {
    pub(crate) id: At<String>,
    pub(crate) model: Option<Fix>,
}

/// How the title of a step begins that comes after another fix.
const NEXT: [&str; 2] = ["Then ", "When "];

impl Decoder<'_> {
    pub(super) fn fixes(&mut self, entries: &mut Entries<'_>) -> Vec<FixAt> {
        let tables = entries.tables("fix", "a fix", &mut self.sink);
        let frames = &self.check_frames;
        if tables.is_empty() && !self.sink.broken && !entries.has("fix") && !frames.is_empty() {
            self.sink.warning("no-fix", &entries.span, "the rule offers no fix", "").help =
                Some("A fix may also say whom to ask, with `title`, `roles` and `safety` alone.".to_owned());
        }
        let fixes: Vec<_> = tables.into_iter().filter_map(|entries| self.fix(entries)).collect();
        no_duplicates(fixes.iter().map(|fix| &fix.id), "fixes", "duplicate-fix", &mut self.sink);
        fixes
    }

    fn fix(&mut self, mut entries: Entries<'_>) -> Option<FixAt> {
        const SAFETY: [(&str, Safety); 3] =
            [("safe", Safety::Safe), ("review", Safety::Review), ("destructive", Safety::Destructive)];
        const PLACE: [(&str, Where); 3] =
            [("cloud", Where::Cloud), ("on-premises", Where::OnPremises), ("exchange", Where::Exchange)];
        const HOLDERS: [(&str, Holders); 2] = [("owner", Holders::Owner), ("others", Holders::Others)];
        let frames = self.check_frames.clone();
        let id = entries.need_text("id", &mut self.sink);
        if let Some(id) = &id {
            self.kebab(id, "fix");
            entries.call(format!("the fix `{}`", id.value));
        }
        let title = entries.need_text("title", &mut self.sink);
        let next = title.as_ref().is_some_and(|title| NEXT.iter().any(|word| title.value.starts_with(word)));
        let title = title.map(|title| self.template(&title, &frames));
        let roles = self.roles(&mut entries);
        let safety = entries.need_text("safety", &mut self.sink);
        let safety = safety.and_then(|text| word(&text, "safety", "unknown-safety", &SAFETY, &mut self.sink));
        let place = entries.text("where", &mut self.sink);
        let place = place.map(|text| word(&text, "place", "unknown-place", &PLACE, &mut self.sink));
        let when = entries.text("when", &mut self.sink);
        let has_when = when.is_some();
        let when = when.and_then(|when| self.condition(&when, &frames));
        let unless = entries.text("unless", &mut self.sink);
        let has_unless = unless.is_some();
        let unless = unless.and_then(|unless| self.condition(&unless, &frames));
        let account = entries.text("account", &mut self.sink);
        let account = account.and_then(|text| self.account(&text));
        let only_if = entries.text("only-if", &mut self.sink);
        if let Some(text) = only_if.as_ref().filter(|_| !has_when && !has_unless) {
            let message = "`only-if` says in words what `when` says";
            self.sink.error("only-if-without-when", &text.span, message, "the fix has no `when`");
        }
        let only_if = only_if.map(|text| self.template(&text, &frames));
        let holders = entries.text("holders", &mut self.sink);
        let holders = holders.map(|text| word(&text, "holders", "unknown-holders", &HOLDERS, &mut self.sink));
        let note = entries.text("note", &mut self.sink).map(|text| self.template(&text, &frames));
        let portal = entries.text("portal", &mut self.sink).map(|text| self.template(&text, &frames));
        let powershell = entries.text("powershell", &mut self.sink).map(|text| self.command(&text, &frames));
        let verify = entries.text("verify", &mut self.sink).map(|text| self.command(&text, &frames));
        let worked_when = entries.text("worked-when", &mut self.sink).map(|text| self.template(&text, &frames));
        let undo = entries.text("undo", &mut self.sink).map(|text| self.command(&text, &frames));
        let takes_effect = entries.text("takes-effect", &mut self.sink).map(|text| self.template(&text, &frames));
        let set = self.set(&mut entries, &frames);
        let native = entries.text("native-fix", &mut self.sink).map(|text| text.value);
        entries.finish(&mut self.sink);

        let id = id?;
        let model = (|| {
            Some(Fix {
                id: id.value.clone(),
                title: title?,
                next,
                note,
                when: if has_when { Some(when?) } else { None },
                unless: if has_unless { Some(unless?) } else { None },
                account,
                only_if,
                holders: holders.unwrap_or_default(),
                roles,
                safety: safety?,
                place: place.unwrap_or(Some(Where::Cloud))?,
                portal,
                powershell,
                verify,
                worked_when,
                undo,
                takes_effect,
                set,
                native,
            })
        })();
        Some(FixAt { id, model })
    }

    /// Whose account a fix changes: the object's own, or that of somebody with an alias.
    fn account(&mut self, text: &At<String>) -> Option<Alias> {
        let alias = match text.value.as_str() {
            "object" => Some(Alias::Object),
            name => path::alias(name, &self.look_ups),
        };
        let known = alias.filter(|alias| !matches!(alias, Alias::Item | Alias::Organization | Alias::Settings));
        if known.is_none() {
            let message = format!("there is nobody called `{}`", text.value);
            let fault = self.sink.error("unknown-account", &text.span, message, "whose account?");
            fault.help = Some("It is `object`, `target`, `actor` or a look-up.".to_owned());
        }
        known
    }

    fn roles(&mut self, entries: &mut Entries<'_>) -> Vec<String> {
        let Some(node) = entries.need("roles") else { return Vec::new() };
        let roles = texts(node, "roles", &mut self.sink);
        if roles.is_empty() && node.get_ref().as_array().is_some() {
            self.sink.error("empty-list", &node.span(), "a fix needs at least one role", "who may do it?");
        }
        let Some(tables) = self.context.tables else { return roles.into_iter().map(|role| role.value).collect() };
        for role in &roles {
            // Roles outside the directory say where they belong: "(on-premises)", "(Azure)".
            if role.value.ends_with(')') || tables.role_by_name(&role.value).is_some() {
                continue;
            }
            let names: Vec<_> = tables.role_names();
            let message = format!("there is no role `{}`", role.value);
            let fault = self.sink.error("unknown-role", &role.span, message, "unknown role");
            fault.help = match tables.role_by_former_name(&role.value) {
                Some(now) => Some(format!("It is called `{}` today.", now.name)),
                None => suggestion(&role.value, &names, "Roles"),
            };
        }
        roles.into_iter().map(|role| role.value).collect()
    }

    /// `set = { property = value }`.
    fn set(&mut self, entries: &mut Entries<'_>, frames: &[usize]) -> Vec<(String, SetValue)> {
        let Some(inner) = entries.table("set", &mut self.sink) else { return Vec::new() };
        let mut found = Vec::new();
        for (key, node) in inner.all() {
            if let Ok(path) = path::parse(&key.value, &self.look_ups, false) {
                if path.alias == Alias::Object {
                    self.use_path(&At { value: path, span: key.span.clone() }, frames);
                } else {
                    let message = "a fix is simulated on the object itself only";
                    self.sink.error("set-elsewhere", &key.span, message, "another object");
                }
            }
            if let Some(value) = self.set_value(&key, node, frames) {
                found.push((key.value, value));
            }
        }
        found
    }

    fn set_value(&mut self, key: &At<String>, node: Node<'_>, frames: &[usize]) -> Option<SetValue> {
        match node.get_ref() {
            DeValue::String(_) => {
                let text = text(node, &key.value, &mut self.sink)?;
                Some(SetValue::Text(self.template(&text, frames)))
            }
            DeValue::Table(_) => {
                let mut entries = table(node, format!("`{}`", key.value), &mut self.sink)?;
                let add = self.templates(&mut entries, "add", frames);
                let remove = self.templates(&mut entries, "remove", frames);
                entries.finish(&mut self.sink);
                Some(SetValue::List { add, remove })
            }
            _ => self.scalar(node, &key.value).map(SetValue::Value),
        }
    }

    fn templates(&mut self, entries: &mut Entries<'_>, key: &'static str, frames: &[usize]) -> Vec<Template> {
        let texts = entries.texts(key, &mut self.sink);
        texts.iter().map(|text| self.template(text, frames)).collect()
    }
}
