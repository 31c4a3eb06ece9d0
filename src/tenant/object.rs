//! One object, read back in full.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::dump::Incomplete;
use crate::json::{Raw, is_name};
use crate::tenant::address;
use crate::tenant::schema::Collection;

/// The number of an object, in reading order. Nothing that is printed depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

/// The tenant itself, for findings that are about no object in it. Its properties are the organization's, if that was exported.
pub const TENANT: ObjectId = ObjectId(u32::MAX);

/// How many objects `$expand` shows at most.
const EXPANDED: usize = 20;

/// Whether a list is as long as what `$expand` shows at most.
pub fn is_expanded(list: Raw<'_>) -> bool {
    list.items().count() == EXPANDED
}

/// An object with its text, or its texts where several sources hold it.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its number.
    pub number: ObjectId,
    /// Its collection.
    pub collection: Collection,
    /// Its text in each source that holds it, the newest first.
    pub parts: Vec<Part>,
}

/// An object's text in one source.
#[derive(Clone, Debug)]
pub struct Part {
    /// The source, by its index in reading order.
    pub source: u32,
    /// The text.
    pub text: Vec<u8>,
    /// The properties (in lower case) that the source shows as empty without having asked for them.
    pub masked: Masked,
    /// Where the properties are in the text: an object that is read back is asked for many of them.
    members: OnceLock<Vec<Member>>,
}

/// Properties that a source shows as empty without having asked for them, in lower case.
pub(super) type Masked = Arc<BTreeSet<(Collection, String)>>;

/// The places of a name, as it stands between its quotes, and of its value. There are forty of them in each object that is kept.
#[derive(Clone, Debug)]
struct Member {
    value: Range<u32>,
    name: u32,
    /// The length of the name; nobody asks for one that is longer than this can tell.
    length: u16,
    /// The name is written with an escape.
    is_escaped: bool,
}

impl Part {
    /// An object's text.
    pub fn new(source: u32, text: Vec<u8>, masked: Masked) -> Self {
        Self { source, text, masked, members: OnceLock::new() }
    }

    pub(super) fn get(&self, name: &str) -> Option<Raw<'_>> {
        let start = |inside: &[u8]| (inside.as_ptr() as usize - self.text.as_ptr() as usize) as u32;
        let text = |start: u32, length: usize| &self.text[start as usize..start as usize + length];
        let members = self.members.get_or_init(|| {
            Raw::new(&self.text)
                .members()
                .filter_map(|(name, value)| {
                    let at = start(value.bytes());
                    Some(Member {
                        value: at..at + value.bytes().len() as u32,
                        name: start(name),
                        length: u16::try_from(name.len()).ok()?,
                        is_escaped: name.contains(&b'\\'),
                    })
                })
                .collect()
        });
        let is_it = |member: &&Member| {
            let length = usize::from(member.length);
            (length == name.len() || member.is_escaped) && is_name(text(member.name, length), name)
        };
        let member = members.iter().find(is_it)?;
        Some(Raw::new(text(member.value.start, member.value.len())))
    }
}

impl Object {
    /// The value of a property, from the newest source that collected it; nothing if none did.
    pub fn get(&self, name: &str) -> Option<Raw<'_>> {
        self.get_with_source(name).map(|(raw, _)| raw)
    }

    /// The value of a property, and the source it is from.
    pub fn get_with_source(&self, name: &str) -> Option<(Raw<'_>, u32)> {
        self.parts.iter().find_map(|part| {
            let is_masked =
                !part.masked.is_empty() && part.masked.contains(&(self.collection, name.to_ascii_lowercase()));
            if is_masked { None } else { part.get(name).map(|raw| (raw, part.source)) }
        })
    }

    /// The text of a property that is a text and not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.text().filter(|text| !text.trim().is_empty()).map(std::borrow::Cow::into_owned)
    }

    /// Whether a list is known to lack elements: another page follows it, or it is as long as what `$expand` shows at most.
    ///
    /// Source: Microsoft Graph's page on query parameters, where directory objects are expanded up to 20.
    pub fn is_cut(&self, name: &str) -> bool {
        let follows = self.get(&format!("{name}@odata.nextLink")).is_some_and(|link| !link.is_empty());
        follows || name == "members" && self.get(name).is_some_and(is_expanded)
    }

    /// Graph's id, in lower case.
    pub fn id(&self) -> Option<String> {
        // Classic administrators of Azure all have one text in its place.
        let is_id = |id: &String| self.collection != Collection::AzureRoleAssignments || !id.starts_with("na(");
        self.text("id").map(|id| id.to_lowercase()).filter(is_id)
    }

    /// What tells the object apart in its collection, and how: by `id`, else `upn`, else `text`.
    pub fn identity(&self) -> (String, &'static str) {
        if self.number == TENANT {
            return ("tenant".to_owned(), "id");
        }
        if let Some(id) = self.id() {
            return (id, "id");
        }
        if self.collection == Collection::AzureRoleAssignments {
            let text = |name: &str| self.text(name).unwrap_or_default().to_lowercase();
            return (format!("classic:{}:{}", text("principalName"), text("scope")), "text");
        }
        for name in ["skuId", "userPrincipalName", "mail", "address"] {
            if let Some(text) = self.text(name) {
                return (
                    format!("{}:{}", if name == "userPrincipalName" { "upn" } else { name }, text.to_lowercase()),
                    "upn",
                );
            }
        }
        let text = self.parts.first().map(|part| Raw::new(&part.text).display()).unwrap_or_default();
        (format!("text:{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes())), "text")
    }

    /// The order of objects of a collection, whichever is read first: by what tells them apart and, of two that nothing tells
    /// apart, such as two without an id that have one name, by what they say.
    pub fn by_content(&self, other: &Self) -> Ordering {
        self.identity().0.cmp(&other.identity().0).then_with(|| self.content().cmp(&other.content()))
    }

    /// What it says, as a hash.
    pub(super) fn content(&self) -> u128 {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for part in &self.parts {
            hash.update(Raw::new(&part.text).display().as_bytes());
        }
        hash.digest128()
    }

    /// The sign-in name; of a deleted user the one that it had.
    pub fn sign_in_name(&self) -> Option<String> {
        let name = self.text("userPrincipalName")?;
        Some(match (self.collection, self.text("id")) {
            (Collection::DeletedUsers, Some(id)) => address::original_user_name(&name, &id).into_owned(),
            _ => name,
        })
    }

    /// The name to show.
    pub fn display_name(&self) -> String {
        if self.collection == Collection::AzureRoleAssignments
            && let Some(role) = self.text("roleDefinitionName")
            && let Some(principal) = self.text("principalName").or_else(|| self.text("principalId"))
        {
            return format!("{role}: {principal}");
        }
        let names = [
            "displayName",
            "userPrincipalName",
            "skuPartNumber",
            "name",
            "activityDisplayName",
            "address",
            "target",
            "id",
        ];
        names.iter().find_map(|name| self.text(name)).unwrap_or_else(|| self.identity().0)
    }
}

/// What is known of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Nothing of it was read; the code of the call that failed, if one is recorded.
    NotCollected(Option<String>),
    /// Some of it was read; why not all.
    Incomplete(Incomplete),
    /// All of it was read.
    Complete,
}
