//! What one needs to run the commands of a report: said once, behind the findings.

use crate::report::connect::connect;
use crate::report::model::{Finding, Fix};
use crate::report::text::{Label, Line};

use super::{Block, Context, Items};

/// Adds what the commands of these findings need; nothing if they have none.
pub(super) fn add(context: &Context<'_>, folds: &[Vec<&Finding>], items: &mut Items) {
    let words = context.words;
    let fixes: Vec<&Fix> = folds.iter().flat_map(|fold| &fold[0].fixes).collect();
    let runs = fixes.iter().flat_map(|fix| &fix.commands).map(|command| Some(&command.run));
    let checks =
        fixes.iter().flat_map(|fix| fix.commands.first().map(|first| &first.verify).into_iter().chain([&fix.verify]));
    let commands: Vec<&str> = runs.chain(checks.map(Option::as_ref)).flatten().map(String::as_str).collect();
    let must_activate = fixes.iter().any(|fix| !fix.who_must_activate.is_empty());
    if commands.is_empty() && !must_activate {
        return;
    }
    items.add(0, Block::Section(Line::new(Label::Heading, words.run_commands)));
    if !commands.is_empty() {
        items.add(0, Block::Text(Line::plain(words.read_first)));
    }
    if commands.iter().any(|command| command.contains("-Mg")) {
        items.add(0, Block::Lead(Line::plain(words.connect_graph)));
        items.add(2, Block::Command(connect(&commands)));
    }
    let of = |place: &str| fixes.iter().any(|fix| fix.place == place && !fix.commands.is_empty());
    // What is done in the portal may be checked by a command.
    if of("exchange") || fixes.iter().any(|fix| fix.place == "exchange" && fix.verify.is_some()) {
        items.add(0, Block::Lead(Line::plain(words.connect_exchange)));
        items.add(2, Block::Command("Connect-ExchangeOnline".to_owned()));
    }
    if of("on-premises") {
        items.add(0, Block::Text(Line::plain(words.connect_on_premises)));
    }
    if must_activate {
        items.add(0, Block::Text(Line::plain(words.activate)));
    }
    let is_tried = |fix: &&Fix| fix.simulation.outcome != "notSimulated";
    if fixes.iter().any(is_tried) && !fixes.iter().all(is_tried) {
        items.add(0, Block::Text(Line::plain(words.only_tried)));
    }
}
