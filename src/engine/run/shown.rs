//! What of it all the report shows, where somebody asked for something: which requests, and which findings.

use std::collections::BTreeSet;

use super::Options;
use crate::engine::draft::Draft;
use crate::engine::limits::Limits;
use crate::engine::naming::Naming;
use crate::engine::requests::RequestDraft;

/// What the report is limited to, if to anything; requests that it is not about are left out.
pub(super) fn limits(
    drafts: &[Draft],
    requests: &mut Vec<RequestDraft>,
    naming: Naming<'_>,
    options: &Options,
) -> Option<Limits> {
    let world = naming.world;
    if options.about.is_empty() && options.asked.is_none() {
        return None;
    }
    let typed = requests.iter().find(|request| request.is_typed());
    let mut limits = Limits::new(&options.about, typed.map(|typed| typed.number), requests, world);
    let texts = drafts.iter().flat_map(|draft| naming.group_texts(draft)).collect();
    limits.settle(&texts, requests, world);
    requests.retain(|request| limits.requests.contains(&request.number));
    for (index, request) in requests.iter_mut().enumerate() {
        request.report.index = index;
    }
    Some(limits)
}

/// The findings that are shown: all, or those that the limits are about, those that stand against their requests, and whatever
/// explains them.
pub(super) fn kept(
    drafts: &[Draft],
    causes: &[Vec<(usize, usize)>],
    naming: Naming<'_>,
    limits: Option<&Limits>,
    requests: &[RequestDraft],
) -> BTreeSet<usize> {
    let Some(limits) = limits else { return (0..drafts.len()).collect() };
    let concerned = |index: &usize| {
        let draft = &drafts[*index];
        limits.concern(draft, &naming.rules[draft.rule], &naming.group_texts(draft))
    };
    let mut kept: BTreeSet<usize> = (0..drafts.len()).filter(concerned).collect();
    kept.extend(requests.iter().flat_map(|request| &request.findings).map(|(_, finding)| *finding));
    let explains = |cause: usize, effect: usize| limits.still_explains(&drafts[cause], &drafts[effect], naming.world);
    loop {
        let of = |index: &usize| {
            let index = *index;
            causes[index].iter().map(|(cause, _)| *cause).filter(move |cause| explains(*cause, index))
        };
        let more: BTreeSet<usize> = kept.iter().flat_map(of).collect();
        let before = kept.len();
        kept.extend(more);
        if kept.len() == before {
            return kept;
        }
    }
}
