//! The command `aaddoctor`.

fn main() {}
