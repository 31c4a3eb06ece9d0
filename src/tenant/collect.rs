//! How to get what is missing: one command for a report, and the script that exports everything the rules read.

mod script;

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{Collect, Collection};
use crate::report::model::Remedy;

pub use script::script;

/// The script that brings what no single command does.
pub(crate) const SCRIPT_COMMAND: &str = "aaddoctor collect-script -o collect.ps1";

/// Lists that are asked for only for some objects: the collection, the list, and the property that must be true.
///
/// Roles can be given to role-assignable groups alone, and licenses come from groups that have some: the members of other groups
/// tell nothing that a rule reads, and a call for each of them would take hours in a large tenant. Source: Microsoft Graph v1.0, `group` resource type, `isAssignableToRole`.
const ONLY_WHERE: &[(Collection, &str, &[&str])] =
    &[(Collection::Groups, "members", &["isAssignableToRole", "assignedLicenses"])];

/// What the program reads of every object, whatever the rules are: what it is called and known by.
const ALWAYS: &[&str] = &["id", "displayName", "userPrincipalName", "mail", "onPremisesSyncEnabled"];

/// What to export: collections, and the properties of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    collections: BTreeMap<Collection, BTreeSet<String>>,
}

impl Wanted {
    /// Adds a collection, or a property of it, which may lead into objects.
    pub fn add(&mut self, collection: Collection, property: Option<&str>) {
        let properties = self.collections.entry(collection).or_default();
        properties.extend(property.map(str::to_owned));
    }

    /// Each collection that Microsoft Graph holds, with how to read it.
    pub fn exported(&self) -> impl Iterator<Item = (Collection, &'static Collect, Request)> + '_ {
        self.collections.iter().filter_map(|(collection, properties)| {
            let collect = collection.schema().collect.as_ref()?;
            Some((*collection, collect, Request::new(*collection, collect, properties)))
        })
    }

    /// The collections that it does not hold.
    pub fn elsewhere(&self) -> impl Iterator<Item = Collection> + '_ {
        self.collections.keys().copied().filter(|collection| collection.schema().collect.is_none())
    }
}

/// The calls that read a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The address below `https://graph.microsoft.com/`, with the query.
    pub address: String,
    /// The properties that `$select` names; empty where the whole object comes.
    pub select: Vec<String>,
    /// The lists that take a call for each object: the property, and the address with `{id}`.
    pub lists: Vec<(&'static str, String)>,
    /// The lists are read only for objects of which one of these properties is true, or not empty; none for all objects.
    pub only_where: &'static [&'static str],
}

impl Request {
    fn new(collection: Collection, collect: &Collect, properties: &BTreeSet<String>) -> Self {
        let list_of = |property: &str| collect.per_object.iter().find(|(list, _)| *list == root(property)).copied();
        let wanted_lists =
            collect.per_object.iter().filter(|(list, _)| properties.iter().any(|property| root(property) == *list));
        let lists: Vec<_> = wanted_lists.map(|(list, path)| (*list, list_address(list, path, properties))).collect();
        let only_where = ONLY_WHERE
            .iter()
            .find(|(of, list, _)| *of == collection && lists.iter().any(|(wanted, _)| wanted == list))
            .map_or(&[][..], |(.., properties)| *properties);
        let mut select = Vec::new();
        if collect.select {
            let always = ALWAYS.iter().copied().filter(|name| collection.property(name).is_some());
            let named = properties.iter().filter(|property| list_of(property).is_none()).map(|property| root(property));
            // A computed property is no property of Graph's; what it is computed from was added with it.
            let is_asked_for = |name: &&str| {
                is_name(name) && !collection.property(name).is_some_and(|known| known.computed || known.elsewhere)
            };
            for name in always.chain(only_where.iter().copied()).chain(named.filter(is_asked_for)) {
                if !select.iter().any(|known| known == name) {
                    select.push(name.to_owned());
                }
            }
        }
        let mut query: Vec<String> = Vec::new();
        if !select.is_empty() {
            query.push(format!("$select={}", select.join(",")));
        }
        if !collect.query.is_empty() {
            query.push(collect.query.to_owned());
        }
        if has_large_pages(collect) {
            query.push("$top=999".to_owned());
        }
        let address = with_query(collect.path, &query);
        Self { address, select, lists, only_where }
    }
}

