//! The seats of each product: bought, in grace, in use, free.

use std::collections::BTreeMap;

use super::apart::{Mixed, apart};
use super::pass::{Plan, basic_slots};
use super::read::read;
use super::run::{Options, reading};
use crate::check::compile::Slots;
use crate::check::world::World;
use crate::dump::{Failure, Input};
use crate::json::Raw;
use crate::pack::tables::Tables;
use crate::tenant::schema::Collection;

/// Up to so many users, those who hold a license are counted as well.
const MAX_COUNTED: usize = 100_000;

/// The seats of a subscribed SKU.
pub struct Seat {
    /// The product's name.
    pub product: String,
    /// Its part number.
    pub part_number: String,
    /// Its SKU id.
    pub sku_id: String,
    /// Its capability status.
    pub status: String,
    /// Bought and usable; none where a number was not collected, as in the following.
    pub enabled: Option<f64>,
    /// Expired, in the grace period.
    pub warning: Option<f64>,
    /// Expired, not assignable.
    pub suspended: Option<f64>,
    /// In use, as the directory counts.
    pub consumed: Option<f64>,
    /// Enabled and in grace, less those in use.
    pub free: Option<f64>,
    /// Users in the dump who hold it; none if they are too many to count, or not all there.
    pub assigned_in_dump: Option<usize>,
}

/// The seats of each subscribed SKU, by product name; and what could not be read.
///
/// # Errors
///
/// The inputs are of several tenants.
pub fn seats(inputs: &[Input], tables: &Tables, options: &Options) -> Result<(Vec<Seat>, Vec<Failure>), Mixed> {
    let mut slots = Slots::new();
    basic_slots(&mut slots);
    let mut plan = Plan::new(&[], &slots, tables);
    let loaded = read(inputs, &mut plan, &reading(&slots, options, &|name| tables.sku_called(name)), options.now);
    if let Some(apart) = apart(&loaded.tenant) {
        return Err(Mixed::new(apart, &loaded.input_of, inputs));
    }
    let world = World::new(&loaded.tenant, None, tables);
    let holders = holders(&world);
    let mut seats: Vec<Seat> = loaded
        .tenant
        .all(Collection::SubscribedSkus)
        .map(|sku| {
            let id = sku.text("skuId").unwrap_or_default();
            let units = sku.get("prepaidUnits").unwrap_or(Raw::NULL);
            let unit = |name: &str| units.get(name).and_then(Raw::number);
            let consumed = sku.get("consumedUnits").and_then(Raw::number);
            let free = || Some(unit("enabled")? + unit("warning")? - consumed?);
            Seat {
                product: world.product_name(&id),
                part_number: sku.text("skuPartNumber").unwrap_or_default(),
                sku_id: id.clone(),
                status: sku.text("capabilityStatus").unwrap_or_default(),
                enabled: unit("enabled"),
                warning: unit("warning"),
                suspended: unit("suspended"),
                consumed,
                free: free(),
                assigned_in_dump: holders
                    .as_ref()
                    .map(|holders| holders.get(&id.to_lowercase()).copied().unwrap_or_default()),
            }
        })
        .collect();
    seats.sort_by(|one, other| (&one.product, &one.part_number).cmp(&(&other.product, &other.part_number)));
    Ok((seats, loaded.failures))
}

/// How many users hold each SKU.
fn holders(world: &World<'_>) -> Option<BTreeMap<String, usize>> {
    let tenant = world.tenant;
    let few = tenant.objects[Collection::Users as usize].len() <= MAX_COUNTED;
    if !few || !tenant.is_complete(Collection::Users) || !tenant.has_everywhere(Collection::Users, "assignedLicenses") {
        return None;
    }
    let mut holders = BTreeMap::new();
    for user in tenant.all(Collection::Users) {
        for sku in crate::tenant::entitlements::licenses(user.get("assignedLicenses")?)?.into_keys() {
            *holders.entry(sku).or_default() += 1;
        }
    }
    Some(holders)
}
