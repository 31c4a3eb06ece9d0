//! How many guests the Microsoft Entra ID licenses of a tenant cover: five for each license.
//!
//! Parameters: `find = "ratio"` with `basis = "said"` (the setting `guests-need` says how many guests need which edition) or
//! `"assumed"` (every guest counts for the highest edition owned), or `find = "unpaid"`: guests, but no edition at all.
//!
//! Source: Microsoft's licensing guidance for B2B collaboration of 2017, since replaced by billing by monthly active users.

use super::{NativeHit, NativeResult};
use crate::check::compile::Needs;
use crate::check::world::World;
use crate::pack::model::{Native, Scalar};
use crate::pack::tables::{Audience, EntraEdition, Paid};
use crate::tenant::entitlements::licenses;
use crate::tenant::keys::KeySpace;
use crate::tenant::schema::Collection;
use crate::tenant::tallies::Guest;
use crate::tenant::{Object, TENANT, address};

/// Guests for each license.
const RATIO: u64 = 5;

/// The editions, the lowest first.
const EDITIONS: [&str; 3] = ["Microsoft Entra ID Basic", "Microsoft Entra ID P1", "Microsoft Entra ID P2"];

/// The plan of each edition, for products that no table knows.
const PLANS: [&str; 3] = [
    "c4da7f8a-5ee2-4c99-a7e1-87d2df57f6fe",
    "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
    "eec0eb4f-6444-4f95-aba0-50c24d67f998",
];

/// Runs it.
pub(super) fn run(native: &Native, needs: Needs, world: &World<'_>) -> NativeResult {
    let parameter = |name: &str| match native.parameters.get(name) {
        Some(Scalar::Text(text)) => text.as_str(),
        _ => "",
    };
    let answer = match (parameter("find"), world.settings.guests_need()) {
        ("unpaid", _) => unpaid(world),
        _ if world.settings.bills_active_guests() => return off(),
        (_, Some(wanted)) if parameter("basis") == "said" => said(wanted, world),
        (_, None) if parameter("basis") == "assumed" => assumed(world),
        _ => return off(),
    };
    let mut result = NativeResult { asked: 1, ..NativeResult::default() };
    match answer {
        Answer::Found(values) => {
            result.decided = 1;
            result.hits.push(NativeHit::new(TENANT, values));
        }
        Answer::Clear => result.decided = 1,
        Answer::Unknown => {
            result.unknown.insert(needs, 1);
        }
    }
    result
}

fn off() -> NativeResult {
    NativeResult { is_off: true, ..NativeResult::default() }
}

