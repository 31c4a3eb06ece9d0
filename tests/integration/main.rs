//! The program as people run it: its real output, exit codes and files; and what must hold for every tenant.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on has failed

mod ablation;
mod built_in_rules;
#[cfg(target_os = "linux")]
mod canary;
mod check;
mod collect_script;
mod contradictions;
mod database;
mod dialects;
mod dutch;
mod errors;
mod fixtures;
mod formats;
mod generated;
mod harness;
mod help;
mod inspect;
mod names;
mod products;
mod requests;
mod rules;
mod same;
mod several;
mod tenants;
mod trees;
