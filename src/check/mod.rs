//! Checks: rules compiled, and their answers on objects.

pub mod audit;
pub mod compile;
pub mod duplicate;
pub mod filter;
pub mod judge;
pub mod link;
pub mod list;
pub mod matcher;
pub mod native;
mod order;
pub mod passing;
pub mod scope;
pub mod settings;
pub mod signature;
pub mod truth;
pub mod value;
mod word;
pub mod world;
