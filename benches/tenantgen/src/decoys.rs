//! Objects that look faulty and are not: no rule may find them.

use crate::answers::Answers;
use crate::cast::Part;
use crate::deleted;
use crate::export::skus::subscribed_id;
use crate::ids::{self, Kind};
use crate::people::{become_guest, legacy_address};
use crate::plans::{MCOPSTN2, SHAREPOINT_PROJECT, SHAREPOINTENTERPRISE};
use crate::skus::Sku;
use crate::user::{Holding, User, local_part};
use crate::world::{FEDERATED_DOMAIN, MANAGED_DOMAINS, World};

/// Changes a user as a decoy asks; other parts change nothing here.
pub(crate) fn change(world: &World, part: Part, player: u64, user: &mut User) {
    match part {
        Part::Target => with_apostrophe(user),
        Part::LegacyTwinFirst | Part::LegacyTwinSecond => {
            user.proxies.push(legacy_address(&format!("moved-mailbox-{player}")));
        }
        Part::ChatTwinFirst | Part::ChatTwinSecond => {
            let site = world.id(Kind::Site, 2 * world.users + player);
            user.proxies.push(format!("SPO:SPO_{site}@SPO_{}", world.id(Kind::Tenant, 0)));
            user.proxies.push(format!("SIP:bridge-{player}@{}", MANAGED_DOMAINS[0]));
        }
        Part::StackedE1 => {
            user.holdings = [Sku::Office365E1NoTeams, Sku::TeamsEnterprise].map(Holding::direct).into();
            user.proxies.push(format!("smtp:{}", user.mail.to_ascii_uppercase()));
        }
        Part::StackedE3 => {
            user.holdings = [Sku::Microsoft365E3NoTeams, Sku::TeamsEnterprise].map(Holding::direct).into();
            with_apostrophe(user);
        }
        Part::FederatedWithAnchor => {
            user.move_to(FEDERATED_DOMAIN);
            user.immutable_id = Some(ids::immutable_id(world.seed, Kind::User, user.number));
        }
        Part::OnePlanTwice => user.holdings.push(Holding::direct(Sku::Mobility)),
        Part::Leaver => {
            user.enabled = false;
            user.holdings = Vec::new();
            user.usage_location = if player.is_multiple_of(2) { None } else { Some("") };
        }
        Part::PlansOff => {
            user.holdings = vec![
                Holding::direct(Sku::Microsoft365F3),
                Holding::direct(Sku::CallingDomestic),
                Holding::without(Sku::CallingInternational, &[MCOPSTN2]),
                Holding::without(Sku::Project, &[SHAREPOINTENTERPRISE, SHAREPOINT_PROJECT]),
            ];
        }
        Part::BaseElsewhere => user.holdings.push(Holding::without(Sku::Project, &[SHAREPOINTENTERPRISE])),
        Part::PlainGuest => {
            let local = local_part(&user.mail).to_owned();
            become_guest(user, &local, "pilotage.example", true);
        }
        _ => {}
    }
}

fn with_apostrophe(user: &mut User) {
    let name = format!("pat.o'neil{}@{}", user.number, MANAGED_DOMAINS[0]);
    user.display_name = "Pat O'Neil".to_owned();
    user.proxies = vec![format!("SMTP:{name}")];
    user.mail = name.clone();
    user.sign_in = name;
}

/// Names every decoy and the rules it tempts.
pub(crate) fn expect(world: &World, answers: &mut Answers) {
    const PROXY: &str = "duplicate-proxy-address";
    const LOCATION: &str = "usage-location-missing";
    const CONFLICT: &str = "service-plans-conflict";
    const DEPENDENCY: &str = "service-plan-dependency-missing";
    const DELETED: &str = "deleted-user-holds-name";
    const FULL: &str = "licenses-exhausted";
    const OVER: &str = "licenses-over-assigned";
    let mut tempt_users = |parts: &[Part], rules: &[&'static str], what: &str| {
        for player in world.players(parts[0]) {
            let objects = parts.iter().map(|part| world.player_id(*part, player)).collect();
            answers.tempt(rules, objects, what);
        }
    };
    tempt_users(
        &[Part::LegacyTwinFirst, Part::LegacyTwinSecond],
        &[PROXY],
        "one X500 address on two users; it is no mail address",
    );
    tempt_users(
        &[Part::ChatTwinFirst, Part::ChatTwinSecond],
        &[PROXY],
        "one SPO and one SIP address on two users; neither is a mail address",
    );
    tempt_users(&[Part::StackedE1], &[PROXY], "one address twice on one user, in other case");
    tempt_users(&[Part::StackedE1], &[CONFLICT], "Exchange Plan 1 and Kiosk together, as they are sold");
    tempt_users(&[Part::StackedE3], &[CONFLICT], "Exchange Plan 2 and Kiosk together, as they are sold");
    tempt_users(&[Part::OnePlanTwice], &[CONFLICT], "one plan from two licenses");
    tempt_users(
        &[Part::OnePlanTwice],
        &["license-assignment-failed"],
        "license states with the error None and with none at all",
    );
    tempt_users(&[Part::PlansOff], &[CONFLICT, DEPENDENCY], "the plans that would not fit are switched off");
    tempt_users(&[Part::BaseElsewhere], &[DEPENDENCY], "the base of a plan comes from another license");
    tempt_users(
        &[Part::FederatedWithAnchor],
        &["user-name-domain-federated"],
        "user made in the cloud, in a federated domain, with immutable id",
    );
    tempt_users(&[Part::Leaver], &[LOCATION], "blocked user without license and without location");
    tempt_users(&[Part::PlainGuest], &[LOCATION], "guest without license and without location");
    tempt_users(
        &[Part::PlainGuest],
        &["user-name-domain-not-verified", "invite-to-proxy-address"],
        "pending guest whose mail is the address in the sign-in name, underscore and all",
    );
    tempt_users(&[Part::StackedE3], &["duplicate-user-name"], "apostrophe in a sign-in name");
    tempt_users(&[Part::Target], &["duplicate-user-name"], "apostrophe in the sign-in name of a request's target");
    tempt_users(
        &[Part::SilentEligibleAdmin],
        &["creator-lacks-role", "no-active-administrator"],
        "holder of an eligible role who asks for nothing",
    );
    tempt_users(
        &[Part::SilentScopedAdmin],
        &["creator-lacks-role", "license-admin-lacks-role"],
        "holder of a role in an administrative unit who asks for nothing",
    );
    for player in 0..world.cast.many {
        answers.tempt(&[DELETED], vec![deleted::unused_id(world, player)], "deleted user whose name nobody uses");
        let strange = vec![deleted::strange_prefix_id(world, player)];
        answers.tempt(&[DELETED], strange, "deleted user whose name begins with an id that is not its own");
    }
    let mut tempt_sku = |sku, what| answers.tempt(&[FULL, OVER], vec![subscribed_id(world, sku)], what);
    tempt_sku(Sku::WindowsStore, "no seat bought and none taken");
    tempt_sku(Sku::AudioConferencing, "suspended, without a seat");
    tempt_sku(Sku::Office365E3, "fewer paid seats than taken, but seats in their grace period count");
}
