//! Rule packs: rule files decoded, checked and at hand.

pub mod decode;
pub mod fault;
pub mod model;
pub mod tables;
pub mod test_case;
