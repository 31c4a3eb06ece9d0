//! Judgments remembered for objects that are alike.
//!
//! What a rule says of an object is decided by the few things that it looks at: nearly all users are no guests, and then a rule about
//! guests looks no further. So the things that a rule looks at are kept as a tree, grown while objects go by: at each node stands
//! what is looked at next, and a branch leads on for each answer or value; at the end stands what the rule says. An object that takes
//! a way which another took before it is not judged again.
//!
//! A thing of which nearly every object has a value of its own (its name) is no good for that: a rule that gets as far as looking at
//! it is asked about every such object. Nothing but the time it takes depends on any of this.

mod classes;

use hashbrown::HashMap;

use self::classes::Classes;
use super::intern::Interner;
use crate::check::compile::{CompiledRule, Question, Slots};
use crate::check::passing::{Input, Passing};
use crate::check::scope::Scope;
use crate::tenant::schema::Collection;

/// So many ways of a rule are remembered; objects that go others are judged one by one.
const MOST: usize = 1 << 15;

/// What a rule says of an object, as a text; and what the object asks of its links, by the marks of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Part {
    /// A piece of a row; nothing if the rule has nothing to say.
    pub(super) text: Box<[u8]>,
    /// The links that are asked for.
    pub(super) asks: Box<[Ask]>,
}

/// A question of an object whether it belongs to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ask {
    /// The rule.
    pub(super) rule: u16,
    /// The number of the object's signature for the rule.
    pub(super) signature: u32,
    /// The mark of the other's id.
    pub(super) to: u64,
    /// The slot of what is searched there.
    pub(super) own: usize,
}

/// The object at hand, and what may be asked about it.
pub(super) struct Object<'a> {
    /// The object.
    pub(super) passing: &'a Passing<'a>,
    /// What rules see of it.
    pub(super) scope: &'a Scope<'a>,
    /// The questions about objects of its collection: see [`Slots::questions`].
    pub(super) questions: &'a [Question],
    /// The rules.
    pub(super) rules: &'a [CompiledRule<'a>],
    /// What is taken of objects.
    pub(super) slots: &'a Slots,
}

/// What is remembered of the objects of one collection, by one thread.
#[derive(Debug)]
pub(super) struct Alike {
    classes: Classes,
    trees: Vec<Tree>,
    parts: Vec<Part>,
    part_numbers: HashMap<Part, u32>,
    /// What the rules say of the object at hand: the numbers of their parts, without those that say nothing.
    said: Vec<u32>,
    rows: HashMap<Box<[u32]>, u32>,
}

impl Alike {
    /// For so many steps over the objects of a collection.
    pub(super) fn new(collection: Collection, slots: &Slots, steps: usize) -> Self {
        Self {
            classes: Classes::new(collection, slots),
            trees: vec![Tree::default(); steps],
            parts: vec![Part::default()],
            part_numbers: HashMap::from_iter([(Part::default(), 0)]),
            said: Vec::new(),
            rows: HashMap::new(),
        }
    }

    /// The number of the row of an object; `judge` says what one step says of it, and looks at it through what `object` holds.
    #[inline]
    pub(super) fn row(&mut self, object: &Object<'_>, rows: &Interner, judge: &mut dyn FnMut(usize) -> Part) -> u32 {
        self.classes.next(object.questions);
        self.said.clear();
        for (step, tree) in self.trees.iter_mut().enumerate() {
            let part = match tree.follow(&mut self.classes, object) {
                Way::Known(part) => part,
                way => {
                    let (part, looked_at) = object.passing.seen().traced(|| judge(step));
                    let parts = &mut self.parts;
                    let number = *self.part_numbers.entry(part).or_insert_with_key(|part| {
                        parts.push(part.clone());
                        parts.len() as u32 - 1
                    });
                    if let Way::New = way {
                        tree.grow(&looked_at, number, &mut self.classes, object);
                    }
                    number
                }
            };
            if part != 0 {
                self.said.push(part);
            }
        }
        if let Some(row) = self.rows.get(self.said.as_slice()) {
            return *row;
        }
        let text: Vec<u8> = self.said().flat_map(|part| &part.text).copied().collect();
        let row = rows.number(&text);
        // Where nearly every object has a row of its own, those that come again come soon.
        if self.rows.len() == MOST {
            self.rows.clear();
        }
        self.rows.insert(self.said.as_slice().into(), row);
        row
    }

    /// What the rules said of the object at hand.
    pub(super) fn said(&self) -> impl Iterator<Item = &Part> {
        self.said.iter().map(|part| &self.parts[*part as usize])
    }
}

/// What a rule looks at, by what it saw before, and what it says in the end.
#[derive(Clone, Debug, Default)]
struct Tree {
    nodes: Vec<Node>,
    /// The ways on: from a node, for a class, to a node.
    branches: HashMap<(u32, u32), u32>,
}

#[derive(Clone, Debug)]
enum Node {
    /// The input of this number is looked at next; the first branches stand here.
    Look(u16, [u32; 4]),
    /// This is said.
    Say(u32),
}

/// No node: the tree begins at the first, and no branch leads there.
const NONE: u32 = 0;

/// Where an object's way through a tree leads.
enum Way {
    /// To what is said of it.
    Known(u32),
    /// Nowhere: no such object was judged yet.
    New,
    /// Nowhere: it has something that is not worth remembering.
    Own,
}

impl Tree {
    #[inline]
    fn follow(&self, classes: &mut Classes, object: &Object<'_>) -> Way {
        let mut at = 0;
        loop {
            match self.nodes.get(at as usize) {
                None => return Way::New,
                Some(Node::Say(part)) => return Way::Known(*part),
                Some(Node::Look(input, first)) => {
                    let Some(class) = classes.of(*input, object) else { return Way::Own };
                    let next = match first.get(class as usize) {
                        Some(next) => *next,
                        None => self.branches.get(&(at, class)).copied().unwrap_or(NONE),
                    };
                    if next == NONE {
                        return Way::New;
                    }
                    at = next;
                }
            }
        }
    }

    /// Adds the way of an object that was judged: what was looked at, in order, and what was said.
    fn grow(&mut self, looked_at: &[Input], part: u32, classes: &mut Classes, object: &Object<'_>) {
        if self.nodes.len() >= MOST {
            return;
        }
        // The node where the way so far ends, and the class of the object there.
        let mut end = None;
        for input in looked_at {
            let number = classes.number(*input);
            let at = self.reach(end, Node::Look(number, [NONE; 4]));
            let Some(class) = classes.of(number, object) else { return };
            end = Some((at, class));
        }
        self.reach(end, Node::Say(part));
    }

    /// The node behind a branch, which is this one if it is not there yet.
    fn reach(&mut self, end: Option<(u32, u32)>, node: Node) -> u32 {
        let next = self.nodes.len() as u32;
        if let Some((at, class)) = end
            && let Node::Look(_, first) = &mut self.nodes[at as usize]
        {
            let branch = match first.get_mut(class as usize) {
                Some(branch) => branch,
                None => self.branches.entry((at, class)).or_insert(NONE),
            };
            if *branch != NONE {
                return *branch;
            }
            *branch = next;
        } else if next > 0 {
            return 0;
        }
        self.nodes.push(node);
        next
    }
}
