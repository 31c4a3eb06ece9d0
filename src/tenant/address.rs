//! Addresses and sign-in names as keys: what counts as the same.
//!
//! Sources: Microsoft Graph's `proxyAddresses` (a prefix before the first colon; only its case is significant, and only `SMTP:` and
//! `smtp:` are e-mail addresses); Microsoft Entra's `#EXT#` sign-in names of guests.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::json::Raw;

/// The e-mail address in a text: trimmed, in lower case, without an `smtp:` prefix. Nothing for X500, SIP, SPO, EUM and the
/// like, and for what has no `@`.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('\'').unwrap_or(text).trim_start();
    let bare = match text.split_once(':') {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("smtp") => rest.trim(),
        Some(_) => return None,
        None => text,
    };
    bare.contains('@').then(|| bare.to_lowercase())
}

/// How many proxy addresses a list holds.
pub fn proxy_address_count(proxies: Raw<'_>) -> usize {
    proxies.items().count()
}

/// How many different addresses in a list are primary: their prefix is `SMTP:`, to the letter.
pub fn primary_address_count(proxies: Raw<'_>) -> usize {
    // Nearly every list has one of them, and no escapes.
    let text = proxies.bytes();
    if memchr::memchr(b'\\', text).is_none() {
        static PRIMARY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("SMTP:"));
        let mut places = PRIMARY.find_iter(text);
        match (places.next(), places.next()) {
            (None, _) => return 0,
            (Some(place), None) if place > 0 && text[place - 1] == b'"' => {
                let rest = &text[place..];
                let inner = &rest[..memchr::memchr(b'"', rest).unwrap_or(rest.len())];
                return usize::from(inner.contains(&b'@'));
            }
            _ => {}
        }
    }
    let mut primary: Vec<String> = Vec::new();
    for text in proxies.items().filter_map(Raw::text).filter(|text| text.trim().starts_with("SMTP:")) {
        primary.extend(address(&text).filter(|address| !primary.contains(address)));
    }
    primary.len()
}

/// The domain of an address or a sign-in name, in lower case.
pub fn domain(text: &str) -> Option<String> {
    let (_, domain) = text.trim().rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_lowercase())
}

/// The part before the last `@`.
pub fn local(text: &str) -> Option<&str> {
    text.trim().rsplit_once('@').map(|(local, _)| local).filter(|local| !local.is_empty())
}

/// The address that a guest's `#EXT#` sign-in name was made from, in lower case.
pub fn ext_address(user_name: &str) -> Option<String> {
    let lower = user_name.to_lowercase();
    let (name, _) = lower.split_once("#ext#@")?;
    let at = name.rfind('_')?;
    Some(format!("{}@{}", &name[..at], &name[at + 1..]))
}

/// A deleted user's sign-in name before it was deleted: the directory puts the object's own id in front of it, with or without
/// dashes.
pub fn original_user_name<'a>(user_name: &'a str, id: &str) -> Cow<'a, str> {
    let bare = id.replace('-', "");
    for prefix in [id, bare.as_str()] {
        if let Some(head) = user_name.get(..prefix.len())
            && !prefix.is_empty()
            && head.eq_ignore_ascii_case(prefix)
        {
            return Cow::Borrowed(&user_name[prefix.len()..]);
        }
    }
    Cow::Borrowed(user_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_primary_addresses_are_counted_however_they_are_written() {
        for (list, primary) in [
            (r#"["smtp:a@b.example","SIP:a@b.example"]"#, 0),
            (r#"["SMTP:a@b.example","smtp:c@b.example"]"#, 1),
            (r#"["SMTP:a@b.example","SMTP:A@B.example"]"#, 1),
            (r#"["SMTP:a@b.example", "SMTP:c@b.example"]"#, 2),
            (r#"[" SMTP:a@b.example"]"#, 1),
            (r#"["X500:/o=SMTP:a@b.example"]"#, 0),
            (r#"["SMTP:nobody"]"#, 0),
            (r#"["\u0053MTP:a@b.example"]"#, 1),
            (r#""SMTP:a@b.example""#, 1),
            ("[]", 0),
            ("null", 0),
        ] {
            assert_eq!(primary_address_count(Raw::new(list.as_bytes())), primary, "{list}");
        }
    }

    #[test]
    fn only_smtp_values_are_addresses() {
        let cases = [
            ("SMTP:Sales@Contoso.example", Some("sales@contoso.example")),
            ("smtp: a@b.example ", Some("a@b.example")),
            ("a@b.example", Some("a@b.example")),
            ("'a@b.example", Some("a@b.example")),
            ("X500:/o=x@y", None),
            ("SIP:a@b.example", None),
            ("SPO:SPO_1@SPO_2", None),
            ("no address", None),
            ("", None),
            ("SMTP:ÉA@b.example", Some("éa@b.example")),
        ];
        for (text, expected) in cases {
            assert_eq!(address(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn guests_names_lead_back_to_their_addresses() {
        let name = "First_Last_partner.example#EXT#@contoso.onmicrosoft.com";
        assert_eq!(ext_address(name).as_deref(), Some("first_last@partner.example"));
        assert_eq!(ext_address("jan@contoso.example"), None);
    }

    #[test]
    fn only_the_objects_own_id_is_taken_off_a_deleted_name() {
        let id = "dddddddd-3333-4444-5555-eeeeeeeeeeee";
        for prefix in [id, "dddddddd333344445555eeeeeeeeeeee", "DDDDDDDD333344445555EEEEEEEEEEEE"] {
            assert_eq!(original_user_name(&format!("{prefix}jan@a.example"), id), "jan@a.example");
        }
        let other = "0123456789abcdef0123456789abcdefjan@a.example";
        assert_eq!(original_user_name(other, id), other);
        assert_eq!(original_user_name("jan@a.example", ""), "jan@a.example");
    }
}