/// The part of a property's path that Graph knows it by.
fn root(property: &str) -> &str {
    property.split('.').next().unwrap_or(property)
}

/// Whether a name can stand in a query as it is. Rule files of one's own may name anything.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Pages of 999 are documented for the large collections; others refuse a size, or send everything at once.
fn has_large_pages(collect: &Collect) -> bool {
    collect.select && !collect.path.contains("deletedItems")
}

fn list_address(list: &str, path: &str, properties: &BTreeSet<String>) -> String {
    // Roles that reach a part of the directory have no id that matters.
    if list != "members" {
        return with_query(path, &[]);
    }
    let inside = properties
        .iter()
        .filter_map(|property| property.strip_prefix(list)?.strip_prefix('.'))
        .filter(|name| is_name(name));
    let mut select = vec!["id"];
    select.extend(inside.filter(|name| *name != "id"));
    with_query(path, &[format!("$select={}", select.join(","))])
}

fn with_query(path: &str, query: &[String]) -> String {
    let question = if query.is_empty() { "" } else { "?" };
    format!("v1.0/{path}{question}{}", query.join("&"))
}

/// How to get properties of a collection; none for the collection as such.
pub fn remedy(collection: Collection, properties: &[&str]) -> Remedy {
    let Some(collect) = &collection.schema().collect else { return elsewhere(collection) };
    let (scope, role) = (collect.scope.to_owned(), collect.role.to_owned());
    let needs_list =
        properties.iter().any(|property| collect.per_object.iter().any(|(list, _)| *list == root(property)));
    let properties = properties.iter().map(|property| (*property).to_owned()).collect();
    let request = Request::new(collection, collect, &properties);
    let name = collection.name();
    let command = match collect.cmdlet {
        _ if needs_list => SCRIPT_COMMAND.to_owned(),
        Some(cmdlet) => {
            let select = if request.select.is_empty() {
                String::new()
            } else {
                format!(" -Property {}", request.select.join(","))
            };
            // Of a pipeline that gives nothing ConvertTo-Json writes nothing; of an empty list, the list.
            format!(
                "ConvertTo-Json -Depth 10 -InputObject @({cmdlet} -All{select}) | Out-File {name}.json -Encoding utf8"
            )
        }
        None if is_one_page(collection) => {
            format!("Invoke-MgGraphRequest -Method GET -Uri '{}' -OutputFilePath {name}.json", request.address)
        }
        None => SCRIPT_COMMAND.to_owned(),
    };
    Remedy { command, scope, role }
}

/// Whether a tenant has so few of it that they come with one call.
fn is_one_page(collection: Collection) -> bool {
    use Collection as C;
    let few = [
        C::Subscriptions,
        C::IdentityProviders,
        C::B2xUserFlows,
        C::OnPremisesSynchronization,
        C::CrossTenantAccessPolicyPartners,
    ];
    collection.schema().single || few.contains(&collection)
}

/// Whether the v1.0 of Microsoft Graph does not hold it: the script leaves it out.
pub(crate) fn is_elsewhere(collection: Collection, property: Option<&str>) -> bool {
    let property = property.and_then(|name| collection.property(root(name)));
    collection.schema().collect.is_none() || property.is_some_and(|property| property.elsewhere)
}

