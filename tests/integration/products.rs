//! Every product alone, and each pair of the common ones, on one user with whom nothing else is wrong: no finding above a hint,
//! but for what is only worth knowing (that a license lacks password reset).

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aaddoctor::pack::embedded;
use aaddoctor::report::model::Finding;
use serde_json::{Value, json};

use crate::tenants::{check_tenant, fixture};

/// Part numbers of the products that most tenants have.
const COMMON: [&str; 35] = [
    "O365_BUSINESS_ESSENTIALS",
    "O365_BUSINESS_PREMIUM",
    "SPB",
    "O365_BUSINESS",
    "OFFICESUBSCRIPTION",
    "STANDARDPACK",
    "ENTERPRISEPACK",
    "ENTERPRISEPREMIUM",
    "SPE_E3",
    "SPE_E5",
    "SPE_F1",
    "M365_F1",
    "DESKLESSPACK",
    "EXCHANGESTANDARD",
    "EXCHANGEENTERPRISE",
    "EXCHANGEDESKLESS",
    "PROJECTPROFESSIONAL",
    "PROJECTPREMIUM",
    "PROJECTESSENTIALS",
    "VISIOCLIENT",
    "WACONEDRIVESTANDARD",
    "WACONEDRIVEENTERPRISE",
    "SHAREPOINTSTANDARD",
    "SHAREPOINTENTERPRISE",
    "MCOEV",
    "MCOMEETADV",
    "EMS",
    "EMSPREMIUM",
    "AAD_PREMIUM",
    "INTUNE_A",
    "Microsoft_Teams_Enterprise_New",
    "Microsoft_365_E3_(no_Teams)",
    "TEAMS_ESSENTIALS_AAD",
    "Microsoft_365_Copilot",
    "POWER_BI_PRO",
];

fn healthy() -> &'static Value {
    static HEALTHY: OnceLock<Value> = OnceLock::new();
    HEALTHY.get_or_init(|| fixture("healthy.json"))
}

/// The healthy tenant, whose first user has these products, directly and with all their plans, and nothing else.
fn with(skus: &[&str]) -> Value {
    let tables = embedded::tables();
    let mut tenant = healthy().clone();
    let is_new = |tenant: &Value, sku: &str| {
        !tenant["subscribedSkus"].as_array().unwrap().iter().any(|known| known["skuId"] == sku)
    };
    let mut plans = BTreeSet::new();
    for sku in skus {
        let product = tables.product(sku).unwrap();
        plans.extend(product.plans.iter());
        if is_new(&tenant, sku) {
            let plan = |id: &str| json!({ "servicePlanId": id, "servicePlanName": tables.plan(id).map(|plan| plan.name), "provisioningStatus": "Success", "appliesTo": "User" });
            let row = json!({
                "id": format!("6aa736fd-e0e6-40b7-b610-df34859b0774_{sku}"), "skuId": sku, "skuPartNumber": product.part_number,
                "capabilityStatus": "Enabled", "appliesTo": "User", "consumedUnits": 1,
                "prepaidUnits": { "enabled": 25, "warning": 0, "suspended": 0, "lockedOut": 0 },
                "servicePlans": product.plans.iter().map(plan).collect::<Vec<_>>(),
            });
            tenant["subscribedSkus"].as_array_mut().unwrap().push(row);
        }
    }
    // What is asked for and what was done before is about others.
    for collection in ["requests", "directoryAudits"] {
        tenant[collection] = json!([]);
    }
    let user = &mut tenant["users"][0];
    let license = |sku: &&str| json!({ "skuId": sku, "disabledPlans": [] });
    let state = |sku: &&str| json!({ "skuId": sku, "disabledPlans": [], "assignedByGroup": null, "state": "Active", "error": "None", "lastUpdatedDateTime": "2026-05-04T09:00:00Z" });
    let assigned = |plan: &&str| json!({ "assignedDateTime": "2026-05-04T09:00:00Z", "capabilityStatus": "Enabled", "service": "service", "servicePlanId": plan });
    user["assignedLicenses"] = skus.iter().map(license).collect();
    user["licenseAssignmentStates"] = skus.iter().map(state).collect();
    user["assignedPlans"] = plans.iter().map(assigned).collect();
    tenant
}

fn findings(tenant: &Value) -> Vec<Finding> {
    check_tenant(tenant).tenants.into_iter().flat_map(|tenant| tenant.findings).collect()
}

/// What is found above a hint, and not in the healthy tenant as it is.
fn new_findings(tenant: &Value) -> Vec<Finding> {
    static BEFORE: OnceLock<BTreeSet<String>> = OnceLock::new();
    let before = BEFORE.get_or_init(|| findings(healthy()).into_iter().map(|finding| finding.fingerprint).collect());
    let is_fault = |finding: &Finding| finding.confidence != "hint" && finding.severity != "info";
    let is_new = |finding: &Finding| is_fault(finding) && !before.contains(&finding.fingerprint);
    findings(tenant).into_iter().filter(is_new).collect()
}

/// What is found for these products, in words.
fn found(skus: &[&str]) -> Vec<String> {
    let names: Vec<&str> = skus.iter().map(|sku| embedded::tables().product(sku).unwrap().name).collect();
    let shown = |finding: Finding| {
        format!(
            "{}: {} ({}, {}): {}",
            names.join(" + "),
            finding.rule,
            finding.severity,
            finding.confidence,
            finding.message
        )
    };
    new_findings(&with(skus)).into_iter().map(shown).collect()
}

/// Without this the tests below could pass by looking at nothing.
#[test]
fn a_fault_would_be_noticed() {
    let mut tenant = with(&["6fd2c87f-b296-42f0-b197-1e91e994b900"]);
    tenant["users"][0]["usageLocation"] = Value::Null;
    let rules: Vec<String> = new_findings(&tenant).into_iter().map(|finding| finding.rule).collect();
    assert!(rules.contains(&"usage-location-missing".to_owned()), "{rules:?}");
}

#[test]
fn no_product_alone_is_a_fault() {
    let skus: Vec<&str> = embedded::tables().products().map(|product| product.sku_id).collect();
    assert!(skus.len() > 600);
    let all: Vec<String> = skus.iter().flat_map(|sku| found(&[sku])).collect();
    assert!(all.is_empty(), "{} findings:\n{}", all.len(), all.join("\n"));
}

#[test]
fn no_pair_of_common_products_is_a_fault() {
    let ids = COMMON.map(|part_number| embedded::tables().product_by_part_number(part_number).unwrap().sku_id);
    let mut all = Vec::new();
    for (index, one) in ids.iter().enumerate() {
        for other in &ids[index + 1..] {
            all.extend(found(&[one, other]));
        }
    }
    assert!(all.is_empty(), "{} findings:\n{}", all.len(), all.join("\n"));
}
