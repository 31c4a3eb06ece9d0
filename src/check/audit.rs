//! The audit log: records by the objects they are about.

use std::sync::Arc;

use super::compile::CompiledPath;
use super::world::{World, key_space};
use crate::json::Raw;
use crate::pack::model::{Alias, Path};
use crate::tenant::Object;
use crate::tenant::schema::Collection;

/// The path by which audit records are found.
pub fn target_path() -> CompiledPath {
    let segments = vec!["targetResources".to_owned(), "id".to_owned()];
    CompiledPath::by_name(&Path { alias: Alias::Object, segments, filters: Vec::new() })
}

/// The records about an object with this id (in lower case).
pub fn about(id: &str, world: &World<'_>) -> Vec<Arc<Object>> {
    let Some(space) = key_space(Collection::DirectoryAudits, &target_path()) else { return Vec::new() };
    let is_it = |target: Raw<'_>| target.get("id").and_then(Raw::text).is_some_and(|of| of.eq_ignore_ascii_case(id));
    let is_about = |record: &Arc<Object>| record.get("targetResources").unwrap_or(Raw::NULL).items().any(is_it);
    world.tenant.candidates(Collection::DirectoryAudits, space, id).into_iter().filter(is_about).collect()
}

/// Whether an activity is one of some, whatever its case and the full stop that some records have behind it.
pub fn is_one_of<'w>(activity: &str, mut wanted: impl Iterator<Item = &'w str>) -> bool {
    wanted.any(|wanted| wanted.eq_ignore_ascii_case(activity.trim_end_matches('.')))
}

/// Who did what a record says: the person's sign-in name or name, else the application's name.
pub fn actor(record: &Object) -> Option<String> {
    let by = record.get("initiatedBy").unwrap_or(Raw::NULL);
    let text = |who: &str, name: &str| {
        let text = by.get(who)?.get(name)?.text()?;
        (!text.trim().is_empty()).then(|| text.into_owned())
    };
    text("user", "userPrincipalName").or_else(|| text("user", "displayName")).or_else(|| text("app", "displayName"))
}
