//! Signatures: what decides an outcome that the pass cannot know yet, written so that different things are never written the same.

use super::Step;
use super::judged::Judged;
use crate::check::compile::{CompiledPath, Elements, OfElements, Signature};
use crate::check::judge::answer;
use crate::check::passing::Passing;
use crate::check::scope::{Element, Scope};
use crate::check::truth::{Truth, truth};
use crate::check::value::{Value, texts};
use crate::json::Raw;
use crate::pack::model::Filter;

/// Writes an object's signature for a rule, and the marks of the ids that it asks for links to.
pub(super) fn sign(step: &Step<'_>, judged: &Judged<'_, '_>, asks: &mut Vec<(u64, usize)>, out: &mut Vec<u8>) {
    let (scope, passing) = (judged.scope, judged.passing);
    let kind = passing.collection as usize;
    for part in &step.program.signature {
        match part {
            Signature::Truth(expr) => sign_truth(truth(expr, scope), out),
            Signature::Check(index) => sign_truth(answer(step.compiled, &step.program.checks[*index], scope), out),
            Signature::Texts(place) => {
                let path = &judged.slots.texts[kind][*place];
                passing.texts(*place, || sign_texts(path, scope, out));
            }
            Signature::Elements(place) => {
                let elements = &judged.slots.elements[kind][*place];
                passing.what_counts(*place, || sign_elements(elements, passing, scope, asks, out));
            }
            Signature::Whole(slot) => sign_value(passing.get(*slot), out),
        }
        out.push(0);
    }
}

#[inline]
pub(in crate::engine) fn sign_value(value: Option<Raw<'_>>, out: &mut Vec<u8>) {
    match value {
        Some(raw) => {
            out.push(5);
            out.extend_from_slice(&(raw.bytes().len() as u32).to_le_bytes());
            out.extend_from_slice(raw.bytes());
        }
        None => out.push(6),
    }
}

/// Writes what counts of the elements of a list, and the marks of the ids that they ask for links to.
pub(in crate::engine) fn sign_elements(
    elements: &Elements,
    passing: &Passing<'_>,
    scope: &Scope<'_>,
    asks: &mut Vec<(u64, usize)>,
    out: &mut Vec<u8>,
) {
    let counts = |scope: &Scope<'_>| elements.only.iter().any(|only| truth(only, scope) != Truth::False);
    match &elements.what {
        OfElements::Values(slot, names) => {
            let Some(list) = passing.list(*slot) else { return sign_value(passing.get(*slot), out) };
            out.push(11);
            for element in list.elements().filter(|element| counts(&scope.with_item(Element::Taken(*element)))) {
                out.push(12);
                names.iter().for_each(|name| sign_value(element.get(*name), out));
            }
        }
        OfElements::Linked(link) => {
            let mut to = Vec::new();
            link.ask(passing, scope, &counts, &mut to, out);
            asks.extend(to.into_iter().map(|to| (to, link.own)));
        }
    }
}

fn sign_truth(truth: Truth, out: &mut Vec<u8>) {
    match truth {
        Truth::True => out.push(1),
        Truth::False => out.push(2),
        Truth::Pending => out.push(3),
        Truth::Unknown(needs) => {
            out.push(4);
            out.extend_from_slice(&needs.to_le_bytes());
        }
    }
}

/// Writes the texts of a path.
pub(in crate::engine) fn sign_texts(path: &CompiledPath, scope: &Scope<'_>, out: &mut Vec<u8>) {
    match scope.value(path, None) {
        Value::Json(json) => {
            if let ([Filter::Domain], Some(name)) = (path.filters.as_slice(), Raw::new(&json).plain()) {
                if let Some(at) = memchr::memrchr(b'@', name)
                    && at + 1 < name.len()
                {
                    write_text(&name[at + 1..], out);
                    let start = out.len() - (name.len() - at - 1);
                    out[start..].make_ascii_lowercase();
                }
                return;
            }
            for text in texts(&json, &path.filters) {
                write_text(text.as_bytes(), out);
            }
        }
        Value::Unknown(_) => out.push(8),
        Value::Absent => out.push(9),
        Value::Pending => out.push(10),
    }
}

fn write_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(7);
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text);
}
