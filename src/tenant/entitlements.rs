//! Licenses taken apart into service plans: what somebody may use, and what a request would change.
//!
//! Source: Microsoft Graph's `assignedLicense` (a SKU and the plans switched off in it; inherited licenses are listed too) and
//! `servicePlanInfo` (a plan that applies to the company is nobody's entitlement). The tenant's own list of a SKU's plans wins
//! over the table of products.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Object;
use super::known::{Known, list};
use super::queue::Before;
use crate::dump::is_lost;
use crate::json::Raw;
use crate::tenant::schema::Collection;

/// The states of a subscription in which nobody can be given a license of it.
///
/// Source: Microsoft Graph's `subscribedSku` and the page on what happens to a subscription that ends; licenses of one in its grace
/// period (Warning) can still be assigned.
const ENDED: [&str; 3] = ["Suspended", "LockedOut", "Deleted"];

/// A set of service plans, by id in lower case.
pub type Plans = BTreeSet<String>;

/// A license: the SKU and the plans switched off in it, ids in lower case; nothing where those plans were not collected.
pub type Licenses = BTreeMap<String, Option<BTreeSet<String>>>;

/// The plans that somebody may use, also as JSON.
#[derive(Debug)]
pub struct EnabledPlans {
    /// The plans.
    pub plans: Plans,
    /// The list of them.
    pub json: Vec<u8>,
}

impl EnabledPlans {
    fn new(plans: Plans) -> Self {
        Self { json: list(plans.iter().cloned()), plans }
    }
}

/// Of so many lists of licenses the plans are kept.
const MOST_LISTS: usize = 1 << 14;

/// The licenses in a list as Graph has it; nothing if the list or an id in it was not collected.
pub fn licenses(list: Raw<'_>) -> Option<Licenses> {
    let mut licenses = Licenses::new();
    for license in list.items() {
        let sku = if license.is_text() { license } else { license.get("skuId")? };
        let sku = sku.text().filter(|sku| !is_lost(sku))?.to_lowercase();
        let mut disabled = license.get("disabledPlans").and_then(plan_ids);
        // What is on in one of two entries for a SKU is on.
        if let Some(known) = licenses.remove(&sku) {
            disabled = known.zip(disabled).map(|(known, disabled)| &known & &disabled);
        }
        licenses.insert(sku, disabled);
    }
    Some(licenses)
}

/// The ids in a list of plans, in lower case; nothing if one of them was cut off, or several were written as one.
fn plan_ids(plans: Raw<'_>) -> Option<BTreeSet<String>> {
    let id =
        |plan: Raw<'_>| plan.text().filter(|id| !is_lost(id) && !id.trim().contains(' ')).map(|id| id.to_lowercase());
    plans.items().filter(|plan| !plan.is_empty()).map(id).collect()
}

