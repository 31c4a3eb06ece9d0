//! What people want to do: requests that must fail for one reason, and requests with nothing wrong.

use crate::answers::Answers;
use crate::cast::Part;
use crate::contacts;
use crate::export::skus::subscribed_id;
use crate::groups;
use crate::ids::{self, Kind};
use crate::skus::Sku;
use crate::world::{FEDERATED_DOMAIN, MANAGED_DOMAINS, UNLISTED_DOMAIN, UNVERIFIED_DOMAIN, World};

/// A request; the fields are those of the collection.
#[derive(Default)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) operation: &'static str,
    pub(crate) actor: String,
    pub(crate) target: Option<String>,
    pub(crate) add: Option<Sku>,
    pub(crate) remove: Option<Sku>,
    pub(crate) address: Option<String>,
    pub(crate) sign_in: Option<String>,
    pub(crate) immutable_id: Option<String>,
    /// The rule that must find it, or the rules that it tempts.
    rules: Vec<&'static str>,
    healthy: bool,
    what: &'static str,
}

struct Desk<'a> {
    world: &'a World,
    requests: Vec<Request>,
}

impl Desk<'_> {
    fn name(&self, part: Part, player: u64) -> String {
        self.world.player(part, player).sign_in
    }

    /// Takes a request that one rule must find.
    fn faulty(&mut self, rule: &'static str, what: &'static str, request: Request) {
        self.take(Request { rules: vec![rule], what, ..request });
    }

    /// Takes a request that no rule may find.
    fn healthy(&mut self, tempted: &[&'static str], what: &'static str, request: Request) {
        self.take(Request { rules: tempted.to_vec(), what, healthy: true, ..request });
    }

    fn take(&mut self, request: Request) {
        let id = format!("request-{:02}-{}", self.requests.len() + 1, request.operation);
        self.requests.push(Request { id, ..request });
    }

    /// Somebody wants an account with this name.
    fn create(&self, actor: Part, sign_in: String) -> Request {
        let actor = self.name(actor, 0);
        Request { operation: "create-user", actor, sign_in: Some(sign_in), ..Request::default() }
    }

    /// A name that nobody has, for the next request.
    fn new_name(&self, domain: &str) -> String {
        format!("new-hire-{}@{domain}", self.requests.len() + 1)
    }

    fn assign(&self, actor: Part, target: String, sku: Sku) -> Request {
        let actor = self.name(actor, 0);
        Request { operation: "assign-license", actor, target: Some(target), add: Some(sku), ..Request::default() }
    }

    fn remove(&self, target: String, sku: Sku) -> Request {
        let actor = self.name(Part::UserAdmin, 0);
        Request { operation: "remove-license", actor, target: Some(target), remove: Some(sku), ..Request::default() }
    }

    fn reset(&self, target: String) -> Request {
        let actor = self.name(Part::UserAdmin, 0);
        Request { operation: "reset-password", actor, target: Some(target), ..Request::default() }
    }
}

/// All requests, in the order of the export.
pub(crate) fn all(world: &World) -> Vec<Request> {
    let mut desk = Desk { world, requests: Vec::new() };
    for round in 0..world.cast.few {
        creations(&mut desk, round);
        license_changes(&mut desk, round);
        missing_target(&mut desk, round);
    }
    healthy(&mut desk);
    desk.requests
}

fn creations(desk: &mut Desk<'_>, round: u64) {
    let role = "creator-lacks-role";
    let managed = MANAGED_DOMAINS[round as usize];
    let request = desk.create(Part::Target, desk.new_name(managed));
    desk.faulty(role, "the actor has no role", request);
    let request = desk.create(Part::ScopedAdmin, desk.new_name(managed));
    desk.faulty(role, "the actor has the role in an administrative unit only", request);
    let request = desk.create(Part::EligibleAdmin, desk.new_name(managed));
    desk.faulty(role, "the actor must activate the role first", request);

    let unverified = "user-name-domain-not-verified";
    let request = desk.create(Part::UserAdmin, desk.new_name(UNVERIFIED_DOMAIN));
    desk.faulty(unverified, "a name in a domain that is not verified", request);
    let request = desk.create(Part::GlobalAdmin, desk.new_name(UNLISTED_DOMAIN));
    desk.faulty(unverified, "a name in a domain that is not listed", request);
    let request = desk.create(Part::UserAdmin, desk.new_name(FEDERATED_DOMAIN));
    desk.faulty("user-name-domain-federated", "a name in a federated domain, without immutable id", request);

    let taken = "user-name-taken";
    let holder = desk.name(Part::LegacyTwinSecond, round).to_ascii_uppercase();
    let request = desk.create(Part::UserAdmin, holder);
    desk.faulty(taken, "the sign-in name of a user, in other case", request);
    let group = groups::group(desk.world, groups::team(desk.world, round));
    let request = desk.create(Part::UserAdmin, group.mail.unwrap_or_default());
    desk.faulty(taken, "the address of a group", request);
    let contact = contacts::contact(desk.world, contacts::inside(desk.world, round));
    let request = desk.create(Part::UserAdmin, contact.mail);
    desk.faulty(taken, "the mail of a contact", request);
}

