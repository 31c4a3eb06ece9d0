//! Licenses as they are when a request comes, and after it: those of now, changed by the requests before it.
//!
//! Source: Microsoft Graph's `assignLicense`, which takes what is added and what is removed in one call; a license that is also
//! inherited from a group stays when the direct one is removed.

use super::entitlements::{Licenses, Plans, licenses};
use super::known::Known;
use super::queue::Before;
use super::roles::members_of;
use super::{Object, ObjectId};
use crate::json::Raw;
use crate::tenant::schema::Collection;

impl Known<'_> {
    /// The licenses of the target of a request when it comes; nothing if that is not known. `target` is nothing for an account that is
    /// not there yet, which has those that the request that makes it asks for.
    pub fn held_before(&self, request: &Object, target: Option<&Object>) -> Option<Licenses> {
        let (whose, mut held) = match target {
            Some(target) => (target.number, licenses(target.get("assignedLicenses")?)?),
            None => (self.newcomer(request)?, Licenses::new()),
        };
        for earlier in self.changes_before(request, whose) {
            if self.counts(earlier, Before::Granted) {
                held = changed(held, &self.tenant.object(earlier), target)?;
            } else if self.counts(earlier, Before::Everybody) {
                return None;
            }
        }
        let mut elsewhere = self.changes_elsewhere(request);
        elsewhere.all(|(_, group)| !self.may_concern(group, target)).then_some(held)
    }

    /// Whether somebody may be a member of a group; whoever it is, if nobody knows which group.
    fn may_concern(&self, group: Option<ObjectId>, target: Option<&Object>) -> bool {
        let Some(group) = group else { return true };
        let Some(user) = target.filter(|target| target.collection == Collection::Users) else { return false };
        match (members_of(&self.tenant.object(group)), user.id()) {
            (Some(members), Some(id)) => members.contains(&id),
            (Some(members), None) => !members.is_empty(),
            (None, _) => true,
        }
    }

    /// The licenses that a request is to take away and whom it is for does not have; nothing if that is not known.
    pub fn licenses_not_held(&self, request: &Object, target: Option<&Object>) -> Option<Vec<String>> {
        let removed = listed(request, "removeLicenses")?;
        if removed.is_empty() {
            return Some(Vec::new());
        }
        let held = self.held_before(request, target)?;
        Some(removed.into_keys().filter(|sku| !held.contains_key(sku)).collect())
    }

    /// Whether no request before it changes what a request is to take away, so that where it comes from is as exported; nothing if one
    /// may.
    pub fn changes_first(&self, request: &Object, target: Option<&Object>) -> Option<bool> {
        let removed = listed(request, "removeLicenses")?;
        let touches = |earlier: ObjectId| {
            let earlier = self.tenant.object(earlier);
            let lists = [listed(&earlier, "addLicenses"), listed(&earlier, "removeLicenses")];
            lists.iter().any(|list| list.as_ref().is_none_or(|list| list.keys().any(|sku| removed.contains_key(sku))))
        };
        let own = target.map(|target| target.number).or_else(|| self.newcomer(request))?;
        let mut named = self.changes_before(request, own).filter(|earlier| self.counts(*earlier, Before::Everybody));
        let mut elsewhere = self.changes_elsewhere(request).filter(|(_, group)| self.may_concern(*group, target));
        (!named.any(touches) && !elsewhere.any(|(earlier, _)| touches(earlier))).then_some(true)
    }

    /// The plans that the target of a request would have after it.
    pub fn plans_after(&self, request: &Object, target: Option<&Object>) -> Option<Plans> {
        self.enabled(&changed(self.held_before(request, target)?, request, target)?)
    }

    /// The plans of those that the target of a request has when it comes which it would not have after it.
    pub fn plans_lost(&self, request: &Object, target: Option<&Object>) -> Option<Plans> {
        let (before, after) = self.plans_around(request, target)?;
        Some(&before - &after)
    }

    /// The plans that the target of a request would have after it and does not have when it comes.
    pub fn plans_gained(&self, request: &Object, target: Option<&Object>) -> Option<Plans> {
        let (before, after) = self.plans_around(request, target)?;
        Some(&after - &before)
    }

    /// The plans of the target of a request when it comes, and after it.
    fn plans_around(&self, request: &Object, target: Option<&Object>) -> Option<(Plans, Plans)> {
        let held = self.held_before(request, target)?;
        let after = self.enabled(&changed(held.clone(), request, target)?)?;
        Some((self.enabled(&held)?, after))
    }

    /// Whose licenses a request changes: a user's or group's, or those of the account that it or the request `maker` makes.
    pub(super) fn whose(&self, request: &Object, maker: impl FnOnce(&str) -> Option<ObjectId>) -> Option<ObjectId> {
        use super::known::Search;
        if request.text("operation").as_deref() == Some("create-user") {
            return Some(request.number);
        }
        let name = request.text("target")?;
        match self.person(&name, true) {
            Search::Object(target) => Some(target.number),
            Search::Nothing => maker(&name),
            Search::Unknown => None,
        }
    }
}

