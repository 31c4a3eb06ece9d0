//! Rule packs: rule files decoded, checked and at hand.

pub mod assemble;
pub mod decode;
pub mod embedded;
pub mod fault;
pub mod lint;
pub mod load;
pub mod model;
pub mod packs;
pub mod render;
pub mod tables;
pub mod test_case;

#[cfg(test)]
mod snapshot_tests;

pub(crate) use decode::show;
