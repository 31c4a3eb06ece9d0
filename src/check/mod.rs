//! Checks: rules compiled, and their answers on objects.

pub mod compile;
pub mod duplicate;
pub mod judge;
pub mod native;
pub mod scope;
pub mod signature;
pub mod truth;
pub mod world;
