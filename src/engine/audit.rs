//! Who changed it, and when: the audit records that explain a finding.

use super::phrases::phrases;
use crate::check::audit::{about, actor, is_one_of};
use crate::check::world::World;
use crate::tenant::Object;

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

/// The newest records of some activities about an object.
pub fn records(object: &Object, activities: &[String], world: &World<'_>) -> Vec<Record> {
    let Some(id) = object.id() else { return Vec::new() };
    let mut records: Vec<_> = about(&id, world).iter().filter_map(|record| read(record, activities, world)).collect();
    records.sort_by(|one, other| other.cmp(one));
    records.truncate(SHOWN);
    records
}

fn read(record: &Object, activities: &[String], world: &World<'_>) -> Option<Record> {
    let activity = record.text("activityDisplayName")?;
    if !is_one_of(&activity, activities.iter().map(String::as_str)) {
        return None;
    }
    let by = record.get("initiatedBy").and_then(|by| by.get("user")?.get("id")?.text()).map(|id| id.to_lowercase());
    Some(Record {
        at: record.text("activityDateTime")?,
        activity,
        by: by.filter(|id| !id.trim().is_empty()),
        by_text: actor(record).unwrap_or_else(|| phrases(world.language).unknown_actor.to_owned()),
        result: record.text("result"),
        source: record.parts.first().map_or(0, |part| part.source),
    })
}
