//! How many seats are taken, by a first pass over all users, and how many were bought.

use crate::skus::{SKUS, Sku};
use crate::user::Holding;
use crate::world::World;
use crate::{licenses, people::Traits};

/// The seats taken, per product.
pub(crate) struct Seats {
    taken: Vec<u64>,
}

/// The seats bought, as `prepaidUnits` has them.
pub(crate) struct Prepaid {
    pub(crate) status: &'static str,
    pub(crate) enabled: u64,
    pub(crate) warning: u64,
    pub(crate) suspended: u64,
}

impl Seats {
    pub(crate) fn count(world: &World) -> Self {
        let mut taken = vec![0; SKUS.len()];
        let mut take = |holdings: &[Holding]| holdings.iter().for_each(|holding| taken[holding.sku as usize] += 1);
        for number in 0..world.users {
            // Users without a part are counted without making their names.
            if world.part_of(number).is_some() {
                take(&world.user(number).holdings);
            } else {
                take(&licenses::ordinary(world, number, &Traits::ordinary(world, number)));
            }
        }
        Self { taken }
    }

    /// `consumedUnits`.
    pub(crate) fn taken(&self, sku: Sku) -> u64 {
        self.taken[sku as usize]
    }

    pub(crate) fn prepaid(&self, sku: Sku) -> Prepaid {
        let taken = self.taken(sku);
        let seats = |enabled, warning| Prepaid { status: "Enabled", enabled, warning, suspended: 0 };
        match sku {
            // Faults: none free.
            Sku::PowerBiPro | Sku::Visio => seats(taken, 0),
            // Fault: more taken than bought. Every administrator has one, so at least one seat remains bought.
            Sku::EntraP2 => seats(taken - (taken / 50).max(1), 0),
            // Decoy: the seats in their grace period count.
            Sku::Office365E3 => seats((taken / 2).max(1), taken - taken / 2 + 25),
            // Decoys: nothing bought, and bought long ago.
            Sku::WindowsStore => seats(0, 0),
            Sku::AudioConferencing => Prepaid { status: "Suspended", enabled: 0, warning: 0, suspended: 25 },
            _ => seats(taken + (taken / 10).max(25), 0),
        }
    }
}
