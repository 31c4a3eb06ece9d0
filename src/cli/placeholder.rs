//! What a placeholder of a rule is called on its page: what stands there is known only when an object was found.

use crate::language::Language;
use crate::pack::model::{Alias, Filter, Path, Rule, Template, TemplatePart};
use crate::tenant::schema::Collection;

/// What properties are called: the last name of a path, in English and in Dutch.
#[rustfmt::skip] // one name, one line
const NAMES: &[(&str, &str, &str)] = &[
    ("userPrincipalName", "sign-in name", "gebruikersnaam"), ("originalUserPrincipalName", "sign-in name", "gebruikersnaam"),
    ("issuerAssignedId", "sign-in name", "gebruikersnaam"), ("target", "sign-in name", "gebruikersnaam"), ("onPremisesUserPrincipalName", "sign-in name in Active Directory", "gebruikersnaam in Active Directory"),
    ("displayName", "name", "naam"), ("name", "name", "naam"), ("principalName", "name", "naam"), ("person", "name", "naam"),
    ("nameAskedBefore", "id of that request", "id van die aanvraag"), ("nameGrantedBefore", "id of that request", "id van die aanvraag"),
    ("eligible", "names", "namen"), ("nearest", "similar names", "namen die erop lijken"),
    ("mail", "e-mail address", "e-mailadres"), ("otherMails", "e-mail address", "e-mailadres"), ("address", "address", "adres"), ("key", "address", "adres"),
    ("id", "id", "id"), ("principalId", "id", "id"), ("skuId", "id of the product", "id van het product"), ("assignedByGroup", "id of the group", "id van de groep"),
    ("tenantId", "id of the directory", "id van de directory"), ("homeTenantId", "id of the directory", "id van de directory"), ("employeeId", "employee ID", "personeelsnummer"),
    ("scope", "/subscriptions/<id of the subscription>", "/subscriptions/<id van het abonnement>"), ("subscription", "subscription", "abonnement"), ("roleDefinitionName", "role", "rol"), ("role", "role", "rol"),
    ("member", "service", "service"), ("other", "other service", "andere service"), ("needs", "services it needs", "services die hij nodig heeft"), ("serviceInstance", "service", "service"),
    ("holders", "names of all who have it", "namen van wie het hebben"), ("groups", "names of the groups", "namen van de groepen"), ("licensedGroups", "names of the groups", "namen van de groepen"),
    ("item", "address", "adres"), ("value", "value", "waarde"), ("usageLocation", "usage location", "gebruikslocatie"), ("countryLetterCode", "country code", "landcode"),
    ("initialDomain", "initial domain", "eerste domein"), ("companyName", "company", "bedrijf"), ("edition", "edition", "editie"),
    ("state", "state", "status"), ("capabilityStatus", "state", "status"), ("error", "error", "fout"), ("errorDetail", "text of the error", "tekst van de fout"),
    ("activity", "activity", "activiteit"), ("activityDisplayName", "activity", "activiteit"), ("result", "result", "resultaat"), ("resultReason", "reason", "reden"),
    ("by", "who did it", "wie het deed"), ("changes", "changes", "wijzigingen"), ("history", "what is on record", "wat is vastgelegd"),
    ("when", "date", "datum"), ("activityDateTime", "date", "datum"), ("nextLifecycleDateTime", "date", "datum"), ("deletedDateTime", "date", "datum"),
    ("licensesChanged", "date", "datum"), ("onPremisesLastSyncDateTime", "date", "datum"),
    ("count", "number", "aantal"), ("consumedUnits", "number", "aantal"), ("enabled", "number", "aantal"), ("warning", "number", "aantal"), ("proxyAddressCount", "number", "aantal"),
    ("primaryAddressCount", "number", "aantal"), ("countViolations", "number", "aantal"), ("membersWaiting", "number", "aantal"), ("licensesMissing", "number", "aantal"), ("guests", "number", "aantal"),
    ("totalLicenses", "number", "aantal"), ("needed", "number", "aantal"), ("owned", "number", "aantal"), ("covered", "number", "aantal"), ("buy", "number", "aantal"),
    ("used", "number", "aantal"), ("total", "number", "aantal"), ("groupCount", "number", "aantal"),
];

