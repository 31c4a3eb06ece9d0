//! Packs of one's own: `--rules DIR`, put beside the built-in ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::assemble::{PackFiles, assemble};
use super::decode::Context;
use super::embedded::{self, Damaged};
use super::fault::{Fault, Level};
use super::lint::{self, Known, lint};
use super::model::Rule;
pub use super::packs::Packs;
use super::render::Sources;
use super::tables::{self, Tables};
use super::test_case::TestCase;

/// What came out of a directory of packs.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The built-in packs and those of the directory, without the rules that have an error.
    pub packs: Packs,
    /// The rules that were read from files, by id.
    pub written: BTreeMap<String, Written>,
    /// All faults of all files.
    pub faults: Vec<Fault>,
    /// The texts of the files.
    pub sources: Sources,
}

/// A rule as its file has it: no pack has changed its severity or switched it off.
#[derive(Clone, Debug)]
pub struct Written {
    /// The file.
    pub file: PathBuf,
    /// The rule.
    pub rule: Rule,
    /// Its tests.
    pub tests: Vec<TestCase>,
}

impl Loaded {
    /// Whether a fault keeps the packs from being used.
    pub fn is_broken(&self) -> bool {
        self.faults.iter().any(|fault| fault.level == Level::Error)
    }

    /// Adds packs.
    fn add(&mut self, folders: Vec<PackFiles>, context: &Context<'_>) {
        let known = known(&self.packs);
        let assembled: Vec<_> = folders.iter().map(|files| assemble(files, context)).collect();
        self.faults.extend(lint(&assembled, &known));
        self.sources.extend(folders.into_iter().flat_map(|files| files.files));
        for pack in assembled {
            self.faults.extend(pack.faults);
            for decoded in pack.rules {
                if let Some(rule) = decoded.rule {
                    let written = Written { file: decoded.file, rule, tests: decoded.tests };
                    self.written.insert(decoded.id, written);
                }
            }
            if let Some(pack) = pack.pack {
                self.packs.add(pack);
            }
        }
    }
}

/// Puts the packs of some directories beside the built-in ones. A pack that is called as a built-in one takes its place,
/// so that the built-in rules can be worked on in their own folder.
pub fn load(directories: &[PathBuf]) -> Result<Loaded, Damaged> {
    let builtin = Packs::builtin()?;
    Ok(load_beside(builtin, directories, &embedded_context()))
}

/// The built-in packs, and those of some directories, from their files: with the tests of their rules and the faults of all.
pub fn load_files(directories: &[PathBuf]) -> Loaded {
    let mut folders: Vec<PackFiles> = Vec::new();
    for (path, text) in embedded::sources() {
        let path = Path::new("rules").join(path);
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        if folders.last().is_none_or(|pack| pack.folder != folder) {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            folders.push(PackFiles { name, folder, files: Vec::new() });
        }
        if let Some(pack) = folders.last_mut() {
            pack.files.push((path, (*text).to_owned()));
        }
    }
    let mut builtin = Loaded::default();
    builtin.add(folders, &Context { builtin: true, ..embedded_context() });
    let packs = std::mem::take(&mut builtin.packs);
    let mut loaded = load_beside(packs, directories, &embedded_context());
    let is_used = |rule: &Rule| loaded.packs.packs.iter().any(|pack| pack.builtin && pack.name == rule.pack);
    builtin.written.retain(|_, written| is_used(&written.rule));
    builtin.written.append(&mut loaded.written);
    builtin.faults.append(&mut loaded.faults);
    builtin.sources.extend(loaded.sources);
    Loaded { packs: loaded.packs, ..builtin }
}

/// What rules of one's own are compared with.
fn embedded_context() -> Context<'static> {
    Context { tables: Some(embedded::tables()), builtin: false }
}

