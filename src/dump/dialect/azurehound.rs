//! AzureHound: users, groups, roles. A run that was stopped leaves a file without its end.
//!
//! Source: the code of AzureHound at commit 23735c8a: one item a line, properties with empty values left out, ids in capitals.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

use serde_json::{Value, json};

use super::written::{Object, Written};
use crate::dump::source::Incomplete;
use crate::tenant::schema::Collection;

/// A property, and what it holds where it is not written.
type Omitted = (&'static str, fn() -> Value);

/// What of a user is left out where it is false, empty or null.
const OMITTED: &[Omitted] =
    &[("accountEnabled", || json!(false)), ("onPremisesSyncEnabled", || Value::Null), ("mail", || Value::Null)];

/// Translates a stream, line by line.
pub(super) fn translate(input: &mut dyn Read, out: &mut Written) -> io::Result<()> {
    let mut members: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut groups: Vec<Object> = Vec::new();
    let mut ended = false;
    let mut text = String::new();
    let mut reader = BufReader::with_capacity(1 << 20, input);
    loop {
        text.clear();
        let mut bytes = Vec::new();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        text.push_str(&String::from_utf8_lossy(&bytes));
        let line = text.trim().trim_start_matches('\u{feff}');
        ended |= line.contains("\"meta\"");
        // All on one line: somebody wrote it anew.
        if line.starts_with('{') && line.contains("\"data\":[") && line.len() > 40 {
            let mut rest = line.to_owned();
            reader.read_to_string(&mut rest)?;
            match serde_json::from_str::<Value>(&rest) {
                Ok(document) => {
                    ended |= document.get("meta").is_some();
                    for item in document.get("data").and_then(Value::as_array).into_iter().flatten() {
                        take(item, &mut members, &mut groups, out)?;
                    }
                }
                Err(error) => out.broken = Some((error.line() as u64, error.column() as u64, error.is_eof())),
            }
            break;
        }
        if let Ok(item) = serde_json::from_str::<Value>(line.trim_end_matches(',')) {
            take(&item, &mut members, &mut groups, out)?;
        }
    }
    for mut group in groups {
        let id = group.get("id").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        if let Some(list) = members.remove(&id) {
            group.insert("members".to_owned(), list.into());
        }
        out.object(Collection::Groups, group)?;
    }
    if !ended {
        for collection in out.sections.clone() {
            out.partial(collection, Incomplete::Cut);
        }
        out.note("cut-off", "The run of AzureHound was stopped before its end.".to_owned());
    }
    Ok(())
}

fn take(
    item: &Value,
    members: &mut BTreeMap<String, Vec<Value>>,
    groups: &mut Vec<Object>,
    out: &mut Written,
) -> io::Result<()> {
    let (Some(kind), Some(Value::Object(data))) = (item.get("kind").and_then(Value::as_str), item.get("data")) else {
        return Ok(());
    };
    let text = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_lowercase);
    match kind {
        "AZUser" => {
            let mut user = Object::new();
            let names = [
                "id",
                "displayName",
                "userPrincipalName",
                "mail",
                "userType",
                "accountEnabled",
                "onPremisesSyncEnabled",
                "createdDateTime",
            ];
            for name in names {
                if let Some(value) = data.get(name) {
                    user.insert(name.to_owned(), value.clone());
                }
            }
            for (name, value) in OMITTED {
                user.entry(*name).or_insert_with(value);
            }
            out.object(Collection::Users, user)
        }
        "AZTenant" => {
            let domains = data.get("domains").and_then(Value::as_array);
            let domains: Option<Vec<Value>> =
                domains.map(|names| names.iter().map(|name| json!({ "name": name })).collect());
            let mut organization = Object::from_iter([
                ("id".to_owned(), json!(text("tenantId"))),
                ("displayName".to_owned(), data.get("displayName").cloned().unwrap_or_default()),
            ]);
            if let Some(domains) = domains {
                organization.insert("verifiedDomains".to_owned(), domains.into());
            }
            out.object(Collection::Organization, organization)
        }
        "AZGroup" => {
            let names = ["id", "displayName", "mail", "securityEnabled", "isAssignableToRole"];
            groups.push(names.iter().filter_map(|name| Some(((*name).to_owned(), data.get(*name)?.clone()))).collect());
            Ok(())
        }
        "AZGroupMember" => {
            let list = data.get("members").and_then(Value::as_array).into_iter().flatten();
            let found = list.filter_map(|entry| {
                let member = entry.get("member")?;
                Some(
                    json!({ "id": member.get("id")?, "@odata.type": member.get("@odata.type").or(member.get("type")) }),
                )
            });
            members.entry(text("groupId").unwrap_or_default()).or_default().extend(found);
            Ok(())
        }
        "AZRoleAssignment" => {
            for assignment in data.get("roleAssignments").and_then(Value::as_array).into_iter().flatten() {
                let get = |name: &str| assignment.get(name).cloned().unwrap_or_default();
                let mut written = Object::new();
                for name in ["id", "principalId", "directoryScopeId"] {
                    written.insert(name.to_owned(), get(name));
                }
                let role = assignment.get("roleDefinitionId").and_then(Value::as_str).map(str::to_lowercase);
                written.insert("roleDefinitionId".to_owned(), json!(role.or_else(|| text("roleDefinitionId"))));
                out.object(Collection::RoleAssignments, written)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
