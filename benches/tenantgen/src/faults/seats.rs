//! Licenses without a free seat; the numbers are in `seats.rs`.

use crate::answers::Answers;
use crate::export::skus::subscribed_id;
use crate::skus::Sku;
use crate::world::World;

pub(crate) fn expect(world: &World, answers: &mut Answers) {
    let mut plant = |rule, sku, what| answers.plant(rule, vec![subscribed_id(world, sku)], what);
    plant("licenses-exhausted", Sku::Visio, "every seat is taken, and nobody asks for one");
    plant("licenses-exhausted", Sku::PowerBiPro, "every seat is taken, and some were refused one");
    plant("licenses-exhausted", Sku::EntraP2, "more seats are taken than bought, so none is free");
    plant("licenses-over-assigned", Sku::EntraP2, "more seats are taken than bought");
}
