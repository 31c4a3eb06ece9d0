//! What to do about a finding: the first fix in full, the others shorter.

use crate::report::model::{Change, Finding, Fix};
use crate::report::text::{Label, Line};
use crate::report::words;

use super::objects::{literal, value, way};
use super::{Block, Context, Items};

/// How many fixes are shown.
const FIXES: usize = 3;
/// So many commands are shown all; of more, the first.
const COMMANDS: usize = 2;
/// How many changes are shown.
const CHANGES: usize = 2;

/// Adds the fixes of a finding, or of the first of several that say the same.
pub(super) fn add(context: &Context<'_>, fold: &[&Finding], level: usize, items: &mut Items) {
    let words = context.words;
    let fixes = &fold[0].fixes;
    let shown = if context.options.all { fixes.len() } else { fixes.len().min(FIXES) };
    for (index, fix) in fixes.iter().take(shown).enumerate() {
        let is_first = index == 0;
        items.add(level, Block::Fix(heading(context, fix, is_first)));
        let others = fold[1..].iter().filter_map(|finding| finding.fixes.iter().find(|other| other.id == fix.id));
        let others: usize = others.map(|other| other.commands_total).sum();
        commands(context, fix, if is_first { others } else { 0 }, level + 1, items);
        if is_first || context.options.all {
            details(context, fix, level + 1, items);
        } else {
            brief(context, fix, level + 1, items);
        }
    }
    if fixes.len() > shown {
        items.add(level, Block::Text(words.count(&words.more_fixes, fixes.len() - shown)));
    }
}

fn heading(context: &Context<'_>, fix: &Fix, is_first: bool) -> Line {
    let words = context.words;
    let names = if is_first { words.fixes } else { words.other_fixes };
    let name = words::find(names, &fix.place).unwrap_or(names[0].1);
    // A title that says how it hangs together with the fix before needs no word for it, but for another place.
    let joins = words.joining.iter().any(|word| fix.title.starts_with(word));
    let mut line = if joins && !is_first && fix.place == names[0].0 {
        Line::new(Label::Heading, &fix.title)
    } else {
        let mut line = Line::new(Label::Heading, name);
        line.say(Line::plain(&fix.title));
        line
    };
    if let Some(care) = words::find(words.safeties, &fix.safety) {
        let label = if fix.safety == "destructive" { Label::Warning } else { Label::Faint };
        line.say(Line::new(label, care));
    }
    line
}

/// The commands, or the template where there are none; `others`: so many more in the findings that say the same.
fn commands(context: &Context<'_>, fix: &Fix, others: usize, level: usize, items: &mut Items) {
    let words = context.words;
    let here = fix.commands.len();
    let total = fix.commands_total.max(here);
    let shown = if context.options.all || total <= COMMANDS { here } else { here.min(1) };
    for command in fix.commands.iter().take(shown) {
        items.add(level, Block::Command(command.run.clone()));
    }
    if here > shown || others > 0 {
        items.add(level, Block::Text(words.count(&words.more_commands, total - shown + others)));
    }
    // Where the report itself holds no command.
    if let Some(template) = fix.template.as_ref().filter(|_| here == shown && total > here || here == 0) {
        items.add(level, Block::Lead(Line::plain(if here == 0 { words.template } else { words.template_others })));
        items.add(level + 1, Block::Command(template.clone()));
    }
    if !fix.missing.is_empty() {
        let missing = context.all_of(fix.missing.iter().map(|field| literal(field)));
        items.add(level, Block::Text(Line::fill(words.fix_missing, &[missing])));
    }
}

/// Everything about a fix but its commands.
fn details(context: &Context<'_>, fix: &Fix, level: usize, items: &mut Items) {
    let words = context.words;
    if let Some(note) = &fix.note {
        items.add(level, Block::Text(Line::plain(note)));
    }
    if let Some(changes) = changes(context, fix) {
        items.add(level, Block::Fact(words.changes, changes));
    }
    if let Some(who) = who(context, fix) {
        items.add(level, Block::Fact(words.who, who));
    }
    if let Some(portal) = &fix.portal {
        items.add(level, Block::Fact(words.portal, way(portal)));
    }
    let first = fix.commands.first();
    if let Some(verify) = first.and_then(|command| command.verify.as_ref()) {
        items.add(level, Block::Lead(Line::new(Label::Heading, words.verify)));
        items.add(level + 1, Block::Command(verify.clone()));
    }
    if let Some(undo) = first.and_then(|command| command.undo.as_ref()).filter(|_| context.options.all) {
        items.add(level, Block::Lead(Line::new(Label::Heading, words.undo)));
        items.add(level + 1, Block::Command(undo.clone()));
    }
    if let Some(when) = &fix.takes_effect {
        items.add(level, Block::Fact(words.takes_effect, Line::plain(when)));
    }
    items.add(level, simulation(context, fix));
}

