//! Packs of one's own: `--rules DIR`, put beside the built-in ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::assemble::{PackFiles, assemble};
use super::decode::Context;
use super::embedded::{self, Damaged};
use super::fault::{Fault, Level};
use super::lint::{self, Known, lint};
use super::model::{Override, Pack, Rule, Severity, Status};
use super::render::Sources;
use super::test_case::TestCase;

/// All packs that a run uses.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// The packs: the built-in ones by name, then those of one's own by name.
    pub packs: Vec<Pack>,
    /// The changes that the packs make to rules, in the order in which they were applied.
    pub overrides: Vec<Override>,
    /// Rules that are switched off, and why.
    pub off: BTreeMap<String, String>,
}

impl Packs {
    /// The built-in packs alone.
    pub fn builtin() -> Result<Self, Damaged> {
        Ok(Self { packs: embedded::builtin()?, ..Self::default() })
    }

    /// Every rule, also those that do not run.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.packs.iter().flat_map(|pack| &pack.rules)
    }

    /// The rules that run unless asked otherwise: neither switched off nor previews.
    pub fn active(&self) -> impl Iterator<Item = &Rule> {
        self.rules().filter(|rule| !self.off.contains_key(&rule.id) && rule.status != Status::Preview)
    }

    /// A rule by its id or a former id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let by_id = self.rules().find(|rule| rule.id == id);
        by_id.or_else(|| self.rules().find(|rule| rule.aliases.iter().any(|alias| alias == id)))
    }

    /// Puts the texts of a language into the built-in rules; packs of one's own have theirs already.
    pub fn use_language(&mut self, code: &str) -> Result<(), Damaged> {
        let mut texts = embedded::language(code)?;
        for rule in self.packs.iter_mut().filter(|pack| pack.builtin).flat_map(|pack| &mut pack.rules) {
            if let Some(language) = texts.remove(&rule.id) {
                rule.languages.insert(code.to_owned(), language);
            }
        }
        Ok(())
    }

    /// Adds a pack and applies what it changes.
    fn add(&mut self, pack: Pack) {
        let overrides = pack.overrides.clone();
        self.packs.push(pack);
        for change in overrides {
            let Some(id) = self.rule(&change.rule).map(|rule| rule.id.clone()) else { continue };
            if change.off {
                self.off.insert(id.clone(), change.reason.clone());
            }
            if let Some(severity) = change.severity {
                let rules = self.packs.iter_mut().flat_map(|pack| &mut pack.rules);
                for rule in rules.filter(|rule| rule.id == id) {
                    set_severity(rule, severity);
                }
            }
            self.overrides.push(Override { rule: id, ..change });
        }
    }
}

fn set_severity(rule: &mut Rule, severity: Severity) {
    use super::model::CheckKind;
    for check in &mut rule.checks {
        if check.severity.is_some() {
            check.severity = Some(severity);
        }
        if let CheckKind::Conflict(set) | CheckKind::Requires(set) = &mut check.kind {
            for (graded, _) in set.grades.values.values_mut().flatten() {
                *graded = severity;
            }
        }
    }
}

/// What came out of a directory of packs.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The built-in packs and those of the directory, without the rules that have an error.
    pub packs: Packs,
    /// The tests of the directory's rules, by rule id.
    pub tests: BTreeMap<String, Vec<TestCase>>,
    /// All faults of all files.
    pub faults: Vec<Fault>,
    /// The texts of the files.
    pub sources: Sources,
}

impl Loaded {
    /// Whether a fault keeps the packs from being used.
    pub fn is_broken(&self) -> bool {
        self.faults.iter().any(|fault| fault.level == Level::Error)
    }
}

/// Puts the packs of some directories beside the built-in ones.
pub fn load(directories: &[PathBuf]) -> Result<Loaded, Damaged> {
    let builtin = Packs::builtin()?;
    Ok(load_beside(builtin, directories, &embedded_context()))
}

/// What rules of one's own are compared with.
fn embedded_context() -> Context<'static> {
    Context { tables: Some(embedded::tables()), builtin: false }
}

/// Puts the packs of some directories beside others.
pub fn load_beside(packs: Packs, directories: &[PathBuf], context: &Context<'_>) -> Loaded {
    let known = known(&packs);
    let mut loaded = Loaded { packs, ..Loaded::default() };
    let mut folders = Vec::new();
    for directory in directories {
        folders.extend(read_directory(directory, &mut loaded.faults));
    }
    let assembled: Vec<_> = folders.iter().map(|files| assemble(files, context)).collect();
    loaded.faults.extend(lint(&assembled, &known));
    loaded.sources = folders.into_iter().flat_map(|files| files.files).collect();
    for pack in assembled {
        loaded.faults.extend(pack.faults);
        loaded.tests.extend(pack.rules.into_iter().map(|rule| (rule.id, rule.tests)));
        if let Some(pack) = pack.pack {
            loaded.packs.add(pack);
        }
    }
    loaded
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
