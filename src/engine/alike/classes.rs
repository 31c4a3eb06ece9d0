//! Classes of what objects have: a number for each value of a property, equal for what is equal.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::Object;
use crate::check::compile::{Base, CompiledBound, CompiledOperator, Question, Slots};
use crate::check::judge;
use crate::check::matcher::{Matcher, Union};
use crate::check::passing::{Input, Known, Passing};
use crate::check::scope::Element;
use crate::check::truth::{Truth, short_answer, test_of};
use crate::engine::pass::{sign_elements, sign_texts, sign_value};
use crate::tenant::schema::Collection;

/// So many values are remembered of a property; objects with others are judged one by one.
const MOST: usize = 1 << 15;

/// So many objects are looked at before a property counts as one of which nearly every object has a value of its own.
const SAMPLE: usize = 1024;

/// A value that is longer than this is hardly one that many objects share.
const LONGEST: usize = 1 << 12;

/// The classes of what the object at hand has: small numbers, equal for what is equal.
#[derive(Debug)]
pub(super) struct Classes {
    /// Everything that may be looked at, by its number.
    inputs: Vec<Input>,
    numbers: HashMap<Input, u16>,
    /// The class of each for the object at hand, [`UNASKED`] or [`MANY`].
    current: Vec<u32>,
    /// The values of each that were met so far.
    values: Vec<Values>,
    /// How each question is answered.
    ways: Vec<Way>,
    /// Questions about patterns in one property, which are answered together.
    patterns: Vec<Patterns>,
    objects: usize,
    text: Vec<u8>,
}

/// Nobody asked for the class yet.
const UNASKED: u32 = u32::MAX;

/// Too few objects share what this one has.
const MANY: u32 = u32::MAX - 1;

/// How a question is answered.
#[derive(Debug, Default)]
struct Way {
    /// By the value in this slot and nothing else, with one short comparison.
    short: Option<usize>,
    /// By the class of the value in this slot: see [`decided_by`].
    by_value: Option<usize>,
    /// The answers by class.
    answers: Vec<Option<Known>>,
    /// What is missing depends on what the value holds, unless there is none: the slot of the value.
    lacks_several: Option<usize>,
    /// Together with others, by their place in [`Classes::patterns`].
    patterns: Option<usize>,
    /// How often the answer was yes.
    found: usize,
}

impl Classes {
    /// For the objects of a collection.
    pub(super) fn new(collection: Collection, slots: &Slots) -> Self {
        let kind = collection as usize;
        let questions = &slots.questions[kind];
        let mut inputs: Vec<Input> = (0..questions.len()).map(Input::Answer).collect();
        for slot in 0..slots.wanted[kind].len() {
            inputs.extend([Input::Value(slot), Input::Length(slot), Input::Shape(slot)]);
        }
        for (list, names) in &slots.lists[kind] {
            inputs.extend((0..names.len()).map(|name| Input::Column(*list, name)));
        }
        inputs.extend((0..slots.texts[kind].len()).map(Input::Texts));
        inputs.extend((0..slots.elements[kind].len()).map(Input::Elements));
        let way = |question| Way {
            short: short(question),
            by_value: decided_by(question),
            lacks_several: lacks_several(question),
            ..Way::default()
        };
        Self {
            numbers: inputs.iter().enumerate().map(|(number, input)| (*input, number as u16)).collect(),
            current: vec![UNASKED; inputs.len()],
            values: inputs.iter().map(|_| Values::default()).collect(),
            inputs,
            ways: questions.iter().map(way).collect(),
            patterns: Vec::new(),
            objects: 0,
            text: Vec::new(),
        }
    }

    /// The next object comes.
    #[inline]
    pub(super) fn next(&mut self, questions: &[Question]) {
        self.current.fill(UNASKED);
        self.objects += 1;
        if self.objects >= SAMPLE && self.objects.is_power_of_two() {
            self.join_patterns(questions);
        }
    }

