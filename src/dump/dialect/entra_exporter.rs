//! EntraExporter: a folder for each kind of object, and in it a folder for each object.
//!
//! Source: the code of microsoft/EntraExporter at commit ce0d04cf. It writes Graph's objects as they are, one a file. Users and
//! groups without dynamic membership are only exported if asked for, and a switch leaves out all that are synchronized; no file
//! says which switches were used.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;

use super::written::{Object, Written};
use crate::dump::recognise::{Keys, Leaf, leaf};
use crate::dump::source::Incomplete;
use crate::dump::tree::TreeReader;
use crate::tenant::schema::Collection;

/// What tells later which switches were used.
#[derive(Default)]
struct Hints {
    /// Some object is synchronized from on-premises.
    has_synced: bool,
    /// The organization says that it synchronizes nothing.
    is_cloud_only: bool,
    /// Some group has a membership that is not dynamic.
    has_static_group: bool,
}

/// Translates a tree.
pub(super) fn translate(files: &mut TreeReader<'_>, out: &mut Written) -> io::Result<()> {
    let mut unread: BTreeMap<String, usize> = BTreeMap::new();
    let mut hints = Hints::default();
    let names = files.files();
    let mut at = 0;
    while at < names.len() {
        let owner = owner_of(&names[at]);
        let end = names[at..].iter().position(|name| owner_of(name) != owner).map_or(names.len(), |count| at + count);
        one(files, &names[at..end], &mut hints, &mut unread, out)?;
        at = end;
    }
    if !hints.is_cloud_only && !hints.has_synced {
        // Perhaps all that is synchronized was left out.
        for collection in [Collection::Users, Collection::Groups] {
            if out.sections.contains(&collection) {
                out.partial(collection, Incomplete::Part);
            }
        }
    }
    if out.sections.contains(&Collection::Groups) && !hints.has_static_group {
        out.partial(Collection::Groups, Incomplete::Part);
    }
    if !unread.is_empty() {
        let parts: Vec<String> = unread.into_keys().collect();
        out.note("unread-parts", format!("These parts of the folder are not read: {}.", parts.join(", ")));
    }
    Ok(())
}

/// The part of a path that all files about one object share.
fn owner_of(path: &str) -> &str {
    match leaf(path) {
        Leaf::Object(_) => path.rsplit_once('/').map_or(path, |(folder, _)| folder),
        Leaf::Child(..) => path.rsplitn(4, '/').last().unwrap_or(path),
        Leaf::Other => path,
    }
}

/// The files about one object: itself, and what belongs to it.
fn one(
    files: &mut TreeReader<'_>,
    names: &[Box<str>],
    hints: &mut Hints,
    unread: &mut BTreeMap<String, usize>,
    out: &mut Written,
) -> io::Result<()> {
    let mut found: Option<(Collection, Object)> = None;
    let mut members: Option<Vec<Value>> = None;
    for name in names {
        match leaf(name) {
            Leaf::Object(collection) => {
                out.section(collection);
                match object(files, name)? {
                    Ok(object) => found = Some((collection, object)).filter(|(_, object)| is(object, collection)),
                    Err(reason) => out.partial(collection, reason),
                }
                if found.is_none() {
                    out.partial(collection, Incomplete::Lost);
                }
            }
            Leaf::Child(Collection::Groups | Collection::DirectoryRoles, _, "Members") => {
                let member = object(files, name)?.ok().filter(|member| member.get("id").is_some_and(Value::is_string));
                let Some(member) = member else {
                    // Somebody is missing: then nobody can say who is in it.
                    *unread.entry(format!("{name} (broken)")).or_default() += 1;
                    members = Some(vec![Value::Null]);
                    continue;
                };
                members.get_or_insert_default().push(member_of(&member));
            }
            Leaf::Child(_, _, relation) => {
                let section = owner_of(name).rsplit_once('/').map_or(&**name, |(section, _)| section);
                *unread.entry(format!("{section}/*/{relation}")).or_default() += 1;
            }
            Leaf::Other => {
                let section = name.split('/').next().unwrap_or(name);
                let deeper = if matches!(section, "Policies" | "RoleManagement" | "Directory" | "Identity") {
                    name.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
                } else {
                    section.to_owned()
                };
                *unread.entry(deeper).or_default() += 1;
            }
        }
    }
    let Some((collection, mut object)) = found else { return Ok(()) };
    if let Some(members) = members.filter(|members| !members.contains(&Value::Null)) {
        object.insert("members".to_owned(), members.into());
    }
    let is_synced = object.get("onPremisesSyncEnabled") == Some(&Value::Bool(true));
    match collection {
        Collection::Users => hints.has_synced |= is_synced,
        Collection::Groups => {
            hints.has_synced |= is_synced;
            let kinds = object.get("groupTypes").and_then(Value::as_array);
            hints.has_static_group |= kinds.is_some_and(|kinds| !kinds.contains(&"DynamicMembership".into()));
        }
        Collection::Organization => {
            hints.is_cloud_only |=
                object.get("onPremisesSyncEnabled").is_some_and(|synced| *synced != Value::Bool(true));
        }
        _ => {}
    }
    out.object(collection, object)
}

/// An object in a file; or why there is none.
fn object(files: &mut TreeReader<'_>, name: &str) -> io::Result<Result<Object, Incomplete>> {
    let text = files.text(name)?;
    Ok(match serde_json::from_slice(&text) {
        Ok(Value::Object(object)) => match object.get("error") {
            Some(error @ Value::Object(_)) => {
                let code = error.get("code").and_then(Value::as_str).unwrap_or("error");
                Err(Incomplete::Error(code.to_owned()))
            }
            _ => Ok(object),
        },
        Ok(_) => Err(Incomplete::Lost),
        Err(_) => Err(Incomplete::Cut),
    })
}

/// Whether an object is what its folder says.
fn is(object: &Object, collection: Collection) -> bool {
    let text = Value::Object(object.clone()).to_string();
    Keys::peek(text.as_bytes(), 0).is_ok_and(|keys| keys.collection() == Some(collection))
}

/// A member as Graph lists it. What has a sign-in name is a user.
fn member_of(member: &Object) -> Value {
    let mut kept = Object::new();
    for name in ["@odata.type", "id", "displayName", "userPrincipalName"] {
        if let Some(value) = member.get(name) {
            kept.insert(name.to_owned(), value.clone());
        }
    }
    if member.contains_key("userPrincipalName") {
        kept.entry("@odata.type").or_insert_with(|| "#microsoft.graph.user".into());
    }
    Value::Object(kept)
}
