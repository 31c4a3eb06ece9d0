//! `rules docs`: the page of every rule as Markdown, an index, and what rules can read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::args::DocsArguments;
use super::error::Error;
use super::exit::Exit;
use super::fields_page;
use super::grades::{range, severities};
use super::names;
use super::output::Output;
use super::rule_page::page;
use super::words::words;
use crate::language::Language;
use crate::pack::load::Packs;
use crate::report::markdown::escape::inline;

/// Writes the pages into a folder.
pub(crate) fn docs(arguments: &DocsArguments, output: &mut Output) -> Result<Exit, Error> {
    let mut packs = names::load(&arguments.packs.folders, output)?;
    packs.speak(output.language)?;
    let pages = pages(&packs, output.language);
    fs::create_dir_all(&arguments.folder).map_err(|error| Error::cannot_write(arguments.folder.clone(), &error))?;
    for (name, text) in &pages {
        let path = arguments.folder.join(name);
        fs::write(&path, text).map_err(|error| Error::cannot_write(path, &error))?;
    }
    let folder: &Path = &arguments.folder;
    output.print(&format!("{} pages in {}\n", pages.len(), folder.display()))?;
    Ok(Exit::Good)
}

/// The files by name: a page for each rule, the index, and what rules can read.
fn pages(packs: &Packs, language: Language) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> =
        packs.rules().map(|rule| (format!("{}.md", rule.id), page(packs, rule, language).markdown())).collect();
    pages.insert("README.md".to_owned(), index(packs, language));
    pages.insert(fields_page::NAME.to_owned(), fields_page::page());
    pages
}

fn index(packs: &Packs, language: Language) -> String {
    let words = words(language);
    let mut text = format!("# {}\n\n{}\n", words.index, words.index_about);
    for pack in packs.packs.iter().filter(|pack| !pack.rules.is_empty()) {
        text.push_str(&format!("\n## {}\n\n", inline(&pack.title)));
        for rule in &pack.rules {
            let severity = severities(rule.checks.iter())
                .map_or_else(String::new, |(low, high)| format!(" ({})", range(low, high, words)));
            text.push_str(&format!("- [{}]({}.md): {}{severity}\n", rule.id, rule.id, inline(&rule.title)));
        }
    }
    text
}