    /// Joins the patterns that are searched for in one property and were hardly ever found there so far. A small tenant is done
    /// before that would be worth it.
    fn join_patterns(&mut self, questions: &[Question]) {
        let mut by_slot: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, question) in questions.iter().enumerate() {
            self.ways[place].patterns = None;
            let is_rare = self.ways[place].found < self.objects / 64;
            if let Some((slot, _)) = pattern_of(question).filter(|_| is_rare) {
                by_slot.entry(slot).or_default().push(place);
            }
        }
        for (slot, places) in by_slot.into_iter().filter(|(_, places)| places.len() > 1) {
            let known = self.patterns.iter().position(|known| known.places == places);
            let joined = known.or_else(|| {
                let matchers = places.iter().filter_map(|place| pattern_of(&questions[*place]));
                let union = Union::new(matchers.map(|(_, matcher)| matcher))?;
                self.patterns.push(Patterns { slot, places: places.clone(), union, searched: 0 });
                Some(self.patterns.len() - 1)
            });
            places.iter().for_each(|place| self.ways[*place].patterns = joined);
        }
    }

    /// The number of an input.
    pub(super) fn number(&self, input: Input) -> u16 {
        self.numbers[&input]
    }

    /// The class of an input of the object at hand, by its number; nothing if too few objects share it.
    #[inline]
    pub(super) fn of(&mut self, number: u16, object: &Object<'_>) -> Option<u32> {
        let mut class = self.current[number as usize];
        if class == UNASKED {
            class = self.find(number as usize, object).unwrap_or(MANY);
            self.current[number as usize] = class;
        }
        (class != MANY).then_some(class)
    }

    fn find(&mut self, number: usize, object: &Object<'_>) -> Option<u32> {
        let passing = object.passing;
        let (values, text) = (&mut self.values[number], &mut self.text);
        match self.inputs[number] {
            Input::Answer(question) => self.answer(question, object),
            Input::Shape(slot) => Some(passing.shape(slot) as u32),
            Input::Length(slot) => Some(passing.list(slot).map_or(0, |list| list.elements().len() as u32 + 1)),
            _ if values.is_many() => None,
            Input::Value(slot) => values.class(passing.get(slot).map(|raw| raw.bytes())),
            Input::Column(slot, name) => {
                text.clear();
                passing.list(slot)?.elements().for_each(|element| sign_value(element.get(name), text));
                values.class(Some(text))
            }
            Input::Texts(place) => {
                text.clear();
                sign_texts(&object.slots.texts[passing.collection as usize][place], object.scope, text);
                values.class(Some(text))
            }
            Input::Elements(place) => {
                text.clear();
                let elements = &object.slots.elements[passing.collection as usize][place];
                let mut asks = Vec::new();
                sign_elements(elements, passing, object.scope, &mut asks, text);
                asks.iter().for_each(|(to, _)| text.extend_from_slice(&to.to_le_bytes()));
                values.class(Some(text))
            }
        }
    }

    /// The class of the answer to a question.
    fn answer(&mut self, question: usize, object: &Object<'_>) -> Option<u32> {
        let Object { passing, scope, .. } = *object;
        let Way { short, patterns, by_value, lacks_several, .. } = self.ways[question];
        let answer = match &object.questions[question] {
            Question::Test(_, test) if let Some(slot) = short => {
                passing.answer(question, || short_answer(test, passing.get(slot)))
            }
            Question::Test(path, test) => {
                if passing.known(question).is_none() {
                    if let Some(patterns) = patterns {
                        self.patterns[patterns].search(self.objects, passing);
                    } else if let Some(slot) = by_value {
                        self.answer_by_value(question, slot, object);
                    }
                }
                passing.answer(question, || test_of(path, test, scope, None))
            }
            Question::Cells(slot, path, test) => {
                let Some(list) = passing.list(*slot) else { return Some(0) };
                for taken in list.elements() {
                    let element = Element::Taken(taken);
                    let ask = || test_of(path, test, &scope.with_item(element), Some(element));
                    passing.cell(question, taken.place(), ask);
                }
                let cells = passing.cells(question, list.elements().len());
                return cells.filter(|cells| lacks_several.is_none() || !has_unknown(*cells));
            }
            Question::Check(rule, place) => {
                let rule = &object.rules[*rule];
                let program = rule.programs.iter().find(|program| program.collection == passing.collection)?;
                let check = &program.checks[*place];
                let answer = judge::answer(rule, check, scope);
                let is_missing = check.each.as_ref().is_none_or(|each| passing.get(each.slot).is_none());
                if matches!(answer, Truth::Unknown(_)) && !is_missing {
                    return None;
                }
                answer
            }
        };
        // Objects that lack different things are not alike.
        if matches!(answer, Truth::Unknown(_)) && lacks_several.is_some_and(|slot| passing.get(slot).is_some()) {
            return None;
        }
        self.ways[question].found += usize::from(answer == Truth::True);
        Known::of(answer).map(|known| known as u32)
    }

    /// Answers a question as it was answered for another object with the same value.
    fn answer_by_value(&mut self, question: usize, slot: usize, object: &Object<'_>) {
        let passing = object.passing;
        let Some(class) = self.of(self.number(Input::Value(slot)), object) else { return };
        let answers = &mut self.ways[question].answers;
        match answers.get(class as usize) {
            Some(Some(known)) => passing.know(question, *known),
            _ => {
                let Question::Test(path, test) = &object.questions[question] else { return };
                if answers.len() <= class as usize {
                    answers.resize(class as usize + 1, None);
                }
                let answer = passing.answer(question, || test_of(path, test, object.scope, None));
                answers[class as usize] = Known::of(answer);
            }
        }
    }
}

