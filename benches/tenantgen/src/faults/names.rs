//! Sign-in names that somebody else holds, and sign-in names in the wrong domain.

use crate::answers::Answers;
use crate::cast::Part;
use crate::user::{User, local_part};
use crate::world::{FEDERATED_DOMAIN, UNLISTED_DOMAIN, UNVERIFIED_DOMAIN, World};
use crate::{contacts, deleted};

pub(crate) fn change(world: &World, part: Part, player: u64, user: &mut User) {
    match part {
        Part::NameTwinSecond => {
            let first = world.player(Part::NameTwinFirst, player).sign_in;
            user.separate_mail();
            user.sign_in = other_case(&first);
        }
        // The address is then on one object only, and the name on the other.
        Part::NameIsProxyOwner | Part::NameOnContact => user.separate_mail(),
        Part::NameIsProxyHolder => {
            user.proxies.push(format!("smtp:{}", world.player(Part::NameIsProxyOwner, player).sign_in));
        }
        Part::DomainUnverified => user.move_to(UNVERIFIED_DOMAIN),
        Part::DomainUnlisted => user.move_to(UNLISTED_DOMAIN),
        Part::DomainFederated => user.move_to(FEDERATED_DOMAIN),
        _ => {}
    }
}

/// The same name, with every letter before the `@` in the other case.
fn other_case(name: &str) -> String {
    let local = local_part(name);
    let swap = |letter: char| {
        if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
    };
    local.chars().map(swap).chain(name[local.len()..].chars()).collect()
}

pub(crate) fn expect(world: &World, answers: &mut Answers) {
    for player in 0..world.cast.many {
        let id = |part| world.player_id(part, player);
        let mut plant = |rule, objects: Vec<String>, what| answers.plant(rule, objects, what);
        plant(
            "duplicate-user-name",
            vec![id(Part::NameTwinFirst), id(Part::NameTwinSecond)],
            "one sign-in name on two users, in other case",
        );
        plant(
            "duplicate-user-name",
            vec![id(Part::NameIsProxyOwner), id(Part::NameIsProxyHolder)],
            "a sign-in name is the address of another user",
        );
        plant(
            "duplicate-user-name",
            vec![id(Part::NameOnContact), contacts::name_holder_id(world, player)],
            "a sign-in name is the address of a contact",
        );
        plant(
            "deleted-user-holds-name",
            vec![deleted::name_holder_id(world, player)],
            "the name of a deleted user is in use again",
        );
        plant(
            "user-name-domain-not-verified",
            vec![id(Part::DomainUnverified)],
            "user in a domain that is not verified",
        );
        plant("user-name-domain-not-verified", vec![id(Part::DomainUnlisted)], "user in a domain that is not listed");
        plant(
            "user-name-domain-federated",
            vec![id(Part::DomainFederated)],
            "user made in the cloud, in a federated domain, without immutable id",
        );
    }
}