/// How to get a property that another service has; nothing if it is Graph's.
///
/// Source: Microsoft's documentation of `Get-EXORecipient`; a CSV has the names of the types, JSON may have their numbers.
pub(crate) fn remedy_elsewhere(collection: Collection, property: Option<&str>) -> Option<Remedy> {
    let command = match (collection, property.map(root)) {
        (Collection::Users, Some("recipientTypeDetails")) => {
            "Get-EXORecipient -ResultSize Unlimited | Select-Object ExternalDirectoryObjectId,DisplayName,PrimarySmtpAddress,RecipientTypeDetails \
             | Export-Csv recipients.csv -NoTypeInformation -Encoding utf8"
        }
        _ => {
            return Some(elsewhere(collection))
                .filter(|remedy| !remedy.role.is_empty() && collection.schema().collect.is_none());
        }
    };
    Some(Remedy { command: command.to_owned(), scope: String::new(), role: "Global Reader".to_owned() })
}

/// What the v1.0 of Microsoft Graph does not hold.
fn elsewhere(collection: Collection) -> Remedy {
    let (command, scope, role) = match collection {
        Collection::AzureSubscriptions => {
            ("az account list --all --output json > azureSubscriptions.json", "", "Reader (Azure)")
        }
        Collection::AzureRoleAssignments => {
            ("az role assignment list --all --output json > azureRoleAssignments.json", "", "Reader (Azure)")
        }
        Collection::B2bManagementPolicy => (
            "Invoke-MgGraphRequest -Method GET -Uri 'beta/legacy/policies' -OutputFilePath b2bManagementPolicy.json",
            "Policy.Read.All",
            "Global Reader",
        ),
        _ => (SCRIPT_COMMAND, "", ""),
    };
    Remedy { command: command.to_owned(), scope: scope.to_owned(), role: role.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_is_one_command_where_one_does_it() {
        let command = |collection, properties: &[&str]| remedy(collection, properties).command;
        assert_eq!(
            command(Collection::Users, &["usageLocation", "licenseAssignmentStates.error"]),
            "ConvertTo-Json -Depth 10 -InputObject @(Get-MgUser -All -Property id,displayName,userPrincipalName,mail,onPremisesSyncEnabled,\
             licenseAssignmentStates,usageLocation) | Out-File users.json -Encoding utf8"
        );
        assert_eq!(
            command(Collection::Domains, &[]),
            "ConvertTo-Json -Depth 10 -InputObject @(Get-MgDomain -All) | Out-File domains.json -Encoding utf8"
        );
        assert_eq!(
            command(Collection::AuthorizationPolicy, &["allowInvitesFrom"]),
            "Invoke-MgGraphRequest -Method GET -Uri 'v1.0/policies/authorizationPolicy' -OutputFilePath authorizationPolicy.json"
        );
        assert_eq!(command(Collection::RoleAssignments, &[]), SCRIPT_COMMAND, "it comes in pages");
        assert_eq!(command(Collection::DirectoryRoles, &["members"]), SCRIPT_COMMAND, "it takes a call for each role");
        assert!(command(Collection::AzureRoleAssignments, &[]).starts_with("az role assignment list"));
    }

    #[test]
    fn members_are_asked_for_of_groups_that_may_hold_roles() {
        let mut wanted = Wanted::default();
        wanted.add(Collection::Groups, Some("members"));
        let (_, _, request) = wanted.exported().next().unwrap();
        assert_eq!(request.only_where, ["isAssignableToRole", "assignedLicenses"]);
        assert!(request.only_where.iter().all(|name| request.select.iter().any(|known| known == name)));
        assert_eq!(request.lists, [("members", "v1.0/groups/{id}/members?$select=id".to_owned())]);
    }

    #[test]
    fn names_from_rule_files_cannot_leave_the_query() {
        let mut wanted = Wanted::default();
        wanted.add(Collection::Users, Some("x' | Remove-MgUser"));
        wanted.add(Collection::Users, Some("department"));
        let (_, _, request) = wanted.exported().next().unwrap();
        assert_eq!(
            request.address,
            "v1.0/users?$select=id,displayName,userPrincipalName,mail,onPremisesSyncEnabled,department&$top=999"
        );
    }
}
