//! `explain`: the page about a rule, or what a pasted error text means; offline.

use super::args::ExplainArguments;
use super::error::Error;
use super::exit::Exit;
use super::names::{self, Scope};
use super::output::Output;
use super::page::Page;
use super::rule_page;
use super::sheet::Sheet;
use super::words::words;
use crate::pack::load::Packs;
use crate::pack::tables::Tables;

/// Prints the page.
pub(crate) fn run(arguments: &ExplainArguments, output: &mut Output) -> Result<Exit, Error> {
    let mut packs = names::load(&arguments.packs.folders, output)?;
    packs.speak(output.language)?;
    let sheet = match packs.rule(arguments.rule.trim()) {
        Some(rule) => rule_page::page(&packs, rule, output.language),
        None => match error_text(&arguments.rule, &packs, output) {
            Some(sheet) => sheet,
            None if !about(&arguments.rule, &packs).is_empty() => {
                let title = arguments.rule.trim();
                listed(Sheet::new(title), about(title, &packs), &packs, output)
            }
            None => {
                let name = std::slice::from_ref(&arguments.rule);
                names::known(&packs, name, "explain", Scope::Rules)
                    .map_err(|error| error.hint("nor is it an error text that is known: try its code or its first words, such as CountViolation"))?;
                return Ok(Exit::Good);
            }
        },
    };
    output.print(&sheet.terminal(Page::new(output.width(), output.color)))?;
    Ok(Exit::Good)
}

/// What a pasted text means, and the rules that find it; nothing if no table and no rule knows it.
fn error_text(text: &str, packs: &Packs, output: &Output) -> Option<Sheet> {
    let words = words(output.language);
    let tables: &Tables = packs.tables();
    let code = text.trim();
    let (meaning, check, mut rules) = match (tables.license_error(code), tables.error_text(text)) {
        (Some(error), _) => (error.meaning, error.first, vec!["license-assignment-failed"]),
        (None, Some(found)) => (found.meaning, found.check, found.rules),
        (None, None) => return None,
    };
    let say = |text| tables.say(text, output.language.code());
    rules.retain(|id| packs.rule(id).is_some());
    let mut sheet = Sheet::new(text.trim());
    sheet.heading(words.means).text(say(meaning));
    if !check.is_empty() {
        sheet.gap().labeled(0, words.look_at, say(check));
    }
    if rules.is_empty() {
        sheet.gap().text(words.advice);
        return Some(sheet);
    }
    Some(listed(sheet, rules, packs, output))
}

/// A page with the rules of these ids at its end.
fn listed(mut sheet: Sheet, rules: Vec<&str>, packs: &Packs, output: &Output) -> Sheet {
    sheet.heading(words(output.language).rules);
    for id in rules {
        let title = packs.rule(id).map_or("", |rule| rule.title.as_str());
        sheet.labeled(0, &format!("{id}:"), title);
    }
    sheet
}

/// The rules in whose id, title or reason all words of a text stand, those with all of them in the title first.
fn about<'p>(text: &str, packs: &'p Packs) -> Vec<&'p str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let has_all = |text: &str| words.iter().all(|word| text.to_lowercase().contains(word));
    let (mut first, mut then) = (Vec::new(), Vec::new());
    // One letter stands in everything.
    for rule in packs.rules().filter(|_| text.len() > 2) {
        if has_all(&format!("{} {}", rule.id, rule.title)) {
            first.push(rule.id.as_str());
        } else if has_all(&format!("{} {} {}", rule.id, rule.title, rule.why)) {
            then.push(rule.id.as_str());
        }
    }
    first.extend(then);
    first
}
