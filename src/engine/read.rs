//! Reading the sources of a tenant, and judging on the way.

use std::cmp::Reverse;

use super::intern::{Marks, Texts};
use super::pass::{Asked, Batch, Plan};
use crate::dump::{Failure, Input, Reading, Source};
use crate::tenant::{COMMAND_LINE, Gathered, Tenant, Unread};

/// A tenant as read, with the judgments of the pass.
pub struct Loaded {
    /// The tenant.
    pub tenant: Tenant,
    /// What the pass said of its objects.
    pub passed: Passed,
    /// What could not be read, wholly or in part.
    pub failures: Vec<Failure>,
    /// Which input each source came of.
    pub input_of: Vec<usize>,
}

/// The judgments of the pass.
#[derive(Debug, Default)]
pub struct Passed {
    /// The number of each object's row.
    pub rows: Vec<u32>,
    /// The rows, by number.
    pub texts: Texts,
    /// What objects ask of their links.
    pub asked: Vec<Asked>,
}

/// What holds nothing of a tenant is no failure beside an export, as in a folder with reports of all kinds.
fn pass_over_foreign(sources: &mut [Source], failures: &mut Vec<Failure>) {
    if sources.iter().all(|source| source.sections.is_empty() || source.path == COMMAND_LINE) {
        return;
    }
    for source in sources {
        if let Some(what) = source.foreign
            && let Some(passed_over) = source.failure.take()
        {
            failures.retain(|failure| *failure != passed_over);
            source.notes.push(("foreign", format!("It is {what}; it was passed over.")));
        }
    }
}

/// Reads the inputs one after the other, each with all threads.
pub fn read(inputs: &[Input], plan: &mut Plan<'_>, reading: &Reading<'_>, now: Option<jiff::Timestamp>) -> Loaded {
    let mut gathered = Gathered::default();
    let mut passed = Passed::default();
    let mut sources: Vec<Source> = Vec::new();
    let mut failures = Vec::new();
    let mut unread = Vec::new();
    let nothing_of = |input: &Input| Unread { path: input.name(), suggested: input.suggested() };
    let mut input_of = Vec::new();
    // The newest date in each source.
    let mut seen: Vec<(jiff::Timestamp, u32)> = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        let index = sources.len() as u32;
        let mut newest = None;
        let commit = |batch: Batch| {
            let base = gathered.places.len() as u32;
            gathered.keys.extend(&batch.keys, base);
            gathered.places.extend(batch.places);
            gathered.kinds.extend(batch.kinds);
            passed.rows.extend(batch.rows);
            passed.asked.extend(batch.asked.iter().map(|asked| Asked { object: asked.object + base, ..*asked }));
            gathered.tallies.extend(batch.tallies);
            newest = newest.max(batch.newest.date());
        };
        match reading.source(input, index, &|| plan.visitor(), commit) {
            Ok(source) => {
                failures.extend(source.failure.clone());
                if source.failure.is_some() && source.sections.is_empty() && source.foreign.is_none() {
                    unread.push(nothing_of(input));
                }
                sources.push(source);
                seen.extend(newest.map(|newest| (newest, index)));
                input_of.push(number);
            }
            Err(failure) => {
                failures.push(failure);
                unread.push(nothing_of(input));
            }
        }
    }
    // Of one date, the source is told by content, whichever is read first.
    gathered.newest =
        seen.into_iter().max_by_key(|(date, index)| (*date, Reverse(sources[*index as usize].by_content())));
    pass_over_foreign(&mut sources, &mut failures);
    let tenant = Tenant::new(sources, unread, gathered, now, reading.threads);
    passed.texts = std::mem::take(&mut plan.rows).into_texts();
    plan.signatures = Marks::default();
    Loaded { tenant, passed, failures, input_of }
}
