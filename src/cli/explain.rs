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
    sheet.heading(words.rules);
    for id in rules {
        let title = packs.rule(id).map_or("", |rule| rule.title.as_str());
        sheet.labeled(0, &format!("{id}:"), title);
    }
    Some(sheet)
}
