//! ScubaGear's `ProviderSettingsExport.json`: domains, roles, products.
//!
//! Source: files of three versions in ScubaGear's public repository.

use std::io;

use serde_json::{Map, Value, json};

use super::fold_header;
use super::written::{Object, Written};
use crate::dump::source::Incomplete;
use crate::tenant::schema::Collection;

/// Translates a document.
pub(super) fn translate(document: &Value, out: &mut Written) -> io::Result<()> {
    for tenant in list(document, "tenant_details") {
        organization(tenant, out)?;
    }
    if document.get("domain_settings").is_some() {
        out.section(Collection::Domains);
    }
    for domain in list(document, "domain_settings") {
        let written =
            pick(domain, &["id", "isVerified", "isInitial", "isDefault", "authenticationType", "supportedServices"]);
        if written.get("id").is_some_and(Value::is_string) {
            out.object(Collection::Domains, written)?;
        }
    }
    if document.get("license_information").is_some() {
        out.section(Collection::SubscribedSkus);
    }
    for sku in list(document, "license_information") {
        let mut written = pick(sku, &["skuId", "skuPartNumber", "consumedUnits", "capabilityStatus", "appliesTo"]);
        if let Some(Value::Object(units)) = get(sku, "prepaidUnits") {
            let units = pick(&Value::Object(units.clone()), &["enabled", "warning", "suspended", "lockedOut"]);
            written.insert("prepaidUnits".to_owned(), Value::Object(units));
        }
        written.insert("id".to_owned(), written.get("skuId").cloned().unwrap_or(Value::Null));
        out.object(Collection::SubscribedSkus, written)?;
    }
    roles(document, out)?;
    for command in list(document, "aad_unsuccessful_commands").filter_map(Value::as_str) {
        out.note("failed-call", format!("ScubaGear could not run {command}: what it would have brought is missing."));
    }
    Ok(())
}

fn organization(tenant: &Value, out: &mut Written) -> io::Result<()> {
    let mut written = Object::new();
    for (from, to) in [("tenantId", "id"), ("displayName", "displayName")] {
        if let Some(value @ Value::String(_)) = get(tenant, from) {
            written.insert(to.to_owned(), value.clone());
        }
    }
    let more = list(tenant, "AADAdditionalData").next();
    let domains = more.and_then(|more| get(more, "verifiedDomains"));
    if let Some(Value::Array(domains)) = domains {
        let domains =
            domains.iter().map(|domain| Value::Object(pick(domain, &["name", "type", "isInitial", "isDefault"])));
        written.insert("verifiedDomains".to_owned(), domains.collect());
    }
    if written.is_empty() { Ok(()) } else { out.object(Collection::Organization, written) }
}

/// Assignments of the roles that ScubaGear calls privileged: those roles only.
fn roles(document: &Value, out: &mut Written) -> io::Result<()> {
    for role in list(document, "privileged_roles") {
        let Some(Value::String(template)) = get(role, "roleTemplateId") else { continue };
        for assignment in list(role, "Assignments") {
            let mut written = pick(assignment, &["id", "principalId", "directoryScopeId"]);
            if !written.get("principalId").is_some_and(Value::is_string) {
                continue;
            }
            let principal = written["principalId"].clone();
            written.insert("roleDefinitionId".to_owned(), template.as_str().into());
            if !written.get("id").is_some_and(Value::is_string) {
                written
                    .insert("id".to_owned(), json!(format!("{}-{template}", principal.as_str().unwrap_or_default())));
            }
            written.entry("directoryScopeId").or_insert_with(|| "/".into());
            out.partial(Collection::RoleAssignments, Incomplete::Part);
            out.object(Collection::RoleAssignments, written)?;
        }
    }
    Ok(())
}

/// The elements of a list; a single object is a list of one, as PowerShell writes it.
fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let found = get(value, name);
    let (many, one) = match found {
        Some(Value::Array(items)) => (items.as_slice(), None),
        Some(Value::Null) | None => (&[][..], None),
        Some(other) => (&[][..], Some(other)),
    };
    many.iter().chain(one)
}

fn get<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let object: &Map<String, Value> = value.as_object()?;
    object.iter().find(|(key, _)| fold_header(key) == fold_header(name)).map(|(_, value)| value)
}

fn pick(value: &Value, names: &[&str]) -> Object {
    let pairs = names.iter().filter_map(|name| Some(((*name).to_owned(), get(value, name)?.clone())));
    pairs.collect()
}
