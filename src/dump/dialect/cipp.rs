//! CIPP: users, and its overview of licenses.
//!
//! Source: the code of CIPP-API at commit adf32422. It writes Graph's users with fields of its own beside them.

use std::io;

use serde_json::{Value, json};

use super::written::Written;
use super::{Products, objects};
use crate::tenant::schema::Collection;

/// Translates a document.
pub(super) fn translate(document: &Value, products: Products<'_>, out: &mut Written) -> io::Result<()> {
    for object in objects(document) {
        if object.contains_key("userPrincipalName") {
            let mut user = object.clone();
            // Null becomes false on its way: only true tells anything.
            if user.get("onPremisesSyncEnabled") == Some(&json!(false)) {
                user.insert("onPremisesSyncEnabled".to_owned(), Value::Null);
            }
            if !user.contains_key("proxyAddresses")
                && let Some(aliases) = user.get("Aliases").and_then(Value::as_str)
            {
                let addresses = super::field::addresses(aliases);
                user.insert("proxyAddresses".to_owned(), addresses.into());
            }
            for own in ["Aliases", "LicJoined", "primDomain", "username", "manager"] {
                user.shift_remove(own);
            }
            out.object(Collection::Users, user)?;
        } else if object.contains_key("License") && object.contains_key("CountUsed") {
            license(object, products, out)?;
        }
    }
    Ok(())
}

fn license(object: &serde_json::Map<String, Value>, products: Products<'_>, out: &mut Written) -> io::Result<()> {
    let number = |name: &str| match object.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse::<i64>().ok(),
        _ => None,
    };
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let sku = text("skuId").map(str::to_lowercase).or_else(|| products(text("License")?));
    let Some(sku) = sku else { return Ok(()) };
    // Its part number is the display name; the total is what may be used, which Graph calls enabled and warning together.
    let mut written = super::written::Object::new();
    written.insert("id".to_owned(), sku.as_str().into());
    written.insert("skuId".to_owned(), sku.into());
    if let Some(used) = number("CountUsed") {
        written.insert("consumedUnits".to_owned(), used.into());
    }
    out.object(Collection::SubscribedSkus, written)
}
