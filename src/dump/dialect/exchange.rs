//! Exchange PowerShell: recipients, mailboxes, accepted domains, as JSON or CSV.
//!
//! Sources: Microsoft's documentation of `Get-EXORecipient`, `Get-EXOMailbox`, `Get-Recipient` and `Get-AcceptedDomain`.

use std::io;

use serde_json::{Map, Value, json};

use super::field::{self, Form};
use super::written::{Object, Written};
use super::{fold_header, objects};
use crate::dump::source::Incomplete;
use crate::tenant::schema::Collection;

/// Translates a document.
pub(super) fn translate(document: &Value, out: &mut Written) -> io::Result<()> {
    for object in objects(document) {
        let folded: Map<String, Value> = object.iter().map(|(key, value)| (fold_header(key), value.clone())).collect();
        write(&folded, out)?;
    }
    Ok(())
}

/// Translates the row of a table.
pub(super) fn row<'a>(record: impl Iterator<Item = (&'a str, &'a str)>, out: &mut Written) -> io::Result<()> {
    let object: Map<String, Value> = record.map(|(name, cell)| (name.to_owned(), Value::from(cell))).collect();
    write(&object, out)
}

fn write(object: &Map<String, Value>, out: &mut Written) -> io::Result<()> {
    let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    super::note_numbers(object, &["domaintype", "authenticationtype", "recipienttype", "recipienttypedetails"], out);
    let has_type = object.get("domaintype").is_some_and(|kind| !kind.is_null());
    if let Some(domain) = text("domainname").filter(|_| has_type) {
        return accepted_domain(domain, object, out);
    }
    // Nobody signs in to a mailbox that is kept after its user is gone, and its addresses are free.
    let is_true = |name: &str| {
        object.get(name).is_some_and(|flag| {
            flag.as_bool() == Some(true) || flag.as_str().is_some_and(|flag| flag.eq_ignore_ascii_case("true"))
        })
    };
    if is_true("isinactivemailbox")
        || is_true("issoftdeletedbydisable")
        || is_true("issoftdeletedbyremove")
        || text("whensoftdeleted").is_some()
    {
        return Ok(());
    }
    let kind = text("recipienttypedetails").or_else(|| text("recipienttype")).unwrap_or_default();
    let collection = match kind {
        _ if kind.ends_with("MailContact") || kind == "MailContact" => Collection::Contacts,
        _ if kind.contains("Group") || kind.contains("DistributionList") => Collection::Groups,
        _ if kind.contains("Mailbox") || kind.contains("MailUser") || kind == "User" => Collection::Users,
        "" => return Ok(()), // a number, or nothing
        _ => {
            out.note(
                "unknown-objects",
                format!("Recipients of the type {kind:?} are of no known kind; they were passed over."),
            );
            // They have addresses, too: an address that nobody else has may be theirs.
            out.partial(Collection::Contacts, Incomplete::Other("other-recipients".to_owned()));
            return Ok(());
        }
    };
    let mut written = Object::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            written.insert(name.to_owned(), value);
        }
    };
    let value = |form: Form, name: &str| {
        object.get(name).and_then(|value| field::of_value(form, value, &|_| None, &mut |_| {}))
    };
    // A recipient's own Guid is no id of the directory.
    put("id", text("externaldirectoryobjectid").map(Value::from));
    put("displayName", text("displayname").or_else(|| text("name")).map(Value::from));
    put("mail", text("primarysmtpaddress").map(Value::from));
    put("mailNickname", text("alias").map(Value::from));
    put("proxyAddresses", value(Form::Addresses, "emailaddresses"));
    if collection == Collection::Users {
        put("userPrincipalName", text("userprincipalname").or_else(|| text("windowsliveid")).map(Value::from));
        put("recipientTypeDetails", Some(kind.into()));
        if kind == "GuestMailUser" {
            put("userType", Some("Guest".into()));
        }
    }
    // Recipients are those with an address: there are other users and groups.
    out.partial(collection, Incomplete::Part);
    out.object(collection, written)
}

/// An accepted domain is verified; whether there are others that are not, Exchange does not say.
fn accepted_domain(domain: &str, object: &Map<String, Value>, out: &mut Written) -> io::Result<()> {
    let flag =
        |name: &str| object.get(name).and_then(|value| field::of_value(Form::Flag, value, &|_| None, &mut |_| {}));
    let mut written = Object::new();
    written.insert("id".to_owned(), domain.to_lowercase().into());
    written.insert("isVerified".to_owned(), json!(true));
    if let Some(is_initial) = flag("initialdomain") {
        written.insert("isInitial".to_owned(), is_initial);
    }
    if let Some(Value::String(kind)) = object.get("authenticationtype")
        && matches!(kind.as_str(), "Managed" | "Federated")
    {
        written.insert("authenticationType".to_owned(), kind.as_str().into());
    }
    out.partial(Collection::Domains, Incomplete::Part);
    out.object(Collection::Domains, written)
}
