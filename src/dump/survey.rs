//! What an export of PowerShell's objects shows but does not tell: properties that were not asked for, and values cut to text.
//!
//! Sources: msgraph-sdk-powershell issue #2337 for the empty properties; published dumps for the texts that `ConvertTo-Json` makes
//! of what lies deeper than its `-Depth`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hashbrown::HashSet;
use parking_lot::Mutex;

use super::read::{Gathered, Masks, Reading, Record, SAMPLE, Visitor};
use super::source::{Place, Section};
use crate::json::{Raw, named_values};
use crate::tenant::schema::{Collection, GRAPH_DEFAULT_USER_PROPERTIES, Kind, Property};

/// Beginnings of texts that stand for an object or list that was cut off by depth.
const LOST: &[&str] = &[
    "System.String[]",
    "System.Object[]",
    "System.Collections.",
    "Microsoft.Graph.PowerShell.Models.",
    "Microsoft.Graph.Beta.PowerShell.Models.",
    "Microsoft.Open.",
    "@{",
    "class ",
];

/// Whether a text stands for something that an exporter cut off by depth.
pub fn is_lost(text: &str) -> bool {
    LOST.iter().any(|start| text.starts_with(start)) && (!text.starts_with("class ") || text.contains('{'))
}

/// Properties whose values are words: a number in their place is a word's number in some program's list, which nobody knows.
const WORDS: &[&str] = &["authenticationType", "capabilityStatus", "externalUserState", "result", "userType"];

/// Whether a text may be an export of PowerShell's objects by its beginning, or holds texts that stand for lost values.
pub(super) fn is_wanted(text: &[u8]) -> bool {
    let head = &text[..text.len().min(SAMPLE)];
    let holds = |word: &str| memchr::memmem::find(head, format!("\"{word}").as_bytes()).is_some();
    PASCAL_CASE.iter().any(|key| holds(&format!("{key}\"")))
        || LOST.iter().any(|start| holds(start))
        || named_values(text).any(|(name, at)| match text.get(at) {
            Some(b'"') => NO_TEXTS.contains(name),
            Some(b'0'..=b'9') => WORDS.iter().any(|word| word.as_bytes() == name),
            _ => false,
        })
        || memchr::memmem::find(text, b"\"DateTime\"").is_some()
}

/// The properties that are no texts in Graph's own exports, and are in others': those that are true or false, and addresses.
static NO_TEXTS: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| {
    let properties = Collection::all().flat_map(|collection| collection.schema().properties.iter());
    let flags = properties.filter(|property| matches!(property.kind, Kind::Flag)).map(|property| property.name);
    flags.chain(["proxyAddresses", "otherMails"]).map(str::as_bytes).collect()
});

/// Whether an object holds nothing but nulls: PowerShell's objects that were not asked for do.
fn is_hollow(raw: Raw<'_>) -> bool {
    raw.is_object() && raw.members().all(|(_, value)| value.is_empty())
}

/// Whether a value of a property, or an element of it, is lost.
fn has_lost(property: Option<&Property>, raw: Raw<'_>) -> bool {
    let lost = |raw: Raw<'_>| {
        matches!(raw.bytes(), [b'"', b'S' | b'M' | b'@' | b'c', ..]) && raw.text().is_some_and(|text| is_lost(&text))
    };
    let is_misread = |property: &Property| match property.kind {
        Kind::Texts => raw.is_object() || raw.text().is_some_and(|text| is_joined(&text)),
        Kind::Objects => raw.get("value").is_some_and(Raw::is_list) && raw.get("Count").is_some(),
        Kind::Text => raw.bytes().first().is_some_and(u8::is_ascii_digit) && WORDS.contains(&property.name),
        Kind::Flag => raw.is_text() && raw.flag().is_none(),
        Kind::Date => raw.is_object(),
        _ => false,
    };
    lost(raw) || raw.is_list() && raw.items().any(lost) || property.is_some_and(is_misread)
}

/// Whether a text is several addresses with blanks between them, as `ConvertTo-Json` writes a list that lies deeper than its `-Depth`.
fn is_joined(text: &str) -> bool {
    let is_address = |word: &&str| word.len() > 5 && word.contains('@') && !word.starts_with('@');
    // A prefix stands at the beginning of an address, and an X.500 address may have blanks and no @.
    let has_prefix = |word: &str| {
        word.split_once(':').is_some_and(|(prefix, rest)| {
            prefix.len() > 1 && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !rest.is_empty()
        })
    };
    let is_divided = text.split([';', ',', '|']).skip(1).any(|piece| has_prefix(piece.trim()));
    is_divided
        || text.matches('@').count() > 1
        || text.split_whitespace().filter(is_address).count() > 1
        || text.split_whitespace().skip(1).any(has_prefix)
}

