//! Who changed it, and when: the audit records that explain a finding.

use crate::check::compile::CompiledPath;
use crate::check::world::{World, key_space};
use crate::json::Raw;
use crate::pack::model::{Alias, Path};
use crate::tenant::Object;
use crate::tenant::schema::Collection;

/// How many records a finding shows.
const SHOWN: usize = 5;

/// An audit record about an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// When, as recorded.
    pub at: String,
    /// What was done.
    pub activity: String,
    /// By whom: the id, if it was a person.
    pub by: Option<String>,
    /// By whom, in words.
    pub by_text: String,
    /// How it ended.
    pub result: Option<String>,
    /// The source, in reading order.
    pub source: u32,
}

/// The path by which audit records are found.
pub fn target_path() -> CompiledPath {
    let segments = vec!["targetResources".to_owned(), "id".to_owned()];
    CompiledPath::by_name(&Path { alias: Alias::Object, segments, filters: Vec::new() })
}

/// The newest records of some activities about an object.
pub fn records(object: &Object, activities: &[String], world: &World<'_>) -> Vec<Record> {
    let (Some(id), Some(space)) = (object.id(), key_space(Collection::DirectoryAudits, &target_path())) else {
        return Vec::new();
    };
    let candidates = world.tenant.candidates(Collection::DirectoryAudits, space, &id);
    let mut records: Vec<_> = candidates.iter().filter_map(|record| read(record, &id, activities)).collect();
    records.sort_by(|one, other| other.cmp(one));
    records.truncate(SHOWN);
    records
}

fn read(record: &Object, id: &str, activities: &[String]) -> Option<Record> {
    let activity = record.text("activityDisplayName")?;
    let is_about =
        |target: Raw<'_>| target.get("id").and_then(Raw::text).is_some_and(|target| target.eq_ignore_ascii_case(id));
    let wanted = activities.iter().any(|wanted| wanted.eq_ignore_ascii_case(activity.trim_end_matches('.')));
    if !wanted || !record.get("targetResources")?.items().any(is_about) {
        return None;
    }
    let by = record.get("initiatedBy").unwrap_or(Raw::NULL);
    let text = |who: &str, name: &str| {
        let text = by.get(who)?.get(name)?.text()?;
        (!text.trim().is_empty()).then(|| text.into_owned())
    };
    let by_text = text("user", "userPrincipalName")
        .or_else(|| text("user", "displayName"))
        .or_else(|| text("app", "displayName"));
    Some(Record {
        at: record.text("activityDateTime")?,
        activity,
        by: text("user", "id").map(|id| id.to_lowercase()),
        by_text: by_text.unwrap_or_else(|| "an unknown actor".to_owned()),
        result: record.text("result"),
        source: record.parts.first().map_or(0, |part| part.source),
    })
}
