//! Names and values as other tools write them, turned into Graph's.
//!
//! Sources: the columns of the Microsoft 365 and Microsoft Entra exports, the properties of the MSOnline, AzureAD and Exchange
//! modules as documented by Microsoft and seen in public files.

use serde_json::{Map, Value, json};

use super::Products;
use super::written::Object;
use crate::dump::is_lost;

/// What is in a cell or value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Text.
    Text,
    /// True or false.
    Flag,
    /// True or false, and the property means the opposite.
    Inverted,
    /// A date.
    Date,
    /// Addresses with prefixes.
    Addresses,
    /// Texts.
    Texts,
    /// Products, by display name, part number or id.
    Licenses,
}

/// The property of a user that a name stands for, and what is in it. Names are folded: see [`super::fold_header`].
pub(super) fn of_user(folded: &str) -> Option<(&'static str, Form)> {
    Some(match folded {
        "id" | "objectid" | "externaldirectoryobjectid" => ("id", Form::Text),
        "userprincipalname" | "signinname" => ("userPrincipalName", Form::Text),
        "displayname" => ("displayName", Form::Text),
        "mail" | "primarysmtpaddress" | "email" => ("mail", Form::Text),
        "mailnickname" | "alias" => ("mailNickname", Form::Text),
        "proxyaddresses" | "emailaddresses" => ("proxyAddresses", Form::Addresses),
        "othermails" | "alternateemailaddresses" | "alternateemailaddress" => ("otherMails", Form::Texts),
        "accountenabled" => ("accountEnabled", Form::Flag),
        "blockcredential" => ("accountEnabled", Form::Inverted),
        "usertype" => ("userType", Form::Text),
        "creationtype" => ("creationType", Form::Text),
        "externaluserstate" | "userstate" | "invitationstate" => ("externalUserState", Form::Text),
        "usagelocation" => ("usageLocation", Form::Text),
        "country" | "countryorregion" | "country/region" => ("country", Form::Text),
        "companyname" => ("companyName", Form::Text),
        "employeeid" => ("employeeId", Form::Text),
        "licenses" | "licjoined" | "assignedlicenses" | "licenseassignment" => ("assignedLicenses", Form::Licenses),
        "onpremisessyncenabled" | "dirsyncenabled" | "directorysynced" => ("onPremisesSyncEnabled", Form::Flag),
        "onpremisesimmutableid" | "immutableid" => ("onPremisesImmutableId", Form::Text),
        "onpremisesuserprincipalname" => ("onPremisesUserPrincipalName", Form::Text),
        "onpremiseslastsyncdatetime" | "lastdirsynctime" => ("onPremisesLastSyncDateTime", Form::Date),
        "createddatetime" | "whencreated" => ("createdDateTime", Form::Date),
        "deleteddatetime" | "deletiontimestamp" | "softdeletiontimestamp" => ("deletedDateTime", Form::Date),
        "recipienttypedetails" => ("recipientTypeDetails", Form::Text),
        _ => return None,
    })
}

/// The value of a cell; nothing if the cell does not tell.
pub(super) fn of_cell(form: Form, cell: &str, products: Products<'_>, unknown: &mut dyn FnMut(&str)) -> Option<Value> {
    let text = cell.trim();
    if is_lost(text) {
        return None;
    }
    if let (Form::Addresses | Form::Texts, Some(list @ Value::Array(_))) = (form, list_in(text)) {
        return of_value(form, &list, products, unknown);
    }
    match form {
        Form::Text => Some(if text.is_empty() { Value::Null } else { text.into() }),
        Form::Flag if text.is_empty() => Some(Value::Null),
        Form::Flag => flag(text).map(Value::Bool),
        Form::Inverted => flag(text).map(|flag| Value::Bool(!flag)),
        Form::Date => Some(date(text).map_or(Value::Null, Value::String)),
        Form::Addresses => Some(addresses(text).into()),
        Form::Texts => Some(split(text).into()),
        Form::Licenses => licenses(text, products, unknown),
    }
}

/// A list in JSON, as some write it into a cell.
fn list_in(text: &str) -> Option<Value> {
    if text.starts_with('[') { serde_json::from_str(text).ok() } else { None }
}

/// The value of a JSON value; nothing if it does not tell.
pub(super) fn of_value(
    form: Form,
    value: &Value,
    products: Products<'_>,
    unknown: &mut dyn FnMut(&str),
) -> Option<Value> {
    match (form, value) {
        (Form::Licenses, Value::Null) => None,
        (_, Value::Null) => Some(Value::Null),
        (Form::Inverted, Value::Bool(flag)) => Some(Value::Bool(!flag)),
        (Form::Flag, Value::Bool(_)) => Some(value.clone()),
        (_, Value::String(text)) => of_cell(form, text, products, unknown),
        (Form::Addresses | Form::Texts, Value::Array(items)) => {
            let texts: Option<Vec<Value>> = items.iter().map(address_of).collect();
            texts.map(Value::Array)
        }
        (Form::Licenses, Value::Array(items)) => {
            let licenses: Option<Vec<Value>> = items.iter().map(|item| license_of(item, products, unknown)).collect();
            licenses.map(Value::Array)
        }
        _ => None,
    }
}

