//! Finds what is wrong in an export of a Microsoft 365 tenant, and says what to do about it.
//!
//! ```text
//! files ──▶ dump ──▶ tenant ──▶ check ──▶ engine ──▶ report
//!           bytes,   what we    rules,    findings:   terminal,
//!           shapes   know and   three     cause, fix, markdown,
//!                    don't      answers   rank        json
//! ```
//!
//! * [`dump`] turns bytes into objects: encodings, containers, what a file is, what it leaves out. It knows no rule.
//! * [`tenant`] is the model in Graph's own names: what was collected, which keys who holds, who may do what. It knows no rule either.
//! * [`pack`] reads rule files: data, decoded with the place of every fault. [`check`] compiles them and answers *found*, *clear* or
//!   *cannot tell* for one object.
//! * [`engine`] runs everything: one pass over the dump judges every object as it goes by and keeps eighty bytes of it; what the pass could not
//!   know is decided once for all objects that agree in what matters; what was caught is read again at its place and becomes
//!   findings, with causes before symptoms.
//! * [`report`] is the public contract (version 1), and one file per output format. [`cli`] is the only part that prints.
//!
//! ```
//! use aaddoctor::{dump::Input, engine::{check::check, run::Options}, pack};
//!
//! let tenant = r#"{"users": [{"id": "1", "userPrincipalName": "jan@contoso.example", "usageLocation": null,
//!                             "assignedLicenses": [{"skuId": "6fd2c87f-b296-42f0-b197-1e91e994b900", "disabledPlans": []}]}]}"#;
//! let inputs = [Input::Bytes("tenant.json".to_owned(), tenant.as_bytes().to_vec())];
//! let packs = pack::packs::Packs::builtin()?;
//! let outcome = check(&inputs, Vec::new(), &[], &packs, pack::embedded::tables(), &Options::default())?;
//! let found = &outcome.report.tenants[0].findings;
//! assert_eq!(found[0].rule, "usage-location-missing");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![allow(clippy::doc_markdown)]

pub mod check;
pub mod cli;
pub mod dump;
pub mod engine;
pub mod json;
pub mod language;
pub mod pack;
pub mod report;
pub mod tenant;
#[cfg(test)]
mod testing;
