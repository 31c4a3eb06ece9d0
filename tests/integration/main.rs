//! The program as people run it: its real output, exit codes and files.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on has failed

mod check;
mod collect_script;
mod errors;
mod harness;
mod help;
mod inspect;
mod rules;
