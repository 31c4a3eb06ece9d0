//! Which domains may be invited: the policy keeps it as JSON inside a text.
//!
//! Source: Microsoft Entra's page on allowing or blocking invitations, which writes `AllowedDomains: []` beside a filled
//! `BlockedDomains` for a block list.

use serde_json::Value;

use super::Object;
use super::known::{list, text};
use crate::json::Raw;

/// The domains of a policy.
#[derive(Debug, Default, PartialEq)]
struct Domains {
    /// Only these may be invited.
    allowed: Option<Vec<String>>,
    /// These may not.
    blocked: Option<Vec<String>>,
}

/// A computed field of the policy, as JSON; nothing if it cannot be told.
pub(super) fn computed(policy: &Object, name: &str) -> Option<Vec<u8>> {
    let domains = domains(policy.get("definition")?)?;
    let (allowed, blocked) = (domains.allowed.as_deref(), domains.blocked.as_deref());
    match name {
        "allowedDomains" => Some(list(domains.allowed.unwrap_or_default())),
        "blockedDomains" => Some(list(domains.blocked.unwrap_or_default())),
        "domainList" => Some(text(match (allowed, blocked) {
            (Some([_, ..]), _) | (Some([]), None) => "allow",
            (_, Some([_, ..])) => "block",
            _ => "none",
        })),
        _ => None,
    }
}

fn domains(definition: Raw<'_>) -> Option<Domains> {
    if definition.is_null() {
        return None;
    }
    let mut domains = Domains::default();
    for document in definition.items() {
        let document: Value = serde_json::from_str(&document.text()?).ok()?;
        document.is_object().then_some(())?;
        let policy = inside(&document, "B2BManagementPolicy")
            .and_then(|policy| inside(policy, "InvitationsAllowedAndBlockedDomainsPolicy"));
        let Some(policy) = policy else { continue };
        for (key, found) in [("AllowedDomains", &mut domains.allowed), ("BlockedDomains", &mut domains.blocked)] {
            if let Some(names) = inside(policy, key).and_then(Value::as_array) {
                found.get_or_insert_default().extend(names.iter().filter_map(Value::as_str).map(normal));
            }
        }
    }
    Some(domains)
}

/// The value of a key, whatever its case.
fn inside<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    value.as_object()?.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

fn normal(domain: &str) -> String {
    domain.trim().trim_start_matches('@').to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tenant::schema::Collection;
    use crate::testing::tenant;

    fn said(definition: &Value) -> Option<(String, String, String)> {
        let tenant = tenant(&json!({ "b2bManagementPolicy": [{ "id": "p", "definition": definition }] }));
        let policy = tenant.all(Collection::B2bManagementPolicy).next()?;
        let of = |name| computed(&policy, name).map(|json| String::from_utf8_lossy(&json).into_owned());
        Some((of("allowedDomains")?, of("blockedDomains")?, of("domainList")?))
    }

    fn document(inner: &Value) -> Value {
        json!([json!({ "B2BManagementPolicy": { "InvitationsAllowedAndBlockedDomainsPolicy": inner } }).to_string()])
    }

    #[test]
    fn lists_are_read_from_the_text_inside() {
        let cases = [
            (json!({ "AllowedDomains": [" @Fabrikam.example"] }), ("[\"fabrikam.example\"]", "[]", "\"allow\"")),
            (json!({ "allowedDomains": [], "BlockedDomains": ["a.example"] }), ("[]", "[\"a.example\"]", "\"block\"")),
            (json!({ "AllowedDomains": [] }), ("[]", "[]", "\"allow\"")), // lets nobody in
            (json!({ "BlockedDomains": [] }), ("[]", "[]", "\"none\"")),
            (json!({}), ("[]", "[]", "\"none\"")),
        ];
        for (inner, (allowed, blocked, kind)) in cases {
            let expected = (allowed.to_owned(), blocked.to_owned(), kind.to_owned());
            assert_eq!(said(&document(&inner)), Some(expected), "{inner}");
        }
        let one_text = document(&json!({ "BlockedDomains": ["a.example"] }))[0].clone();
        assert_eq!(said(&one_text).map(|said| said.2), Some("\"block\"".to_owned()));
        assert_eq!(said(&json!(["{\"Other\":{}}"])).map(|said| said.2), Some("\"none\"".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        for definition in [Value::Null, json!(["no JSON"]), json!(["[]"]), json!([1])] {
            assert_eq!(said(&definition), None, "{definition}");
        }
    }
}
