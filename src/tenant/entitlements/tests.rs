//! What somebody may use, and what a request would change.

use serde_json::{Value, json};

use super::*;
use crate::pack::embedded;
use crate::pack::tables::{Table, Tables};
use crate::testing::{object, tenant};

/// Two products: `one` with the plans a and b, `two` with b and c.
fn tables() -> Tables {
    let rows = json!([{"sku_id": "one", "plans": ["a", "b"]}, {"sku_id": "two", "plans": ["b", "c"]}]);
    let tables = embedded::tables().clone().with("products", Table::default());
    tables.with_json(&std::iter::once(("products".to_owned(), serde_json::from_value(rows).unwrap())).collect())
}

/// What a user with these licenses may use, in a tenant with these subscribed SKUs.
fn plans(licenses: &Value, skus: &Value) -> Option<Vec<String>> {
    let mut user = json!({"id": "u"});
    if !licenses.is_null() {
        user["assignedLicenses"] = licenses.clone();
    }
    let tenant = tenant(&json!({"users": [user], "subscribedSkus": skus}));
    let tables = tables();
    let known = Known::new(&tenant, &tables);
    known.enabled_plans(&object(&tenant, Collection::Users, "u")).map(|enabled| enabled.plans.iter().cloned().collect())
}

#[test]
fn enabled_plans_are_the_union_of_what_each_license_leaves_on() {
    let none = json!([]);
    let cases = [
        ("no license", json!([]), Some("")),
        ("one", json!([{"skuId": "one", "disabledPlans": []}]), Some("ab")),
        ("in another casing", json!([{"skuId": "ONE", "disabledPlans": ["B"]}]), Some("a")),
        (
            "two that overlap",
            json!([{"skuId": "one", "disabledPlans": []}, {"skuId": "two", "disabledPlans": []}]),
            Some("abc"),
        ),
        (
            "off in one, on in the other",
            json!([{"skuId": "one", "disabledPlans": ["b"]}, {"skuId": "two", "disabledPlans": []}]),
            Some("abc"),
        ),
        (
            "off in both",
            json!([{"skuId": "one", "disabledPlans": ["b"]}, {"skuId": "two", "disabledPlans": ["b"]}]),
            Some("ac"),
        ),
        (
            "the same SKU twice",
            json!([{"skuId": "one", "disabledPlans": ["a", "b"]}, {"skuId": "one", "disabledPlans": ["a"]}]),
            Some("b"),
        ),
        ("a plan that is in no license", json!([{"skuId": "one", "disabledPlans": ["x"]}]), Some("ab")),
        (
            "a SKU that no table knows",
            json!([{"skuId": "one", "disabledPlans": []}, {"skuId": "new", "disabledPlans": []}]),
            None,
        ),
        ("a license without its SKU", json!([{"disabledPlans": []}]), None),
        ("licenses cut off by depth", json!(["Microsoft.Graph.PowerShell.Models.MicrosoftGraphAssignedLicense"]), None),
        ("licenses not collected", json!(null), None),
        ("what is off not collected", json!([{"skuId": "one"}]), None),
        ("nothing but SKUs", json!(["one"]), None),
        (
            "what is off not collected in one of two entries",
            json!([{"skuId": "one", "disabledPlans": ["a"]}, {"skuId": "one"}]),
            None,
        ),
    ];
    for (what, licenses, expected) in cases {
        let expected = expected.map(|plans| plans.chars().map(String::from).collect::<Vec<_>>());
        assert_eq!(plans(&licenses, &none), expected, "{what}");
    }
}

