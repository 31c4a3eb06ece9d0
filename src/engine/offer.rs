//! What a fix comes to over the objects of a finding.

use std::collections::BTreeSet;

use super::simulate::Tried;
use super::who::MAX_PEOPLE;
use crate::pack::model::Fix;
use crate::report::model;
use crate::tenant::ObjectId;

/// How many commands a fix carries; the template serves for more.
const MAX_COMMANDS: usize = 100;

/// On how many objects a fix is tried.
const MAX_TRIED: usize = 100;

/// What a fix is for one object.
pub(super) enum Made {
    /// Nothing: it is for others.
    NotOffered,
    /// It would cause these findings.
    Refused(BTreeSet<String>),
    /// Something to do.
    Offered {
        /// How it reads, if nobody has said so yet.
        fix: Option<Box<model::Fix>>,
        /// Its command, if it has one; the names of values that it lacks.
        command: Result<Option<model::Command>, Vec<String>>,
        /// What it would do.
        attempt: Option<Tried>,
        /// Whose account it changes, if it changes one.
        person: Option<ObjectId>,
    },
}

/// What a fix is for the objects so far.
#[derive(Default)]
pub(super) struct Offer {
    /// How it reads.
    pub(super) fix: Option<model::Fix>,
    /// Whose accounts it changes, as far as somebody may ask.
    pub(super) people: Vec<ObjectId>,
    /// The object of each command.
    pub(super) objects: Vec<ObjectId>,
    /// The commands, those that are not shown too: one for a key that several objects hold is one.
    runs: BTreeSet<String>,
    /// How many there are.
    pub(super) total: usize,
    /// What it would do.
    pub(super) tried: Vec<Tried>,
    /// The findings that it would cause.
    pub(super) refused: BTreeSet<String>,
}

impl Offer {
    /// Whether it is still to be tried what the fix would do.
    pub(super) fn is_to_be_tried(&self, fix: &Fix) -> bool {
        !fix.set.is_empty() && self.tried.len() < MAX_TRIED
    }

    /// Takes what the fix is for one object more.
    pub(super) fn take(&mut self, made: Made, number: ObjectId) {
        let (fix, command, attempt, person) = match made {
            Made::NotOffered => return,
            Made::Refused(creates) => return self.refused.extend(creates),
            Made::Offered { fix, command, attempt, person } => (fix, command, attempt, person),
        };
        self.tried.extend(attempt);
        if self.people.len() < MAX_PEOPLE {
            self.people.extend(person);
        }
        if self.fix.is_none() {
            self.fix = fix.map(|fix| *fix);
        }
        let Some(fix) = &mut self.fix else { return };
        match command {
            Ok(Some(command)) => {
                if self.runs.insert(command.run.clone()) {
                    self.total += 1;
                    if fix.commands.len() < MAX_COMMANDS {
                        fix.commands.push(command);
                        self.objects.push(number);
                    }
                }
            }
            Ok(None) => {}
            Err(missing) => {
                for name in missing {
                    if !fix.missing.contains(&name) {
                        fix.missing.push(name);
                    }
                }
            }
        }
    }
}
