//! What the audit log says of those whom requests are about: somebody may have changed them a moment ago.
//!
//! Parameters: `activities` (texts with `;` between), `days` before the as-of date, and `operations` (with blanks between; all if it
//! is not there).

use std::collections::BTreeSet;

use super::{NativeHit, NativeResult};
use crate::check::audit::{actor, is_one_of};
use crate::check::compile::Needs;
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::model::{Native, Scalar};
use crate::tenant::keys::KeySpace;
use crate::tenant::known::{Search, addresses};
use crate::tenant::schema::Collection;
use crate::tenant::{Coverage, Object, address, as_of};

/// How many records the history names.
const SHOWN: usize = 5;

/// A record of one of the activities.
struct Record {
    at: String,
    activity: String,
    by: Option<String>,
    result: Option<String>,
    ids: BTreeSet<String>,
    names: BTreeSet<String>,
}

/// The records that count, and whether they are all.
struct Log {
    records: Vec<Record>,
    all_known: bool,
}

/// Runs it.
pub(super) fn run(native: &Native, needs: Needs, world: &World<'_>) -> NativeResult {
    let mut result = NativeResult::default();
    let operations = text(native, "operations");
    let mut log = None;
    for request in world.tenant.all(Collection::Requests) {
        let operation = request.text("operation").unwrap_or_default();
        if !operations.is_empty() && !operations.split_whitespace().any(|known| known == operation) {
            continue;
        }
        let Some(name) = name(&request, &operation) else { continue };
        result.asked += 1;
        let log = log.get_or_insert_with(|| read(native, world));
        let (ids, resolved) = ids(&name, world);
        let is_about = |record: &&Record| record.ids.iter().any(|id| ids.contains(id)) || record.names.contains(&name);
        let mut about: Vec<&Record> = log.records.iter().filter(is_about).collect();
        about.sort_by(|one, other| (&other.at, &other.activity).cmp(&(&one.at, &one.activity)));
        if let Some(newest) = about.first() {
            result.decided += 1;
            result.hits.push(NativeHit::new(request.number, values(&name, newest, &about)));
        } else if log.all_known && resolved {
            result.decided += 1;
        } else {
            *result.unknown.entry(needs).or_default() += 1;
            result.undecided.push(request.number);
        }
    }
    result
}

fn values(name: &str, newest: &Record, about: &[&Record]) -> Vec<(&'static str, Vec<String>)> {
    let history = |record: &&Record| {
        let day = record.at.get(..10).unwrap_or(&record.at);
        let by = record.by.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
        let result = record.result.as_ref().map(|result| format!(" ({result})")).unwrap_or_default();
        format!("{day} {}{by}{result}", record.activity)
    };
    vec![
        ("name", vec![name.to_owned()]),
        ("activity", vec![newest.activity.clone()]),
        ("by", newest.by.iter().cloned().collect()),
        ("at", vec![newest.at.clone()]),
        ("when", vec![newest.at.clone()]),
        ("result", newest.result.iter().cloned().collect()),
        ("changes", vec![about.len().to_string()]),
        ("history", about.iter().take(SHOWN).map(history).collect()),
    ]
}

fn text<'n>(native: &'n Native, name: &str) -> &'n str {
    match native.parameters.get(name) {
        Some(Scalar::Text(text)) => text,
        _ => "",
    }
}

/// Whom a request is about, in lower case: its target, or whoever is to be made, invited or signed in.
fn name(request: &Object, operation: &str) -> Option<String> {
    let property = match operation {
        "create-user" => "userPrincipalName",
        "invite-guest" | "sign-in" => "address",
        _ => "target",
    };
    let name = request.text(property).or_else(|| request.text("target"))?;
    Some(name.trim().to_lowercase())
}

/// The ids that a name stands for, also of deleted users, and whether they are all.
fn ids(name: &str, world: &World<'_>) -> (BTreeSet<String>, bool) {
    let tenant = world.tenant;
    let mut ids = BTreeSet::from([name.to_owned()]);
    let mut is_live = false;
    if let Search::Object(object) = world.person(name, true) {
        is_live = true;
        ids.extend(object.id());
    }
    for user in tenant.candidates(Collection::Users, KeySpace::Address, name) {
        ids.extend(user.id().filter(|_| addresses(&user).iter().any(|address| address == name)));
    }
    for user in tenant.candidates(Collection::DeletedUsers, KeySpace::Address, name) {
        let original = user.text("userPrincipalName").zip(user.id());
        let original = original.map(|(held, id)| address::original_user_name(&held, &id).to_lowercase());
        ids.extend(user.id().filter(|_| original.is_some_and(|original| original == name)));
    }
    let all = |collection| tenant.is_complete(collection) && tenant.has_everywhere(collection, "userPrincipalName");
    (ids, is_live || all(Collection::Users) && all(Collection::DeletedUsers))
}