/// A text, or an address as the Exchange server's own shell prints it; nothing if its text is lost.
fn address_of(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) if !is_lost(text) => Some(text.as_str().into()),
        Value::Object(object) => {
            match (object.get("PrefixString"), object.get("AddressString").or(object.get("SmtpAddress"))) {
                (Some(Value::String(prefix)), Some(Value::String(address))) => {
                    Some(format!("{prefix}:{address}").into())
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// A license in one of its spellings.
fn license_of(value: &Value, products: Products<'_>, unknown: &mut dyn FnMut(&str)) -> Option<Value> {
    match value {
        Value::String(text) => match text.strip_prefix("class AssignedLicense") {
            // What the AzureAD module's objects become in JSON: their text holds the id, but not the plans switched off.
            Some(class) => {
                let id = class.split("SkuId:").nth(1)?.split_whitespace().next()?;
                Some(json!({ "skuId": id.to_lowercase() }))
            }
            None if is_lost(text) => None,
            None => Some(named(text, products, unknown)),
        },
        Value::Object(object) => {
            let get =
                |name: &str| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
            let id = match (get("skuId"), get("AccountSkuId")) {
                (Some(Value::String(id)), _) => id.to_lowercase(),
                (_, Some(Value::String(account))) => {
                    // Either "tenant:SKUPART" or an object with that as its text.
                    sku(account.rsplit(':').next().unwrap_or(account), products, unknown)?
                }
                (_, Some(Value::Object(account))) => match account.get("SkuPartNumber") {
                    Some(Value::String(part)) => sku(part, products, unknown)?,
                    _ => return None,
                },
                _ => return None,
            };
            let mut license = Map::from_iter([("skuId".to_owned(), Value::from(id))]);
            if let Some(plans @ Value::Array(list)) = get("disabledPlans")
                && list.iter().all(|plan| plan.as_str().is_some_and(|plan| !is_lost(plan)))
            {
                license.insert("disabledPlans".to_owned(), plans.clone());
            }
            Some(Value::Object(license))
        }
        _ => None,
    }
}

fn sku(name: &str, products: Products<'_>, unknown: &mut dyn FnMut(&str)) -> Option<String> {
    let name = name.trim();
    if name.len() == 36 && name.bytes().filter(|byte| *byte == b'-').count() == 4 {
        return Some(name.to_lowercase());
    }
    let found = products(name);
    if found.is_none() {
        unknown(name);
    }
    found
}

/// The license of a name. One that fits no product, or several, is a license all the same: which is not known then.
fn named(name: &str, products: Products<'_>, unknown: &mut dyn FnMut(&str)) -> Value {
    match sku(name, products, unknown) {
        Some(id) => json!({ "skuId": id }),
        None => json!({ "name": name.trim() }),
    }
}

/// Products in a cell: joined by `+`, `;` or `|`, or JSON.
fn licenses(text: &str, products: Products<'_>, unknown: &mut dyn FnMut(&str)) -> Option<Value> {
    if text.eq_ignore_ascii_case("Unlicensed") || text == "[]" {
        return Some(json!([]));
    }
    if text.is_empty() {
        return None; // an export that asked for licenses says "Unlicensed"
    }
    if text.starts_with('[') {
        return of_value(Form::Licenses, &list_in(text)?, products, unknown);
    }
    // A name may hold the sign that joins names: the whole first, then as many parts as fit.
    let parts: Vec<&str> = text.split(['+', ';', '|']).collect();
    let mut licenses = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let joined = |end: usize| parts[at..end].join("+");
        let fit = (at + 1..=parts.len()).rev().find_map(|end| products(joined(end).trim()).map(|id| (id, end)));
        let (license, end) = match fit {
            Some((id, end)) => (json!({ "skuId": id }), end),
            None => (named(parts[at], products, unknown), at + 1),
        };
        licenses.push(license);
        at = end;
    }
    Some(licenses.into())
}

/// Addresses in a cell. An address may hold the signs that divide addresses: only those before another prefix do.
pub(super) fn addresses(text: &str) -> Vec<String> {
    let is_divider = |byte: u8| matches!(byte, b';' | b',' | b'\n' | b'\r' | b'|' | b' ' | b'+');
    let bytes = text.as_bytes();
    let begins = |at: usize| {
        let is_start = at == 0 || is_divider(bytes[at - 1]);
        // The place is looked at first: a cell may be one word of many megabytes.
        let prefix = || bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        is_start && matches!(prefix(), prefix if prefix > 0 && bytes.get(at + prefix) == Some(&b':'))
    };
    let starts: Vec<usize> = (0..bytes.len()).filter(|at| begins(*at)).collect();
    if starts.is_empty() {
        return text
            .split([';', ',', '\n', '|', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let trimmed =
        |part: &str| part.trim_end_matches(|letter: char| letter.is_ascii() && is_divider(letter as u8)).to_owned();
    starts.iter().zip(ends).map(|(start, end)| trimmed(&text[*start..end])).collect()
}

fn split(text: &str) -> Vec<String> {
    text.split([';', ',', '\n', '|']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A flag in words.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" | "enabled" => Some(true),
        "false" | "no" | "0" | "disabled" => Some(false),
        _ => None,
    }
}

/// A date as ISO 8601 in UTC; nothing if there is none. One in a form that nobody knows stays as it is, and nobody will know it.
pub(super) fn date(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty()
        || text.starts_with("0001-01-01")
        || text.starts_with("1900-01-01")
        || text.starts_with("1/1/0001")
    {
        return None;
    }
    if let Some(milliseconds) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"))
        && let Ok(milliseconds) = milliseconds.parse()
        && let Ok(date) = jiff::Timestamp::from_millisecond(milliseconds)
    {
        return Some(date.to_string());
    }
    // "2022-03-18 19:49:35Z": a blank where ISO has a T.
    let bytes = text.as_bytes();
    if bytes.len() >= 19 && bytes[10] == b' ' && bytes[4] == b'-' {
        let zone = if text.ends_with('Z') { "" } else { "Z" };
        return Some(format!("{}T{}{zone}", &text[..10], &text[11..]));
    }
    Some(text.to_owned())
}

/// Puts what the folded names of a record tell about a user into an object.
pub(super) fn user<'a>(
    record: impl Iterator<Item = (&'a str, &'a Value)>,
    products: Products<'_>,
    unknown: &mut dyn FnMut(&str),
) -> Object {
    let mut user = Object::new();
    for (name, value) in record {
        if let Some((property, form)) = of_user(&super::fold_header(name))
            && let Some(value) = of_value(form, value, products, unknown)
            && (!user.contains_key(property) || user[property].is_null())
        {
            user.insert(property.to_owned(), value);
        }
    }
    user
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(form: Form, text: &str) -> Option<Value> {
        let products = |name: &str| match name {
            "Microsoft 365 E3" => Some("e3".to_owned()),
            "Audio + Video" => Some("av".to_owned()),
            _ => None,
        };
        of_cell(form, text, &products, &mut |_| {})
    }

    #[test]
    fn a_plus_divides_addresses_only_before_a_prefix() {
        assert_eq!(addresses("SMTP:ada+x@a.example+smtp:b@a.example"), ["SMTP:ada+x@a.example", "smtp:b@a.example"]);
        assert_eq!(addresses("SMTP:ada@a.example;smtp:b@a.example"), ["SMTP:ada@a.example", "smtp:b@a.example"]);
        assert_eq!(addresses(""), Vec::<String>::new());
        assert_eq!(addresses("X500:/o=Ex, Inc/cn=a SMTP:a@a.example"), ["X500:/o=Ex, Inc/cn=a", "SMTP:a@a.example"]);
    }

    #[test]
    fn a_cell_may_hold_a_list_in_json() {
        let list = r#"["SMTP:a@a.example", "smtp:b, c@a.example"]"#;
        let read = Some(json!(["SMTP:a@a.example", "smtp:b, c@a.example"]));
        assert_eq!((cell(Form::Addresses, list), cell(Form::Texts, list)), (read.clone(), read));
        assert_eq!(cell(Form::Addresses, "[SMTP:a@a.example"), Some(json!(["[SMTP:a@a.example"])));
    }

    #[test]
    fn products_are_found_by_name_and_of_an_unknown_one_only_that_it_is_a_license_is_known() {
        assert_eq!(cell(Form::Licenses, "Unlicensed"), Some(json!([])));
        assert_eq!(
            cell(Form::Licenses, "Microsoft 365 E3+Audio + Video"),
            Some(json!([{"skuId": "e3"}, {"skuId": "av"}]))
        );
        assert_eq!(
            cell(Form::Licenses, "Microsoft 365 E3+Nobody knows"),
            Some(json!([{"skuId": "e3"}, {"name": "Nobody knows"}]))
        );
        assert_eq!(cell(Form::Licenses, ""), None);
        assert_eq!(cell(Form::Licenses, "Microsoft.Graph.PowerShell.Models.MicrosoftGraphAssignedLicense[]"), None);
    }

    #[test]
    fn flags_and_dates_are_read_in_the_forms_that_exporters_write() {
        assert_eq!(cell(Form::Inverted, " No"), Some(json!(true)));
        assert_eq!(cell(Form::Flag, "maybe"), None);
        assert_eq!(cell(Form::Date, "2022-03-18 19:49:35Z"), Some(json!("2022-03-18T19:49:35Z")));
        assert_eq!(cell(Form::Date, "0001-01-01T00:00:00Z"), Some(Value::Null));
        assert_eq!(cell(Form::Date, "/Date(1613679244000)/"), Some(json!("2021-02-18T20:14:04Z")));
    }
}
