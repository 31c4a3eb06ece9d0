//! A text with placeholders: whatever a rule says to people, and its commands.

use serde::{Deserialize, Serialize};

use super::Path;

/// A text with one form for one object and, if it differs, another for many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// For one.
    pub one: Template,
    /// For many; none for the same.
    pub many: Option<Template>,
}

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct Template {
    /// Its parts, in order.
    pub parts: Vec<TemplatePart>,
}

impl Template {
    /// The paths of its placeholders, in order.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.parts.iter().filter_map(|part| match part {
            TemplatePart::Text(_) => None,
            TemplatePart::Placeholder { path, .. } => Some(path),
        })
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TemplatePart {
    /// As it is.
    Text(String),
    /// A value. A path of one segment may also name what the check itself provides: count, key, holders, first, member,
    /// other, needs, or a native check's values.
    Placeholder {
        /// Where the value is.
        path: Path,
        /// What stands there when there is no value.
        fallback: Option<String>,
    },
}
