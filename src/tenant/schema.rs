//! What a tenant is made of: every collection and property the program knows by Graph's own names.
//!
//! One table serves the readers (what a key means), the rules (does this field exist, is it text), the messages about
//! missing data (which command, scope and role would bring it) and the collect script. A property that is not listed
//! here still works in a rule if the dump has it; lint only warns.

mod licensing;
mod people;
mod policies;
mod rest;
mod roles;

use serde::{Deserialize, Serialize};

/// A kind of object, named as the key under which a dump holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // each variant is the Graph collection of the same name; see `SCHEMA` for what it is
#[repr(u8)]
pub enum Collection {
    Users,
    Groups,
    Contacts,
    DeletedUsers,
    Domains,
    SubscribedSkus,
    Subscriptions,
    Organization,
    DirectoryRoles,
    RoleAssignments,
    RoleDefinitions,
    RoleAssignmentScheduleInstances,
    RoleEligibilityScheduleInstances,
    AdministrativeUnits,
    AuthorizationPolicy,
    AuthenticationFlowsPolicy,
    CrossTenantAccessPolicyDefault,
    CrossTenantAccessPolicyPartners,
    B2bManagementPolicy,
    IdentityProviders,
    B2xUserFlows,
    Applications,
    DeletedApplications,
    ServicePrincipals,
    OnPremisesSynchronization,
    Invitations,
    DirectoryAudits,
    AzureSubscriptions,
    AzureRoleAssignments,
    Requests,
}

/// The type of a property's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// An ISO 8601 date and time, in UTC.
    Date,
    /// A list of texts.
    Texts,
    /// One object.
    Object,
    /// A list of objects.
    Objects,
}

/// A property of a collection.
#[derive(Debug)]
pub struct Property {
    /// Graph's name.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
    /// The names inside an object or the objects of a list; empty for plain values, or where anything may stand.
    pub inside: &'static [&'static str],
    /// The program computes it from other properties; no export asks for it.
    pub computed: bool,
    /// Graph does not have it; exports of another service do.
    pub elsewhere: bool,
}

/// How to read a collection with Microsoft Graph, for the collect script and for what a report says is missing.
#[derive(Debug)]
pub struct Collect {
    /// The path below `https://graph.microsoft.com/v1.0/`, without the query.
    pub path: &'static str,
    /// The query without `$select`, such as `$expand=…`; empty for none.
    pub query: &'static str,
    /// Whether `$select` is understood there.
    pub select: bool,
    /// The paths, with `{id}`, of lists that need a call per object, and the property they fill.
    pub per_object: &'static [(&'static str, &'static str)],
    /// The Microsoft Graph PowerShell command that reads the same, where its name is confirmed by a source.
    pub cmdlet: Option<&'static str>,
    /// The delegated permission.
    pub scope: &'static str,
    /// The least directory role with which it is readable.
    pub role: &'static str,
}

/// A collection: its names, properties, and how to get it.
#[derive(Debug)]
pub struct CollectionSchema {
    /// Which one.
    pub collection: Collection,
    /// The key in a dump, and the name in rules and reports.
    pub name: &'static str,
    /// Other keys under which it is found, compared without case, `_` and `-`.
    pub aliases: &'static [&'static str],
    /// One object of it, in words.
    pub noun: &'static str,
    /// A tenant has exactly one of it.
    pub single: bool,
    /// Its properties.
    pub properties: &'static [Property],
    /// How to read it; none for what Graph does not hold.
    pub collect: Option<Collect>,
}

const fn text(name: &'static str) -> Property {
    Property { name, kind: Kind::Text, inside: &[], computed: false, elsewhere: false }
}
const fn flag(name: &'static str) -> Property {
    Property { name, kind: Kind::Flag, inside: &[], computed: false, elsewhere: false }
}
const fn number(name: &'static str) -> Property {
    Property { name, kind: Kind::Number, inside: &[], computed: false, elsewhere: false }
}
const fn date(name: &'static str) -> Property {
    Property { name, kind: Kind::Date, inside: &[], computed: false, elsewhere: false }
}
const fn texts(name: &'static str) -> Property {
    Property { name, kind: Kind::Texts, inside: &[], computed: false, elsewhere: false }
}
const fn object(name: &'static str, inside: &'static [&'static str]) -> Property {
    Property { name, kind: Kind::Object, inside, computed: false, elsewhere: false }
}
const fn objects(name: &'static str, inside: &'static [&'static str]) -> Property {
    Property { name, kind: Kind::Objects, inside, computed: false, elsewhere: false }
}
const fn computed(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, inside: &[], computed: true, elsewhere: false }
}
const fn elsewhere(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, inside: &[], computed: false, elsewhere: true }
}

const PROVISIONING_ERROR: &[&str] = &["category", "propertyCausingError", "value", "occurredDateTime"];
const SERVICE_ERROR: &[&str] = &["createdDateTime", "isResolved", "serviceInstance", "errorDetail"];
const ASSIGNED_LICENSE: &[&str] = &["skuId", "disabledPlans"];