/// Licenses after a request; nothing if that is not known.
fn changed(mut held: Licenses, request: &Object, target: Option<&Object>) -> Option<Licenses> {
    for sku in listed(request, "removeLicenses")?.into_keys().filter(|sku| held.contains_key(sku)).collect::<Vec<_>>() {
        match target.map_or(Some(false), |target| is_inherited(target, &sku)) {
            Some(true) => {}
            Some(false) => drop(held.remove(&sku)),
            None => return None,
        }
    }
    for (sku, disabled) in listed(request, "addLicenses")? {
        // Whoever asks for a license and names no plans wants all of them.
        let disabled = disabled.unwrap_or_default();
        let disabled = match (held.remove(&sku), target.map_or(Some(false), |target| is_inherited(target, &sku))) {
            // Adding a SKU that is there replaces its switched-off plans; what a group gives besides stays on.
            (None, _) | (_, Some(false)) => Some(disabled),
            (Some(known), Some(true)) => known.map(|known| &known & &disabled),
            (Some(_), None) => None,
        };
        held.insert(sku, disabled);
    }
    Some(held)
}

/// The licenses in a list of a request, which has none if it does not have the list; nothing if they cannot be read.
fn listed(request: &Object, name: &str) -> Option<Licenses> {
    request.get(name).map_or(Some(Licenses::new()), licenses)
}