/// Puts the packs of some directories beside others.
pub fn load_beside(packs: Packs, directories: &[PathBuf], context: &Context<'_>) -> Loaded {
    let mut loaded = Loaded { packs, ..Loaded::default() };
    let own = own_tables(directories, context.tables, &mut loaded);
    let context = &Context { tables: own.as_ref().or(context.tables), ..*context };
    let mut folders = Vec::new();
    for directory in directories {
        folders.extend(read_directory(directory, &mut loaded.faults));
    }
    for folder in &folders {
        loaded.faults.extend(replace(&mut loaded.packs, folder));
    }
    loaded.add(folders, context);
    loaded.packs.tables = own;
    loaded
}

/// The fact tables with those of the directories put beside them, or in the place of those of the same name; nothing if there are none.
fn own_tables(directories: &[PathBuf], known: Option<&Tables>, loaded: &mut Loaded) -> Option<Tables> {
    let mut files = Vec::new();
    for folder in directories.iter().map(|directory| directory.join("tables")).filter(|folder| folder.is_dir()) {
        let is_table = |path: &PathBuf| is_toml(path) || path.extension().is_some_and(|extension| extension == "csv");
        let paths = entries(&folder, &mut loaded.faults).unwrap_or_default();
        for path in paths.into_iter().filter(is_table) {
            match fs::read_to_string(&path) {
                Ok(text) => files.push((path, text)),
                Err(error) => loaded.faults.push(unreadable(&path, error.to_string())),
            }
        }
    }
    if files.is_empty() {
        return None;
    }
    let (own, faults) = tables::read(&files);
    loaded.faults.extend(faults);
    loaded.sources.extend(files);
    let put = |all: Tables, name: &str| {
        own.table(name).map_or_else(|| all.clone(), |table| all.clone().with(name, table.clone()))
    };
    Some(own.names().into_iter().fold(known.cloned().unwrap_or_default(), put))
}

/// Takes a built-in pack away that one of the same name stands in for.
fn replace(packs: &mut Packs, folder: &PackFiles) -> Option<Fault> {
    let before = packs.packs.len();
    packs.packs.retain(|pack| !(pack.builtin && pack.name == folder.name));
    (packs.packs.len() < before).then(|| Fault {
        file: folder.folder.join("pack.toml"),
        span: 0..0,
        level: Level::Warning,
        message: format!("this takes the place of the built-in pack `{}`", folder.name),
        label: String::new(),
        help: Some("A folder of another name puts its rules beside the built-in ones.".to_owned()),
        code: "replaces-builtin",
    })
}

fn known(packs: &Packs) -> Known {
    let mut known = Known { reserved: lint::reserved_ids(embedded::reserved_ids()), ..Known::default() };
    for rule in packs.rules() {
        for id in std::iter::once(&rule.id).chain(&rule.aliases) {
            known.loaded.insert(id.clone(), format!("in the pack `{}`", rule.pack));
        }
        known.causes.entry(rule.id.clone()).or_default().extend(rule.explains.iter().cloned());
        for cause in &rule.caused_by {
            known.causes.entry(cause.clone()).or_default().insert(rule.id.clone());
        }
    }
    known
}

/// The packs in a directory: the directory itself if it has a `pack.toml`, else each of its folders that holds TOML.
pub fn read_directory(directory: &Path, faults: &mut Vec<Fault>) -> Vec<PackFiles> {
    let Some(entries) = entries(directory, faults) else { return Vec::new() };
    if entries.iter().any(|path| is_toml(path)) {
        return vec![read_pack(directory, &entries, faults)];
    }
    let mut packs = Vec::new();
    for folder in entries.iter().filter(|path| path.is_dir()) {
        // The fact tables lie beside the built-in packs.
        if folder.file_name().is_some_and(|name| name == "tables") {
            continue;
        }
        let Some(entries) = self::entries(folder, faults) else { continue };
        if entries.iter().any(|path| is_toml(path)) {
            packs.push(read_pack(folder, &entries, faults));
        }
    }
    if packs.is_empty() && faults.is_empty() {
        faults.push(unreadable(
            directory,
            "no pack is in it: neither a `pack.toml` nor a folder that has one".to_owned(),
        ));
    }
    packs
}

