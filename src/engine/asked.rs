//! Requests as people write them, and as rules read them: operations in any spelling, products by name, people by any address.
//!
//! What is put right is laid over the request; its text in the file stays as it is.

mod product;
mod unclear;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value, json};

use self::product::product;
pub(super) use self::product::{named, read_as};
pub(super) use self::unclear::unclear;
use self::unclear::{has_some, lacking, open_names};
use super::about::{self, Unclear};
use super::run::Options;
use crate::check::native::request_references::{self, OPEN_NAMES};
use crate::check::world::World;
use crate::dump::{Failure, Input};
use crate::pack::fault::nearest;
use crate::tenant::known::Search;
use crate::tenant::schema::{Collection, NONE_IF_ABSENT, OPERATIONS, fold_key};
use crate::tenant::{COMMAND_LINE, Object, ObjectId};

/// The properties of a request that list licenses.
pub(super) const LICENSES: [&str; 2] = ["addLicenses", "removeLicenses"];

/// What somebody asks for on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The operation.
    pub operation: String,
    /// For whom.
    pub target: Option<String>,
    /// The sign-in name of a new user.
    pub name: Option<String>,
    /// The invited address, or the name that was typed to sign in.
    pub address: Option<String>,
    /// Products, by name, part number or id.
    pub licenses: Vec<String>,
    /// The id of an Azure subscription.
    pub subscription: Option<String>,
}

impl Asked {
    /// The request as an input. `target` and `actor` are who is meant.
    pub(super) fn input(&self) -> Input {
        let mut request = Map::new();
        let texts = [
            ("operation", Some(&self.operation)),
            ("target", self.target.as_ref()),
            ("userPrincipalName", self.name.as_ref()),
            ("address", self.address.as_ref()),
            ("subscription", self.subscription.as_ref()),
        ];
        for (name, text) in texts {
            request.insert(name.to_owned(), text.map_or(Value::Null, |text| json!(text)));
        }
        if !self.licenses.is_empty() {
            let list = if self.operation == "remove-license" { LICENSES[1] } else { LICENSES[0] };
            request.insert(list.to_owned(), json!(self.licenses));
        }
        Input::Bytes(COMMAND_LINE.to_owned(), json!({ "requests": [request] }).to_string().into_bytes())
    }
}

/// The operation that a word stands for: `Assign-License`, `assign_licence` and `assignLicense` are one.
pub fn operation(word: &str) -> Option<&'static str> {
    let wanted = fold_key(word.trim()).replace("licence", "license");
    OPERATIONS.iter().copied().find(|known| fold_key(known) == wanted)
}

/// What to say about a word that stands for no operation.
pub fn operations_hint(word: &str) -> String {
    /// What people call them.
    const CALLED: [(&str, &str); 14] = [
        ("give", "assign-license"),
        ("add-license", "assign-license"),
        ("grant", "assign-license"),
        ("assign", "assign-license"),
        ("license", "assign-license"),
        ("remove", "remove-license"),
        ("password", "reset-password"),
        ("reset", "reset-password"),
        ("take", "remove-license"),
        ("revoke", "remove-license"),
        ("add-user", "create-user"),
        ("new", "create-user"),
        ("log", "sign-in"),
        ("invite", "invite-guest"),
    ];
    let all = OPERATIONS.join(", ");
    let known = || OPERATIONS.iter().copied();
    let wanted = word.trim().to_lowercase().replace([' ', '_'], "-");
    let called = CALLED.iter().find(|(called, _)| wanted.starts_with(called)).map(|(_, operation)| *operation);
    called
        .or_else(|| nearest(word, known()))
        .map_or_else(|| format!("they are {all}"), |near| format!("did you mean {near}? They are {all}"))
}

/// The source that holds what is asked for on the command line, by its index in reading order.
pub(super) fn command_line(world: &World<'_>, options: &Options) -> Option<u32> {
    options.asked.as_ref()?;
    let last = world.tenant.sources.last().filter(|source| source.path == COMMAND_LINE);
    last.map(|_| world.tenant.sources.len() as u32 - 1)
}

/// What is laid over requests, and what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The properties to lay over requests, as the text of an object.
    pub(super) over: Vec<(ObjectId, Vec<u8>)>,
    /// What is wrong with requests, each with its file.
    pub(super) failures: Vec<Failure>,
    /// Names of the options that are nobody's, or of several.
    pub(super) unclear: Vec<Unclear>,
}

