//! Reading the sources of a tenant, and judging on the way.

use std::collections::BTreeMap;

use super::pass::{Batch, Plan};
use crate::dump::{Failure, Input, Reading, Source};
use crate::json::Raw;
use crate::tenant::schema::Collection;
use crate::tenant::{Gathered, Object, Tenant};

/// A tenant as read, with the judgments of the pass.
pub struct Loaded {
    /// The tenant.
    pub tenant: Tenant,
    /// The number of each object's row.
    pub rows: Vec<u32>,
    /// The rows, by number.
    pub texts: Vec<Box<[u8]>>,
    /// How many users have a recorded CountViolation, by SKU id in lower case.
    pub count_violations: BTreeMap<String, usize>,
    /// What could not be read, wholly or in part.
    pub failures: Vec<Failure>,
}

/// Reads the inputs one after the other, each with all threads.
pub fn read(inputs: &[Input], plan: &mut Plan<'_>, reading: &Reading<'_>, now: Option<jiff::Timestamp>) -> Loaded {
    let mut gathered = Gathered::default();
    let mut rows = Vec::new();
    let mut count_violations: BTreeMap<String, usize> = BTreeMap::new();
    let mut sources: Vec<Source> = Vec::new();
    let mut failures = Vec::new();
    let mut unreadable = Vec::new();
    for input in inputs {
        let index = sources.len() as u32;
        let commit = |batch: Batch| {
            let base = gathered.places.len() as u32;
            gathered.keys.extend(&batch.keys, base);
            gathered.places.extend(batch.places);
            gathered.kinds.extend(batch.kinds);
            rows.extend(batch.rows);
            for (sku, count) in batch.count_violations {
                *count_violations.entry(sku).or_default() += count;
            }
            if gathered.newest.as_ref().is_none_or(|(newest, _)| *newest < batch.newest) && !batch.newest.is_empty() {
                gathered.newest = Some((batch.newest, index));
            }
        };
        match reading.source(input, index, &|| plan.visitor(), commit) {
            Ok(source) => {
                failures.extend(source.failure.clone());
                if source.failure.is_some() && source.sections.is_empty() {
                    unreadable.push(input.suggested());
                }
                sources.push(source);
            }
            Err(failure) => {
                failures.push(failure);
                unreadable.push(input.suggested());
            }
        }
    }
    let tenant = Tenant::new(sources, unreadable, gathered, now, reading.threads);
    // Who is in several files waits for one seat only.
    let (passed, are) = tenant.recounted(Collection::Users);
    for sku in passed.iter().flat_map(violations) {
        let count = count_violations.entry(sku).or_default();
        *count = count.saturating_sub(1);
    }
    for sku in are.iter().flat_map(|user| violations(user)) {
        *count_violations.entry(sku).or_default() += 1;
    }
    Loaded { tenant, rows, texts: std::mem::take(&mut plan.rows).into_texts(), count_violations, failures }
}

/// The SKUs of which a user's record says that no seat was free, in lower case.
fn violations(user: &Object) -> Vec<String> {
    let states = user.get("licenseAssignmentStates").unwrap_or(Raw::NULL).items();
    let is_violation =
        |state: &Raw<'_>| state.get("error").and_then(Raw::text).is_some_and(|error| error == "CountViolation");
    states.filter(is_violation).filter_map(|state| Some(state.get("skuId")?.text()?.to_lowercase())).collect()
}
