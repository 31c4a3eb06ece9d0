//! Licensed users without a usage location.

use crate::answers::Answers;
use crate::cast::Part;
use crate::groups::GIVES_SUITE;
use crate::skus::Sku;
use crate::user::{Holding, Refusal, User};
use crate::world::World;

pub(crate) fn change(part: Part, player: u64, user: &mut User) {
    match part {
        Part::LocationNull => user.usage_location = None,
        Part::LocationEmpty => user.usage_location = Some(""),
        Part::LocationByGroup => {
            user.usage_location = if player.is_multiple_of(2) { None } else { Some("") };
            user.holdings = vec![Holding { sku: Sku::Microsoft365E3, off: &[], group: Some(GIVES_SUITE) }];
        }
        Part::LocationRefused => {
            user.usage_location = if player.is_multiple_of(2) { Some("") } else { None };
            user.holdings = Vec::new();
            let error = "ProhibitedInUsageLocationViolation";
            user.refusal = Some(Refusal { sku: Sku::Microsoft365E3, off: &[], group: GIVES_SUITE, error });
        }
        _ => {}
    }
}

pub(crate) fn expect(world: &World, answers: &mut Answers) {
    const RULE: &str = "usage-location-missing";
    for player in 0..world.cast.many {
        let id = |part| vec![world.player_id(part, player)];
        answers.plant(RULE, id(Part::LocationNull), "licensed directly, location null");
        answers.plant(RULE, id(Part::LocationEmpty), "licensed directly, location an empty text");
        answers.plant(RULE, id(Part::LocationByGroup), "licensed by a group only, no location");
        answers.plant(RULE, id(Part::LocationRefused), "a license was refused for the missing location");
        answers.plant(
            "license-assignment-failed",
            id(Part::LocationRefused),
            "ProhibitedInUsageLocationViolation for a user without location",
        );
    }
}
