//! Running the rules: one pass over the dump, then what the pass could not know, then the findings.

pub mod about;
mod alike;
pub mod apart;
mod around;
pub mod asked;
pub mod audit;
mod build;
pub mod check;
pub mod draft;
mod each;
mod finding;
pub mod fixes;
pub mod intern;
mod limits;
mod mutate;
pub(crate) mod naming;
pub mod native_fix;
pub(crate) mod phrases;

pub(crate) use phrases::role_name;
mod offer;
pub mod outcome;
pub mod pass;
mod people;
pub mod rank;
pub mod read;
pub mod requests;
pub mod rules_test;
pub mod run;
pub mod seats;
mod short;
pub mod simulate;
mod summary;
pub mod verdict;
mod who;
pub mod words;