/// Whether somebody has a SKU (in lower case) from a group; nothing if the export does not say where licenses come from.
pub(super) fn is_inherited(user: &Object, sku: &str) -> Option<bool> {
    if user.collection != Collection::Users {
        return Some(false);
    }
    let mut all_known = true;
    for state in user.get("licenseAssignmentStates")?.items() {
        match (state.get("skuId").and_then(Raw::text), state.get("assignedByGroup")) {
            (Some(own), _) if !own.eq_ignore_ascii_case(sku) => {}
            (Some(_), Some(group)) if !group.is_empty() => return Some(true),
            (Some(_), Some(_)) => {}
            _ => all_known = false,
        }
    }
    all_known.then_some(false)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;
    use crate::pack::embedded;
    use crate::tenant::queue::Settled;
    use crate::testing::tenant;

    /// What somebody has when the second of two requests comes, once it is known what becomes of the first.
    fn before_the_second(user: &Value, first: &Value, second: &Value, settled: Option<bool>) -> Option<Vec<String>> {
        let eva = json!({ "id": "e", "userPrincipalName": "eva@b.example", "assignedLicenses": [] });
        let users = if user.is_null() { json!([]) } else { json!([user, eva]) };
        let tenant = tenant(&json!({ "users": users, "requests": [first, second] }));
        let known = Known::new(&tenant, embedded::tables());
        let requests: Vec<_> = tenant.all(Collection::Requests).collect();
        let of = |wanted| BTreeSet::from_iter((settled == Some(wanted)).then_some(requests[0].number));
        known.settle(Settled { granted: of(true), refused: of(false) });
        let target = tenant.all(Collection::Users).next();
        known.held_before(&requests[1], target.as_deref()).map(|held| held.into_keys().collect())
    }

    fn request(id: &str, operation: &str, add: &[&str], remove: &[&str]) -> Value {
        let add: Vec<_> = add.iter().map(|sku| json!({ "skuId": sku, "disabledPlans": [] })).collect();
        let mut request = json!({ "id": id, "operation": operation, "addLicenses": add, "removeLicenses": remove });
        let name = if operation == "create-user" { "userPrincipalName" } else { "target" };
        request[name] = json!("jan@b.example");
        request
    }

    #[test]
    fn what_a_request_before_it_changed_is_counted_once_that_is_known() {
        let state = |sku: &str, group: Value| json!({ "skuId": sku, "assignedByGroup": group });
        let jan = json!({
            "id": "u", "userPrincipalName": "jan@b.example", "assignedLicenses": [{ "skuId": "A" }, { "skuId": "G" }],
            "licenseAssignmentStates": [state("A", Value::Null), state("g", json!("group"))],
        });
        let swap = request("1", "assign-license", &["B"], &["a", "g", "x"]);
        let second = request("2", "remove-license", &[], &["b"]);
        let held = |settled| before_the_second(&jan, &swap, &second, settled);
        let texts = |skus: &[&str]| Some(skus.iter().map(|sku| (*sku).to_owned()).collect::<Vec<_>>());
        assert_eq!(held(Some(true)), texts(&["b", "g"]), "what a group gives stays");
        assert_eq!(held(Some(false)), texts(&["a", "g"]));
        assert_eq!(held(None), None, "nobody knows yet");
        let mut unsaid = jan.clone();
        unsaid.as_object_mut().unwrap().remove("licenseAssignmentStates");
        assert_eq!(before_the_second(&unsaid, &swap, &second, Some(true)), None, "a group may give it");
        for name in ["skuId", "assignedByGroup"] {
            let mut unsaid = jan.clone();
            let states = unsaid["licenseAssignmentStates"].as_array_mut().unwrap();
            states.iter_mut().for_each(|state| drop(state.as_object_mut().unwrap().remove(name)));
            assert_eq!(before_the_second(&unsaid, &swap, &second, Some(true)), None, "nor without {name}");
        }
        let other = request("1", "assign-license", &["B"], &[]);
        let mut other = other.clone();
        other["target"] = json!("eva@b.example");
        assert_eq!(before_the_second(&jan, &other, &second, None), texts(&["a", "g"]), "it is for somebody else");
    }

    #[test]
    fn an_account_that_a_request_makes_has_what_that_request_gives_it() {
        let made = request("1", "create-user", &["A"], &[]);
        let second = request("2", "assign-license", &["B"], &[]);
        let held = |settled| before_the_second(&Value::Null, &made, &second, settled);
        assert_eq!(held(Some(true)), Some(vec!["a".to_owned()]));
        assert_eq!(held(None), None);
    }

    /// A tenant with Jan, who is in a group, and two requests of which the second is asked about when the first is known to work.
    fn second<T>(first: &Value, second: &Value, ask: impl Fn(&Known<'_>, &Object, &Object) -> T) -> T {
        let states = json!([{ "skuId": "a", "assignedByGroup": null }, { "skuId": "g", "assignedByGroup": "group" }]);
        let jan = json!({
            "id": "u", "userPrincipalName": "jan@b.example", "licenseAssignmentStates": states,
            "assignedLicenses": [{ "skuId": "a", "disabledPlans": ["p"] }, { "skuId": "g", "disabledPlans": ["p", "q"] }],
        });
        let group = json!({ "id": "group", "members": [{ "id": "U" }], "assignedLicenses": [] });
        let other = json!({ "id": "other", "members": [], "assignedLicenses": [] });
        let tenant = tenant(&json!({ "users": [jan], "groups": [group, other], "requests": [first, second] }));
        let known = Known::new(&tenant, embedded::tables());
        let requests: Vec<_> = tenant.all(Collection::Requests).collect();
        known.settle(Settled { granted: BTreeSet::from([requests[0].number]), ..Settled::default() });
        ask(&known, &requests[1], &tenant.all(Collection::Users).next().unwrap())
    }

    #[test]
    fn what_a_request_may_do_to_people_whom_it_does_not_name_is_not_known() {
        let held = |first: &Value| {
            second(first, &request("2", "remove-license", &[], &["a"]), |known, request, jan| {
                known.held_before(request, Some(jan)).is_some()
            })
        };
        let to = |target: &str, operation: &str| {
            let mut first = request("1", "assign-license", &["b"], &[]);
            (first["target"], first["operation"]) = (json!(target), json!(operation));
            first
        };
        assert!(!held(&to("group", "assign-license")), "Jan is a member");
        assert!(held(&to("other", "assign-license")));
        assert!(!held(&to("a name that an address may be@b.example", "assign-license")));
        assert!(held(&to("group", "reset-password")), "it changes no license");
    }

    #[test]
    fn what_a_group_gives_stays_on() {
        let with_off = |sku: &str, off: &[&str]| {
            json!({ "id": "2", "operation": "assign-license", "target": "jan@b.example",
            "addLicenses": [{ "skuId": sku, "disabledPlans": off }] })
        };
        let nothing = request("1", "remove-license", &[], &[]);
        let off = |sku: &str, off: &[&str]| {
            second(&nothing, &with_off(sku, off), |known, request, jan| {
                changed(known.held_before(request, Some(jan)).unwrap(), request, Some(jan)).unwrap()[sku]
                    .clone()
                    .unwrap()
            })
        };
        assert_eq!(off("a", &["r"]), BTreeSet::from(["r".to_owned()]), "it replaces what is off");
        assert_eq!(off("g", &["q", "r"]), BTreeSet::from(["q".to_owned()]));
    }

    #[test]
    fn where_a_license_comes_from_is_as_exported_unless_a_request_before_touches_it() {
        let asked = |first: &Value| {
            second(first, &request("2", "assign-license", &["b"], &["a", "x"]), |known, request, jan| {
                (known.changes_first(request, Some(jan)), known.licenses_not_held(request, Some(jan)))
            })
        };
        let lacks = Some(vec!["x".to_owned()]);
        assert_eq!(asked(&request("1", "assign-license", &["b"], &[])), (Some(true), lacks.clone()));
        assert_eq!(asked(&request("1", "assign-license", &["A"], &[])), (None, lacks));
        assert_eq!(asked(&request("1", "assign-license", &["x"], &["c"])), (None, Some(Vec::new())));
    }
}
