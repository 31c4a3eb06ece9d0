//! Finds what is wrong in an export of a Microsoft 365 tenant.
#![allow(clippy::doc_markdown)]

pub mod check;
pub mod cli;
pub mod dump;
pub mod engine;
pub mod json;
pub mod pack;
pub mod report;
pub mod tenant;

#[cfg(test)]
mod testing;