/// Whose property it is, where the name of the look-up tells more than its collection, in English and in Dutch.
#[rustfmt::skip] // one name, one line
const OWNERS: &[(&str, &str, &str)] = &[
    ("live", "of the active user", "van de actieve gebruiker"), ("inner", "of the group inside", "van de groep die erin zit"),
    ("person", "of the person concerned", "van de betrokkene"), ("target-by-id", "of the person concerned", "van de betrokkene"),
    ("target-by-name", "of the person concerned", "van de betrokkene"),
];

/// What says enough without an owner, in English and in Dutch.
const ALONE: [&str; 8] = ["date", "datum", "number", "aantal", "product", "domain", "domein", "role"];

/// A text with its placeholders in angle brackets, in words.
pub(crate) fn in_words(rule: &Rule, template: &Template, language: Language) -> String {
    written(template, |path, _| bracketed(&name(rule, path, language)))
}

/// The same for the text of a fix: what stands there without a value fits into the sentence.
pub(crate) fn in_a_fix(rule: &Rule, template: &Template, language: Language) -> String {
    written(template, |path, fallback| match fallback {
        Some(text) => bracketed(text),
        None => bracketed(&name(rule, path, language)),
    })
}

/// In angle brackets, unless the text says itself which part of it is to be filled in.
fn bracketed(text: &str) -> String {
    if text.contains('<') { text.to_owned() } else { format!("<{text}>") }
}

fn written(template: &Template, placeholder: impl Fn(&Path, Option<&str>) -> String) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.clone(),
        TemplatePart::Placeholder { path, fallback } => placeholder(path, fallback.as_deref()),
    };
    template.parts.iter().map(part).collect()
}

fn name(rule: &Rule, path: &Path, language: Language) -> String {
    let pick = |(_, english, dutch): &(&str, &'static str, &'static str)| match language {
        Language::English => *english,
        Language::Dutch => *dutch,
    };
    let find = |table: &[(&str, &'static str, &'static str)], key: &str| {
        table.iter().find(|(known, ..)| *known == key).map(pick)
    };
    let last = path.segments.last().map_or("item", String::as_str);
    let own = find(NAMES, last).unwrap_or(last);
    let of_domain = matches!(path.alias, Alias::LookUp(index)
        if rule.look_ups.get(usize::from(index)).is_some_and(|look_up| look_up.collection == Collection::Domains));
    let own = match path.filters.last() {
        // A domain's id is its name.
        None if of_domain && last == "id" => pick(&("", "domain", "domein")).to_owned(),
        Some(Filter::Product) => pick(&("", "product", "product")).to_owned(),
        Some(Filter::Domain) => pick(&("", "domain", "domein")).to_owned(),
        Some(Filter::Local) => format!("{own} {}", pick(&("", "before the @", "vóór de @"))),
        Some(Filter::ExtAddress) => pick(&("", "address", "adres")).to_owned(),
        Some(Filter::LicenseError | Filter::Meaning) => pick(&("", "what it means", "wat het betekent")).to_owned(),
        _ => own.to_owned(),
    };
    let owner = match path.alias {
        Alias::Object | Alias::Item | Alias::Settings => "",
        Alias::Actor => pick(&("", "of the person who asks", "van wie het vraagt")),
        Alias::Target => pick(&("", "of the person concerned", "van de betrokkene")),
        Alias::Organization => pick(&("", "of the organization", "van de organisatie")),
        Alias::LookUp(index) => rule.look_ups.get(usize::from(index)).map_or("", |look_up| {
            find(OWNERS, &look_up.name).unwrap_or_else(|| match look_up.collection {
                Collection::Groups => pick(&("", "of the group", "van de groep")),
                Collection::Contacts => pick(&("", "of the contact", "van de contactpersoon")),
                Collection::DeletedUsers => pick(&("", "of the deleted user", "van de verwijderde gebruiker")),
                Collection::AzureSubscriptions => pick(&("", "of the subscription", "van het abonnement")),
                Collection::CrossTenantAccessPolicyPartners => pick(&("", "of the organization", "van de organisatie")),
                Collection::B2xUserFlows => pick(&("", "of the user flow", "van de gebruikersstroom")),
                Collection::Users => pick(&("", "of that account", "van dat account")),
                _ => "",
            })
        }),
    };
    if ALONE.contains(&own.as_str()) {
        return own;
    }
    format!("{own} {owner}").trim_end().to_owned()
}
