//! The folders of exporters that write one file for each object, or for each page: told by how the folders are laid out.
//!
//! Sources: the code of EntraExporter at commit ce0d04cf and of the Zero Trust Assessment at commit 83a87007.

use std::collections::BTreeSet;

use crate::dump::dialect::Dialect;
use crate::tenant::schema::Collection;

/// Where EntraExporter puts the objects of a collection: `<section>/<id>/<id>.json`.
const SECTIONS: &[(&[&str], Collection)] = &[
    (&["Domains"], Collection::Domains),
    (&["SubscribedSkus"], Collection::SubscribedSkus),
    (&["DirectoryRoles"], Collection::DirectoryRoles),
    (&["Groups"], Collection::Groups),
    (&["Users"], Collection::Users),
    (&["RoleManagement", "Directory", "RoleDefinitions"], Collection::RoleDefinitions),
    (&["RoleManagement", "Directory", "RoleAssignments"], Collection::RoleAssignments),
    (&["Policies", "AuthorizationPolicy"], Collection::AuthorizationPolicy),
];

/// What EntraExporter writes at the top of its tree, with and without a switch, over the years. What else lies there is not its own.
const TOP_FOLDERS: &[&str] = &[
    "AccessPolicies",
    "Admin",
    "AdministrativeUnits",
    "Applications",
    "Devices",
    "Directory",
    "DirectoryRoles",
    "Domains",
    "GroupSettings",
    "Groups",
    "IAM",
    "Identity",
    "IdentityGovernance",
    "IdentityProviders",
    "OnPremisesPublishingProfiles",
    "Organization",
    "PIM",
    "Policies",
    "PrivilegedAccess",
    "Reports",
    "RoleManagement",
    "ServicePrincipals",
    "SubscribedSkus",
    "Users",
];

/// The folders of `zt-export`, each with pages `<name>-<number>.json`; those without a collection are not read.
const PAGES: &[(&str, Option<Collection>)] = &[
    ("User", Some(Collection::Users)),
    ("RoleDefinition", Some(Collection::RoleDefinitions)),
    ("RoleAssignment", Some(Collection::RoleAssignments)),
    ("RoleAssignmentScheduleInstance", Some(Collection::RoleAssignmentScheduleInstances)),
    ("RoleEligibilityScheduleInstance", Some(Collection::RoleEligibilityScheduleInstances)),
    ("Application", None),
    ("ServicePrincipal", None),
    ("SignIn", None),
    ("RoleManagementPolicyAssignment", None),
    ("UserRegistrationDetails", None),
    ("Device", None),
    ("ConfigurationPolicy", None),
];

/// What a file in EntraExporter's tree is, by its path below the tree's root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dump) enum Leaf<'a> {
    /// An object of a collection.
    Object(Collection),
    /// Something that belongs to an object of a collection: its id, the name of the relation, and the other's id.
    Child(Collection, &'a str, &'a str),
    /// Nothing that is read.
    Other,
}

/// What a file in EntraExporter's tree is.
pub(in crate::dump) fn leaf(path: &str) -> Leaf<'_> {
    let parts: Vec<&str> = path.split('/').collect();
    if let ["Organization", file] = parts.as_slice()
        && is_named(file, "Organization")
    {
        return Leaf::Object(Collection::Organization);
    }
    for (section, collection) in SECTIONS {
        match parts.strip_prefix(*section) {
            Some([id, file]) if is_named(file, id) => return Leaf::Object(*collection),
            Some([id, relation, other, file]) if is_named(file, other) => {
                return Leaf::Child(*collection, id, relation);
            }
            _ => {}
        }
    }
    Leaf::Other
}

/// A page of `zt-export`: what it is of, and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dump) struct ZeroTrustPage<'a> {
    /// The folder's name.
    pub(in crate::dump) name: &'a str,
    /// The page's number.
    pub(in crate::dump) number: u32,
    /// What it is of; nothing where it is not read.
    pub(in crate::dump) collection: Option<Collection>,
}

/// A page of `zt-export`, by its path below the tree's root.
pub(in crate::dump) fn zero_trust_page(path: &str) -> Option<ZeroTrustPage<'_>> {
    let (name, file) = path.split_once('/')?;
    let number = file.strip_prefix(name)?.strip_prefix('-').and_then(without_ending)?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|_| is_number)?;
    let known = PAGES.iter().find(|(known, _)| *known == name).map(|(_, collection)| *collection);
    let collection = known.or_else(|| name.ends_with("Group").then_some(Some(Collection::Groups)))?;
    Some(ZeroTrustPage { name, number, collection })
}

fn is_named(file: &str, folder: &str) -> bool {
    without_ending(file) == Some(folder)
}

/// A file's name without `.json`, which Windows also writes in capitals.
fn without_ending(file: &str) -> Option<&str> {
    let (name, ending) = file.rsplit_once('.')?;
    ending.eq_ignore_ascii_case("json").then_some(name)
}