impl Reading<'_> {
    /// Which properties an export of PowerShell objects shows as empty throughout, or as lost. Empty if there are none.
    ///
    /// Microsoft Graph PowerShell prints every property of its objects, also those it did not ask for; nothing but their being
    /// empty on all objects tells. A property that is lost on one object is known of none.
    pub(super) fn survey(&self, text: &[u8], index: u32) -> Masks {
        if !is_wanted(text) {
            return Masks::new();
        }
        let seen = Mutex::new(vec![Seen::default(); Collection::COUNT]);
        let visitor = || Survey { seen: vec![Seen::default(); Collection::COUNT], width: self.wanted };
        let mut gathered = Gathered::default();
        let mut stream = text;
        self.walk(
            &mut stream,
            index,
            None,
            &Masks::new(),
            &visitor,
            &mut |batch: Vec<Seen>| {
                let mut seen = seen.lock();
                for (all, some) in seen.iter_mut().zip(batch) {
                    all.filled.extend(some.filled);
                    all.lost.extend(some.lost);
                }
            },
            &mut gathered,
        );
        let seen = seen.into_inner();
        let is_default = |name: &String| GRAPH_DEFAULT_USER_PROPERTIES.contains(&name.as_str());
        let masks: Masks = Collection::all()
            .zip(self.wanted.iter().zip(seen))
            .map(|(collection, (wanted, seen))| {
                // A file may hold PowerShell's objects of one kind beside Graph's own of another.
                let is_powershell = gathered.sections.get(&collection).is_some_and(is_powershell);
                if !is_powershell && seen.lost.is_empty() {
                    return Vec::new();
                }
                let is_empty = |slot: &usize, name| is_powershell && !seen.filled.contains(slot) && !is_default(name);
                wanted
                    .iter()
                    .enumerate()
                    .map(|(slot, name)| seen.lost.contains(&slot) || is_empty(&slot, name))
                    .collect()
            })
            .collect();
        if masks.iter().all(Vec::is_empty) { Masks::new() } else { masks }
    }

    /// Masks for all wanted properties that nobody has a value for, apart from those that Microsoft Graph always returns of users.
    pub(super) fn masks_but(&self, filled: &BTreeSet<(Collection, String)>) -> Masks {
        let masks: Masks = Collection::all()
            .zip(self.wanted)
            .map(|(collection, wanted)| {
                let is_known = |name: &String| {
                    GRAPH_DEFAULT_USER_PROPERTIES.contains(&name.as_str())
                        || filled.iter().any(|(of, known)| *of == collection && known == name)
                };
                wanted.iter().map(|name| !is_known(name)).collect()
            })
            .collect();
        masks
    }

    /// The names of the masked properties; none if the source is no export of PowerShell objects.
    pub(super) fn masked_names(&self, masks: &Masks) -> Option<BTreeSet<(Collection, String)>> {
        let collections = Collection::all().zip(self.wanted.iter().zip(masks));
        let slots = collections.flat_map(|(collection, (wanted, masks))| {
            wanted.iter().zip(masks).map(move |(name, masked)| (collection, name, *masked))
        });
        let names =
            slots.filter(|(.., masked)| *masked).map(|(collection, name, _)| (collection, name.to_ascii_lowercase()));
        (!masks.is_empty()).then(|| names.collect())
    }
}

/// Keys as PowerShell's objects have them, and Graph's do not.
const PASCAL_CASE: &[&str] = &["Id", "UserPrincipalName", "DisplayName", "SkuId", "RoleTemplateId"];

/// Whether the objects of a section are PowerShell's.
fn is_powershell(section: &Section) -> bool {
    PASCAL_CASE.iter().any(|key| section.properties.contains_key(*key))
}

/// Which wanted properties have a value on some object, and which are lost on some.
#[derive(Clone, Default)]
struct Seen {
    filled: BTreeSet<usize>,
    lost: BTreeSet<usize>,
}

struct Survey<'a> {
    seen: Vec<Seen>,
    width: &'a [Vec<String>],
}

