//! Where values stand, and what is asked of them: fields, look-ups, paths, selections and tests.

use serde::{Deserialize, Serialize};

use crate::tenant::schema::Collection;

/// A collection, or a property of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldRef {
    /// The collection.
    pub collection: Collection,
    /// The property, which may lead into objects (`licenseAssignmentStates.error`); none for the collection as such.
    pub property: Option<String>,
}

/// A look-up of one object in a collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LookUp {
    /// Its name, used as an alias in paths and conditions.
    pub name: String,
    /// Where.
    pub collection: Collection,
    /// In the home tenant's dump instead of this one.
    pub home: bool,
    /// Each path in the collection equals the value of the path from the object.
    pub matches: Vec<(Path, Path)>,
    /// An object for which one of these pairs is equal is passed over.
    pub except: Vec<(Path, Path)>,
    /// What is found must satisfy this as well; its selections are read from what is found.
    pub such: Option<Condition>,
    /// Texts compare with their case.
    pub cased: bool,
}

/// A path to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Path {
    /// Where it starts.
    pub alias: Alias,
    /// The property, and the names inside it; empty for the alias itself.
    pub segments: Vec<String>,
    /// What is done to the value, in order.
    pub filters: Vec<Filter>,
}

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Alias {
    /// The object that is checked.
    Object,
    /// The element of `each`.
    Item,
    /// The person who asks.
    Actor,
    /// The person or group it is asked for.
    Target,
    /// The tenant's organization.
    Organization,
    /// What the user says of the tenant.
    Settings,
    /// A look-up of this rule, by its index.
    LookUp(u16),
}

/// What is done to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Filter {
    /// The part behind the last `@`, in lower case.
    Domain,
    /// The part before the last `@`.
    Local,
    /// In lower case.
    Lower,
    /// An e-mail address: trimmed, lower case, an `smtp:` prefix taken off; nothing where there is no `@`.
    Address,
    /// The address of an `smtp:` proxy address; nothing for X500, SIP, SPO, EUM and the like. A bare address counts as one.
    Smtp,
    /// The address that a guest's `#EXT#` sign-in name was made from (its last `_` read as `@`).
    ExtAddress,
    /// The id of the Azure subscription that a scope lies in.
    Subscription,
    /// The product's name, from its SKU id. In texts only, as are the following.
    Product,
    /// The service plan's name, from its id.
    Plan,
    /// The role's name, from its template id.
    Role,
    /// The meaning of a license error code.
    LicenseError,
    /// The meaning of an error text or a license error code; nothing for one that no table knows.
    Meaning,
    /// The text of an error in XML.
    XmlText,
    /// A date without its time.
    Date,
    /// Without quotes, where a command would quote it.
    Plain,
}

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
        /// Its index in [`Rule::selects`].
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
