//! Licenses that were refused, that exclude each other, or that lack a base.

use crate::answers::Answers;
use crate::cast::Part;
use crate::groups::{GIVES_CALLING, GIVES_POWER_BI, GIVES_PROJECT, GIVES_SUITE};
use crate::plans::SHAREPOINTENTERPRISE;
use crate::skus::Sku;
use crate::user::{Holding, Refusal, User};
use crate::world::World;

pub(crate) fn change(part: Part, user: &mut User) {
    let suite = || Holding::direct(Sku::Microsoft365E3);
    let refused = |sku, off, group, error| Some(Refusal { sku, off, group, error });
    match part {
        Part::SeatRefused => user.refusal = refused(Sku::PowerBiPro, &[], GIVES_POWER_BI, "CountViolation"),
        Part::DependencyRefused => {
            user.holdings = vec![Holding::direct(Sku::ExchangePlan1)];
            user.refusal = refused(Sku::Project, &[SHAREPOINTENTERPRISE], GIVES_PROJECT, "DependencyViolation");
        }
        Part::ConflictRefused => {
            user.holdings = [Sku::Microsoft365E3, Sku::PhoneSystem, Sku::CallingDomestic].map(Holding::direct).into();
            user.refusal = refused(Sku::CallingInternational, &[], GIVES_CALLING, "MutuallyExclusiveViolation");
        }
        Part::AddressRefused => {
            user.holdings = vec![Holding::direct(Sku::FlowFree)];
            user.refusal = refused(Sku::Microsoft365E3, &[], GIVES_SUITE, "UniquenessViolation");
        }
        Part::CallingPlans => {
            let skus = [Sku::Microsoft365E3, Sku::PhoneSystem, Sku::CallingDomestic, Sku::CallingInternational];
            user.holdings = skus.map(Holding::direct).into();
        }
        Part::ProjectWithoutBase => {
            let project = Holding::without(Sku::Project, &[SHAREPOINTENTERPRISE]);
            user.holdings = vec![Holding::direct(Sku::ExchangePlan1), project];
        }
        Part::RemovalBlocked => {
            user.holdings = vec![suite(), Holding::without(Sku::Project, &[SHAREPOINTENTERPRISE])];
        }
        Part::InheritedOnly => {
            user.holdings = vec![Holding { group: Some(GIVES_SUITE), ..suite() }];
        }
        Part::Target => user.holdings = vec![suite(), Holding::direct(Sku::FlowFree)],
        _ => {}
    }
}

pub(crate) fn expect(world: &World, answers: &mut Answers) {
    const FAILED: &str = "license-assignment-failed";
    for player in 0..world.cast.many {
        let id = |part| vec![world.player_id(part, player)];
        let mut plant = |rule, part, what| answers.plant(rule, id(part), what);
        plant(FAILED, Part::SeatRefused, "CountViolation");
        plant(FAILED, Part::DependencyRefused, "DependencyViolation");
        plant(FAILED, Part::ConflictRefused, "MutuallyExclusiveViolation");
        plant(FAILED, Part::AddressRefused, "UniquenessViolation");
        plant("service-plan-dependency-missing", Part::DependencyRefused, "DependencyViolation is recorded");
        plant(
            "service-plan-dependency-missing",
            Part::ProjectWithoutBase,
            "Project Online without the SharePoint plan that it needs",
        );
        plant("service-plans-conflict", Part::ConflictRefused, "MutuallyExclusiveViolation is recorded");
        plant("service-plans-conflict", Part::CallingPlans, "two calling plans are enabled together");
    }
}
