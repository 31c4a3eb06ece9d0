//! What packs say about operations, put together.

use std::collections::BTreeMap;

use crate::pack::load::Packs;

/// The rules to go through for an operation, and what no export shows: each pack's, one after the other.
#[derive(Default)]
pub(super) struct Guide<'a> {
    /// The ids of rules.
    pub(super) steps: Vec<&'a str>,
    /// Words that reports know, or texts.
    pub(super) not_shown: Vec<&'a str>,
    /// Words or texts by the ids of the rules whose answers make them needless.
    pub(super) unless: BTreeMap<&'a str, &'a str>,
}

/// The guides of all packs, by operation.
pub(super) fn guides(packs: &Packs) -> BTreeMap<&str, Guide<'_>> {
    fn add<'a>(all: &mut Vec<&'a str>, more: &'a [String]) {
        for one in more {
            if !all.contains(&one.as_str()) {
                all.push(one);
            }
        }
    }
    let mut guides: BTreeMap<&str, Guide<'_>> = BTreeMap::new();
    for (operation, known) in packs.packs.iter().flat_map(|pack| &pack.operations) {
        let guide = guides.entry(operation).or_default();
        add(&mut guide.steps, &known.steps);
        add(&mut guide.not_shown, &known.not_shown);
        guide.unless.extend(known.unless.iter().map(|(rule, word)| (rule.as_str(), word.as_str())));
    }
    guides
}
