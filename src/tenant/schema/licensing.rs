//! Domains, products, subscriptions and the organization itself.

use super::{Collect, Collection, CollectionSchema, Kind, computed, date, flag, number, object, objects, text, texts};

pub(super) static DOMAINS: CollectionSchema = CollectionSchema {
    collection: Collection::Domains,
    name: "domains",
    aliases: &["domain"],
    noun: "domain",
    single: false,
    properties: &[
        text("id"),
        flag("isVerified"),
        flag("isInitial"),
        flag("isDefault"),
        text("authenticationType"),
        texts("supportedServices"),
    ],
    collect: Some(Collect {
        path: "domains",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: Some("Get-MgDomain"),
        scope: "Domain.Read.All",
        role: "Global Reader",
    }),
};

pub(super) static SUBSCRIBED_SKUS: CollectionSchema = CollectionSchema {
    collection: Collection::SubscribedSkus,
    name: "subscribedSkus",
    aliases: &["subscribedSku", "skus"],
    noun: "license",
    single: false,
    properties: &[
        text("id"),
        text("skuId"),
        text("skuPartNumber"),
        text("capabilityStatus"),
        text("appliesTo"),
        number("consumedUnits"),
        object("prepaidUnits", &["enabled", "warning", "suspended", "lockedOut"]),
        objects("servicePlans", &["servicePlanId", "servicePlanName", "provisioningStatus", "appliesTo"]),
        texts("subscriptionIds"),
        computed("countViolations", Kind::Number),
        computed("membersWaiting", Kind::Number),
        computed("licensesMissing", Kind::Number),
        computed("licensedGroups", Kind::Texts),
    ],
    collect: Some(Collect {
        path: "subscribedSkus",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: Some("Get-MgSubscribedSku"),
        scope: "Organization.Read.All",
        role: "Global Reader",
    }),
};

pub(super) static SUBSCRIPTIONS: CollectionSchema = CollectionSchema {
    collection: Collection::Subscriptions,
    name: "subscriptions",
    aliases: &["companySubscriptions", "directorySubscriptions"],
    noun: "subscription",
    single: false,
    properties: &[
        text("id"),
        text("skuId"),
        text("skuPartNumber"),
        text("status"),
        number("totalLicenses"),
        flag("isTrial"),
        date("createdDateTime"),
        date("nextLifecycleDateTime"),
    ],
    collect: Some(Collect {
        path: "directory/subscriptions",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: None,
        scope: "Organization.Read.All",
        role: "Global Reader",
    }),
};

pub(super) static ORGANIZATION: CollectionSchema = CollectionSchema {
    collection: Collection::Organization,
    name: "organization",
    aliases: &["organizations", "tenantDetails"],
    noun: "organization",
    single: true,
    properties: &[
        text("id"),
        text("displayName"),
        text("countryLetterCode"),
        text("preferredLanguage"),
        flag("onPremisesSyncEnabled"),
        date("onPremisesLastSyncDateTime"),
        object("directorySizeQuota", &["used", "total"]),
        objects("verifiedDomains", &["name", "isDefault", "isInitial", "type"]),
        date("createdDateTime"),
        computed("initialDomain", Kind::Text),
    ],
    collect: Some(Collect {
        path: "organization",
        query: "",
        select: false,
        per_object: &[],
        cmdlet: Some("Get-MgOrganization"),
        scope: "Organization.Read.All",
        role: "Global Reader",
    }),
};