/// Whether a file is one that EntraExporter writes for a member, an owner or the like: by itself it says nothing of all users.
pub(in crate::dump) fn is_child(path: &std::path::Path) -> bool {
    let parts: Vec<&str> = path.components().filter_map(|part| part.as_os_str().to_str()).collect();
    match parts.as_slice() {
        [.., relation, id, file] => {
            matches!(*relation, "Members" | "Owners" | "ScopedMembers" | "MemberOf" | "Manager") && is_named(file, id)
        }
        _ => false,
    }
}

/// The roots of trees among the files of a folder, each with its format. Paths are divided by `/`; a root ends in it, or is empty.
pub(in crate::dump) fn roots<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeSet<(String, Dialect)> {
    let mut found: BTreeSet<(String, Dialect)> = BTreeSet::new();
    for path in paths {
        // Files of one tree come by the thousand.
        if found
            .iter()
            .any(|(root, dialect)| path.strip_prefix(root.as_str()).is_some_and(|rest| takes(*dialect, rest)))
        {
            continue;
        }
        let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
        for start in starts {
            let rest = &path[start..];
            let dialect = match leaf(rest) {
                // A single file of that name is common, and tells nothing.
                Leaf::Object(Collection::Organization) | Leaf::Other => {
                    zero_trust_page(rest).map(|_| Dialect::ZeroTrust)
                }
                Leaf::Object(_) | Leaf::Child(..) => Some(Dialect::EntraExporter),
            };
            if let Some(dialect) = dialect {
                found.insert((path[..start].to_owned(), dialect));
                break;
            }
        }
    }
    found
}

/// Whether a file belongs to a tree, by its path below the tree's root.
pub(in crate::dump) fn takes(dialect: Dialect, path: &str) -> bool {
    match dialect {
        Dialect::EntraExporter => {
            let is_its_own = |(top, _): (&str, &str)| TOP_FOLDERS.contains(&top);
            path.split_once('/').is_some_and(is_its_own) && without_ending(path).is_some()
        }
        _ => zero_trust_page(path).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_trees_are_told_by_their_folders() {
        use Collection as C;
        let cases = [
            ("Users/1/1.json", Leaf::Object(C::Users)),
            ("Groups/g/Members/1/1.json", Leaf::Child(C::Groups, "g", "Members")),
            ("DirectoryRoles/r/ScopedMembers/1/1.json", Leaf::Child(C::DirectoryRoles, "r", "ScopedMembers")),
            ("Policies/AuthorizationPolicy/p/p.json", Leaf::Object(C::AuthorizationPolicy)),
            ("RoleManagement/Directory/RoleAssignments/a/a.json", Leaf::Object(C::RoleAssignments)),
            ("Organization/Organization.json", Leaf::Object(C::Organization)),
            ("Users/1.json", Leaf::Other),
            ("users/jan/notes.json", Leaf::Other),
        ];
        for (path, expected) in cases {
            assert_eq!(leaf(path), expected, "{path}");
        }
        let page = |name, number, collection| Some(ZeroTrustPage { name, number, collection });
        assert_eq!(zero_trust_page("User/User-12.json"), page("User", 12, Some(C::Users)));
        assert_eq!(
            zero_trust_page("PrivilegedGroup/PrivilegedGroup-0.json"),
            page("PrivilegedGroup", 0, Some(C::Groups))
        );
        assert_eq!(zero_trust_page("Device/Device-0.json"), page("Device", 0, None));
        for other in ["User/User.json", "User/users-1.json", "User-1.json", "User/User-.json"] {
            assert_eq!(zero_trust_page(other), None, "{other}");
        }
    }

    #[test]
    fn a_tree_takes_what_its_exporter_writes_and_nothing_beside() {
        for (path, expected) in [
            ("Users/1/1.json", true),
            ("Users/1/1.JSON", true),
            ("Applications/a/Owners/1/1.json", true),
            ("exchange/recipients.json", false),
            ("tenant.json", false),
            ("Users/users.csv", false),
        ] {
            assert_eq!(takes(Dialect::EntraExporter, path), expected, "{path}");
        }
        assert_eq!(leaf("Users/1/1.JSON"), Leaf::Object(Collection::Users));
        assert_eq!(leaf("Organization/Organization.Json"), Leaf::Object(Collection::Organization));
        assert_eq!(zero_trust_page("User/User-1.JSON").map(|page| page.number), Some(1));
    }

    #[test]
    fn roots_are_found_wherever_they_lie_and_home_made_folders_have_none() {
        let found = roots(
            [
                "a/zt-export/User/User-0.json",
                "b/Users/1/1.json",
                "b/Users/2/2.json",
                "users.json",
                "c/users/users.json",
            ]
            .into_iter(),
        );
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [("a/zt-export/".to_owned(), Dialect::ZeroTrust), ("b/".to_owned(), Dialect::EntraExporter)]
        );
        assert_eq!(roots(["Organization/Organization.json", "Users.json"].into_iter()), BTreeSet::new());
    }
}