/// The operations somebody may ask for; rules name their symptoms after them.
pub const OPERATIONS: &[&str] = &[
    "create-user",
    "assign-license",
    "remove-license",
    "invite-guest",
    "reset-password",
    "sign-in",
    "sign-up",
    "manage-directory",
];

/// Properties of a request for a new user that it only carries if there is something to say: without them, they are none.
pub const NONE_IF_ABSENT: [&str; 3] = ["onPremisesImmutableId", "usageLocation", "addLicenses"];

/// Every collection, in the order in which reports list them.
///
/// Sources: Microsoft Graph v1.0 metadata of 2026-08 and its documentation pages for the resources named; which property is
/// returned without `$select` is in [`GRAPH_DEFAULT_USER_PROPERTIES`].
pub static SCHEMA: &[&CollectionSchema] = &[
    &people::USERS,
    &people::GROUPS,
    &people::CONTACTS,
    &people::DELETED_USERS,
    &licensing::DOMAINS,
    &licensing::SUBSCRIBED_SKUS,
    &licensing::SUBSCRIPTIONS,
    &licensing::ORGANIZATION,
    &roles::DIRECTORY_ROLES,
    &roles::ROLE_ASSIGNMENTS,
    &roles::ROLE_DEFINITIONS,
    &roles::ROLE_ASSIGNMENT_SCHEDULE_INSTANCES,
    &roles::ROLE_ELIGIBILITY_SCHEDULE_INSTANCES,
    &roles::ADMINISTRATIVE_UNITS,
    &policies::AUTHORIZATION_POLICY,
    &policies::AUTHENTICATION_FLOWS_POLICY,
    &policies::CROSS_TENANT_ACCESS_POLICY_DEFAULT,
    &policies::CROSS_TENANT_ACCESS_POLICY_PARTNERS,
    &policies::B2B_MANAGEMENT_POLICY,
    &policies::IDENTITY_PROVIDERS,
    &policies::B2X_USER_FLOWS,
    &rest::APPLICATIONS,
    &rest::DELETED_APPLICATIONS,
    &rest::SERVICE_PRINCIPALS,
    &rest::ON_PREMISES_SYNCHRONIZATION,
    &rest::INVITATIONS,
    &rest::DIRECTORY_AUDITS,
    &rest::AZURE_SUBSCRIPTIONS,
    &rest::AZURE_ROLE_ASSIGNMENTS,
    &rest::REQUESTS,
];

/// The properties that Graph returns for a user when no `$select` is given: their absence elsewhere means nothing.
///
/// Source: Microsoft Graph v1.0, `user` resource type.
pub const GRAPH_DEFAULT_USER_PROPERTIES: &[&str] = &[
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
];

impl Collection {
    /// All of them, in the order of [`SCHEMA`].
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        SCHEMA.iter().map(|entry| entry.collection)
    }

    /// How many there are.
    pub const COUNT: usize = SCHEMA.len();

    /// Whether a tenant may have so many objects of it that no rule may go through all of them for each object.
    pub fn may_be_many(self) -> bool {
        use Collection as C;
        matches!(self, C::Users | C::Groups | C::Contacts | C::DeletedUsers | C::DirectoryAudits | C::ServicePrincipals)
    }

    /// Its entry in [`SCHEMA`].
    pub fn schema(self) -> &'static CollectionSchema {
        SCHEMA[self as usize]
    }

    /// Its key in a dump.
    pub fn name(self) -> &'static str {
        self.schema().name
    }

    /// The collection that a key names, in any casing and with any of its known spellings.
    pub fn from_key(key: &str) -> Option<Self> {
        let wanted = fold_key(key);
        SCHEMA
            .iter()
            .find(|entry| fold_key(entry.name) == wanted || entry.aliases.iter().any(|alias| fold_key(alias) == wanted))
            .map(|entry| entry.collection)
    }

    /// The collection that a rule names: exactly as Graph spells it.
    pub fn from_name(name: &str) -> Option<Self> {
        SCHEMA.iter().find(|entry| entry.name == name).map(|entry| entry.collection)
    }

    /// A property by its exact name.
    pub fn property(self, name: &str) -> Option<&'static Property> {
        self.schema().properties.iter().find(|property| property.name == name)
    }
}

/// Lower case, without blanks, `_` and `-`: `Deleted_Users` and `deletedUsers` are one key.
pub fn fold_key(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_is_indexed_by_its_own_discriminant() {
        for (index, entry) in SCHEMA.iter().enumerate() {
            assert_eq!(entry.collection as usize, index, "{}", entry.name);
        }
    }

    #[test]
    fn keys_are_found_in_any_casing() {
        for key in ["DeletedUsers", "deleted_users", "DELETEDUSERS", "Deleted users"] {
            assert_eq!(Collection::from_key(key), Some(Collection::DeletedUsers), "{key}");
        }
        assert_eq!(Collection::from_key("people"), None);
    }
}
