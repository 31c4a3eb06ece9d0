//! Judgments remembered for objects that are alike.
//!
//! Most rules look at properties in which thousands of objects agree: the licenses, the country, the domain of a name. So each value of
//! such a property gets a number, rules that read the same properties are a family, and what a family says is found once for
//! each combination of numbers. Which properties are that common differs from tenant to tenant: some objects near the beginning
//! of a collection decide it. Nothing but the time it takes depends on that.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::pass::{sign_texts, sign_truth, sign_value};
use crate::check::inputs::{Input, Read};
use crate::check::scope::{Passing, Scope};
use crate::check::truth::{Truth, test_of};
use crate::tenant::schema::Collection;

/// So many objects go by before anything is remembered: a small tenant is done by then.
const FIRST: usize = 256;

/// So many objects then decide what is common.
const SAMPLE: usize = 1024;

/// A property is common if the objects of the sample have at most so many values of it.
const COMMON: usize = SAMPLE / 4;

/// A family that reads more properties than this is judged object by object: hardly two objects would agree.
const MOST_INPUTS: usize = 8;

/// So many values and combinations are remembered; what comes after them is judged object by object.
const MOST: usize = 1 << 15;

/// Numbers by text.
type Numbers = HashMap<Box<[u8]>, u32>;

/// What is remembered of the objects of one collection, by one thread.
#[derive(Debug)]
pub(super) struct Alike {
    collection: Collection,
    objects: usize,
    /// What each step reads, while that is still looked at; nothing for steps that are asked about every object.
    reads: Vec<Option<Vec<Read>>>,
    values: Vec<Values>,
    families: Vec<Family>,
    /// The steps of no family.
    own: Vec<usize>,
    parts: Vec<Box<[u8]>>,
    part_numbers: Numbers,
    text: Vec<u8>,
}

/// Something that is read, and the numbers of its values.
#[derive(Debug)]
struct Values {
    input: Input,
    numbers: Numbers,
    /// The number of the value of the object at hand; none if it is not remembered.
    current: Option<u32>,
}

/// Steps that read the same.
#[derive(Debug)]
struct Family {
    steps: Vec<usize>,
    /// What they read, by its index in `values`.
    inputs: Vec<usize>,
    /// What the steps said of a combination of values: the number of a part.
    parts: HashMap<[u32; MOST_INPUTS], u32>,
}

impl Alike {
    /// For so many steps over the objects of a collection.
    pub(super) fn new(collection: Collection, steps: usize) -> Self {
        Self {
            collection,
            objects: 0,
            reads: Vec::new(),
            values: Vec::new(),
            families: Vec::new(),
            own: (0..steps).collect(),
            parts: Vec::new(),
            part_numbers: Numbers::new(),
            text: Vec::new(),
        }
    }

    /// Counts the object that comes now; `reads` says what each step reads, and is asked once.
    #[inline]
    pub(super) fn count(&mut self, reads: impl FnOnce() -> Vec<Option<Vec<Read>>>) {
        self.objects += 1;
        if self.objects == FIRST {
            self.reads = reads();
            for read in self.reads.iter().flatten().flatten() {
                for input in std::iter::once(&read.whole).chain(read.parts.iter().flatten()) {
                    if !self.values.iter().any(|values| values.input.is_same(input)) {
                        self.values.push(Values { input: input.clone(), numbers: Numbers::new(), current: None });
                    }
                }
            }
        } else if self.objects == FIRST + SAMPLE {
            self.decide();
        }
    }

    /// Decides what is common.
    fn decide(&mut self) {
        let reads = std::mem::take(&mut self.reads);
        let is_common = |input: &Input| {
            let known = self.values.iter().find(|values| values.input.is_same(input));
            known.is_some_and(|values| values.numbers.len() <= COMMON)
        };
        let inputs_of = |read: &Read| -> Option<Vec<Input>> {
            if is_common(&read.whole) {
                return Some(vec![read.whole.clone()]);
            }
            read.parts.clone().filter(|parts| parts.iter().all(is_common))
        };
        let steps: Vec<Option<Vec<Input>>> = reads
            .iter()
            .map(|reads| Some(reads.as_ref()?.iter().map(inputs_of).collect::<Option<Vec<_>>>()?.concat()))
            .map(|inputs| inputs.filter(|inputs| inputs.len() <= MOST_INPUTS))
            .collect();
        let is_read = |values: &Values| steps.iter().flatten().flatten().any(|input| values.input.is_same(input));
        self.values.retain(is_read);
        self.own.clear();
        let mut families: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for (step, inputs) in steps.iter().enumerate() {
            let place = |input: &Input| self.values.iter().position(|values| values.input.is_same(input));
            match inputs.as_ref().and_then(|inputs| inputs.iter().map(place).collect::<Option<Vec<_>>>()) {
                Some(mut inputs) => {
                    inputs.sort_unstable();
                    families.entry(inputs).or_default().push(step);
                }
                None => self.own.push(step),
            }
        }
        let family = |(inputs, steps)| Family { steps, inputs, parts: HashMap::new() };
        self.families = families.into_iter().map(family).collect();
    }

