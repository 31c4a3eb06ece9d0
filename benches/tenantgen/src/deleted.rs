//! Users in the recycle bin. Their sign-in name stands behind their own id, without dashes.

use crate::cast::Part;
use crate::faults::addresses;
use crate::ids::{self, Kind};
use crate::names::{GIVEN_NAMES, SURNAMES};
use crate::rng::{Dice, Stream};
use crate::time;
use crate::world::{MANAGED_DOMAINS, World};

/// A deleted user.
pub(crate) struct Deleted {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) sign_in: String,
    pub(crate) mail: String,
    pub(crate) proxies: Vec<String>,
    pub(crate) immutable_id: Option<String>,
    pub(crate) at: u64,
}

/// A deleted user by its number. The first of them share something with a live user.
pub(crate) fn deleted(world: &World, number: u64) -> Deleted {
    let mut dice = Dice::new(world.seed, Stream::Deleted, number);
    let (given, surname) = (dice.pick(GIVEN_NAMES), dice.pick(SURNAMES));
    let id = world.id(Kind::DeletedUser, number);
    let mut prefix = id.replace('-', "");
    let mail = format!("{}.{}.left{number}@{}", given.plain, surname.plain, dice.pick(MANAGED_DOMAINS));
    let mut name = mail.clone();
    let mut proxies = vec![format!("SMTP:{mail}")];
    let many = world.cast.many;
    match number / many {
        0 => proxies.push(format!("smtp:{}", addresses::shared(Part::ProxyOnDeletedUser, number))),
        1 => name = world.player(Part::NameOnDeletedUser, number - many).sign_in,
        // Decoy: 32 hex digits that are not the own id belong to the name.
        3 => {
            prefix = world.id(Kind::Stranger, number).replace('-', "");
            name = world.player(Part::LegacyTwinFirst, number - 3 * many).sign_in;
        }
        _ => {}
    }
    Deleted {
        name: format!("{} {}", given.shown, surname.shown),
        sign_in: format!("{prefix}{name}"),
        mail,
        proxies,
        immutable_id: dice.chance(40).then(|| ids::immutable_id(world.seed, Kind::DeletedUser, number)),
        at: time::EXPORTED_AT - dice.below(29 * time::DAY) - 3600,
        id,
    }
}

fn id(world: &World, block: u64, player: u64) -> String {
    world.id(Kind::DeletedUser, block * world.cast.many + player)
}

/// The deleted user who shares an address with a live one.
pub(crate) fn sharing_id(world: &World, player: u64) -> String {
    id(world, 0, player)
}

/// The deleted user whose name is in use again.
pub(crate) fn name_holder_id(world: &World, player: u64) -> String {
    id(world, 1, player)
}

/// The deleted user whose name nobody uses.
pub(crate) fn unused_id(world: &World, player: u64) -> String {
    id(world, 2, player)
}

/// The deleted user whose name only begins like that of a deleted one.
pub(crate) fn strange_prefix_id(world: &World, player: u64) -> String {
    id(world, 3, player)
}
