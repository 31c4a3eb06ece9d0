//! `collect-script`: the PowerShell that exports what the rules read.

use std::fs;

use super::args::CollectScriptArguments;
use super::error::Error;
use super::exit::Exit;
use super::names::{self, Scope};
use super::output::Output;
use super::reads;
use super::words::{fill, words};
use crate::pack::model::Rule;
use crate::tenant::collect::{Wanted, script};
use crate::tenant::schema::Collection;

/// How every script of this program begins.
const FIRST_WORDS: &str = "# Exports what aaddoctor ";

/// Prints the script, or writes it to a file.
pub(crate) fn run(arguments: &CollectScriptArguments, output: &mut Output) -> Result<Exit, Error> {
    let packs = names::load(&arguments.packs.folders, output)?;
    let names = names::known(&packs, &arguments.names, "--for", Scope::All)?;
    let named = |rule: &&Rule| names.iter().any(|name| names::is_named(rule, name));
    let rules: Vec<&Rule> =
        if names.is_empty() { packs.active().collect() } else { packs.rules().filter(named).collect() };
    let purpose = if names.is_empty() { "all rules".to_owned() } else { names.join(", ") };
    let text = script(&wanted(&rules), &purpose);
    match &arguments.output {
        None => output.print(&text)?,
        Some(path) => {
            // Windows PowerShell and editors there expect its line ends.
            let text = if cfg!(windows) { text.replace('\n', "\r\n") } else { text };
            Error::if_no_folder(path)?;
            let words = words(output.language);
            let shown = path.display().to_string();
            if let Ok(before) = fs::read_to_string(path) {
                if !before.starts_with(FIRST_WORDS) {
                    let error = Error::usage(format!("--output: {shown} is there already, and not from this program"));
                    return Err(error.hint("name another file, or move that one away"));
                }
                output.note(&fill(words.replaced, &[&shown]))?;
            }
            fs::write(path, text).map_err(|error| Error::cannot_write(path.clone(), &error))?;
            for step in words.next_steps {
                output.note(&fill(step, &[&shown]))?;
            }
        }
    }
    Ok(Exit::Good)
}

/// What some rules read. The organization always comes along: it says which tenant this is.
pub(crate) fn wanted(rules: &[&Rule]) -> Wanted {
    let mut wanted = Wanted::default();
    wanted.add(Collection::Organization, None);
    for need in rules.iter().flat_map(|rule| reads::all(rule)) {
        wanted.add(need.collection, need.property.as_deref());
    }
    wanted
}
