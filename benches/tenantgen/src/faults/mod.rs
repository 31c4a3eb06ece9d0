//! The planted faults, one file per kind: what changes, and which findings must follow.

pub(crate) mod addresses;
mod licenses;
mod location;
mod names;
mod seats;

use crate::answers::Answers;
use crate::cast::Part;
use crate::user::User;
use crate::world::World;

/// Changes a healthy user as a part asks; parts without a fault change nothing here.
pub(crate) fn change(world: &World, part: Part, player: u64, user: &mut User) {
    location::change(part, player, user);
    names::change(world, part, player, user);
    addresses::change(world, part, player, user);
    licenses::change(part, user);
}

/// Adds every finding that the faults must lead to. Those of requests are with the requests.
pub(crate) fn expect(world: &World, answers: &mut Answers) {
    location::expect(world, answers);
    names::expect(world, answers);
    addresses::expect(world, answers);
    licenses::expect(world, answers);
    seats::expect(world, answers);
}
