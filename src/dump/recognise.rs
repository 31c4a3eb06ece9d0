//! What a piece of a dump is: decided here and nowhere else, from content before name.
//!
//! Sources: the shapes that exporters write, as seen in real files and read in their code (Graph pages, PowerShell lists,
//! hand-made bundles), and the key fingerprints of Graph's resources.

mod foreign;
mod layout;

use std::path::Path;

use crate::json::{Raw, Scan, skip_space, skip_value};
use crate::tenant::schema::Collection;

pub(super) use layout::{Leaf, ZeroTrustPage, is_child, leaf, roots, takes, zero_trust_page};

use super::dialect::Dialect;

/// The format that the user says a file has, whatever it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatIn {
    /// Microsoft Graph's own: collections under their names, pages or objects, also as PowerShell writes them.
    Graph,
    /// That of another tool.
    Foreign(Dialect),
}

impl FormatIn {
    /// The names of all formats, as reports have them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once(GRAPH).chain(Dialect::ALL.iter().map(|dialect| dialect.name()))
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == GRAPH { Some(Self::Graph) } else { Dialect::from_name(name).map(Self::Foreign) }
    }
}

/// What Microsoft Graph's own formats are called together.
const GRAPH: &str = "graph";

/// What the beginning of a file is, if it is in the format of another tool, and by what it was told: by the user, else by its
/// content.
pub(super) fn dialect(head: &[u8], format_in: Option<FormatIn>) -> Option<(Dialect, &'static str)> {
    match format_in {
        Some(FormatIn::Graph) => None,
        Some(FormatIn::Foreign(dialect)) => Some((dialect, "--format-in")),
        None => foreign::dialect(head),
    }
}

/// How a SQLite database begins. Source: the documentation of its file format.
pub(super) const SQLITE: &[u8] = b"SQLite format 3\0";

/// What a file is that holds nothing of a tenant, whatever its name says, and what to bring instead: told by its first bytes.
///
/// Sources: the specifications of the formats, each of which begins with a signature.
pub(super) fn no_export(head: &[u8]) -> Option<&'static str> {
    let begins = |signature: &[u8]| head.starts_with(signature);
    if begins(b"\x89PNG\r\n\x1a\n")
        || begins(b"\xFF\xD8\xFF")
        || begins(b"GIF8")
        || begins(b"BM") && head.get(6..10) == Some(&[0; 4][..])
    {
        return Some("a picture, which holds no objects (bring the export itself, as text: JSON or CSV)");
    }
    begins(b"%PDF-").then_some("a PDF file, which holds no objects (bring the export itself, as text: JSON or CSV)")
}

/// How an old Office document begins, such as a workbook of Excel 2003. Source: [MS-CFB].
pub(super) const OLD_OFFICE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// How many keys of an object are looked at.
const MAX_KEYS: usize = 400;

/// What an object at the top of a document, or in a list there, turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `{"users": […], "domains": […]}`: collections under their names.
    Bundle,
    /// `{"@odata.context": …, "value": […]}`: one page of a collection.
    Page,
    /// `{"error": {"code": …, "message": …}}`: the answer to a call that failed.
    Error,
    /// One object of a collection.
    Object(Option<Collection>),
    /// The format of another tool, by name.
    Foreign(&'static str),
}

/// What the keys of an object tell, and of every object with the same keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tell {
    /// Nothing: it is what its list holds.
    Nothing,
    /// Only objects of this collection have such keys.
    Kind(Collection),
    /// It names its own type; objects with the same keys may name others.
    Named,
    /// It is the answer to a call that failed.
    Error,
    /// It says of an object that it is gone: an entry in a page of changes.
    Removed,
    /// It may be a row that only shows which columns there are: see [`Keys::is_model`].
    Model,
}

/// The keys of an object as far as the bytes go, each with its value if it ends within the bytes.
pub(super) struct Keys<'a> {
    entries: Vec<(String, u8, Option<Raw<'a>>)>,
    complete: bool,
}