fn license_changes(desk: &mut Desk<'_>, round: u64) {
    let target = desk.name(Part::Target, round);
    let request = desk.assign(Part::HelpdeskAdmin, target.clone(), Sku::PhoneSystem);
    desk.faulty("license-admin-lacks-role", "the actor is Helpdesk Administrator only", request);
    let request = desk.assign(Part::UserAdmin, target, Sku::PowerBiPro);
    desk.faulty("licenses-exhausted", "no seat is free", request);
    let request = desk.remove(desk.name(Part::RemovalBlocked, round), Sku::Microsoft365E3);
    desk.faulty("dependent-service-blocks-removal", "Project needs the SharePoint plan that would go", request);
    let request = desk.remove(desk.name(Part::InheritedOnly, round), Sku::Microsoft365E3);
    desk.faulty("license-inherited-from-group", "the license comes from a group only", request);
}

fn missing_target(desk: &mut Desk<'_>, round: u64) {
    let nobody = format!("x{}", desk.name(Part::Target, round));
    let request = match round {
        0 => desk.assign(Part::UserAdmin, nobody, Sku::PhoneSystem),
        1 => desk.remove(nobody, Sku::FlowFree),
        _ => desk.reset(nobody),
    };
    desk.faulty("request-target-not-found", "nobody has this name", request);
}

fn healthy(desk: &mut Desk<'_>) {
    let request = desk.create(Part::UserAdmin, desk.new_name("Kestrel-Labs.EXAMPLE"));
    desk.healthy(&["user-name-domain-not-verified"], "a new name in a verified domain, in capitals", request);
    let anchor = Some(ids::immutable_id(desk.world.seed, Kind::Stranger, 0));
    let request = desk.create(Part::GlobalAdmin, desk.new_name(FEDERATED_DOMAIN));
    let request = Request { immutable_id: anchor, ..request };
    desk.healthy(&["user-name-domain-federated"], "a new name in a federated domain, with immutable id", request);
    let target = desk.name(Part::Target, 0);
    let request = desk.assign(Part::UserAdmin, target.to_ascii_uppercase(), Sku::PhoneSystem);
    desk.healthy(&["request-target-not-found"], "the target's name in capitals, with an apostrophe", request);
    let request = desk.assign(Part::LicenseAdminByGroup, target.clone(), Sku::Mobility);
    desk.healthy(&["license-admin-lacks-role"], "the actor has the role through a group", request);
    let request = desk.remove(target.clone(), Sku::FlowFree);
    desk.healthy(&["license-inherited-from-group"], "a direct license that nothing needs", request);
    let request = desk.remove(desk.name(Part::BaseElsewhere, 0), Sku::Project);
    desk.healthy(&["dependent-service-blocks-removal"], "the dependent license goes, its base stays", request);
    let request = desk.reset(target);
    desk.healthy(&["request-target-not-found"], "a password reset for somebody without a role", request);
    let address = Some("first.mate@harbor-school.example".to_owned());
    let actor = desk.name(Part::UserAdmin, 0);
    let request = Request { operation: "invite-guest", actor, address, ..Request::default() };
    desk.healthy(&["invite-to-proxy-address"], "an address that nobody here has", request);
}

/// Adds what must be found about the requests.
pub(crate) fn expect(world: &World, answers: &mut Answers) {
    for request in all(world) {
        if request.healthy {
            answers.tempt(&request.rules, vec![request.id], request.what);
            continue;
        }
        for rule in request.rules {
            let mut objects = vec![request.id.clone()];
            // Whoever asks for a seat that is not there makes the license itself worth a finding.
            if rule == "licenses-exhausted" {
                objects.extend(request.add.map(|sku| subscribed_id(world, sku)));
            }
            answers.plant(rule, objects, request.what);
        }
    }
}
