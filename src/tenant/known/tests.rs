//! Who is meant by a name.

use serde_json::{Value, json};

use super::*;
use crate::pack::embedded;
use crate::testing::{dump, object, tenant, tenant_of};

/// The id of the person (or group) that a name means, "nobody", or "unknown".
fn meant(given: &Value, name: &str, or_group: bool) -> String {
    meant_in(&tenant(given), name, or_group)
}

fn meant_in(tenant: &Tenant, name: &str, or_group: bool) -> String {
    match Known::new(tenant, embedded::tables()).person(name, or_group) {
        Search::Object(object) => object.identity().0,
        Search::Nothing => "nobody".to_owned(),
        Search::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn a_person_is_found_by_id_sign_in_name_or_address() {
    let given = json!({
        "users": [
            {"id": "U1", "userPrincipalName": "Ann@b.example", "mail": "ann.mail@b.example", "proxyAddresses": ["SMTP:ann.mail@b.example", "smtp:alias@b.example", "SIP:sip@b.example"],
             "otherMails": ["ann@home.example"], "identities": [{"signInType": "emailAddress", "issuer": "mail", "issuerAssignedId": "ann@id.example"}]},
            {"id": "u2", "userPrincipalName": "alias@b.example", "mail": null, "proxyAddresses": [], "otherMails": [], "identities": []},
            {"id": "u3", "userPrincipalName": "zoë@b.example", "mail": null, "proxyAddresses": [], "otherMails": [], "identities": []},
        ],
        "groups": [{"id": "g1", "groupTypes": [], "mail": "team@b.example", "proxyAddresses": []}],
    });
    for (name, expected) in [
        ("u1", "u1"),
        (" U1 ", "u1"),
        ("ANN@B.EXAMPLE", "u1"),
        ("ann.mail@b.example", "u1"),
        ("ann@home.example", "u1"),
        ("ann@id.example", "u1"),
        ("alias@b.example", "u2"), // a sign-in name goes before an address
        ("ZOË@b.example", "u3"),
        ("team@b.example", "g1"),
        ("g1", "g1"),
        ("sip@b.example", "nobody"),
        ("u9", "nobody"),
    ] {
        assert_eq!(meant(&given, name, true), expected, "{name}");
    }
    assert_eq!(meant(&given, "team@b.example", false), "nobody", "a group asks for nothing");
}

#[test]
fn nobody_is_nobody_only_where_everything_was_searched() {
    let user = json!({"id": "u1", "userPrincipalName": "ann@b.example", "mail": null, "proxyAddresses": [], "otherMails": [], "identities": []});
    let whole = json!({"users": [user.clone()], "groups": []});
    let name = "jan@b.example";
    assert_eq!(meant(&whole, name, true), "nobody");
    for property in ["userPrincipalName", "mail", "proxyAddresses", "otherMails", "identities"] {
        let mut less = whole.clone();
        less["users"][0].as_object_mut().unwrap().shift_remove(property);
        assert_eq!(meant(&less, name, true), "unknown", "without {property} it may be Ann's");
        assert_eq!(meant(&less, "u2", true), "nobody", "an id is no address");
    }
    let mut less = whole.clone();
    less["users"][0].as_object_mut().unwrap().shift_remove("id");
    assert_eq!(meant(&less, "u2", true), "unknown");
    assert_eq!(meant(&json!({"users": [user]}), name, true), "unknown", "a group's, and groups were not collected");
    assert_eq!(meant(&json!({"groups": []}), name, true), "unknown");
    let cut = json!({"users": {"value": whole["users"], "@odata.nextLink": "x"}, "groups": []});
    assert_eq!(meant(&cut, name, true), "unknown");
    assert_eq!(meant(&cut, "ann@b.example", true), "u1", "who is found is found");
}

#[test]
fn of_two_holders_the_same_is_meant_in_whatever_order_they_are_read() {
    let one = dump("1.json", &json!({"users": [{"id": "b", "mail": "x@b.example"}]}));
    let two = dump("2.json", &json!({"users": [{"id": "a", "mail": "x@b.example"}]}));
    assert_eq!(meant_in(&tenant_of(&[one.clone(), two.clone()]), "x@b.example", false), "a");
    assert_eq!(meant_in(&tenant_of(&[two, one]), "x@b.example", false), "a");
}

#[test]
fn of_many_addresses_each_is_told_once() {
    let proxies: Vec<_> = (0..200).map(|number| format!("smtp:a{}@b.example", number % 100)).collect();
    let tenant = tenant(&json!({ "users": [{ "id": "u", "mail": "A1@b.example", "proxyAddresses": proxies }] }));
    let addresses = addresses(&object(&tenant, Collection::Users, "u"));
    assert_eq!((addresses.len(), addresses[0].as_str(), addresses[1].as_str()), (100, "a1@b.example", "a0@b.example"));
}
