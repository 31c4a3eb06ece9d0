//! What must hold of an object: conditions over named selections, and the tests of values that those consist of. Checks,
//! look-ups and fixes all use them.

use serde::{Deserialize, Serialize};

use super::{Alias, Path};

/// A condition over selections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// One of them.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A selection, applied to the alias.
    Select {
        /// What it is applied to.
        alias: Alias,
        /// Its index in [`Rule::selects`](super::Rule::selects).
        select: u16,
    },
}

/// A named selection: every line must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Select {
    /// Its name.
    pub name: String,
    /// Its lines.
    pub lines: Vec<SelectLine>,
}

/// One line of a selection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SelectLine {
    /// `found = …`: whether the look-up that the selection is applied to found something.
    Found(bool),
    /// A value satisfies a test. A path that starts at [`Alias::Object`] is read from what the selection is applied to.
    Value(Path, Test),
}

/// A test of a value: all operators must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// The operators.
    pub operators: Vec<Operator>,
    /// Text compares with its case.
    pub cased: bool,
}

/// One operator of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Operator {
    /// Equal to one of these.
    OneOf(Vec<Scalar>),
    /// Equal to none of these; holds for an empty value.
    Not(Vec<Scalar>),
    /// Null, "", [] or white space (or, with false, none of them).
    Empty(bool),
    /// A regular expression finds something in it.
    Matches(String),
    /// Equal to the value of another path; of a list, to any element.
    SameAs(Path),
    /// Greater than.
    Above(Bound),
    /// Less than.
    Below(Bound),
    /// In (or, with false, not in) a column of a table.
    InTable {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Only rows that have one of these values in another column.
        rows: Option<(String, Vec<String>)>,
        /// Whether it must be there.
        there: bool,
    },
    /// One element of the list satisfies every line.
    Any(Vec<(Path, Test)>),
    /// Every element of the list satisfies every line.
    All(Vec<(Path, Test)>),
}

/// What `above` and `below` compare with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    /// A number.
    Number(f64),
    /// So many days after the tenant's as-of date; negative for before.
    Days(i64),
    /// Another value.
    Path(Path),
}

/// A plain value of a rule file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Scalar {
    /// Text.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
}