/// Questions about patterns in one property.
#[derive(Debug)]
struct Patterns {
    slot: usize,
    places: Vec<usize>,
    union: Union,
    /// The object that was searched last.
    searched: usize,
}

impl Patterns {
    /// Searches an object, unless it was searched already, and answers all questions if nothing is found.
    fn search(&mut self, object: usize, passing: &Passing<'_>) {
        if self.searched == object {
            return;
        }
        self.searched = object;
        if passing.get(self.slot).is_some_and(|value| self.union.is_out(value)) {
            self.places.iter().for_each(|place| passing.know(*place, Known::No));
        }
    }
}

/// The property and the pattern, if a question is whether that is found there.
fn pattern_of(question: &Question) -> Option<(usize, &Matcher)> {
    let Question::Test(path, test) = question else { return None };
    let [CompiledOperator::Matches(matcher)] = test.operators.as_slice() else { return None };
    let is_whole = path.filters.is_empty() && path.rest.is_empty() && !path.computed;
    (is_whole && matcher.source().is_some()).then_some((path.slot, matcher))
}

/// The slot of the property that alone decides the answer to a question, if that takes one short comparison.
fn short(question: &Question) -> Option<usize> {
    let Question::Test(path, test) = question else { return None };
    let is_whole = path.filters.is_empty() && path.rest.is_empty() && !path.computed && path.cut.is_none();
    (is_whole && test.is_short()).then_some(path.slot)
}

/// The slot of the value, if what is missing where there is no answer depends on what the value holds.
fn lacks_several(question: &Question) -> Option<usize> {
    use CompiledBound::Path;
    use CompiledOperator::{Above, All, Any, Below, SameAs};
    let (Question::Test(path, test) | Question::Cells(_, path, test)) = question else { return None };
    let is_several =
        |operator: &CompiledOperator| matches!(operator, Any(_) | All(_) | SameAs(_) | Above(Path(_)) | Below(Path(_)));
    test.operators.iter().any(is_several).then_some(path.slot)
}

/// Whether one of the answers of a list's elements is that it cannot be told.
fn has_unknown(cells: u32) -> bool {
    cells & (cells >> 1) & 0x5555_5555 != 0
}

/// The slot of the property that alone decides the answer to a question, if finding the answer takes longer than finding the class of
/// its value.
fn decided_by(question: &Question) -> Option<usize> {
    let Question::Test(path, test) = question else { return None };
    let takes_long = |operator: &CompiledOperator| {
        use CompiledOperator::{All, Any, InTable, Matches};
        matches!(operator, Matches(_) | InTable { .. } | Any(_) | All(_))
    };
    let mut reads_others = path.made_of.is_some() || path.cut.is_some();
    test.paths(&mut |path| reads_others |= path.base != Base::Element);
    (!reads_others && test.operators.iter().any(takes_long)).then_some(path.slot)
}

/// The values of one thing.
#[derive(Debug, Default)]
struct Values {
    classes: HashMap<Box<[u8]>, u32>,
    asked: usize,
}

impl Values {
    /// Whether nearly every object has a value of its own.
    #[inline]
    fn is_many(&self) -> bool {
        self.asked > SAMPLE && self.classes.len() > self.asked / 4
    }

    /// The class of a value; nothing is in a class of its own.
    #[inline]
    fn class(&mut self, value: Option<&[u8]>) -> Option<u32> {
        self.asked += 1;
        let Some(value) = value else { return Some(0) };
        if value.len() > LONGEST {
            return None;
        }
        if let Some(class) = self.classes.get(value) {
            return Some(*class);
        }
        let next = self.classes.len() as u32 + 1;
        (self.classes.len() < MOST).then(|| {
            self.classes.insert(value.into(), next);
            next
        })
    }
}
