//! A look-up: how a rule gets from one object to another of any collection, also of the home tenant.

use serde::{Deserialize, Serialize};

use super::{Condition, Path};
use crate::tenant::schema::Collection;

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