impl<'a> Keys<'a> {
    /// Looks at the object that begins at `at`.
    pub(super) fn peek(bytes: &'a [u8], at: usize) -> Result<Self, Scan> {
        let mut keys = Self { entries: Vec::new(), complete: false };
        let mut at = skip_space(bytes, at + 1);
        while keys.entries.len() < MAX_KEYS {
            match bytes.get(at) {
                Some(b'}') => {
                    keys.complete = true;
                    break;
                }
                Some(b',') => {
                    at = skip_space(bytes, at + 1);
                    continue;
                }
                Some(b'"') => {}
                Some(_) => return Err(Scan::Bad(at)),
                None => break,
            }
            let Ok(key_end) = skip_value(bytes, at) else { break };
            let Some(key) = Raw::new(&bytes[at..key_end]).text() else { return Err(Scan::Bad(at)) };
            let colon = skip_space(bytes, key_end);
            match bytes.get(colon) {
                Some(b':') => {}
                Some(_) => return Err(Scan::Bad(colon)),
                None => break,
            }
            let value = skip_space(bytes, colon + 1);
            let Some(&first) = bytes.get(value) else { break };
            match skip_value(bytes, value) {
                Ok(end) => {
                    keys.entries.push((key.into_owned(), first, Some(Raw::new(&bytes[value..end]))));
                    at = skip_space(bytes, end);
                }
                Err(Scan::Bad(at)) => return Err(Scan::Bad(at)),
                Err(Scan::NeedMore) => {
                    keys.entries.push((key.into_owned(), first, None));
                    break;
                }
            }
        }
        Ok(keys)
    }

