//! Decodes the rules and tables in `rules/`, and stops the build with all their faults if one has an error.
//!
//! The modules that decode are the program's own, so that nothing is written twice.
#![allow(missing_docs, unreachable_pub, dead_code, unused_imports)] // they are documented and used in the program
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::exit)] // how a build script talks to cargo

#[path = "src/tenant"]
mod tenant {
    pub mod schema;
}
#[path = "src/pack"]
mod pack {
    pub mod assemble;
    pub mod decode;
    pub mod fault;
    pub mod lint;
    pub mod model;
    pub mod render;
    pub mod tables;
    pub mod test_case;
}

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use pack::assemble::{Assembled, PackFiles, assemble};
use pack::decode::Context;
use pack::fault::{Fault, Level};
use pack::lint::{Known, lint, reserved_ids};
use pack::model::Pack;
use pack::render::{Sources, render};
use pack::tables::Tables;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/pack");
    println!("cargo::rerun-if-changed=src/tenant/schema.rs");
    let rules = Path::new("rules");
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let table_files = files(&rules.join("tables"), &["csv", "toml"])?;
    let (tables, mut faults) = pack::tables::read(&table_files);
    let reserved = fs::read_to_string(rules.join("reserved-ids.txt"))?;
    let folders = folders(rules)?;
    let context = Context { tables: Some(&tables), builtin: true };
    let packs: Vec<_> = folders.iter().map(|files| assemble(files, &context)).collect();
    let known = Known { reserved: reserved_ids(&reserved), ..Known::default() };
    faults.extend(packs.iter().flat_map(|pack| pack.faults.iter().cloned()));
    faults.extend(lint(&packs, &known));
    stop_on_errors(faults, &table_files, &folders);

    let mut generated = String::new();
    write_packs(&out, packs, &mut generated)?;
    write_tables(&out, &tables, &mut generated)?;
    write_sources(&folders, &mut generated)?;
    fs::write(out.join("packs.rs"), generated)?;
    Ok(())
}

/// Prints the errors and ends the build, if there are any. Warnings are for `rules lint`.
fn stop_on_errors(faults: Vec<Fault>, tables: &[(PathBuf, String)], folders: &[PackFiles]) {
    let errors: Vec<_> = faults.into_iter().filter(|fault| fault.level == Level::Error).collect();
    if !errors.is_empty() {
        let files = folders.iter().flat_map(|pack| &pack.files).chain(tables);
        let sources: Sources = files.cloned().collect();
        eprintln!("The built-in rules have faults.\n\n{}", render(&errors, &sources, false));
        std::process::exit(1);
    }
}

/// The files of a folder with one of these extensions, by name.
fn files(folder: &Path, extensions: &[&str]) -> io::Result<Vec<(PathBuf, String)>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    let wanted =
        |path: &PathBuf| path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted));
    paths.into_iter().filter(wanted).map(|path| fs::read_to_string(&path).map(|text| (path, text))).collect()
}

/// The folders of packs, by name.
fn folders(rules: &Path) -> io::Result<Vec<PackFiles>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(rules)? {
        let folder = entry?.path();
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if folder.is_dir() && name != "tables" {
            let files = files(&folder, &["toml"])?;
            found.push(PackFiles { name, folder, files });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

type Failure = Box<dyn std::error::Error>;

fn write_packs(out: &Path, packs: Vec<Assembled>, generated: &mut String) -> Result<(), Failure> {
    let mut blobs = Vec::new();
    let mut languages: BTreeMap<String, BTreeMap<String, pack::model::Language>> = BTreeMap::new();
    for mut pack in packs.into_iter().filter_map(|pack| pack.pack) {
        for rule in &mut pack.rules {
            for (code, language) in std::mem::take(&mut rule.languages) {
                languages.entry(code).or_default().insert(rule.id.clone(), language);
            }
        }
        let file = format!("pack-{}.bin", pack.name);
        fs::write(out.join(&file), postcard::to_stdvec::<Pack>(&pack)?)?;
        blobs.push((pack.name, file));
    }
    write_list("PACKS", &blobs, generated)?;
    let mut blobs = Vec::new();
    for (code, texts) in languages {
        let file = format!("language-{code}.bin");
        fs::write(out.join(&file), postcard::to_stdvec(&texts)?)?;
        blobs.push((code, file));
    }
    write_list("LANGUAGES", &blobs, generated)
}

fn write_tables(out: &Path, tables: &Tables, generated: &mut String) -> Result<(), Failure> {
    let mut blobs = Vec::new();
    for name in tables.names() {
        let file = format!("table-{name}.bin");
        fs::write(out.join(&file), postcard::to_stdvec(&tables.table(name).ok_or("a table without rows")?)?)?;
        blobs.push((name.to_owned(), file));
    }
    write_list("TABLES", &blobs, generated)
}

fn write_list(name: &str, blobs: &[(String, String)], generated: &mut String) -> Result<(), Failure> {
    writeln!(generated, "pub(super) static {name}: &[(&str, &[u8])] = &[")?;
    for (key, file) in blobs {
        writeln!(generated, "    ({key:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}\"))),")?;
    }
    writeln!(generated, "];")?;
    Ok(())
}

fn write_sources(folders: &[PackFiles], generated: &mut String) -> Result<(), Failure> {
    let include = |path: &str| format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/rules/{path}\"))");
    writeln!(generated, "pub(super) static SOURCES: &[(&str, &str)] = &[")?;
    for pack in folders {
        for (file, _) in &pack.files {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let path = format!("{}/{name}", pack.name);
            writeln!(generated, "    ({path:?}, {}),", include(&path))?;
        }
    }
    writeln!(generated, "];")?;
    writeln!(generated, "pub(super) static RESERVED: &str = {};", include("reserved-ids.txt"))?;
    Ok(())
}