fn read_pack(folder: &Path, entries: &[PathBuf], faults: &mut Vec<Fault>) -> PackFiles {
    let name =
        folder.canonicalize().ok().and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
    let mut pack = PackFiles { name: name.unwrap_or_default(), folder: folder.to_path_buf(), files: Vec::new() };
    for file in entries.iter().filter(|path| is_toml(path)) {
        let text = fs::read(file)
            .map_err(|error| error.to_string())
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()));
        match text {
            Ok(text) => pack.files.push((file.clone(), text)),
            Err(reason) => faults.push(unreadable(file, reason)),
        }
    }
    pack
}

/// What is in a folder, by name.
fn entries(folder: &Path, faults: &mut Vec<Fault>) -> Option<Vec<PathBuf>> {
    let read = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>());
    match read {
        Ok(mut entries) => {
            entries.sort();
            Some(entries)
        }
        Err(error) => {
            faults.push(unreadable(folder, error.to_string()));
            None
        }
    }
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml") && !path.is_dir()
}

/// A file or folder that cannot be read.
fn unreadable(path: &Path, reason: String) -> Fault {
    Fault {
        file: path.to_path_buf(),
        span: 0..0,
        level: Level::Error,
        message: format!("this cannot be read: {reason}"),
        label: String::new(),
        help: None,
        code: "unreadable",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::pack::model::{Check, Severity};

    const RULE: &str = r#"
title      = "A rule"
since      = "0.1.0"
symptoms   = ["create-user"]
references = []
why        = "It is one."
[[check]]
name      = "guest"
kind      = "match"
over      = "users"
condition = "guest"
severity  = "medium"
message   = "{userPrincipalName} is a guest."
[select.guest]
userType = "Guest"
[[test]]
name = "a"
given = { users = [{ id = "u1", userType = "Guest" }] }
expect = [{ check = "guest", objects = ["u1"] }]
[[test]]
name = "b"
given = { users = [] }
expect = "clear"
[[test]]
name = "c"
given = { users = [{ id = "u1" }] }
expect = "not-assessed"
"#;

    const ABOUT: &str = "version = '1'\ntitle = 'x'\nabout = 'y'\n";

    /// A directory with these files.
    fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        directory
    }

    fn load_alone(directory: &Path) -> Loaded {
        load_beside(Packs::default(), &[directory.to_path_buf()], &embedded_context())
    }

    fn codes(loaded: &Loaded) -> Vec<&'static str> {
        loaded.faults.iter().filter(|fault| fault.level == Level::Error).map(|fault| fault.code).collect()
    }

    fn severities(rule: &Rule) -> Vec<Option<Severity>> {
        rule.checks.iter().map(|check: &Check| check.severity).collect()
    }

    #[test]
    fn a_pack_or_a_folder_of_packs() {
        let one = directory(&[("pack.toml", ABOUT), ("our-rule.toml", RULE), ("notes.md", "# Notes")]);
        let loaded = load_alone(one.path());
        assert_eq!(codes(&loaded), [""; 0]);
        assert_eq!(loaded.packs.rules().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["our-rule"]);
        assert_eq!(loaded.packs.packs[0].digest.len(), 32);
        assert_eq!(loaded.written["our-rule"].tests.len(), 3);

        let several = directory(&[
            ("b/pack.toml", ABOUT),
            ("b/our-rule.toml", RULE),
            ("a/pack.toml", ABOUT),
            ("a/other-rule.toml", RULE),
            ("tables/x.toml", "[[row]]\ncode = \"NL\"\n"),
        ]);
        let loaded = load_alone(several.path());
        assert_eq!(codes(&loaded), [""; 0]);
        assert_eq!(loaded.packs.rules().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["other-rule", "our-rule"]);
        let tables = loaded.packs.tables();
        assert!(tables.table("x").is_some_and(|table| table.contains("code", "nl", None)), "a table of one's own");
        assert!(tables.product_by_part_number("ENTERPRISEPACK").is_some(), "and those that come with the program");
        let broken = directory(&[("a/pack.toml", ABOUT), ("tables/x.toml", "no TOML")]);
        assert_eq!(codes(&load_alone(broken.path())), ["syntax"]);
    }

    #[test]
    fn digests_are_of_names_and_contents() {
        let digest = |files: &[(&str, &str)]| {
            let directory = directory(files);
            load_alone(directory.path()).packs.packs[0].digest.clone()
        };
        let first = digest(&[("pack.toml", ABOUT), ("a-rule.toml", RULE)]);
        assert_eq!(first, digest(&[("pack.toml", ABOUT), ("a-rule.toml", &RULE.replace('\n', "\r\n"))]));
        assert_ne!(first, digest(&[("pack.toml", ABOUT), ("b-rule.toml", RULE)]));
        assert_ne!(first, digest(&[("pack.toml", ABOUT), ("a-rule.toml", &RULE.replace("medium", "low"))]));
    }

    #[test]
    fn what_cannot_be_read_is_a_fault() {
        let missing = load_alone(Path::new("tests/packs/nowhere"));
        assert_eq!(codes(&missing), ["unreadable"]);
        let empty = directory(&[("readme.txt", "")]);
        assert_eq!(codes(&load_alone(empty.path())), ["unreadable"]);
        let no_about = directory(&[("our-rule.toml", RULE)]);
        assert_eq!(codes(&load_alone(no_about.path())), ["missing-file"]);

        let binary = directory(&[("pack.toml", ABOUT)]);
        fs::write(binary.path().join("binary.toml"), [0xff, 0xfe, 0x00, 0x01]).unwrap();
        fs::write(binary.path().join("nul.toml"), [0_u8; 64]).unwrap();
        let loaded = load_alone(binary.path());
        assert!(codes(&loaded).contains(&"unreadable"));
        assert!(codes(&loaded).contains(&"syntax"));
        assert!(!super::super::render::render(&loaded.faults, &loaded.sources, false).is_empty());
    }

    #[test]
    fn two_rules_of_one_id_are_a_fault() {
        let twice = directory(&[
            ("a/pack.toml", ABOUT),
            ("a/our-rule.toml", RULE),
            ("b/pack.toml", ABOUT),
            ("b/our-rule.toml", RULE),
            ("b/other-rule.toml", &format!("aliases = ['our-rule']\n{RULE}")),
        ]);
        assert_eq!(codes(&load_alone(twice.path())), ["duplicate-id", "duplicate-id"]);
    }

    #[test]
    fn overrides_change_severity_or_switch_off() {
        let about = format!(
            "{ABOUT}[[override]]\nrule = 'former-rule'\nseverity = 'info'\nreason = 'x'\n\
             [[override]]\nrule = 'other-rule'\noff = true\nreason = 'Not ours.'\n"
        );
        let packs = directory(&[
            ("ours/pack.toml", &about),
            ("ours/our-rule.toml", &format!("aliases = ['former-rule']\n{RULE}")),
            ("ours/other-rule.toml", RULE),
        ]);
        let loaded = load_alone(packs.path());
        assert_eq!(codes(&loaded), [""; 0]);
        assert_eq!(severities(loaded.packs.rule("our-rule").unwrap()), [Some(Severity::Info)]);
        assert_eq!(loaded.packs.active().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["our-rule"]);
        assert_eq!(loaded.packs.off["other-rule"], "Not ours.");
        assert_eq!(loaded.packs.overrides[0].rule, "our-rule");
    }

    #[test]
    fn a_pack_called_as_a_built_in_one_takes_its_place() {
        let builtin = Packs::builtin().unwrap();
        let Some(pack) = builtin.packs.first() else { return };
        let name = pack.name.clone();
        let theirs = directory(&[(&format!("{name}/pack.toml"), ABOUT), (&format!("{name}/our-rule.toml"), RULE)]);
        let loaded = load_beside(builtin, &[theirs.path().to_path_buf()], &embedded_context());
        let found: Vec<_> = loaded.packs.packs.iter().filter(|pack| pack.name == name).collect();
        assert_eq!(found.len(), 1);
        assert!(!found[0].builtin);
        assert!(loaded.faults.iter().any(|fault| fault.code == "replaces-builtin"));
    }
}
