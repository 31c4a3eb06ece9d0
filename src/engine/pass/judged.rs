//! What rules say of one object in the pass, written as parts of its row.

use super::Step;
use super::sign::sign;
use crate::check::compile::Slots;
use crate::check::judge::{Judgment, judge};
use crate::check::passing::Passing;
use crate::check::scope::Scope;
use crate::engine::alike::{Ask, Part};
use crate::engine::intern::{MarkCache, Marks};

/// An object that is judged.
pub(super) struct Judged<'a, 's> {
    pub(super) scope: &'a Scope<'s>,
    pub(super) passing: &'a Passing<'s>,
    /// What signatures hold of objects.
    pub(super) slots: &'a Slots,
    pub(super) signatures: (&'a Marks, &'a mut MarkCache),
}

impl Judged<'_, '_> {
    /// What a step says.
    pub(super) fn part(&mut self, step: &Step<'_>) -> Part {
        let mut text = Vec::new();
        let judgment = judge(step.compiled, step.program, self.scope);
        if judgment == Judgment::Clear {
            return Part::default();
        }
        let rule = step.rule as u16;
        text.extend_from_slice(&rule.to_le_bytes());
        let mut asks = Vec::new();
        match judgment {
            Judgment::Clear => {}
            Judgment::NotAsked => text.push(0),
            Judgment::Found { check, could_be, needs } => {
                // A rule has no more checks than fit: see `MAX_CHECKS`.
                text.extend_from_slice(&[1, u8::try_from(check).unwrap_or(u8::MAX)]);
                text.extend_from_slice(&could_be.to_le_bytes());
                text.extend_from_slice(&needs.to_le_bytes());
            }
            Judgment::Unknown { checks, needs } => {
                text.push(2);
                text.extend_from_slice(&checks.to_le_bytes());
                text.extend_from_slice(&needs.to_le_bytes());
            }
            Judgment::Pending => {
                let mut signature = rule.to_le_bytes().to_vec();
                signature.push(self.passing.collection as u8);
                sign(step, self, &mut asks, &mut signature);
                let (marks, cache) = &mut self.signatures;
                let signature = marks.number(&signature, cache);
                if asks.is_empty() {
                    text.push(3);
                    text.extend_from_slice(&signature.to_le_bytes());
                } else {
                    text.push(4);
                }
                let asks = asks.into_iter().map(|(to, own)| Ask { rule, signature, to, own }).collect();
                return Part { text: text.into(), asks };
            }
        }
        Part { text: text.into(), asks: Box::default() }
    }
}