/// The records of the wanted activities that are not too old.
fn read(native: &Native, world: &World<'_>) -> Log {
    let tenant = world.tenant;
    let activities: Vec<&str> = text(native, "activities").split(';').map(str::trim).collect();
    let days = match native.parameters.get("days") {
        Some(Scalar::Number(days)) => *days,
        _ => 30.0,
    };
    let all_known = tenant.coverage(Collection::DirectoryAudits) == Coverage::Complete;
    let mut log = Log { records: Vec::new(), all_known };
    let Some(as_of) = tenant.as_of() else { return Log { all_known: false, ..log } };
    #[allow(clippy::cast_possible_truncation)] // whole days
    let oldest = as_of.value.as_second().saturating_sub((days * 86_400.0) as i64);
    for record in tenant.all(Collection::DirectoryAudits) {
        let Some(activity) = record.text("activityDisplayName") else {
            log.all_known = false;
            continue;
        };
        if !is_one_of(&activity, activities.iter().copied()) {
            continue;
        }
        let at = record.text("activityDateTime");
        let Some((at, date)) = at.and_then(|at| as_of::timestamp(&at).map(|date| (at, date))) else {
            log.all_known = false;
            continue;
        };
        let Some(targets) = record.get("targetResources").filter(|targets| targets.is_list()) else {
            log.all_known = false;
            continue;
        };
        if date.as_second() < oldest {
            continue;
        }
        let mut found = Record {
            at,
            activity,
            by: actor(&record),
            result: record.text("result"),
            ids: BTreeSet::new(),
            names: BTreeSet::new(),
        };
        targets.items().for_each(|target| take(target, &mut found));
        log.records.push(found);
    }
    log
}

/// Takes the id and the names of a target: as it stands, as it was before it was deleted, as the guest was invited.
fn take(target: Raw<'_>, record: &mut Record) {
    let text = |name: &str| target.get(name).and_then(Raw::text).map(|text| text.trim().to_lowercase());
    let id = text("id").filter(|id| !id.is_empty());
    if let Some(name) = text("userPrincipalName").filter(|name| !name.is_empty()) {
        record.names.extend(address::ext_address(&name));
        record.names.insert(address::original_user_name(&name, id.as_deref().unwrap_or_default()).into_owned());
        record.names.insert(name);
    }
    record.ids.extend(id);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::pack::embedded;
    use crate::testing::tenant;

    fn native() -> Native {
        let activities = Scalar::Text("Add user; Delete user".to_owned());
        Native {
            name: "request-audit".to_owned(),
            reads: Vec::new(),
            parameters: BTreeMap::from([
                ("activities".to_owned(), activities),
                ("days".to_owned(), Scalar::Number(30.0)),
                ("operations".to_owned(), Scalar::Text("create-user reset-password".to_owned())),
            ]),
            settings: Vec::new(),
        }
    }

    fn record(activity: &str, at: &str, id: &str, name: &str) -> Value {
        json!({ "activityDisplayName": activity, "activityDateTime": at, "result": "success",
                "initiatedBy": { "user": { "userPrincipalName": "adm@b.example" } },
                "targetResources": [{ "id": id, "userPrincipalName": name }] })
    }

    /// What it says of a request: found (how many changes), clear, unknown, or not asked.
    fn said(request: &Value, records: &Value, exported: Option<&str>) -> String {
        let mut given = json!({ "requests": [request], "users": [{ "id": "u1", "userPrincipalName": "ann@b.example", "mail": null,
            "proxyAddresses": [], "otherMails": [], "identities": [] }], "deletedUsers": [{ "id": "d1", "userPrincipalName": "d1zoe@b.example" }] });
        if !records.is_null() {
            given["directoryAudits"] = records.clone();
        }
        if let Some(at) = exported {
            given["exportedAt"] = json!(at);
        }
        let tenant = tenant(&given);
        let world = World::new(&tenant, None, embedded::tables());
        let result = run(&native(), 1, &world);
        match (result.asked, result.hits.first()) {
            (0, _) => "not asked".to_owned(),
            (_, Some(hit)) => hit
                .values
                .iter()
                .find(|(name, _)| *name == "changes")
                .map_or(String::new(), |(_, count)| count.concat()),
            _ if result.decided == 1 => "clear".to_owned(),
            _ => "unknown".to_owned(),
        }
    }

    #[test]
    fn records_are_found_by_id_and_by_name() {
        let day = Some("2026-06-30T00:00:00Z");
        let reset = json!({ "operation": "reset-password", "target": "ANN@b.example" });
        let create = json!({ "operation": "create-user", "userPrincipalName": "zoe@b.example" });
        let recent = record("Add user.", "2026-06-20T00:00:00Z", "U1", "");
        assert_eq!(said(&reset, &json!([recent.clone()]), day), "1");
        assert_eq!(said(&create, &json!([record("Delete user", "2026-06-20T00:00:00Z", "d1", "")]), day), "1");
        assert_eq!(
            said(&create, &json!([record("Delete user", "2026-06-20T00:00:00Z", "x9", "x9Zoe@b.example")]), day),
            "1"
        );
        assert_eq!(said(&reset, &json!([record("Update user", "2026-06-20T00:00:00Z", "u1", "")]), day), "clear");
        assert_eq!(said(&reset, &json!([record("Add user", "2026-05-01T00:00:00Z", "u1", "")]), day), "clear");
        let other = json!({ "operation": "assign-license", "target": "ann@b.example" });
        assert_eq!(said(&other, &json!([recent]), day), "not asked");
    }

    #[test]
    fn silence_is_not_clear() {
        let day = Some("2026-06-30T00:00:00Z");
        let reset = json!({ "operation": "reset-password", "target": "ann@b.example" });
        assert_eq!(said(&reset, &json!([]), day), "clear");
        assert_eq!(said(&reset, &Value::Null, day), "unknown", "no log");
        assert_eq!(said(&reset, &json!([]), None), "unknown", "no date");
        assert_eq!(
            said(&reset, &json!([{ "activityDisplayName": "Add user" }]), day),
            "unknown",
            "a record without date"
        );
        let page = json!({ "value": [], "@odata.nextLink": "https://graph.microsoft.com/v1.0/auditLogs/directoryAudits?$skiptoken=1" });
        assert_eq!(said(&reset, &page, day), "unknown", "a page is missing");
    }
}
