//! A rule as data: what a rule file says once it is read, and before it knows any tenant.
//!
//! These types are decoded from TOML when the program is built (`build.rs`) for the built-in packs, and at run time for
//! a directory given with `--rules`. `rules/FORMAT.md` describes the file format; the names here are the same.
//!
//! Each module holds one part of it. All of them are used by their names here: a rule is one thing to whoever reads it.

mod check;
mod condition;
mod fix;
mod grade;
mod language;
mod look_up;
mod pack;
mod path;
mod rule;
mod template;

pub use check::{
    Check, CheckKind, Comparison, Duplicate, FieldRef, Grades, MAX_CHECKS, Match, Native, Over, SetCheck, Term,
    Threshold,
};
pub use condition::{Bound, Condition, Operator, Scalar, Select, SelectLine, Test};
pub use fix::{Fix, Holders, Safety, SetValue, Where};
pub use grade::{Confidence, Severity};
pub use language::{FixTexts, Language};
pub use look_up::LookUp;
pub use pack::{Operation, Override, Pack};
pub use path::{Alias, Filter, Path};
pub use rule::{ErrorText, ReportOptions, Rule, Status};
pub use template::{Message, Template, TemplatePart};
