//! The tenant as a function: any object by its number, from the seed alone.

use std::ops::Range;

use crate::cast::{Cast, Part};
use crate::ids::{self, Kind};
use crate::licenses;
use crate::people::{self, Traits};
use crate::permutation::Permutation;
use crate::rng::Stream;
use crate::user::User;
use crate::{decoys, faults, roles};

/// The domain that every tenant is born with.
pub(crate) const INITIAL_DOMAIN: &str = "kestrel.onmicrosoft.com";
/// Listed, but never verified.
pub(crate) const UNVERIFIED_DOMAIN: &str = "kestrel-shipping.example";
/// Not listed at all.
pub(crate) const UNLISTED_DOMAIN: &str = "oldkestrel.example";
/// Verified, with the sign-in elsewhere.
pub(crate) const FEDERATED_DOMAIN: &str = "corp.kestrel.example";
/// Verified and managed; the first is the default.
pub(crate) static MANAGED_DOMAINS: &[&str] = &[
    "kestrel.example",
    "kestrel-labs.example",
    "harborlog.example",
    "nordkap.example",
    "docks.kestrel.example",
    "azur-mer.example",
    "baltic-pilots.example",
    "group.example",
];

/// The tenant.
pub(crate) struct World {
    pub(crate) seed: u64,
    /// How many users it has.
    pub(crate) users: u64,
    pub(crate) cast: Cast,
    spread: Permutation,
    order: Permutation,
}

impl World {
    pub(crate) fn new(seed: u64, users: u64, shuffle: Option<u64>) -> Self {
        let order = match shuffle {
            Some(seed) => Permutation::spread(users, seed, Stream::Order),
            None => Permutation::identity(users),
        };
        Self { seed, users, cast: Cast::new(users), spread: Permutation::spread(users, seed, Stream::Spread), order }
    }

    /// An identifier.
    pub(crate) fn id(&self, kind: Kind, number: u64) -> String {
        ids::guid(self.seed, kind, number)
    }

    /// The users' numbers in the order in which the export lists them.
    pub(crate) fn listed_users(&self) -> impl Iterator<Item = u64> {
        (0..self.users).map(|position| self.order.forward(position))
    }

    /// The part that a user plays, if any.
    pub(crate) fn part_of(&self, number: u64) -> Option<(Part, u64)> {
        self.cast.part_of(self.spread.back(number))
    }

    /// The number of the user who plays a part.
    pub(crate) fn number_of(&self, part: Part, player: u64) -> u64 {
        self.spread.forward(self.cast.slot(part, player))
    }

    /// The number of some user: without a part, as long as there are such users.
    pub(crate) fn ordinary_number(&self, which: u64) -> u64 {
        self.spread.forward((self.cast.total() + which) % self.users)
    }

    /// A user.
    pub(crate) fn user(&self, number: u64) -> User {
        match self.part_of(number) {
            None => {
                let traits = Traits::ordinary(self, number);
                let mut user = people::person(self, number, &traits);
                user.holdings = licenses::ordinary(self, number, &traits);
                user
            }
            Some((part, player)) => {
                let mut user = people::person(self, number, &Traits::healthy(self, number));
                user.holdings = licenses::healthy();
                user.enabled = true;
                roles::change(part, &mut user);
                faults::change(self, part, player, &mut user);
                decoys::change(self, part, player, &mut user);
                user
            }
        }
    }

    /// The user who plays a part.
    pub(crate) fn player(&self, part: Part, player: u64) -> User {
        self.user(self.number_of(part, player))
    }

    /// The identifier of the user who plays a part.
    pub(crate) fn player_id(&self, part: Part, player: u64) -> String {
        self.id(Kind::User, self.number_of(part, player))
    }

    /// All players of a part, by number.
    pub(crate) fn players(&self, part: Part) -> Range<u64> {
        0..self.cast.count(part)
    }

    /// How many contacts there are.
    pub(crate) fn contacts(&self) -> u64 {
        not_a_page((self.users / 100).max(5))
    }

    /// How many deleted users there are.
    pub(crate) fn deleted_users(&self) -> u64 {
        not_a_page((self.users / 200).max(5))
    }

    /// How many groups there are.
    pub(crate) fn groups(&self) -> u64 {
        not_a_page((self.users / 50).max(8))
    }

    /// How many audit records there are.
    pub(crate) fn audits(&self) -> u64 {
        (self.users / 50).clamp(20, 200)
    }
}

/// A list of exactly one page looks as if the rest was never asked for.
fn not_a_page(count: u64) -> u64 {
    if matches!(count, 100 | 500 | 999 | 1000) { count + 1 } else { count }
}