#[test]
fn the_tenants_own_list_of_plans_beats_the_table() {
    let license = json!([{"skuId": "one", "disabledPlans": []}]);
    let sku = |plans: Value| json!([{"id": "t_one", "skuId": "ONE", "servicePlans": plans}]);
    let names = |plans: Option<Vec<String>>| plans.map(|plans| plans.concat());
    let own = sku(json!([{"servicePlanId": "A", "appliesTo": "User"}, {"servicePlanId": "d"}]));
    assert_eq!(names(plans(&license, &own)), Some("ad".to_owned()));
    let company =
        sku(json!([{"servicePlanId": "a", "appliesTo": "User"}, {"servicePlanId": "b", "appliesTo": "Company"}]));
    assert_eq!(names(plans(&license, &company)), Some("a".to_owned()), "a plan of the company is nobody's");
    assert_eq!(
        names(plans(&license, &json!([{"id": "t_one", "skuId": "one"}]))),
        Some("ab".to_owned()),
        "not collected"
    );
    for lost in [json!(null), json!(["@{servicePlanId=a}"]), json!([{"appliesTo": "User"}])] {
        assert_eq!(names(plans(&license, &sku(lost.clone()))), Some("ab".to_owned()), "{lost}");
    }
    let new = json!([{"id": "t_new", "skuId": "new", "servicePlans": [{"servicePlanId": "n"}]}]);
    assert_eq!(
        names(plans(&json!([{"skuId": "new", "disabledPlans": []}]), &new)),
        Some("n".to_owned()),
        "known to the tenant alone"
    );
}

#[test]
fn known_plans_are_known_beside_unknown_ones() {
    let tenant = tenant(&json!({"users": []}));
    let tables = tables();
    let known = Known::new(&tenant, &tables);
    let licenses = [("one", Some("a")), ("new", None)]
        .map(|(sku, off)| (sku.to_owned(), Some(off.into_iter().map(str::to_owned).collect())))
        .into();
    assert_eq!(known.enabled(&licenses), None);
    assert_eq!(known.enabled_at_least(&licenses), BTreeSet::from(["b".to_owned()]));
}

/// What a request would leave: the plans after it, those lost, and the free seats of the scarcest SKU it adds.
fn after(held: &Value, request: &Value, skus: &Value) -> (Option<String>, Option<f64>) {
    let mut full = json!({"id": "r", "operation": "assign-license"});
    full.as_object_mut().unwrap().extend(request.as_object().unwrap().clone());
    let user = json!({"id": "u", "assignedLicenses": held, "licenseAssignmentStates": []});
    let tenant = tenant(&json!({"users": [user], "requests": [full], "subscribedSkus": skus}));
    let tables = tables();
    let known = Known::new(&tenant, &tables);
    let (user, request) = (object(&tenant, Collection::Users, "u"), object(&tenant, Collection::Requests, "r"));
    let plans = known.plans_after(&request, Some(&user)).map(|plans| plans.into_iter().collect());
    (plans, known.seats_after(&request, Some(&user), Before::Nobody))
}

#[test]
fn a_request_changes_plans_as_graph_would() {
    let one = json!([{"skuId": "one", "disabledPlans": ["a"]}]);
    let cases = [
        ("nothing", json!({}), Some("b")),
        ("add another", json!({"addLicenses": [{"skuId": "two", "disabledPlans": ["b"]}]}), Some("bc")),
        (
            "adding the same replaces what is off",
            json!({"addLicenses": [{"skuId": "ONE", "disabledPlans": ["b"]}]}),
            Some("a"),
        ),
        ("adding the same with nothing off switches all on", json!({"addLicenses": [{"skuId": "one"}]}), Some("ab")),
        ("remove it", json!({"removeLicenses": ["ONE"]}), Some("")),
        ("remove what is not there", json!({"removeLicenses": ["two"]}), Some("b")),
        ("exchange", json!({"removeLicenses": ["one"], "addLicenses": [{"skuId": "two"}]}), Some("bc")),
        ("add what nobody knows", json!({"addLicenses": [{"skuId": "new"}]}), None),
    ];
    for (what, request, expected) in cases {
        assert_eq!(after(&one, &request, &json!([])).0.as_deref(), expected, "{what}");
    }
}