    /// Whether the object's end was seen.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    fn first_byte(&self, name: &str) -> Option<u8> {
        self.entries.iter().find(|(key, ..)| key.eq_ignore_ascii_case(name)).map(|(_, first, _)| *first)
    }

    fn has(&self, name: &str) -> bool {
        self.first_byte(name).is_some()
    }

    fn value(&self, name: &str) -> Option<Raw<'a>> {
        self.entries.iter().find(|(key, ..)| key.eq_ignore_ascii_case(name)).and_then(|(_, _, value)| *value)
    }

    /// What the object is.
    pub(super) fn shape(&self) -> Shape {
        if self.first_byte("error") == Some(b'{') && !self.has("id") && !self.has("value") {
            return Shape::Error;
        }
        if matches!(self.first_byte("value"), Some(b'[' | b'{'))
            && self.entries.iter().all(|(key, ..)| is_page_key(key))
        {
            return Shape::Page;
        }
        if let Some(name) = self.foreign() {
            return Shape::Foreign(name);
        }
        let collection = self.collection();
        if collection.is_none() && self.entries.iter().any(|(key, first, _)| is_section(key, *first)) {
            return Shape::Bundle;
        }
        Shape::Object(collection)
    }

    /// The report of another tool, which is no dump, and what to bring instead.
    fn foreign(&self) -> Option<&'static str> {
        if self.first_byte("Tests") == Some(b'[') && self.has("TenantId") {
            return Some(if self.has("TestResultSummary") {
                "a Zero Trust Assessment report (bring the folder zt-export beside it)"
            } else {
                "a report of Maester, which holds findings and no objects (bring an export of the tenant)"
            });
        }
        if self.has("finding_info") && self.has("metadata") || self.has("findingInfo") {
            return Some(
                "a report of Prowler or Monkey365, which holds findings and no objects (bring an export of the tenant)",
            );
        }
        if self.has("Results") && self.has("Summary") && self.has("MetaData") {
            return Some("ScubaGear's results (bring ProviderSettingsExport.json from the same folder)");
        }
        None
    }

    /// Whether it is a row of the Zero Trust Assessment that only shows which columns there are.
    pub(super) fn is_model(&self) -> bool {
        self.value(MODEL).and_then(Raw::flag) == Some(true)
    }

    /// What the keys tell of every object that has them.
    pub(super) fn tell(&self) -> Tell {
        if self.shape() == Shape::Error {
            Tell::Error
        } else if self.has("@removed") {
            Tell::Removed
        } else if self.has(MODEL) {
            Tell::Model
        } else if self.has("@odata.context") || self.has("@odata.type") {
            Tell::Named
        } else {
            self.fingerprint().map_or(Tell::Nothing, Tell::Kind)
        }
    }

    /// The collection that the object belongs to: by its `@odata.type`, else by the keys that only such objects have.
    pub(super) fn collection(&self) -> Option<Collection> {
        self.named().or_else(|| self.fingerprint()).map(|collection| self.told_apart(collection))
    }

    /// What a page says it is a page of.
    pub(super) fn context(&self) -> Option<String> {
        Some(self.value("@odata.context")?.text()?.into_owned())
    }

    /// Whether the object is one that was asked for, or a page of some that belong to another: not all of a collection.
    pub(super) fn is_part(&self) -> bool {
        self.value("@odata.context").and_then(Raw::text).is_some_and(|context| is_part(&context))
    }

    /// The code and message of an error.
    pub(super) fn error(&self) -> (String, String) {
        let error = self.value("error").unwrap_or(Raw::NULL);
        let part = |name| error.get(name).map(|value| value.display().into_owned()).unwrap_or_default();
        (part("code"), part("message"))
    }

    /// The collection that the object itself names.
    fn named(&self) -> Option<Collection> {
        if let Some(context) = self.value("@odata.context").and_then(Raw::text)
            && let Some(collection) = from_context(&context)
        {
            return Some(collection);
        }
        if let Some(kind) = self.value("@odata.type").and_then(Raw::text)
            && let Some(collection) = from_odata_type(&kind)
        {
            return Some(collection);
        }
        None
    }

    /// The collection whose objects alone have such keys.
    fn fingerprint(&self) -> Option<Collection> {
        use Collection as C;
        let all = |names: &[&str]| names.iter().all(|name| self.has(name));
        let any = |names: &[&str]| names.iter().any(|name| self.has(name));
        if all(&["operation"])
            && any(&["actor", "target", "addLicenses", "removeLicenses", "address", "userPrincipalName"])
        {
            return Some(C::Requests);
        }
        if all(&["activityDisplayName", "targetResources"]) {
            return Some(C::DirectoryAudits);
        }
        if self.has("userPrincipalName") {
            return Some(C::Users);
        }
        if self.has("verifiedDomains") {
            return Some(C::Organization);
        }
        if self.has("id") && any(&["isVerified", "authenticationType", "supportedServices"]) && !self.has("displayName")
        {
            return Some(C::Domains);
        }
        if self.has("skuPartNumber") && any(&["prepaidUnits", "consumedUnits"]) {
            return Some(C::SubscribedSkus);
        }
        if self.has("skuId") && any(&["nextLifecycleDateTime", "totalLicenses"]) {
            return Some(C::Subscriptions);
        }
        if self.has("groupTypes") || all(&["securityEnabled", "mailEnabled"]) || self.has("membershipRule") {
            return Some(C::Groups);
        }
        if self.has("roleTemplateId") {
            return Some(C::DirectoryRoles);
        }
        if self.has("rolePermissions") || all(&["isBuiltIn", "templateId"]) {
            return Some(C::RoleDefinitions);
        }
        if all(&["principalId", "roleDefinitionId"]) {
            return Some(if self.has("assignmentType") {
                C::RoleAssignmentScheduleInstances
            } else if self.has("memberType") {
                C::RoleEligibilityScheduleInstances
            } else {
                C::RoleAssignments
            });
        }
        if self.has("invitedUserEmailAddress") {
            return Some(C::Invitations);
        }
        if self.has("allowInvitesFrom") {
            return Some(C::AuthorizationPolicy);
        }
        if self.has("selfServiceSignUp") {
            return Some(C::AuthenticationFlowsPolicy);
        }
        if self.has("b2bCollaborationInbound") {
            return Some(if self.has("tenantId") {
                C::CrossTenantAccessPolicyPartners
            } else {
                C::CrossTenantAccessPolicyDefault
            });
        }
        if self.has("userFlowType") {
            return Some(C::B2xUserFlows);
        }
        if self.has("identityProviderType") {
            return Some(C::IdentityProviders);
        }
        if all(&["homeTenantId", "tenantId", "state"]) {
            return Some(C::AzureSubscriptions);
        }
        if all(&["principalName", "roleDefinitionName", "scope"]) {
            return Some(C::AzureRoleAssignments);
        }
        if all(&["appId", "displayName", "signInAudience"]) {
            return Some(if self.has("servicePrincipalType") { C::ServicePrincipals } else { C::Applications });
        }
        None
    }

    /// A deleted user is listed under the context of users: only its date of deletion tells.
    pub(super) fn told_apart(&self, collection: Collection) -> Collection {
        let is_deleted = self.value("deletedDateTime").is_some_and(|date| !date.is_empty());
        if collection == Collection::Users && is_deleted { Collection::DeletedUsers } else { collection }
    }
}

