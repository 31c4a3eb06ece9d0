//! Packs made of files: what `build.rs` does for the built-in packs, and `--rules` at run time.

use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use super::decode::{Context, Decoded, DecodedPack, decode_pack, decode_rule};
use super::fault::{Fault, Level};
use super::model::Pack;

/// The files of one pack's folder.
#[derive(Clone, Debug, Default)]
pub struct PackFiles {
    /// The folder's name, which is the pack's.
    pub name: String,
    /// Where the folder is, as it is shown.
    pub folder: PathBuf,
    /// `pack.toml` and the rules: where each is, and what is in it.
    pub files: Vec<(PathBuf, String)>,
}

/// A pack decoded, with all that is known of its files.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// The pack with those of its rules that have no error; none if `pack.toml` has one.
    pub pack: Option<Pack>,
    /// Its rule files.
    pub rules: Vec<Decoded>,
    /// Its `pack.toml`.
    pub about: DecodedPack,
    /// The faults of all its files.
    pub faults: Vec<Fault>,
}

/// Decodes a pack's files.
pub fn assemble(source: &PackFiles, context: &Context<'_>) -> Assembled {
    let mut files: Vec<_> = source.files.iter().collect();
    files.sort();
    let mut found = Assembled::default();
    let mut has_about = false;
    for (file, text) in &files {
        if file.file_name().is_some_and(|name| name == "pack.toml") {
            has_about = true;
            found.about = decode_pack(file, &source.name, text);
            found.faults.extend(found.about.faults.iter().cloned());
        } else {
            let decoded = decode_rule(file, &source.name, text, context);
            found.faults.extend(decoded.faults.iter().cloned());
            found.rules.push(decoded);
        }
    }
    if !has_about {
        found.faults.push(Fault {
            file: source.folder.join("pack.toml"),
            span: 0..0,
            level: Level::Error,
            message: "the pack has no `pack.toml`".to_owned(),
            label: String::new(),
            help: Some("It needs `version`, `title` and `about`.".to_owned()),
            code: "missing-file",
        });
    }
    found.pack = found.about.pack.clone().map(|mut pack| {
        pack.rules = found.rules.iter().filter_map(|decoded| decoded.rule.clone()).collect();
        pack.builtin = context.builtin;
        pack.digest = digest(&files);
        pack
    });
    found
}

/// The xxh3-128 digest of the files' names and contents, in hexadecimal. Line ends count as one byte, however saved.
fn digest(files: &[&(PathBuf, String)]) -> String {
    let mut hash = Xxh3::new();
    for (file, text) in files {
        let name = file.file_name().map(Path::new).map(|name| name.to_string_lossy()).unwrap_or_default();
        let text = text.replace("\r\n", "\n");
        for part in [name.as_bytes(), text.as_bytes()] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    format!("{:032x}", hash.digest128())
}
