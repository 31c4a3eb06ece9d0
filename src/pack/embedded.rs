//! The packs and tables that come with the program, decoded from TOML when it was built.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::model::{Language, Pack};
use super::tables::Tables;

/// What `build.rs` wrote.
mod generated {
    include!(concat!(env!("OUT_DIR"), "/packs.rs"));
}

/// The blobs in the program could not be read: the program file is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the built-in rules cannot be read: {0}")]
pub struct Damaged(#[from] postcard::Error);

/// The built-in packs by name, without the texts in other languages.
pub fn builtin() -> Result<Vec<Pack>, Damaged> {
    generated::PACKS.iter().map(|(_, blob)| postcard::from_bytes(blob).map_err(Damaged)).collect()
}

/// The names of the built-in packs.
pub fn pack_names() -> impl Iterator<Item = &'static str> {
    generated::PACKS.iter().map(|(name, _)| *name)
}

/// One built-in pack.
pub fn builtin_pack(name: &str) -> Result<Option<Pack>, Damaged> {
    let blob = generated::PACKS.iter().find(|(pack, _)| *pack == name);
    blob.map(|(_, blob)| postcard::from_bytes(blob).map_err(Damaged)).transpose()
}

/// The texts of the built-in rules in another language, by rule id; empty for a language that no rule has.
pub fn language(code: &str) -> Result<BTreeMap<String, Language>, Damaged> {
    match generated::LANGUAGES.iter().find(|(language, _)| *language == code) {
        Some((_, blob)) => postcard::from_bytes(blob).map_err(Damaged),
        None => Ok(BTreeMap::new()),
    }
}

/// The codes of the languages that the built-in rules have texts in, besides English.
pub fn languages() -> impl Iterator<Item = &'static str> {
    generated::LANGUAGES.iter().map(|(code, _)| *code)
}

/// The files of the built-in packs as they were written: the path below `rules/`, with `/`, and the text.
pub fn sources() -> &'static [(&'static str, &'static str)] {
    generated::SOURCES
}

/// The file of a built-in rule, as it was written.
pub fn source(rule: &str) -> Option<(&'static str, &'static str)> {
    let is_rule = |path: &str| path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")) == Some(rule);
    generated::SOURCES.iter().copied().find(|(path, _)| is_rule(path))
}

/// The text of `reserved-ids.txt`.
pub fn reserved_ids() -> &'static str {
    generated::RESERVED
}

/// The fact tables. Nothing is decoded until a table is asked for.
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables::from_blobs(generated::TABLES))
}
