//! Look-ups: `[look-up.NAME]`.

use super::entries::{Entries, text};
use super::scope::Frame;
use super::sink::At;
use super::{Decoder, path};
use crate::pack::fault::suggestion;
use crate::pack::model::{Alias, Condition, LookUp, Path};
use crate::tenant::schema::{Collection, SCHEMA};

/// A look-up with the places of its paths.
pub(crate) struct LookUpAt {
    pub(crate) name: At<String>,
    pub(crate) model: Option<LookUp>,
    inside: Vec<At<Path>>,
    outside: Vec<At<Path>>,
}

impl Decoder<'_> {
    pub(super) fn look_up(&mut self, name: At<String>, mut entries: Entries<'_>) -> LookUpAt {
        self.kebab(&name, "look-up");
        if path::ALIASES.contains(&name.value.as_str()) {
            let message = format!("a look-up cannot be called `{}`", name.value);
            self.sink.error("bad-name", &name.span, message, "every rule has an alias of that name");
        }
        let place = entries.need("in").and_then(|node| text(node, "in", &mut self.sink));
        let home = place.as_ref().is_some_and(|place| place.value.starts_with("home."));
        let collection = place.and_then(|mut place| {
            if let Some(rest) = place.value.strip_prefix("home.") {
                place.value = rest.to_owned();
            }
            self.collection(&place)
        });

        let mut at = LookUpAt { name, model: None, inside: Vec::new(), outside: Vec::new() };
        let such = self.such(&mut entries, collection);
        // Without `where` every object is a candidate; of what may be many, only those that a key leads to are.
        let is_small = collection.is_none_or(|collection| !collection.may_be_many());
        if !entries.has("where") && !is_small {
            let message = "a look-up needs `where`, so that not every object is read";
            self.sink.error("missing-key", &entries.span, message, "nothing to look for");
            entries.get("not");
            entries.finish(&mut self.sink);
            return at;
        }
        let cased = entries.flag("cased", &mut self.sink).unwrap_or_default();
        let matches = self.pairs(&mut entries, "where", &mut at);
        let except = self.pairs(&mut entries, "not", &mut at);
        if matches.as_ref().is_some_and(Vec::is_empty) && !is_small {
            self.sink.error("missing-key", &entries.span, "a look-up needs a pair in `where`", "nothing to look for");
        }
        entries.finish(&mut self.sink);
        at.model = (|| {
            Some(LookUp {
                name: at.name.value.clone(),
                collection: collection?,
                home,
                matches: matches?,
                except: except?,
                such,
                cased,
            })
        })();
        at
    }

    /// `such = "condition"`, read from what is found.
    fn such(&mut self, entries: &mut Entries<'_>, collection: Option<Collection>) -> Option<Condition> {
        let such = entries.text("such", &mut self.sink)?;
        let frame = self.frame(collection.map_or_else(Frame::unknown, |collection| Frame::plain(vec![collection])));
        let condition = self.condition(&such, &[frame])?;
        if !is_own(&condition) {
            let message = "`such` is only about what is found";
            self.sink.error("nested-look-up", &such.span, message, "leads to something else");
        }
        Some(condition)
    }

    /// `{ path-in-collection = path-from-object }`.
    fn pairs(&mut self, entries: &mut Entries<'_>, key: &'static str, at: &mut LookUpAt) -> Option<Vec<(Path, Path)>> {
        if !entries.has(key) {
            return Some(Vec::new());
        }
        let inner = entries.table(key, &mut self.sink)?;
        let mut pairs = Some(Vec::new());
        for (left, node) in inner.all() {
            let inside = self.path(&left, false);
            let right = text(node, &left.value, &mut self.sink);
            let outside = right.as_ref().and_then(|right| self.path(right, false));
            if let (Some(right), Some(Path { alias: Alias::LookUp(_), .. })) = (&right, &outside) {
                let message = "a look-up cannot start from another look-up";
                self.sink.error("nested-look-up", &right.span, message, "starts at a look-up");
            }
            let (Some(inside), Some(outside), Some(right)) = (inside, outside, right) else {
                pairs = None;
                continue;
            };
            at.inside.push(At { value: inside.clone(), span: left.span });
            at.outside.push(At { value: outside.clone(), span: right.span });
            if let Some(pairs) = &mut pairs {
                pairs.push((inside, outside));
            }
        }
        pairs
    }

    /// Notes the paths of a look-up, once the checks are known.
    pub(super) fn look_up_uses(&mut self, look_up: &LookUpAt) {
        if let Some(collection) = look_up.model.as_ref().map(|model| model.collection) {
            let frame = self.frame(Frame::plain(vec![collection]));
            for path in &look_up.inside {
                self.use_path(path, &[frame]);
            }
        }
        for path in &look_up.outside {
            self.use_anywhere(path);
        }
    }

    /// A collection by Graph's name.
    pub(super) fn collection(&mut self, text: &At<String>) -> Option<Collection> {
        let found = Collection::from_name(&text.value);
        if found.is_none() {
            let names: Vec<_> = SCHEMA.iter().map(|entry| entry.name).collect();
            let message = format!("there is no collection `{}`", text.value);
            self.sink.error("unknown-collection", &text.span, message, "unknown collection").help =
                suggestion(&text.value, &names, "Collections");
        }
        found
    }
}

/// Whether a condition only applies selections to the object itself.
fn is_own(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().all(is_own),
        Condition::Not(inner) => is_own(inner),
        Condition::Select { alias, .. } => *alias == Alias::Object,
    }
}