#[test]
fn a_request_takes_a_seat_of_each_sku_that_is_new_to_the_target() {
    let sku = |id: &str, enabled: i64, warning: i64, consumed: i64| json!({"id": format!("t_{id}"), "skuId": id, "capabilityStatus": "Enabled", "consumedUnits": consumed, "prepaidUnits": {"enabled": enabled, "warning": warning, "suspended": 99, "lockedOut": 99}});
    let skus = json!([sku("one", 10, 0, 9), sku("two", 10, 2, 12)]);
    let seats = |held: &Value, add: Value, skus: &Value| after(held, &json!({"addLicenses": add}), skus).1;
    let none = json!([]);
    assert_eq!(seats(&none, json!([{"skuId": "ONE"}]), &skus), Some(0.0), "the last seat");
    assert_eq!(
        seats(&none, json!([{"skuId": "two"}]), &skus),
        Some(-1.0),
        "expiring seats count, suspended ones do not"
    );
    assert_eq!(seats(&none, json!([{"skuId": "one"}, {"skuId": "two"}]), &skus), Some(-1.0), "the scarcest");
    assert_eq!(
        seats(&json!([{"skuId": "two"}]), json!([{"skuId": "one"}, {"skuId": "TWO"}]), &skus),
        Some(0.0),
        "one is held already"
    );
    assert_eq!(seats(&none, json!([]), &skus), Some(f64::MAX), "nothing is added");
    assert_eq!(
        seats(&none, json!([{"skuId": "one"}]), &json!([{"id": "t", "skuId": "one", "consumedUnits": 1}])),
        None
    );
    assert_eq!(
        seats(
            &none,
            json!([{"skuId": "one"}]),
            &json!([{"id": "t", "skuId": "one", "prepaidUnits": {"enabled": 1}, "consumedUnits": 1}])
        ),
        None
    );
    // Of a subscription that has ended no seat is free, but that is another rule's, too; whether it has is not always known.
    let with = |status: &str| {
        let mut skus = skus.clone();
        skus[1]["capabilityStatus"] = json!(status);
        skus
    };
    for (status, expected) in [("Warning", -1.0), ("", -1.0), ("suspended", f64::MAX), ("LockedOut", f64::MAX)] {
        assert_eq!(seats(&none, json!([{"skuId": "two"}]), &with(status)), Some(expected), "{status}");
    }
    let mut unknown = skus.clone();
    unknown
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .for_each(|sku| drop(sku.as_object_mut().unwrap().remove("capabilityStatus")));
    assert_eq!(seats(&none, json!([{"skuId": "one"}]), &unknown), Some(0.0), "it has a free one");
    assert_eq!(seats(&none, json!([{"skuId": "two"}]), &unknown), None);
    assert_eq!(
        seats(&none, json!([{"skuId": "new"}]), &skus),
        Some(f64::MAX),
        "a SKU that the tenant has not is another rule's"
    );
    assert_eq!(
        seats(&json!(["@{SkuId=two}"]), json!([{"skuId": "two"}]), &skus),
        None,
        "what is held was cut off by depth"
    );
}

#[test]
fn a_group_takes_a_seat_for_each_member_so_its_seats_are_not_known() {
    let tenant = tenant(
        &json!({"groups": [{"id": "g", "assignedLicenses": []}], "subscribedSkus": [{"id": "t", "skuId": "one", "consumedUnits": 0, "prepaidUnits": {"enabled": 5, "warning": 0}}],
        "requests": [{"id": "r", "operation": "assign-license", "addLicenses": [{"skuId": "one"}]}]}),
    );
    let tables = tables();
    let known = Known::new(&tenant, &tables);
    let (group, request) = (object(&tenant, Collection::Groups, "g"), object(&tenant, Collection::Requests, "r"));
    assert_eq!(known.seats_after(&request, Some(&group), Before::Nobody), None);
}