impl Known<'_> {
    /// The plans in a SKU that are for users; nothing if neither the tenant nor the table knows the SKU.
    pub fn plans_of(&self, sku: &str) -> Option<Cow<'_, Plans>> {
        let known = self.skus.get_or_init(|| self.tenant_skus());
        if let Some(plans) = known.get(sku) {
            return Some(Cow::Borrowed(plans));
        }
        let product = self.tables.product(sku)?;
        Some(Cow::Owned(product.plans.iter().map(|plan| plan.to_string()).collect()))
    }

    fn tenant_skus(&self) -> BTreeMap<String, Plans> {
        let mut skus = BTreeMap::new();
        for sku in self.tenant.all(Collection::SubscribedSkus) {
            let (Some(id), Some(plans)) = (sku.text("skuId"), sku.get("servicePlans")) else { continue };
            // Cut off by depth, plans are texts without ids: then the table knows better.
            if plans.is_null() || !plans.items().all(|plan| plan.get("servicePlanId").is_some()) {
                continue;
            }
            let for_users = |plan: &Raw<'_>| {
                plan.get("appliesTo").and_then(Raw::text).is_none_or(|to| !to.eq_ignore_ascii_case("Company"))
            };
            let plans = plans
                .items()
                .filter(for_users)
                .filter_map(|plan| Some(plan.get("servicePlanId")?.text()?.to_lowercase()));
            skus.insert(id.to_lowercase(), plans.collect());
        }
        skus
    }

    /// The enabled plans of licenses; nothing if one of the SKUs is not known, or what is switched off in it.
    pub fn enabled(&self, licenses: &Licenses) -> Option<Plans> {
        let mut enabled = Plans::new();
        for (sku, disabled) in licenses {
            enabled.extend(&*self.plans_of(sku)? - disabled.as_ref()?);
        }
        Some(enabled)
    }

    /// The enabled plans of the licenses of which all is known, whatever else there is.
    pub fn enabled_at_least(&self, licenses: &Licenses) -> Plans {
        licenses
            .iter()
            .filter_map(|(sku, disabled)| Some(&*self.plans_of(sku)? - disabled.as_ref()?))
            .flatten()
            .collect()
    }

    /// The plans that a user may use.
    pub fn enabled_plans(&self, user: &Object) -> Option<Arc<EnabledPlans>> {
        if let Some(given) = user.get("enabledPlans") {
            let plans = given.items().filter_map(|plan| plan.text()).map(|plan| plan.to_lowercase()).collect();
            return Some(Arc::new(EnabledPlans::new(plans)));
        }
        let held = user.get("assignedLicenses")?;
        if let Some(known) = self.plans.get(held.bytes()) {
            return known;
        }
        let enabled = licenses(held).and_then(|licenses| self.enabled(&licenses));
        let enabled = enabled.map(|plans| Arc::new(EnabledPlans::new(plans)));
        self.plans.keep_up_to(MOST_LISTS, held.bytes().to_vec(), enabled.clone());
        enabled
    }

    /// The free seats of the scarcest SKU that a request adds, after it and after some of the requests before it; nothing if a
    /// number is not known. `target` is nothing for an account that is not there yet.
    pub fn seats_after(&self, request: &Object, target: Option<&Object>, before: Before) -> Option<f64> {
        let group = target.filter(|target| target.collection == Collection::Groups);
        let held = match target.filter(|_| group.is_none()) {
            Some(user) => licenses(user.get("assignedLicenses")?)?,
            None => Licenses::new(),
        };
        let mut scarcest: Option<f64> = None;
        for sku in licenses(request.get("addLicenses")?)?.keys().filter(|sku| !held.contains_key(*sku)) {
            // A group takes a seat for each member who has none.
            let takers = match (group, target) {
                (Some(group), _) => self.members_without(group, sku)?,
                (None, Some(user)) => BTreeSet::from([user.number]),
                (None, None) => BTreeSet::from([self.newcomer(request)?]),
            };
            let subscribed = self
                .tenant
                .all(Collection::SubscribedSkus)
                .find(|known| known.text("skuId").is_some_and(|id| id.eq_ignore_ascii_case(sku)));
            let Some(subscribed) = subscribed else {
                // A SKU that is not there is another rule's matter; where the list is not complete, nothing is known.
                let skus = Collection::SubscribedSkus;
                if self.tenant.is_complete(skus) && self.tenant.has_everywhere(skus, "skuId") {
                    continue;
                }
                return None;
            };
            // So is one whose subscription has ended: it has no free seat, but that is not why.
            let status = subscribed.get("capabilityStatus").map(|status| status.text().unwrap_or_default());
            if status.as_ref().is_some_and(|status| ENDED.iter().any(|ended| ended.eq_ignore_ascii_case(status))) {
                continue;
            }
            let units = subscribed.get("prepaidUnits")?;
            let unit = |name: &str| units.get(name)?.number();
            let taken = (self.seats_before(request, &takers, sku, before)? + takers.len().cast_signed()) as f64;
            let free = unit("enabled")? + unit("warning")? - subscribed.get("consumedUnits")?.number()? - taken;
            if free < 0.0 && status.is_none() {
                return None;
            }
            scarcest = Some(scarcest.map_or(free, |scarcest| scarcest.min(free)));
        }
        // Nothing is added: any number of seats is enough.
        Some(scarcest.unwrap_or(f64::MAX))
    }
}

#[cfg(test)]
mod tests;
