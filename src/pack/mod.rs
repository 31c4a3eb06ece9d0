//! Rule packs: rule files decoded, checked and at hand.

pub mod model;