    /// Writes a key of what the steps say of an object; `judge` writes what one step says. [`Self::row`] makes a row of it. No
    /// two different rows have one key, of all collections together.
    #[inline]
    pub(super) fn write(
        &mut self,
        passing: &Passing<'_>,
        scope: &Scope<'_>,
        key: &mut Vec<u8>,
        judge: &mut dyn FnMut(usize, &mut Vec<u8>),
    ) {
        for values in &mut self.values {
            self.text.clear();
            write(&values.input, passing, scope, &mut self.text);
            values.current = values.numbers.get(self.text.as_slice()).copied();
            if values.current.is_none() && values.numbers.len() < MOST {
                let number = values.numbers.len() as u32;
                values.numbers.insert(self.text.as_slice().into(), number);
                values.current = Some(number);
            }
        }
        key.clear();
        key.extend_from_slice(&[self.collection as u8, u8::from(self.families.is_empty())]);
        for family in &mut self.families {
            let mut combination = Some([0; MOST_INPUTS]);
            for (place, input) in family.inputs.iter().enumerate() {
                combination = combination.zip(self.values[*input].current).map(|(mut numbers, number)| {
                    numbers[place] = number;
                    numbers
                });
            }
            let known = combination.and_then(|combination| family.parts.get(&combination).copied());
            let part = known.unwrap_or_else(|| {
                self.text.clear();
                family.steps.iter().for_each(|step| judge(*step, &mut self.text));
                let part = self.part_numbers.get(self.text.as_slice()).copied().unwrap_or_else(|| {
                    let number = self.parts.len() as u32;
                    self.part_numbers.insert(self.text.as_slice().into(), number);
                    self.parts.push(self.text.as_slice().into());
                    number
                });
                if let Some(combination) = combination
                    && family.parts.len() < MOST
                {
                    family.parts.insert(combination, part);
                }
                part
            });
            key.extend_from_slice(&part.to_le_bytes());
        }
        self.own.iter().for_each(|step| judge(*step, key));
    }

    /// The row that a key stands for.
    pub(super) fn row(&self, key: &[u8]) -> Box<[u8]> {
        let (parts, own) = key[2..].split_at(self.families.len() * size_of::<u32>());
        let (parts, _) = parts.as_chunks::<4>();
        let parts = parts.iter().flat_map(|part| &*self.parts[u32::from_le_bytes(*part) as usize]);
        parts.chain(own).copied().collect()
    }
}

/// Writes what the rules can see of an input, so that different things are never written the same.
fn write(input: &Input, passing: &Passing<'_>, scope: &Scope<'_>, out: &mut Vec<u8>) {
    match input {
        Input::Value(slot) => sign_value(passing.record.get(*slot), out),
        Input::Rows(slot) => {
            let list = passing.record.get(*slot);
            match (list, passing.rows(*slot)) {
                (Some(list), Some(rows)) => {
                    out.push(2);
                    out.extend_from_slice(&(rows.len() as u32).to_le_bytes());
                    for row in rows {
                        row.values(list.bytes()).for_each(|value| sign_value(value, out));
                    }
                }
                (list, _) => sign_value(list, out),
            }
        }
        Input::Texts(path) => sign_texts(path, scope, out),
        Input::Test(path, test) => {
            // What is missing is each rule's own affair; that something is missing is not.
            let answer = match test_of(path, test, scope, None) {
                Truth::Unknown(_) => Truth::Unknown(0),
                answer => answer,
            };
            sign_truth(answer, out);
        }
    }
}