impl Visitor for Survey<'_> {
    type Batch = Vec<Seen>;

    fn object(&mut self, collection: Collection, record: Record<'_>, _: Place) {
        let seen = &mut self.seen[collection as usize];
        for slot in 0..self.width[collection as usize].len() {
            if let Some(raw) = record.get(slot).filter(|raw| !raw.is_empty() && !is_hollow(*raw)) {
                seen.filled.insert(slot);
                if has_lost(collection.property(&self.width[collection as usize][slot]), raw) {
                    seen.lost.insert(slot);
                }
            }
        }
    }

    fn finish(&mut self) -> Self::Batch {
        self.seen.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_an_exporter_wrote_as_something_else_are_lost() {
        let users = Collection::Users;
        for (collection, name, value, is) in [
            (users, "proxyAddresses", r#""SMTP:a@b.example smtp:c@b.example""#, true),
            (users, "proxyAddresses", r#""SMTP:a@b.example""#, false),
            (users, "proxyAddresses", r#""SMTP:a@b.example X500:/o=Exchange Labs/cn=a""#, true),
            (users, "proxyAddresses", r#""X500:/o=Exchange Labs/ou=First Group/cn=a""#, false),
            (users, "proxyAddresses", r#""X500:/o=Exchange Labs/cn=a SIP:a@b.example""#, true),
            (users, "proxyAddresses", r#"["SMTP:a@b.example","smtp:c d@b.example"]"#, false),
            (users, "proxyAddresses", r#"{"value":["SMTP:a@b.example"],"Count":1}"#, true),
            (users, "otherMails", r#""a@b.example c@b.example""#, true),
            (users, "assignedLicenses", r#"{"value":[],"Count":0}"#, true),
            (users, "assignedLicenses", r#"{"skuId":"x","disabledPlans":[]}"#, false),
            (users, "assignedLicenses", r#""System.Object[]""#, true),
            (users, "assignedLicenses", r#"["@{SkuId=x}"]"#, true),
            (users, "proxyAddresses", r#""SMTP:a@b.example,smtp:c@b.example""#, true),
            (users, "proxyAddresses", r#""SMTP:a@b.example|X400:C=US;P=E;S=a;""#, true),
            (users, "createdDateTime", r#"{"DateTime":"x","value":"y"}"#, true),
            (users, "createdDateTime", r#""2026-01-01T00:00:00Z""#, false),
            (users, "accountEnabled", r#""Nee""#, true),
            (users, "accountEnabled", r#""Yes""#, false),
            (users, "accountEnabled", r#""True""#, false),
            (users, "assignedLicenses", r#"["Microsoft.Open.AzureAD.Model.AssignedLicense"]"#, true),
            (users, "displayName", "12", false),
            (users, "displayName", r#""a@b.example c@b.example""#, false),
            (Collection::SubscribedSkus, "capabilityStatus", "2", true),
            (Collection::SubscribedSkus, "capabilityStatus", r#""Enabled""#, false),
        ] {
            let is_lost = has_lost(collection.property(name), Raw::new(value.as_bytes()));
            assert_eq!(is_lost, is, "{name}: {value}");
        }
    }

    #[test]
    fn whatever_may_hold_lost_values_is_surveyed() {
        let far = " ".repeat(SAMPLE);
        for (text, is) in [
            (r#"{"users":[{"id":"1","proxyAddresses":["smtp:a@b.example"]}]}"#.to_owned(), false),
            (format!(r#"{{"users":[{far}{{"proxyAddresses":"SMTP:a@b smtp:c@b"}}]}}"#), true),
            (format!(r#"{{"subscribedSkus":[{far}{{"capabilityStatus" : 2}}]}}"#), true),
            (r#"{"subscribedSkus":[{"capabilityStatus":"Enabled"}]}"#.to_owned(), false),
            (format!(r#"{{"users":[{far}{{"otherMails": "a@b.example c@b.example"}}]}}"#), true),
            (r#"[{"UserPrincipalName":"a@b"}]"#.to_owned(), true),
            (r#"{"domains":[{"isVerified" : "Nee"}]}"#.to_owned(), true),
            (r#"{"domains":[{"isVerified":true}]}"#.to_owned(), false),
            (format!(r#"{{"domains":[{far}{{"isVerified":"Nee"}}]}}"#), true),
        ] {
            assert_eq!(is_wanted(text.as_bytes()), is, "{}", text.trim());
        }
    }
}
