//! Addresses that two objects hold, or that one object could not get.

use crate::answers::Answers;
use crate::cast::Part;
use crate::ids::{self, Kind};
use crate::people::become_guest;
use crate::user::{User, local_part};
use crate::world::{MANAGED_DOMAINS, World};
use crate::{contacts, deleted, groups};

/// The address that a player of a part shares. No name of a person looks like it.
pub(crate) fn shared(part: Part, player: u64) -> String {
    let local = match part {
        Part::ProxyTwinFirst | Part::ProxyTwinSecond => "helpdesk",
        Part::ProxyOnGroup => "orders",
        Part::ProxyOnContact => "press",
        Part::ProxyOnDeletedUser => "archive",
        _ => "shared",
    };
    format!("{local}-{player}@{}", MANAGED_DOMAINS[0])
}

pub(crate) fn change(world: &World, part: Part, player: u64, user: &mut User) {
    match part {
        Part::ProxyTwinSecond => user.proxies.push(format!("smtp:{}", shared(part, player).to_ascii_uppercase())),
        Part::ProxyTwinFirst | Part::ProxyOnGroup | Part::ProxyOnContact | Part::ProxyOnDeletedUser => {
            user.proxies.push(format!("smtp:{}", shared(part, player)));
        }
        Part::GuestRenamed => {
            let local = local_part(&user.mail).to_owned();
            become_guest(user, &local, "blueharbor.example", true);
            user.mail = format!("alias.{}", user.mail);
            user.proxies = vec![format!("SMTP:{}", user.mail)];
            user.other_mails = vec![user.mail.clone()];
        }
        Part::SyncConflict => {
            user.synced = true;
            user.immutable_id = Some(ids::immutable_id(world.seed, Kind::User, user.number));
            user.sync_conflict = Some(format!("SMTP:{}", world.player(Part::LegacyTwinFirst, player).mail));
        }
        _ => {}
    }
}

pub(crate) fn expect(world: &World, answers: &mut Answers) {
    const RULE: &str = "duplicate-proxy-address";
    for player in 0..world.cast.many {
        let id = |part| world.player_id(part, player);
        let mut held = |part, other: String, whom: &str| {
            let what = format!("{} is held by a user and {whom}", shared(part, player));
            answers.plant(RULE, vec![id(part), other], what);
        };
        held(Part::ProxyTwinFirst, id(Part::ProxyTwinSecond), "another user");
        held(Part::ProxyOnGroup, groups::sharing_id(world, player), "a group");
        held(Part::ProxyOnContact, contacts::sharing_id(world, player), "a contact");
        held(Part::ProxyOnDeletedUser, deleted::sharing_id(world, player), "a deleted user");
        answers.plant(
            "invite-to-proxy-address",
            vec![id(Part::GuestRenamed)],
            "pending guest whose mail is not the address in the sign-in name",
        );
        answers.plant(
            "sync-provisioning-error",
            vec![id(Part::SyncConflict)],
            "synchronization could not write an address that another user holds",
        );
    }
}
