//! The retired MSOnline and AzureAD modules: users, products, domains, groups.
//!
//! Sources: Microsoft's documentation of `Get-MsolUser`, `Get-MsolAccountSku`, `Get-MsolDomain`; a published dump of `Get-AzureADUser`.
//! MSOnline writes some states as numbers whose meaning nobody has published: those are left out.

use std::io;

use serde_json::{Map, Value, json};

use super::field::{self, Form};
use super::table::write_user;
use super::written::{Object, Written};
use super::{Products, fold_header, objects};
use crate::dump::source::Incomplete;
use crate::tenant::schema::Collection;

/// `Get-MsolUser` stops at so many users, `Get-AzureADUser` at so many, unless told otherwise. The first is documented.
const LIMITS: &[usize] = &[500, 100];

/// Translates a document.
pub(super) fn translate(document: &Value, products: Products<'_>, out: &mut Written) -> io::Result<()> {
    let mut users = 0;
    for object in objects(document) {
        let folded: Map<String, Value> = object.iter().map(|(key, value)| (fold_header(key), value.clone())).collect();
        if folded.contains_key("userprincipalname") {
            users += 1;
            let mut unknown = Vec::new();
            let mut user =
                field::user(folded.iter().map(|(key, value)| (key.as_str(), value)), products, &mut |name| {
                    unknown.push(name.to_owned());
                });
            for name in unknown {
                out.note(
                    "unknown-products",
                    format!("The name {name} fits no product, or several; its holders have a license, but it is not known which."),
                );
            }
            write_user(&mut user, out)?;
        } else {
            other(&folded, out)?;
        }
    }
    if LIMITS.contains(&users) {
        out.partial(Collection::Users, Incomplete::Other("row-limit".to_owned()));
    }
    Ok(())
}

/// Translates the row of a table that is not about users.
pub(super) fn row<'a>(record: impl Iterator<Item = (&'a str, &'a str)>, out: &mut Written) -> io::Result<()> {
    let object: Map<String, Value> = record.map(|(name, cell)| (name.to_owned(), Value::from(cell))).collect();
    other(&object, out)
}

fn other(object: &Map<String, Value>, out: &mut Written) -> io::Result<()> {
    let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let number = |name: &str| match object.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let flag =
        |name: &str| object.get(name).and_then(|value| field::of_value(Form::Flag, value, &|_| None, &mut |_| {}));
    if object.contains_key("accountskuid") && object.contains_key("consumedunits") {
        let mut sku = Object::new();
        let part = text("skupartnumber").or_else(|| text("accountskuid").and_then(|id| id.rsplit(':').next()));
        for (name, value) in [
            ("skuId", text("skuid").map(|id| json!(id.to_lowercase()))),
            ("skuPartNumber", part.map(Value::from)),
            ("consumedUnits", number("consumedunits").map(Value::from)),
        ] {
            if let Some(value) = value {
                sku.insert(name.to_owned(), value);
            }
        }
        let id = text("skuid").or(part).map(str::to_lowercase);
        sku.insert("id".to_owned(), json!(id));
        let mut units = Object::new();
        for (name, from) in [("enabled", "activeunits"), ("warning", "warningunits"), ("suspended", "suspendedunits")] {
            if let Some(count) = number(from) {
                units.insert(name.to_owned(), count.into());
            }
        }
        sku.insert("prepaidUnits".to_owned(), Value::Object(units));
        if let Some(class) = text("targetclass") {
            sku.insert("appliesTo".to_owned(), if class == "Tenant" { "Company" } else { class }.into());
        }
        return out.object(Collection::SubscribedSkus, sku);
    }
    if object.contains_key("authentication") && object.contains_key("capabilities") || object.contains_key("isverified")
    {
        super::note_numbers(object, &["status", "authentication", "authenticationtype"], out);
        let Some(name) = text("name").or_else(|| text("id")) else { return Ok(()) };
        let mut domain = Object::new();
        domain.insert("id".to_owned(), name.to_lowercase().into());
        let verified = match text("status") {
            Some("Verified") => Some(json!(true)),
            Some("Unverified") => Some(json!(false)),
            _ => flag("isverified"),
        };
        let kind = text("authentication").or_else(|| text("authenticationtype"));
        let kind = kind.filter(|kind| matches!(*kind, "Managed" | "Federated")).map(Value::from);
        for (name, value) in [
            ("isVerified", verified),
            ("authenticationType", kind),
            ("isInitial", flag("isinitial")),
            ("isDefault", flag("isdefault")),
        ] {
            if let Some(value) = value {
                domain.insert(name.to_owned(), value);
            }
        }
        return out.object(Collection::Domains, domain);
    }
    if text("objecttype") == Some("Group") || object.contains_key("securityenabled") {
        let mut group = field::user(object.iter().map(|(key, value)| (key.as_str(), value)), &|_| None, &mut |_| {});
        for name in ["securityEnabled", "mailEnabled"] {
            if let Some(value) = flag(&name.to_lowercase()) {
                group.insert(name.to_owned(), value);
            }
        }
        // These modules do not show the licenses of groups.
        group.shift_remove("assignedLicenses");
        return out.object(Collection::Groups, group);
    }
    out.note("unknown-objects", "Some objects are of no known kind; they were passed over.".to_owned());
    Ok(())
}
