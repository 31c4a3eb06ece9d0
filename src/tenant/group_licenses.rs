//! Licenses that groups give to their members: which groups, and who has yet to get one.
//!
//! Source: Microsoft Graph's `group.assignedLicenses`; only direct members who are users get a license, those of nested groups do
//! not (Microsoft Entra's page on group-based licensing).

use std::collections::{BTreeMap, BTreeSet};

use super::entitlements::licenses;
use super::keys::KeySpace;
use super::known::{Known, text};
use super::roles::id_of;
use super::{Object, ObjectId};
use crate::json::Raw;
use crate::tenant::schema::Collection;
use crate::tenant::tallies::mark;

/// What is known of the licenses of groups.
#[derive(Debug, Default)]
pub(super) struct GroupLicenses {
    /// By SKU id, in lower case.
    skus: BTreeMap<String, GroupLicense>,
    /// Every group and its licenses are known.
    all_known: bool,
}

/// The groups that have one SKU.
#[derive(Debug, Default)]
struct GroupLicense {
    /// What the groups are called.
    groups: BTreeSet<String>,
    /// Their direct members who are users and lack the SKU; nothing if that is not known of all.
    without: Option<BTreeSet<ObjectId>>,
}

/// When groups were last changed in what their members get, by group id.
#[derive(Debug, Default)]
pub(super) struct Changes {
    newest: BTreeMap<String, String>,
    /// The log is complete.
    all_known: bool,
}

/// The activities that make the directory work on the licenses of a group's members.
const CHANGES: &[&str] =
    &["Set group license", "Trigger group license recalculation", "Add member to group", "Remove member from group"];

/// What somebody's membership means for a SKU.
enum Member {
    /// A user who has it, or no user at all.
    Served,
    /// A user who lacks it.
    Without(ObjectId),
    /// It cannot be told.
    Unknown,
}