/// Reads all requests, as the options say.
pub(super) fn read(world: &World<'_>, options: &Options) -> Read {
    let mut read = Read::default();
    let actor = options.actor.as_deref().map(|actor| read.actor(actor, world));
    let target = options.asked.as_ref().and_then(|asked| read.target(asked, world));
    for license in options.asked.iter().flat_map(|asked| &asked.licenses) {
        read.license(license, world);
    }
    let command_line = command_line(world, options);
    let files = ambiguous(world, command_line);
    for request in world.tenant.all(Collection::Requests) {
        let Some(part) = request.parts.first() else { continue };
        let is_typed = command_line == Some(part.source);
        let mut changes = changes(&request, actor.as_deref(), target.as_deref().filter(|_| is_typed), world);
        if let (Some(file), Some(id)) = (files.get(&part.source), request.text("id")) {
            changes.insert("id".to_owned(), json!(format!("{file} {id}")));
        }
        let path = world.tenant.sources[part.source as usize].path.clone();
        let name = request.text("id").map_or_else(String::new, |id| format!(" {id}"));
        let failure =
            |message: String, hint: String| Failure { path: path.clone(), message, line: None, column: None, hint };
        let word = request.text("operation");
        match word.as_deref().map(|word| (word, operation(word))) {
            None => {
                let message = format!("the request{name} does not say what to do: it has no operation");
                read.failures.push(failure(message, operations_hint("")));
            }
            Some((word, None)) => {
                let message = format!("the request{name} asks for an operation that there is not: {word}");
                read.failures.push(failure(message, operations_hint(word)));
            }
            Some((_, Some(operation))) => {
                let mut read_back = Object::clone(&request);
                read_back
                    .parts
                    .insert(0, crate::tenant::Part::new(part.source, bytes(&changes), std::sync::Arc::default()));
                if let Some(lacking) = lacking(&read_back) {
                    let message = format!("the request{name} ({operation}) has no {lacking}");
                    let hint = "say for whom and what: the readme has an example for each operation";
                    read.failures.push(failure(message, hint.to_owned()));
                }
            }
        }
        if !changes.is_empty() {
            read.over.push((request.number, bytes(&changes)));
        }
    }
    read
}

impl Read {
    /// Who asks, by sign-in name. A name that nobody has stays what it is, unless everybody is there to be asked.
    fn actor(&mut self, name: &str, world: &World<'_>) -> String {
        match about::one(name, "--as", &[Collection::Users], world) {
            Ok(Some(actor)) => return actor,
            Ok(None) if matches!(world.person(name, false), Search::Nothing) => {
                let near = request_references::nearest(name, world);
                self.unclear.push(Unclear { near, ..Unclear::of("--as", name, Vec::new()) });
            }
            Ok(None) => {}
            Err(unclear) => self.unclear.push(unclear),
        }
        name.to_owned()
    }

    /// A product that nobody knows, or that fits several, is no question that has an answer.
    fn license(&mut self, name: &str, world: &World<'_>) {
        // Several that the tenant is known to have are several, whatever else it may have.
        let is_complete = world.tenant.is_complete(Collection::SubscribedSkus);
        let unclear = product(name, "--license", world).err();
        self.unclear.extend(unclear.filter(|unclear| unclear.count > 0 || is_complete));
    }

    /// For whom, by sign-in name; nothing if nobody has the name, which the rules will say.
    fn target(&mut self, asked: &Asked, world: &World<'_>) -> Option<String> {
        let target = asked.target.as_ref()?;
        if matches!(asked.operation.as_str(), "create-user" | "invite-guest") {
            return None;
        }
        let kinds = [Collection::Users, Collection::Groups];
        let mut found = about::one(target, "--to", &kinds, world).unwrap_or_else(|unclear| {
            self.unclear.push(unclear);
            None
        });
        // Whoever is known by name and was deleted is nobody here, which is what there is to say.
        if found.is_none() && !target.contains('@') {
            found = about::one(target, "--to", &[Collection::DeletedUsers], world).ok().flatten();
        }
        // An address that nobody has is what may be wrong; a name that nobody has is a slip.
        if found.is_none() && !target.contains('@') && matches!(world.person(target, true), Search::Nothing) {
            self.unclear
                .extend(about::meant(target, "--to", &kinds, world).err().filter(|unclear| unclear.fits.is_empty()));
        }
        found
    }
}

/// The sources that have a request of an id that another one has as well, each with the name that tells it from the others: every
/// bulk file has a first row.
fn ambiguous(world: &World<'_>, command_line: Option<u32>) -> BTreeMap<u32, String> {
    let mut sources: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for request in world.tenant.all(Collection::Requests) {
        if let (Some(id), Some(part)) =
            (request.id(), request.parts.first().filter(|part| command_line != Some(part.source)))
        {
            sources.entry(id).or_default().insert(part.source);
        }
    }
    let sources: BTreeSet<u32> = sources.into_values().filter(|of_one| of_one.len() > 1).flatten().collect();
    let path = |source: u32| world.tenant.sources[source as usize].path.as_str();
    let file = |source: u32| Path::new(path(source)).file_name().and_then(|name| name.to_str()).unwrap_or(path(source));
    let is_only = |source: u32| sources.iter().filter(|other| file(**other) == file(source)).count() == 1;
    sources
        .iter()
        .map(|source| (*source, if is_only(*source) { file(*source) } else { path(*source) }.to_owned()))
        .collect()
}

fn bytes(changes: &Map<String, Value>) -> Vec<u8> {
    Value::Object(changes.clone()).to_string().into_bytes()
}

