//! Running the rules: one pass over the dump, then what the pass could not know, then the findings.

pub mod intern;
pub mod pass;
pub mod run;
pub mod verdict;
