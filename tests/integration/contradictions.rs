//! Files that contradict each other: whichever is read first, the report says the same.

use aaddoctor::dump::Input;
use aaddoctor::engine::check::check;
use aaddoctor::engine::run::Options;
use aaddoctor::pack::embedded;
use aaddoctor::report::model::Report;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::tenants::packs;

const SKU: &str = "00000005-0000-4000-8000-000000000005";

/// A file that is cut off is read in part.
const CUT: &str = r#"{"contacts":[{"id":"c2","displayName":"C","mail":"d@x.example"},{"id":"#;

fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-{number:012x}")
}

fn user(number: u32, more: &Value) -> Value {
    let mut user = json!({
        "id": id(number), "userPrincipalName": format!("u{number}@contoso.example"), "displayName": format!("U {number}"),
        "mail": format!("u{number}@contoso.example"), "proxyAddresses": [format!("SMTP:u{number}@contoso.example")],
        "usageLocation": null, "userType": "Member", "accountEnabled": true, "otherMails": [],
        "createdDateTime": "2026-01-01T00:00:00Z", "assignedLicenses": [{ "skuId": SKU, "disabledPlans": [] }],
    });
    user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    user
}

fn sku(number: u32, name: &str, units: u32) -> Value {
    json!({
        "id": format!("t_{}", id(number)), "skuId": SKU, "skuPartNumber": name, "appliesTo": "User", "consumedUnits": units,
        "capabilityStatus": "Enabled", "prepaidUnits": { "enabled": 2, "suspended": 0, "warning": 0 }, "servicePlans": [],
    })
}

fn domain(name: &str, is_initial: bool, is_verified: bool) -> Value {
    json!({ "id": name, "isInitial": is_initial, "isVerified": is_verified, "isDefault": is_verified })
}

fn audit(number: Option<u32>, reason: &str) -> Value {
    json!({
        "id": number.map(id), "activityDateTime": "2026-01-01T00:00:00Z", "activityDisplayName": "Change user license",
        "result": "failure", "resultReason": reason, "initiatedBy": { "user": { "id": id(0) } },
        "targetResources": [{ "id": id(1), "type": "User", "userPrincipalName": "u1@contoso.example" }],
    })
}

fn files() -> Vec<Input> {
    let org = |name: &str| json!({ "organization": { "displayName": name, "onPremisesSyncEnabled": name == "A" } });
    let policy = |from: &str| json!({ "authorizationPolicy": { "allowInvitesFrom": from, "displayName": from } });
    let role =
        |name: &str, number: u32| json!({ "templateId": id(9), "displayName": name, "isBuiltIn": true, "n": number });
    let error = |code: &str| json!({ "contacts": { "error": { "code": code, "message": "x" } } });
    let nameless = |name: &str, mail: &str| json!({ "displayName": name, "mail": mail });
    let azure =
        |state: &str| json!({ "subscriptionId": id(8), "displayName": state, "state": state, "homeTenantId": null });
    let files = [
        json!({ "users": [user(0, &json!({})), user(1, &json!({})), user(2, &json!({ "mail": "u1@contoso.example" }))] }),
        json!({ "groups": [{ "id": "g1", "displayName": "G", "createdDateTime": "2026-01-01T00:00:00Z", "members": [] }] }),
        json!({ "users": [user(1, &json!({ "displayName": "Other", "usageLocation": "NL" })), user(3, &json!({}))] }),
        org("A"),
        org("B"),
        policy("everyone"),
        policy("none"),
        json!({ "subscribedSkus": [sku(1, "AAA", 9), sku(2, "BBB", 1)] }),
        json!({ "subscribedSkus": [sku(3, "CCC", 3), { "skuId": SKU, "skuPartNumber": "DDD" }] }),
        error("Forbidden"),
        error("TooManyRequests"),
        json!({ "contacts": { "value": [nameless("A", "u1@contoso.example")], "@odata.deltaLink": "x" } }),
        json!({ "contacts": [nameless("C", "u2@contoso.example")] }),
        json!({ "domains": [domain("contoso.example", true, true), domain("CONTOSO.example", true, false)] }),
        json!({ "domains": [domain("contoso.example", false, false), domain("fabrikam.example", false, true)] }),
        json!({ "roleDefinitions": [role("Reader", 1)] }),
        json!({ "roleDefinitions": [role("Writer", 2)] }),
        json!({ "directoryAudits": [audit(Some(1), "One"), audit(None, "Two")] }),
        json!({ "directoryAudits": [audit(Some(2), "Three"), audit(None, "Four")] }),
        json!({ "azureSubscriptions": [azure("Enabled")] }),
        json!({ "azureSubscriptions": [azure("Disabled")] }),
        json!({ "requests": [
            { "operation": "invite-guest", "actor": "u0@contoso.example", "address": "x@y.example" },
            { "operation": "assign-license", "actor": "u0@contoso.example", "target": "u1@contoso.example",
              "addLicenses": [{ "skuId": SKU }], "removeLicenses": [] },
        ] }),
        json!({ "requests": [{ "operation": "create-user", "userPrincipalName": "n@contoso.example" }] }),
        json!({ "requests": [{ "operation": "create-user", "userPrincipalName": "m@contoso.example", "displayName": "x" }] }),
    ];
    let bytes = files.iter().map(|file| file.to_string().into_bytes()).chain([CUT.as_bytes().to_vec()]);
    bytes.enumerate().map(|(number, bytes)| Input::Bytes(format!("{number}.json"), bytes)).collect()
}

fn report(inputs: &[Input]) -> Report {
    check(inputs, Vec::new(), &[], packs(), embedded::tables(), &Options::default()).unwrap().report
}

fn shown(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap()
}

#[test]
fn of_equal_dates_the_source_is_told_by_content() {
    let files = files();
    let [one, other] = [[files[0].clone(), files[1].clone()], [files[1].clone(), files[0].clone()]];
    let reports = [report(&one), report(&other)];
    let [one, other] = reports.each_ref().map(|report| report.tenants[0].as_of.as_ref().unwrap());
    assert_eq!((one.basis.as_str(), one.source.is_some()), ("newest-observation", true));
    assert_eq!(one.source, other.source);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn whichever_is_read_first(order in Just((0..files().len()).collect::<Vec<_>>()).prop_shuffle(), taken: u32) {
        let all = files();
        let order: Vec<_> = order.into_iter().filter(|number| number % 24 == 0 || taken >> (number % 24) & 1 == 1).collect();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let [one, other] = [sorted, order].map(|order| order.iter().map(|number| all[*number].clone()).collect::<Vec<_>>());
        prop_assert_eq!(shown(&report(&one)), shown(&report(&other)));
    }
}