/// What marks a row that only shows which columns there are. Source: the code of the Zero Trust Assessment.
const MODEL: &str = "isZtModelRow";

/// Whether a link or a context is about changes, and not about all objects. Source: Microsoft's documentation of delta queries.
pub(super) fn is_of_changes(text: &str) -> bool {
    let path = text.split('?').next().unwrap_or(text).trim_end_matches("()");
    text.contains("/$delta") || path.ends_with("/delta") || path.ends_with(".delta")
}

/// Keys that stand in a page beside its `value`.
fn is_page_key(key: &str) -> bool {
    key.starts_with('@')
        || ["value", "Count", "nextLink", "odata.metadata", "odata.nextLink"]
            .iter()
            .any(|known| key.eq_ignore_ascii_case(known))
}

/// Whether a key with such a value holds a collection.
fn is_section(key: &str, first: u8) -> bool {
    matches!(first, b'[' | b'{') && Collection::from_key(key).is_some()
}

/// The collection that a page's `@odata.context` names.
pub(super) fn from_context(context: &str) -> Option<Collection> {
    let fragment = context.split_once("$metadata#")?.1;
    let path = without_parentheses(fragment);
    let path = path.trim_end_matches("/$entity").trim_end_matches("/$delta");
    if let Some(kind) = fragment.strip_prefix("Collection(") {
        return from_odata_type(kind.trim_end_matches(')'));
    }
    match path {
        "policies/authorizationPolicy" => Some(Collection::AuthorizationPolicy),
        "policies/authenticationFlowsPolicy" => Some(Collection::AuthenticationFlowsPolicy),
        "policies/crossTenantAccessPolicy/default" => Some(Collection::CrossTenantAccessPolicyDefault),
        "policies/crossTenantAccessPolicy/partners" => Some(Collection::CrossTenantAccessPolicyPartners),
        "directoryObjects" => None, // each object tells for itself
        _ => path.rsplit('/').next().and_then(from_exact_path),
    }
}

/// Whether what stands under such a context is not all of a collection: one object that was asked for by its id, or the members
/// of something.
pub(super) fn is_part(context: &str) -> bool {
    let Some((_, fragment)) = context.split_once("$metadata#") else { return false };
    if let Some(collection) = from_context(context) {
        return fragment.ends_with("/$entity") && !collection.schema().single;
    }
    let path = without_parentheses(fragment);
    path == "directoryObjects" || path.contains('/') && !path.starts_with("policies/")
}

/// A path without select lists and keys: `groups('1')/members(id)` is `groups/members`.
fn without_parentheses(fragment: &str) -> String {
    let mut depth = 0usize;
    let mut path = String::new();
    for letter in fragment.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => path.push(letter),
            _ => {}
        }
    }
    path
}

fn from_exact_path(last: &str) -> Option<Collection> {
    // `groups('…')/members` and the like hold other objects than their last segment says
    if matches!(last, "members" | "owners" | "memberOf" | "manager") {
        return None;
    }
    Collection::from_key(last)
}

