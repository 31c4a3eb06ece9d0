//! Policies, identity providers and user flows.

use super::{Collect, Collection, CollectionSchema, Kind, computed, flag, object, objects, text, texts};

pub(super) static AUTHORIZATION_POLICY: CollectionSchema = CollectionSchema {
    collection: Collection::AuthorizationPolicy,
    name: "authorizationPolicy",
    aliases: &["authorizationPolicies"],
    noun: "authorization policy",
    single: true,
    properties: &[
        text("id"),
        text("allowInvitesFrom"),
        flag("allowedToSignUpEmailBasedSubscriptions"),
        flag("allowEmailVerifiedUsersToJoinOrganization"),
        flag("allowedToUseSSPR"),
        text("guestUserRoleId"),
    ],
    collect: Some(Collect {
        path: "policies/authorizationPolicy",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: None,
        scope: "Policy.Read.All",
        role: "Global Reader",
    }),
};

pub(super) static AUTHENTICATION_FLOWS_POLICY: CollectionSchema = CollectionSchema {
    collection: Collection::AuthenticationFlowsPolicy,
    name: "authenticationFlowsPolicy",
    aliases: &[],
    noun: "authentication flows policy",
    single: true,
    properties: &[text("id"), object("selfServiceSignUp", &["isEnabled"])],
    collect: Some(Collect {
        path: "policies/authenticationFlowsPolicy",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: None,
        scope: "Policy.Read.All",
        role: "Global Reader",
    }),
};

pub(super) static CROSS_TENANT_ACCESS_POLICY_DEFAULT: CollectionSchema = CollectionSchema {
    collection: Collection::CrossTenantAccessPolicyDefault,
    name: "crossTenantAccessPolicyDefault",
    aliases: &[],
    noun: "default cross-tenant access setting",
    single: true,
    properties: &[
        flag("isServiceDefault"),
        object("b2bCollaborationInbound", &["usersAndGroups", "applications"]),
        object("b2bCollaborationOutbound", &["usersAndGroups", "applications"]),
        object("inboundTrust", &["isMfaAccepted"]),
    ],
    collect: Some(Collect {
        path: "policies/crossTenantAccessPolicy/default",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: None,
        scope: "Policy.Read.All",
        role: "Global Reader",
    }),
};

pub(super) static CROSS_TENANT_ACCESS_POLICY_PARTNERS: CollectionSchema = CollectionSchema {
    collection: Collection::CrossTenantAccessPolicyPartners,
    name: "crossTenantAccessPolicyPartners",
    aliases: &[],
    noun: "partner's cross-tenant access setting",
    single: false,
    properties: &[
        text("tenantId"),
        object("b2bCollaborationInbound", &["usersAndGroups", "applications"]),
        object("b2bCollaborationOutbound", &["usersAndGroups", "applications"]),
        object("inboundTrust", &["isMfaAccepted"]),
    ],
    collect: Some(Collect {
        path: "policies/crossTenantAccessPolicy/partners",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: None,
        scope: "Policy.Read.All",
        role: "Global Reader",
    }),
};

pub(super) static B2B_MANAGEMENT_POLICY: CollectionSchema = CollectionSchema {
    collection: Collection::B2bManagementPolicy,
    name: "b2bManagementPolicy",
    aliases: &["b2bManagementPolicies"],
    noun: "B2B management policy",
    single: true,
    properties: &[
        text("id"),
        text("displayName"),
        text("type"),
        texts("definition"),
        computed("allowedDomains", Kind::Texts),
        computed("blockedDomains", Kind::Texts),
        computed("domainList", Kind::Text),
    ],
    collect: None, // only in Graph's beta, below legacy/policies
};

pub(super) static IDENTITY_PROVIDERS: CollectionSchema = CollectionSchema {
    collection: Collection::IdentityProviders,
    name: "identityProviders",
    aliases: &["identityProvider"],
    noun: "identity provider",
    single: false,
    properties: &[text("id"), text("displayName"), text("identityProviderType"), text("clientId")],
    collect: Some(Collect {
        path: "identity/identityProviders",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: None,
        scope: "IdentityProvider.Read.All",
        role: "Global Reader",
    }),
};

pub(super) static B2X_USER_FLOWS: CollectionSchema = CollectionSchema {
    collection: Collection::B2xUserFlows,
    name: "b2xUserFlows",
    aliases: &["b2xIdentityUserFlows", "userFlows"],
    noun: "user flow",
    single: false,
    properties: &[
        text("id"),
        text("userFlowType"),
        objects("identityProviders", &["id", "displayName", "identityProviderType"]),
        objects("userFlowIdentityProviders", &["id", "displayName", "identityProviderType"]),
        objects("applications", &["appId", "displayName"]),
    ],
    collect: Some(Collect {
        path: "identity/b2xUserFlows",
        query: "$expand=userFlowIdentityProviders",
        select: false,
        per_object: &[],
        cmdlet: None,
        scope: "IdentityUserFlow.Read.All",
        role: "Global Reader",
    }),
};
