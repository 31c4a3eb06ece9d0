//! The objects of a collection that the pass does not index, by the texts that they hold under a path: thousands of users may each
//! ask for their domain among thousands.

use std::sync::Arc;

use hashbrown::HashMap;

use super::{World, values};
use crate::check::compile::CompiledPath;
use crate::tenant::known::Known;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId, Tenant};

/// So many objects are asked one by one.
pub(super) const FEW: usize = 8;

/// Objects by the texts that they hold under a path.
#[derive(Debug, Default)]
pub(super) struct ByPath {
    /// By text, in lower case.
    holders: HashMap<String, Vec<ObjectId>>,
    /// Those that may hold more than is known.
    unsure: Vec<ObjectId>,
}

impl ByPath {
    fn new(known: &Known<'_>, collection: Collection, path: &CompiledPath) -> Self {
        let mut all = Self::default();
        for object in known.tenant.all(collection) {
            let held = values(known, &object, path);
            for text in &held.texts {
                all.holders.entry(text.to_lowercase()).or_default().push(object.number);
            }
            if !held.all_known {
                all.unsure.push(object.number);
            }
        }
        all
    }

    /// The objects of which it cannot be said at once that they hold none of some texts.
    pub(super) fn candidates(&self, tenant: &Tenant, keys: &[String]) -> Vec<Arc<Object>> {
        let holders = keys.iter().filter_map(|key| self.holders.get(&key.to_lowercase())).flatten();
        let mut numbers: Vec<ObjectId> = holders.chain(&self.unsure).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|number| tenant.object(number)).collect()
    }
}

impl World<'_> {
    /// The objects of a collection, here or in the home tenant, by what they hold under a path.
    pub(super) fn indexed(
        &self,
        known: &Known<'_>,
        (collection, home): (Collection, bool),
        path: &CompiledPath,
    ) -> Arc<ByPath> {
        let place = (std::ptr::from_ref(path) as usize, home);
        let index = self.by_path.get(&place);
        index.unwrap_or_else(|| self.by_path.keep(place, Arc::new(ByPath::new(known, collection, path))))
    }
}