/// The collection of a type such as `#microsoft.graph.user`.
pub(super) fn from_odata_type(kind: &str) -> Option<Collection> {
    let name = kind.trim_start_matches('#').rsplit('.').next()?;
    Some(match name {
        "orgContact" => Collection::Contacts,
        "companySubscription" => Collection::Subscriptions,
        "unifiedRoleAssignment" => Collection::RoleAssignments,
        "unifiedRoleDefinition" => Collection::RoleDefinitions,
        "unifiedRoleAssignmentScheduleInstance" => Collection::RoleAssignmentScheduleInstances,
        "unifiedRoleEligibilityScheduleInstance" => Collection::RoleEligibilityScheduleInstances,
        "b2xIdentityUserFlow" => Collection::B2xUserFlows,
        _ => Collection::from_key(name)?,
    })
}

/// The collection that a file's name suggests; the last resort.
pub(super) fn from_file_name(path: &Path) -> Option<Collection> {
    // users.json.gz: what is packed has a name of its own.
    let stem = Path::new(path.file_stem()?);
    Collection::from_key(stem.file_stem()?.to_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        Keys::peek(text.as_bytes(), 0).unwrap().shape()
    }

    #[test]
    fn shapes_are_told_by_content() {
        use Collection as C;
        let cases = [
            (r#"{"Users":[]}"#, Shape::Bundle),
            (r#"{"exportedAt":"x","domains":[{"id":"a"#, Shape::Bundle),
            (r#"{"@odata.context":"x$metadata#users","value":[]}"#, Shape::Page),
            (r#"{"value":[],"Count":0}"#, Shape::Page),
            (r#"{"error":{"code":"x"}}"#, Shape::Error),
            (r#"{"id":"1","userPrincipalName":"a@b"}"#, Shape::Object(Some(C::Users))),
            (
                r#"{"id":"1","userPrincipalName":"a@b","deletedDateTime":"2026-01-01T00:00:00Z"}"#,
                Shape::Object(Some(C::DeletedUsers)),
            ),
            (r#"{"id":"a.example","isVerified":true}"#, Shape::Object(Some(C::Domains))),
            (r#"{"Id":"1","SkuPartNumber":"X","ConsumedUnits":1}"#, Shape::Object(Some(C::SubscribedSkus))),
            (
                r#"{"principalId":"1","roleDefinitionId":"2","directoryScopeId":"/"}"#,
                Shape::Object(Some(C::RoleAssignments)),
            ),
            (r##"{"@odata.type":"#microsoft.graph.orgContact","id":"1"}"##, Shape::Object(Some(C::Contacts))),
            (
                r#"{"MetaData":{},"Summary":{},"Results":{}}"#,
                Shape::Foreign("ScubaGear's results (bring ProviderSettingsExport.json from the same folder)"),
            ),
            (r#"{"hello":1}"#, Shape::Object(None)),
        ];
        for (text, expected) in cases {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn contexts_of_single_objects_and_of_members_are_parts() {
        let base = "https://graph.microsoft.com/v1.0/$metadata#";
        for part in [
            "users/$entity",
            "domains(id)/$entity",
            "directoryObjects",
            "groups('1')/members",
            "directoryRoles('1')/members(id)",
        ] {
            assert!(is_part(&format!("{base}{part}")), "{part}");
        }
        for whole in [
            "users",
            "users(id,mail)",
            "organization/$entity",
            "policies/authorizationPolicy/$entity",
            "directory/subscriptions",
        ] {
            assert!(!is_part(&format!("{base}{whole}")), "{whole}");
        }
    }

    #[test]
    fn contexts_name_collections() {
        use Collection as C;
        let base = "https://graph.microsoft.com/v1.0/$metadata#";
        let cases = [
            ("users(id,mail)", Some(C::Users)),
            ("users/$entity", Some(C::Users)),
            ("contacts", Some(C::Contacts)),
            ("roleManagement/directory/roleAssignments", Some(C::RoleAssignments)),
            ("policies/authorizationPolicy/$entity", Some(C::AuthorizationPolicy)),
            ("directory/subscriptions", Some(C::Subscriptions)),
            ("Collection(microsoft.graph.user)", Some(C::Users)),
            ("directoryObjects", None),
            ("groups('1')/members", None),
        ];
        for (fragment, expected) in cases {
            assert_eq!(from_context(&format!("{base}{fragment}")), expected, "{fragment}");
        }
    }
}
