//! Which licenses users without a fault have.

use crate::groups;
use crate::people::Traits;
use crate::plans::{SWAY, YAMMER_ENTERPRISE};
use crate::rng::{Dice, Stream};
use crate::skus::Sku;
use crate::user::Holding;
use crate::world::World;

/// The license of a user with a part, before the part changes it.
pub(crate) fn healthy() -> Vec<Holding> {
    vec![Holding::direct(Sku::Microsoft365E3)]
}

/// The licenses of a user without a part.
///
/// Nothing here conflicts or lacks a base: the suites hold what the add-ons need, and only plans that nothing needs are
/// switched off.
pub(crate) fn ordinary(world: &World, number: u64, traits: &Traits) -> Vec<Holding> {
    if !traits.licensed {
        return Vec::new();
    }
    let mut dice = Dice::new(world.seed, Stream::Licenses, number);
    let mut holdings = Vec::with_capacity(4);
    match groups::licensing_block_of(world, number) {
        Some((group, sku, off)) if dice.chance(90) => holdings.push(Holding { sku, off, group: Some(group) }),
        _ => {
            let sku = suite(&mut dice);
            let off: &[&str] = match dice.below(10) {
                _ if matches!(sku, Sku::ExchangePlan1 | Sku::FlowFree) => &[],
                0 => &[SWAY, YAMMER_ENTERPRISE],
                1 | 2 => &[SWAY],
                _ => &[],
            };
            holdings.push(Holding::without(sku, off));
        }
    }
    let suite = holdings[0].sku;
    let mut add = |percent, sku| {
        if dice.chance(percent) {
            holdings.push(Holding::direct(sku));
        }
    };
    add(5, Sku::PowerBiPro);
    add(3, Sku::Visio);
    if suite != Sku::FlowFree {
        add(5, Sku::FlowFree);
    }
    if matches!(suite, Sku::Microsoft365E3 | Sku::Office365E3) {
        add(4, Sku::Project);
        add(6, Sku::PhoneSystem);
    }
    if suite == Sku::Office365E3 {
        add(30, Sku::Mobility);
    }
    if suite != Sku::Microsoft365E5 {
        add(2, Sku::EntraP2);
    }
    holdings
}

fn suite(dice: &mut Dice) -> Sku {
    match dice.below(100) {
        0..34 => Sku::Microsoft365E3,
        34..50 => Sku::Office365E3,
        50..64 => Sku::Microsoft365F3,
        64..76 => Sku::BusinessPremium,
        76..83 => Sku::BusinessBasic,
        83..91 => Sku::Microsoft365E5,
        91..97 => Sku::ExchangePlan1,
        _ => Sku::FlowFree,
    }
}
