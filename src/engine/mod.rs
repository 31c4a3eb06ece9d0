//! Running the rules: one pass over the dump, then what the pass could not know, then the findings.

pub mod audit;
mod build;
pub mod draft;
pub mod fixes;
pub mod intern;
pub mod outcome;
pub mod pass;
pub mod rank;
pub mod read;
pub mod requests;
pub mod run;
pub mod simulate;
mod summary;
pub mod verdict;
pub mod words;
