//! The organization and its domains.

use std::io::Write;

use crate::ids::Kind;
use crate::json::Json;
use crate::time::{DAY, EXPORTED_AT, iso};
use crate::world::{FEDERATED_DOMAIN, INITIAL_DOMAIN, MANAGED_DOMAINS, UNVERIFIED_DOMAIN, World};

/// Born with the mail routing of a hybrid tenant.
const ROUTING_DOMAIN: &str = "kestrel.mail.onmicrosoft.com";

struct Domain {
    name: &'static str,
    verified: bool,
    federated: bool,
}

fn domains() -> impl Iterator<Item = Domain> {
    let managed = [INITIAL_DOMAIN, ROUTING_DOMAIN].into_iter().chain(MANAGED_DOMAINS.iter().copied());
    let managed = managed.map(|name| Domain { name, verified: true, federated: false });
    let federated = Domain { name: FEDERATED_DOMAIN, verified: true, federated: true };
    managed.chain([federated, Domain { name: UNVERIFIED_DOMAIN, verified: false, federated: false }])
}

pub(crate) fn write<W: Write>(world: &World, json: &mut Json<W>) {
    json.key("organization").object(|json| organization(world, json));
    json.key("domains").list(|json| domains().for_each(|domain| object(&domain, json)));
}

fn organization<W: Write>(world: &World, json: &mut Json<W>) {
    json.key("id").text(&world.id(Kind::Tenant, 0));
    json.fields(&[("displayName", "Kestrel Marine"), ("countryLetterCode", "NL"), ("preferredLanguage", "en")]);
    json.key("createdDateTime").text(&iso(EXPORTED_AT - 4000 * DAY));
    json.key("onPremisesSyncEnabled").flag(true);
    json.key("onPremisesLastSyncDateTime").text(&iso(EXPORTED_AT - 480));
    json.key("directorySizeQuota").object(|json| {
        let used = world.users + world.groups() + world.contacts() + world.deleted_users();
        json.key("used").number(used);
        json.key("total").number((2 * used).max(300_000));
    });
    json.key("verifiedDomains").list(|json| {
        for domain in domains().filter(|domain| domain.verified) {
            json.object(|json| {
                json.key("name").text(domain.name);
                json.key("capabilities").text("Email, OfficeCommunicationsOnline");
                json.key("isDefault").flag(domain.name == MANAGED_DOMAINS[0]);
                json.key("isInitial").flag(domain.name == INITIAL_DOMAIN);
                json.key("type").text(if domain.federated { "Federated" } else { "Managed" });
            });
        }
    });
}

fn object<W: Write>(domain: &Domain, json: &mut Json<W>) {
    json.object(|json| {
        json.key("id").text(domain.name);
        json.key("authenticationType").text(if domain.federated { "Federated" } else { "Managed" });
        json.key("isAdminManaged").flag(true);
        json.key("isDefault").flag(domain.name == MANAGED_DOMAINS[0]);
        json.key("isInitial").flag(domain.name == INITIAL_DOMAIN);
        json.key("isRoot").flag(!domain.name.ends_with(".kestrel.example"));
        json.key("isVerified").flag(domain.verified);
        let services: &[&str] = if domain.verified { &["Email", "OfficeCommunicationsOnline"] } else { &[] };
        json.key("supportedServices").texts(services);
    });
}