/// The properties of a request that are not as rules read them, as they read them.
fn changes(request: &Object, actor: Option<&str>, meant: Option<&str>, world: &World<'_>) -> Map<String, Value> {
    let mut changes = Map::new();
    let mut set = |name: &str, value: Value| changes.insert(name.to_owned(), value);
    let open = open_names(request, world);
    if !open.is_empty() {
        set(OPEN_NAMES, json!(open));
    }
    if let Some(actor) = actor {
        set("actor", json!(actor));
    } else if let Some(actor) = request.text("actor").and_then(|name| called(&name, &[Collection::Users], world)) {
        set("actor", json!(actor));
    }
    let asked = request.text("operation");
    let known = asked.as_deref().and_then(operation);
    // Graph takes both in one call, and refuses it as a whole: whoever gives something as well is to be asked about that, too.
    let known =
        known.map(
            |known| if known == "remove-license" && has_some(request, LICENSES[0]) { "assign-license" } else { known },
        );
    if let Some(operation) = known.filter(|operation| asked.as_deref() != Some(*operation)) {
        set("operation", json!(operation));
    }
    // What a request only carries if there is something to say is none without it.
    let optional: &[&str] = match known {
        Some("create-user") => &NONE_IF_ABSENT,
        Some("assign-license") => &LICENSES[1..],
        Some("remove-license") => &LICENSES[..1],
        Some("sign-up") => &["address"],
        Some("sign-in") => &["target", "address"],
        _ => &[],
    };
    let absent = optional.iter().filter(|name| request.get(name).is_none());
    absent.for_each(|name| drop(set(name, Value::Null)));
    let target = meant.map(str::to_owned).or_else(|| request.text("target"));
    // Who is to be made or invited is not there yet: no target, but the new name or the invited address.
    let new = match known {
        Some("create-user") => Some("userPrincipalName"),
        Some("invite-guest") => Some("address"),
        _ => None,
    };
    match (new, &target) {
        (Some(name), Some(target)) => {
            if request.text(name).is_none() {
                set(name, json!(target));
            }
            set("target", Value::Null);
        }
        (None, Some(target)) if meant.is_some() => {
            set("target", json!(target));
        }
        (None, Some(target)) => {
            // Rules compare sign-in names: whoever was named by another address is named by that.
            if let Search::Object(found) = world.person(target, true)
                && let Some(name) = found.text("userPrincipalName").or_else(|| found.text("id"))
                && !name.eq_ignore_ascii_case(target.trim())
                && found.id().is_none_or(|id| !id.eq_ignore_ascii_case(target.trim()))
            {
                set("target", json!(name));
            } else if let Some(name) = called(target, &[Collection::Users, Collection::Groups], world) {
                set("target", json!(name));
            }
        }
        (_, None) => {}
    }
    for name in LICENSES {
        let Some(list) = request.get(name).filter(|list| !list.is_null()) else { continue };
        let Ok(list) = serde_json::from_slice::<Value>(list.bytes()) else { continue };
        let read = licenses(&list, name == LICENSES[0], world);
        if read != list {
            set(name, read);
        }
    }
    changes
}

/// Who is called so, if that is one and the name is neither an address nor an id: by sign-in name, else by id.
fn called(name: &str, only: &[Collection], world: &World<'_>) -> Option<String> {
    if name.contains('@') || !matches!(world.person(name, true), Search::Nothing | Search::Unknown) {
        return None;
    }
    about::one(name, "", only, world).ok().flatten()
}

/// Licenses in the form that Graph takes them: products by id, nothing switched off that is not said to be.
fn licenses(list: &Value, with_plans: bool, world: &World<'_>) -> Value {
    let one = |item: &Value| -> Value {
        let name = item.as_str().or_else(|| item.get("skuId").and_then(Value::as_str));
        let Some(name) = name else { return item.clone() };
        let id = product(name, "", world).unwrap_or_else(|_| name.to_owned());
        match item {
            Value::Object(license) => {
                let mut license = license.clone();
                license.insert("skuId".to_owned(), json!(id));
                if with_plans && !license.contains_key("disabledPlans") {
                    license.insert("disabledPlans".to_owned(), json!([]));
                }
                Value::Object(license)
            }
            _ if with_plans => json!({ "skuId": id, "disabledPlans": [] }),
            _ => json!(id),
        }
    };
    match list {
        Value::Array(items) => items.iter().map(one).collect(),
        single => json!([one(single)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_known_in_any_spelling() {
        for word in ["assign-license", "Assign-Licence", "assignLicense", "assign_license", " Assign license "] {
            assert_eq!(operation(word), Some("assign-license"), "{word}");
        }
        assert_eq!(operation("assign"), None);
        for word in ["asign-license", "give-license", "Add license"] {
            assert!(operations_hint(word).starts_with("did you mean assign-license?"), "{word}");
        }
    }

    #[test]
    fn the_command_line_makes_a_request() {
        let asked = Asked {
            operation: "remove-license".to_owned(),
            target: Some("jan@contoso.example".to_owned()),
            licenses: vec!["Office 365 E3".to_owned()],
            ..Asked::default()
        };
        let Input::Bytes(name, bytes) = asked.input() else { panic!("bytes") };
        assert_eq!(name, COMMAND_LINE);
        let request: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(request["requests"][0]["removeLicenses"], json!(["Office 365 E3"]));
    }
}
