//! Whether a test fits the type of what it tests.

use super::select::OperatorAt;
use super::shape::{Shape, words};
use super::{Decoder, path};
use crate::pack::model::{Bound, Operator, Path, Scalar};
use crate::tenant::schema::Kind;

impl Decoder<'_> {
    /// Why an operator does not fit a value, with the label; none if it does, or if the type is not known.
    pub(super) fn misfit(
        &self,
        operator: &OperatorAt,
        path: &Path,
        shape: &Shape,
        bases: &[(Shape, usize)],
    ) -> Option<(String, &'static str)> {
        let kind = shape.kind()?;
        let textual = matches!(kind, Kind::Text | Kind::Texts | Kind::Date);
        let is = format!("`{}` is {}", path::show(path, &self.look_ups), words(kind));
        let (fits, message, label) = match &operator.operator {
            Operator::Empty(_) => return None,
            Operator::OneOf(values) | Operator::Not(values) => {
                return values.iter().find_map(|value| unequal(&is, kind, value));
            }
            Operator::Matches(_) => (textual, format!("a pattern is for texts, and {is}"), "not a text"),
            Operator::InTable { .. } => (textual, format!("tables hold texts, and {is}"), "not a text"),
            Operator::SameAs(other) => {
                let other = self.kind_of(other, bases)?;
                (class(other) == class(kind), compared(&is, other), "can never be equal")
            }
            Operator::Above(bound) | Operator::Below(bound) => match bound {
                Bound::Number(_) => (kind == Kind::Number, compared(&is, Kind::Number), "not a number"),
                Bound::Days(_) => (kind == Kind::Date, format!("{is}, and is compared with a time"), "not a date"),
                Bound::Path(other) => {
                    let other = self.kind_of(other, bases).unwrap_or(kind);
                    (other == kind && matches!(kind, Kind::Number | Kind::Date), compared(&is, other), "have no order")
                }
            },
            Operator::Any(_) | Operator::All(_) => (
                kind == Kind::Objects,
                format!("only lists of objects have elements to test, and {is}"),
                "not such a list",
            ),
        };
        (!fits).then_some((message, label))
    }

    fn kind_of(&self, path: &Path, bases: &[(Shape, usize)]) -> Option<Kind> {
        let shapes = bases.iter().flat_map(|(base, frame)| {
            [self.resolve(path, *frame, None).ok(), self.resolve(path, *frame, Some(base)).ok()]
        });
        shapes.flatten().find_map(|shape| shape.kind())
    }
}

fn unequal(is: &str, kind: Kind, value: &Scalar) -> Option<(String, &'static str)> {
    let other = match value {
        Scalar::Text(_) => Kind::Text,
        Scalar::Flag(_) => Kind::Flag,
        Scalar::Number(_) => Kind::Number,
    };
    let fits = class(other) == class(kind);
    (!fits).then(|| (compared(is, other), "can never be equal"))
}

fn compared(is: &str, other: Kind) -> String {
    format!("{is}, and is compared with {}", words(other))
}

/// Kinds that can be equal.
fn class(kind: Kind) -> u8 {
    match kind {
        Kind::Text | Kind::Texts | Kind::Date => 0,
        Kind::Flag => 1,
        Kind::Number => 2,
        Kind::Object | Kind::Objects => 3,
    }
}