/// The little that is said of the second fix and those after it.
fn brief(context: &Context<'_>, fix: &Fix, level: usize, items: &mut Items) {
    let words = context.words;
    if let Some(portal) = fix.portal.as_ref().filter(|_| fix.commands.is_empty()) {
        items.add(level, Block::Fact(words.portal, way(portal)));
    }
    if !fix.roles.is_empty() {
        items.add(level, Block::Fact(words.who, roles(context, fix)));
    }
    if matches!(fix.simulation.outcome.as_str(), "partly" | "createsFinding") {
        items.add(level, simulation(context, fix));
    }
}

fn roles(context: &Context<'_>, fix: &Fix) -> Line {
    context.one_of(fix.roles.iter().map(|role| Line::plain(&role.text)))
}

/// Who may do it: in general, and here.
fn who(context: &Context<'_>, fix: &Fix) -> Option<Line> {
    let words = context.words;
    if fix.roles.is_empty() && fix.who_can.is_empty() && fix.who_must_activate.is_empty() {
        return None;
    }
    let mut line = roles(context, fix);
    if !line.is_empty() {
        line.push(Line::plain("."));
    }
    if !fix.who_can.is_empty() {
        line.say(Line::fill(words.who_here, &[context.people(&fix.who_can)]));
    }
    if !fix.who_must_activate.is_empty() {
        line.say(Line::fill(words.who_activates, &[context.people(&fix.who_must_activate)]));
    }
    if !fix.who_is_known {
        line.say(Line::plain(words.who_unknown));
    } else if fix.who_can.is_empty() && fix.who_must_activate.is_empty() {
        line.say(Line::new(Label::Warning, words.who_nobody));
    }
    Some(line)
}

/// What the first command changes.
fn changes(context: &Context<'_>, fix: &Fix) -> Option<Line> {
    let words = context.words;
    let changes = &fix.commands.first()?.changes;
    let told: Vec<Line> = changes.iter().filter_map(|change| self::change(context, change)).collect();
    let shown = if context.options.all { told.len() } else { CHANGES };
    let more = told.len().saturating_sub(shown);
    let mut lines: Vec<Line> = told.into_iter().take(shown).collect();
    if more > 0 {
        lines.push(words.count(&words.others, more));
    }
    (!lines.is_empty()).then(|| Line::join(lines, "; ", "; "))
}

fn change(context: &Context<'_>, change: &Change) -> Option<Line> {
    let words = context.words;
    let [field, object] = [literal(&change.field), context.name(&change.object)];
    Some(match (&change.before, &change.after) {
        (Some(before), Some(after)) => Line::fill(words.change, &[field, object, value(before), value(after)]),
        (None, Some(after)) => Line::fill(words.change_to, &[field, object, value(after)]),
        (Some(before), None) => Line::fill(words.change_from, &[field, object, value(before)]),
        (None, None) => return None,
    })
}

/// What the fix would do to this tenant.
fn simulation(context: &Context<'_>, fix: &Fix) -> Block {
    let words = context.words;
    let simulation = &fix.simulation;
    let reason = simulation.reason.as_ref().map(Line::plain);
    let line = match simulation.outcome.as_str() {
        "resolves" if simulation.frees > 0 => words.count(&words.resolves_more, simulation.frees),
        "resolves" => Line::plain(words.resolves),
        "partly" => match reason {
            Some(reason) => Line::fill(words.resolves_part_because, &[reason]),
            None => Line::plain(words.resolves_part),
        },
        "createsFinding" => {
            let rules = context.all_of(simulation.creates.iter().map(|rule| context.rule(rule)));
            Line::fill(words.creates, &[rules])
        }
        _ => return Block::Fact(words.not_tried, reason.unwrap_or_else(|| Line::plain(words.not_tried_why))),
    };
    Block::Fact(words.tried, line)
}
