//! How Graph itself names what it hands out: the contexts of pages, the types of objects, the links to more of them.

use crate::tenant::schema::Collection;

/// The collection that a page's `@odata.context` names.
pub(in crate::dump) fn from_context(context: &str) -> Option<Collection> {
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
pub(in crate::dump) fn is_part(context: &str) -> bool {
    let Some((_, fragment)) = context.split_once("$metadata#") else { return false };
    if let Some(collection) = from_context(context) {
        return fragment.ends_with("/$entity") && !collection.schema().single;
    }
    let path = without_parentheses(fragment);
    path == "directoryObjects" || path.contains('/') && !path.starts_with("policies/")
}

/// Whether a link or a context is about changes, and not about all objects. Source: Microsoft's documentation of delta queries.
pub(in crate::dump) fn is_of_changes(text: &str) -> bool {
    let path = text.split('?').next().unwrap_or(text).trim_end_matches("()");
    text.contains("/$delta") || path.ends_with("/delta") || path.ends_with(".delta")
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

/// The collection of a path that ends like this.
fn from_exact_path(last: &str) -> Option<Collection> {
    // `groups('…')/members` and the like hold other objects than their last segment says
    if matches!(last, "members" | "owners" | "memberOf" | "manager") {
        return None;
    }
    Collection::from_key(last)
}

#[cfg(test)]
mod tests {
    use super::*;

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