enum Answer {
    Found(Vec<(&'static str, Vec<String>)>),
    Clear,
    Unknown,
}

/// What some guests need, and what is there for them; by edition, the lowest first.
#[derive(Debug, Default, PartialEq)]
struct Sum {
    needed: [u64; 3],
    buy: [u64; 3],
    covered: u64,
}

/// From the highest edition down: each covers guests that none above it covers.
fn sum(wanted: [u64; 3], owned: [u64; 3]) -> Sum {
    let mut sum = Sum::default();
    let (mut higher, mut spare) = (0, 0);
    for index in (0..3).rev() {
        let own = wanted[index].saturating_sub(higher);
        let room = RATIO * owned[index] + spare;
        let open = own.saturating_sub(room);
        spare = room.saturating_sub(own);
        higher = higher.max(wanted[index]);
        sum.needed[index] = own.div_ceil(RATIO);
        sum.buy[index] = open.div_ceil(RATIO);
        sum.covered += own - open;
    }
    sum
}

fn said(wanted: [u64; 3], world: &World<'_>) -> Answer {
    let Some(owned) = seats(world) else { return Answer::Unknown };
    let sum = sum(wanted, owned);
    if sum.buy == [0; 3] { Answer::Clear } else { Answer::Found(values(&sum, owned, wanted[0])) }
}

fn assumed(world: &World<'_>) -> Answer {
    let Some(owned) = seats(world) else { return Answer::Unknown };
    let Some(highest) = (0..3).rev().find(|index| owned[*index] > 0) else { return Answer::Clear };
    let guests = count(world);
    let of = |number: u64| {
        let mut wanted = [0; 3];
        wanted[highest] = number;
        sum(wanted, owned)
    };
    let least = of(guests.certain);
    if least.buy != [0; 3] {
        let mut values = values(&least, owned, guests.certain);
        values.push(("edition", vec![EDITIONS[highest].to_owned()]));
        values.push(("left-out", vec![guests.left_out.to_string()]));
        return Answer::Found(values);
    }
    if guests.all_seen && of(guests.certain + guests.undecided).buy == [0; 3] { Answer::Clear } else { Answer::Unknown }
}

fn values(sum: &Sum, owned: [u64; 3], guests: u64) -> Vec<(&'static str, Vec<String>)> {
    let listed = |numbers: [u64; 3]| {
        let all = (0..3).rev().filter(|index| numbers[*index] > 0);
        all.map(|index| format!("{} {}", numbers[index], EDITIONS[index])).collect::<Vec<_>>()
    };
    vec![
        ("guests", vec![guests.to_string()]),
        ("needed", listed(sum.needed)),
        ("owned", listed(owned)),
        ("buy", listed(sum.buy)),
        ("covered", vec![sum.covered.to_string()]),
    ]
}

/// The edition of a SKU, if it is for people and paid for; the outer nothing says that it cannot be told.
#[allow(clippy::option_option)] // not known, or known to be none
fn edition(sku: &Object, world: &World<'_>) -> Option<Option<usize>> {
    let index = |edition: EntraEdition| match edition {
        EntraEdition::None => None,
        EntraEdition::Basic => Some(0),
        EntraEdition::P1 => Some(1),
        EntraEdition::P2 => Some(2),
    };
    if let Some(product) = world.tables.product(&sku.text("skuId")?) {
        let counts = product.audience == Audience::User && product.paid != Paid::No;
        return Some(index(product.entra).filter(|_| counts));
    }
    let plans = sku.get("servicePlans").filter(|plans| plans.is_list())?;
    let ids: Option<Vec<_>> = plans.items().map(|plan| plan.get("servicePlanId")?.text()).collect();
    let ids = ids?;
    Some((0..3).rev().find(|index| ids.iter().any(|id| id.eq_ignore_ascii_case(PLANS[*index]))))
}

/// The licenses of each edition; nothing if they are not all known.
fn seats(world: &World<'_>) -> Option<[u64; 3]> {
    let mut owned = [0u64; 3];
    for sku in world.tenant.all(Collection::SubscribedSkus) {
        if let Some(index) = edition(&sku, world)? {
            owned[index] = owned[index].saturating_add(units(&sku, "enabled")?);
        }
    }
    world.tenant.is_complete(Collection::SubscribedSkus).then_some(owned)
}

/// No tenant has more licenses of a product: a number beyond it is no count, and nobody knows what it stands for.
const MAX_UNITS: f64 = 1e9;

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the limits
fn units(sku: &Object, name: &str) -> Option<u64> {
    let number = sku.get("prepaidUnits")?.get(name)?.number()?;
    (0.0..=MAX_UNITS).contains(&number).then_some(number as u64)
}

/// The guests who count for the ratio.
#[derive(Debug, Default)]
struct Guests {
    certain: u64,
    undecided: u64,
    /// Staff, and those who are licensed at home.
    left_out: u64,
    all_seen: bool,
}

fn count(world: &World<'_>) -> Guests {
    let mut guests = Guests { all_seen: world.tenant.is_complete(Collection::Users), ..Guests::default() };
    let mut count = |guest: &Guest, at_home: Option<bool>, number: u64| {
        let is_other = is_other(guest, at_home, world);
        match (guest.is_enabled_guest, is_other) {
            (Some(true), Some(true)) => guests.left_out += number,
            (Some(true), Some(false)) => guests.certain += number,
            (_, Some(true)) => {}
            _ => guests.undecided += number,
        }
    };
    if world.home.is_none() {
        world.tenant.tallies.guests.iter().for_each(|(guest, number)| count(guest, Some(false), *number as u64));
    } else {
        for user in world.tenant.all(Collection::Users) {
            if let Some(guest) = Guest::of(|name| user.get(name)) {
                count(&guest, at_home(&user, world), 1);
            }
        }
    }
    guests
}

/// Whether a guest is licensed in another way: one's own staff, or somebody with an edition at home.
fn is_other(guest: &Guest, at_home: Option<bool>, world: &World<'_>) -> Option<bool> {
    let answers = [guest.is_staff, is_relative(guest, world), at_home];
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    (!answers.contains(&None)).then_some(false)
}

/// Whether the guest's company is this one, or belongs together with it.
fn is_relative(guest: &Guest, world: &World<'_>) -> Option<bool> {
    let company = guest.company.as_ref()?;
    if company.is_empty() {
        return Some(false);
    }
    if world.settings.conglomerate().any(|name| name.trim().to_lowercase() == *company) {
        return Some(true);
    }
    let own = world.organization().and_then(|organization| organization.text("displayName"))?;
    Some(own.trim().to_lowercase() == *company)
}

/// Whether the guest has an edition in the home tenant; nobody does if no dump of it was given.
fn at_home(user: &Object, world: &World<'_>) -> Option<bool> {
    let Some(home) = &world.home else { return Some(false) };
    let mut names: Vec<String> = user.text("mail").and_then(|mail| address::address(&mail)).into_iter().collect();
    names.extend(user.text("userPrincipalName").and_then(|name| address::ext_address(&name)));
    let mut unknown = user.get("mail").is_none() || user.get("userPrincipalName").is_none();
    for name in &names {
        for there in home.tenant.candidates(Collection::Users, KeySpace::Address, name) {
            let own = ["userPrincipalName", "mail"].iter().filter_map(|property| there.text(property));
            if !own.map(|own| own.to_lowercase()).any(|own| own == *name) {
                continue;
            }
            match there.get("assignedLicenses").and_then(licenses) {
                None => unknown = true,
                Some(held) => {
                    let has = |sku: &String| {
                        let product = world.tables.product(sku)?;
                        Some(product.entra > EntraEdition::None && product.paid != Paid::No)
                    };
                    let answers: Vec<_> = held.keys().map(has).collect();
                    if answers.contains(&Some(true)) {
                        return Some(true);
                    }
                    unknown |= answers.contains(&None);
                }
            }
        }
    }
    let all = home.tenant.is_complete(Collection::Users);
    (all && !unknown).then_some(false)
}

/// Guests, but no edition.
fn unpaid(world: &World<'_>) -> Answer {
    let tenant = world.tenant;
    let mut all_known = tenant.is_complete(Collection::SubscribedSkus);
    for sku in tenant.all(Collection::SubscribedSkus) {
        let units = ["enabled", "warning"].map(|name| units(&sku, name));
        match (edition(&sku, world), units) {
            (Some(None), _) | (_, [Some(0), Some(0)]) => {}
            (Some(Some(_)), units) if units.iter().flatten().any(|units| *units > 0) => return Answer::Clear,
            _ => all_known = false,
        }
    }
    let (mut guests, mut undecided) = (0_u64, !tenant.is_complete(Collection::Users));
    for (guest, number) in &tenant.tallies.guests {
        match guest.is_enabled_guest {
            Some(_) => guests += *number as u64,
            None => undecided |= *number > 0,
        }
    }
    match (guests, undecided, all_known) {
        (1.., _, true) => Answer::Found(vec![("guests", vec![guests.to_string()])]),
        (0, false, _) => Answer::Clear,
        _ => Answer::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::check::settings::Settings;
    use crate::pack::embedded;
    use crate::testing::tenant;

    const P1: &str = "078d2b04-f1bd-4111-bbd4-b4b1b354cef4";

    fn native(find: &str, basis: &str) -> Native {
        let text = |text: &str| Scalar::Text(text.to_owned());
        let parameters = BTreeMap::from([("find".to_owned(), text(find)), ("basis".to_owned(), text(basis))]);
        Native { name: "guest-ratio".to_owned(), reads: Vec::new(), parameters, settings: Vec::new() }
    }

    /// What the check says: its values, "clear", "unknown" or "not asked".
    fn answer(native: &Native, given: &Value, settings: &Value) -> String {
        let tenant = tenant(given);
        let mut world = World::new(&tenant, None, embedded::tables());
        world.settings = Settings::new(settings).unwrap();
        let result = run(native, 1, &world);
        let Some(hit) = result.hits.first() else {
            return match (result.asked, result.decided) {
                (0, _) => "not asked",
                (_, 1) => "clear",
                _ => "unknown",
            }
            .to_owned();
        };
        let shown = hit.values.iter().filter(|(name, _)| ["needed", "owned", "covered", "buy"].contains(name));
        shown.map(|(name, values)| format!("{name}: {}", values.join(" and "))).collect::<Vec<_>>().join("; ")
    }

    fn guests(number: usize) -> Vec<Value> {
        let guest = |number| json!({ "id": format!("g{number}"), "userType": "Guest", "accountEnabled": true, "employeeId": null, "companyName": null });
        (0..number).map(guest).collect()
    }

    fn owning(enabled: u64) -> Value {
        json!([{ "skuId": P1, "prepaidUnits": { "enabled": enabled, "warning": 0 } }])
    }

    #[test]
    fn the_examples_of_the_guide_come_out_as_printed() {
        let need = json!({ "guests-need": { "P1": 50, "Basic": 100 } });
        assert_eq!(
            answer(&native("ratio", "said"), &json!({ "subscribedSkus": [] }), &need),
            "needed: 10 Microsoft Entra ID P1 and 10 Microsoft Entra ID Basic; owned: ; \
             buy: 10 Microsoft Entra ID P1 and 10 Microsoft Entra ID Basic; covered: 0"
        );
        let second = "needed: 12 Microsoft Entra ID P1; owned: 10 Microsoft Entra ID P1; buy: 2 Microsoft Entra ID P1; covered: 50";
        let skus = json!({ "subscribedSkus": owning(10) });
        assert_eq!(answer(&native("ratio", "said"), &skus, &json!({ "guests-need": { "p1": 60 } })), second);
        let given = json!({ "subscribedSkus": owning(10), "users": guests(60) });
        assert_eq!(answer(&native("ratio", "assumed"), &given, &json!({})), second);
    }

    #[test]
    fn a_higher_edition_covers_a_lower_one_and_never_the_other_way() {
        assert_eq!(sum([100, 50, 0], [0, 20, 0]).buy, [0, 0, 0]);
        assert_eq!(sum([5, 5, 5], [0, 100, 0]).buy, [0, 0, 1]);
        assert_eq!(sum([11, 0, 0], [2, 0, 0]), Sum { needed: [3, 0, 0], buy: [1, 0, 0], covered: 10 });
    }

    #[test]
    fn who_is_counted_once_for_all_is_left_out() {
        let mut users = guests(51);
        let given = |users: &[Value]| json!({ "subscribedSkus": owning(10), "users": users, "organization": { "displayName": "Contoso" } });
        let check = native("ratio", "assumed");
        assert!(answer(&check, &given(&users), &json!({})).ends_with("buy: 1 Microsoft Entra ID P1; covered: 50"));
        for (name, value) in [
            ("accountEnabled", json!(false)),
            ("userType", json!("Member")),
            ("employeeId", json!("7")),
            ("companyName", json!("CONTOSO ")),
        ] {
            let before = std::mem::replace(&mut users[0][name], value);
            assert_eq!(answer(&check, &given(&users), &json!({})), "clear", "{name}");
            users[0][name] = before;
        }
        users[0]["companyName"] = json!("Litware");
        assert_eq!(answer(&check, &given(&users), &json!({ "conglomerate": ["litware"] })), "clear");
        assert_eq!(answer(&check, &given(&users), &json!({ "guest-billing": "mau" })), "not asked");
        assert_eq!(answer(&check, &given(&users), &json!({ "guests-need": { "P1": 1 } })), "not asked");
    }

    #[test]
    fn what_was_not_collected_is_never_clear_and_never_found() {
        let check = native("ratio", "assumed");
        let few = guests(51);
        assert_eq!(answer(&check, &json!({ "users": few }), &json!({})), "unknown");
        assert_eq!(answer(&check, &json!({ "subscribedSkus": owning(10) }), &json!({})), "unknown");
        for name in ["accountEnabled", "userType", "employeeId", "companyName"] {
            let mut users = few.clone();
            users[0].as_object_mut().unwrap().shift_remove(name);
            assert_eq!(
                answer(&check, &json!({ "subscribedSkus": owning(10), "users": users }), &json!({})),
                "unknown",
                "{name}"
            );
        }
        let without = json!([{ "skuId": P1 }]);
        assert_eq!(answer(&check, &json!({ "subscribedSkus": without, "users": few }), &json!({})), "unknown");
    }

    #[test]
    fn guests_without_any_edition_are_found() {
        let check = native("unpaid", "");
        let e1 = json!([{ "skuId": "18181a46-0d4e-45cd-891e-60aabd171b4e", "prepaidUnits": { "enabled": 5, "warning": 0 } }]);
        let of = |users: &Value, skus: &Value| {
            let given = json!({ "users": users, "subscribedSkus": skus });
            let result = answer(&check, &given, &json!({}));
            if result.is_empty() { "found".to_owned() } else { result }
        };
        assert_eq!(of(&json!(guests(2)), &e1), "found");
        assert_eq!(of(&json!(guests(2)), &owning(1)), "clear");
        assert_eq!(of(&json!(guests(2)), &owning(0)), "found");
        assert_eq!(of(&json!([]), &e1), "clear");
        assert_eq!(of(&json!([{ "id": "1" }]), &e1), "unknown");
        assert_eq!(of(&json!(guests(2)), &json!([{ "skuId": P1 }])), "unknown");
    }

    #[test]
    fn a_number_that_no_tenant_has_is_not_known() {
        let check = native("ratio", "assumed");
        let with = |number: f64| {
            let skus = json!([{ "skuId": P1, "prepaidUnits": { "enabled": number, "warning": 0 } }]);
            answer(&check, &json!({ "subscribedSkus": skus, "users": guests(51) }), &json!({}))
        };
        for number in [-1.0, 1e10, 1e300] {
            assert_eq!(with(number), "unknown", "{number}");
        }
        assert_eq!(with(1e9), "clear");
    }
}