impl Known<'_> {
    /// What the groups with this SKU (in lower case) are called; nothing if not all groups and their licenses are known.
    pub(super) fn licensed_groups(&self, sku: &str) -> Option<Vec<String>> {
        let known = self.group_licenses();
        let groups = || known.skus.get(sku).map(|license| license.groups.iter().cloned().collect());
        known.all_known.then(|| groups().unwrap_or_default())
    }

    /// How many different users are direct members of groups with this SKU (in lower case) and lack it.
    pub(super) fn members_waiting(&self, sku: &str) -> Option<usize> {
        let known = self.group_licenses();
        if !known.all_known {
            return None;
        }
        match known.skus.get(sku) {
            Some(license) => license.without.as_ref().map(BTreeSet::len),
            None => Some(0),
        }
    }

    /// How many licenses of a product are in use or waited for beyond those that are bought or, though expired, still usable;
    /// nothing if one of these numbers is not known.
    pub(super) fn licenses_missing(&self, product: &Object) -> Option<u64> {
        let units = product.get("prepaidUnits")?;
        let number = |value: Raw<'_>| value.number().map(|number| number as u64);
        let there = number(units.get("enabled")?)? + number(units.get("warning")?)?;
        let waiting = self.members_waiting(&product.text("skuId")?.to_lowercase())? as u64;
        Some((number(product.get("consumedUnits")?)? + waiting).saturating_sub(there))
    }

    fn group_licenses(&self) -> &GroupLicenses {
        self.group_licenses.get_or_init(|| {
            let groups = Collection::Groups;
            let all_known = self.tenant.is_complete(groups) && self.tenant.has_everywhere(groups, "assignedLicenses");
            let mut known = GroupLicenses { all_known, ..GroupLicenses::default() };
            for group in self.tenant.all(groups) {
                match group.get("assignedLicenses").and_then(licenses) {
                    Some(held) => held.keys().for_each(|sku| self.add_group(sku, &group, &mut known)),
                    None => known.all_known = false,
                }
            }
            known
        })
    }

    fn add_group(&self, sku: &str, group: &Object, known: &mut GroupLicenses) {
        let license = known
            .skus
            .entry(sku.to_owned())
            .or_insert_with(|| GroupLicense { groups: BTreeSet::new(), without: Some(BTreeSet::new()) });
        license.groups.insert(group.display_name());
        match (self.members_without(group, sku), &mut license.without) {
            (Some(users), Some(without)) => without.extend(users),
            (None, without) => *without = None,
            (_, None) => {}
        }
    }

    /// The direct members of a group who are users and lack a SKU (in lower case); nothing if that is not known of all.
    pub(super) fn members_without(&self, group: &Object, sku: &str) -> Option<BTreeSet<ObjectId>> {
        // PowerShell shows members as null where they were not asked for.
        let members = group.get("members").filter(|members| !members.is_null() && !group.is_cut("members"))?;
        let mut without = BTreeSet::new();
        for member in members.items() {
            match self.member(member, sku) {
                Member::Served => {}
                Member::Without(user) => drop(without.insert(user)),
                Member::Unknown => return None,
            }
        }
        Some(without)
    }

    fn member(&self, member: Raw<'_>, sku: &str) -> Member {
        let Some(id) = id_of(member) else { return Member::Unknown };
        let kind = member.get("@odata.type").and_then(Raw::text);
        if kind.as_ref().is_some_and(|kind| !kind.to_ascii_lowercase().ends_with(".user")) {
            return Member::Served;
        }
        if self.tenant.tallies.licensed.contains(&mark(&id, sku)) {
            return Member::Served;
        }
        let users = self.tenant.candidates(Collection::Users, KeySpace::Id, &id);
        if let Some(user) = users.iter().find(|user| user.id().as_ref() == Some(&id)) {
            return match user.get("assignedLicenses").and_then(licenses) {
                Some(held) if held.contains_key(sku) => Member::Served,
                Some(_) => Member::Without(user.number),
                None => Member::Unknown,
            };
        }
        let deleted = self.tenant.candidates(Collection::DeletedUsers, KeySpace::Id, &id);
        if deleted.iter().any(|user| user.id().as_ref() == Some(&id)) {
            return Member::Served; // who is deleted gets nothing
        }
        // A user who is not among the users was left out of them, or the lists are of different times.
        let all_users =
            self.tenant.is_complete(Collection::Users) && self.tenant.has_everywhere(Collection::Users, "id");
        if kind.is_none() && all_users { Member::Served } else { Member::Unknown }
    }

    /// When the licenses or members of a group were last changed, as JSON: null if they were not, as far as the log goes back.
    pub(super) fn licenses_changed(&self, group: &Object) -> Option<Vec<u8>> {
        let changes = self.group_changes.get_or_init(|| self.read_changes());
        let newest = changes.newest.get(&group.id()?);
        changes.all_known.then(|| newest.map_or_else(|| b"null".to_vec(), |at| text(at)))
    }

    fn read_changes(&self) -> Changes {
        let mut changes =
            Changes { all_known: self.tenant.is_complete(Collection::DirectoryAudits), ..Changes::default() };
        for record in self.tenant.all(Collection::DirectoryAudits) {
            let Some(activity) = record.text("activityDisplayName") else {
                changes.all_known = false;
                continue;
            };
            if !CHANGES.iter().any(|known| known.eq_ignore_ascii_case(activity.trim_end_matches('.'))) {
                continue;
            }
            let targets = record.get("targetResources").filter(|targets| targets.is_list());
            let (Some(at), Some(targets)) = (record.text("activityDateTime"), targets) else {
                changes.all_known = false;
                continue;
            };
            for id in targets.items().filter_map(id_of) {
                let newest = changes.newest.entry(id).or_default();
                if *newest < at {
                    newest.clone_from(&at);
                }
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::pack::embedded;
    use crate::testing::tenant;

    fn user(id: &str, skus: &[&str]) -> Value {
        let licenses: Vec<_> = skus.iter().map(|sku| json!({ "skuId": sku, "disabledPlans": [] })).collect();
        json!({ "id": id, "userPrincipalName": format!("{id}@b.example"), "assignedLicenses": licenses })
    }

    fn group(id: &str, skus: &[&str], members: &Value) -> Value {
        let licenses: Vec<_> = skus.iter().map(|sku| json!({ "skuId": sku, "disabledPlans": [] })).collect();
        let mut group = json!({ "id": id, "displayName": id, "assignedLicenses": licenses });
        if !members.is_string() {
            group["members"] = members.clone();
        }
        group
    }

    fn without(given: &Value) -> Option<usize> {
        let tenant = tenant(given);
        Known::new(&tenant, embedded::tables()).members_waiting("one")
    }

    #[test]
    fn each_member_who_lacks_it_counts_once() {
        let users = json!([user("u1", &["ONE"]), user("u2", &[]), user("u3", &["two"])]);
        let members = json!([{ "id": "u1" }, { "id": "U2" }, { "id": "g9", "@odata.type": "#microsoft.graph.group" }]);
        let given = json!({ "users": users, "groups": [
            group("g1", &["One"], &members), group("g2", &["one"], &json!([{ "id": "u2" }, { "id": "u3" }])),
            group("g3", &["two"], &json!([{ "id": "u1" }])), group("g4", &[], &json!("not collected")),
        ]});
        assert_eq!(without(&given), Some(2));
        let tenant = tenant(&given);
        let known = Known::new(&tenant, embedded::tables());
        assert_eq!(known.licensed_groups("one"), Some(vec!["g1".to_owned(), "g2".to_owned()]));
        assert_eq!((known.licensed_groups("x"), known.members_waiting("x")), (Some(Vec::new()), Some(0)));
    }

    #[test]
    fn licenses_are_missing_for_those_in_use_and_waited_for_beyond_what_is_there() {
        let group = group("g1", &["one"], &json!([{ "id": "u1" }, { "id": "u2" }]));
        let missing = |used: u64, units: &Value, users: &Value| {
            let sku = json!({ "skuId": "ONE", "consumedUnits": used, "prepaidUnits": units });
            let tenant = tenant(&json!({ "users": users, "groups": [group.clone()], "subscribedSkus": [sku] }));
            let product = tenant.all(Collection::SubscribedSkus).next().unwrap();
            Known::new(&tenant, embedded::tables()).licenses_missing(&product)
        };
        let (users, units) = (json!([user("u1", &[]), user("u2", &[])]), json!({ "enabled": 3, "warning": 1 }));
        assert_eq!(missing(4, &units, &users), Some(2), "4 in use and 2 waited for, of 3 and 1");
        assert_eq!(missing(1, &units, &users), Some(0), "1 is even left over");
        assert_eq!(missing(4, &json!({ "enabled": 3 }), &users), None, "whether expired ones are usable is not known");
        assert_eq!(missing(4, &units, &json!([{ "id": "u1" }, user("u2", &[])])), None, "nor who waits");
    }

    #[test]
    fn what_was_not_collected_is_not_counted() {
        let users = json!([user("u1", &[])]);
        let members = json!([{ "id": "u1" }]);
        let whole = json!({ "users": users, "groups": [group("g1", &["one"], &members)] });
        assert_eq!(without(&whole), Some(1));
        assert_eq!(without(&json!({ "users": users })), None, "no groups");
        assert_eq!(without(&json!({ "groups": whole["groups"] })), None, "no users");
        assert_eq!(without(&json!({ "users": users, "groups": [group("g1", &["one"], &json!("none"))] })), None);
        assert_eq!(without(&json!({ "users": users, "groups": [group("g1", &["one"], &Value::Null)] })), None);
        assert_eq!(without(&json!({ "users": users, "groups": [{ "id": "g1", "members": members }] })), None);
        assert_eq!(without(&json!({ "users": [{ "id": "u1" }], "groups": whole["groups"] })), None);
        let page = json!({ "value": users, "@odata.nextLink": "https://graph.microsoft.com/v1.0/users?$skiptoken=a" });
        let other = json!([group("g1", &["one"], &json!([{ "id": "u7" }]))]);
        assert_eq!(without(&json!({ "users": page, "groups": other })), None, "u7 may be on the next page");
    }
}
