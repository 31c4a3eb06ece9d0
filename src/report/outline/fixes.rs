//! What to do about a finding: the first fix in full, the others shorter.

use crate::report::model::{Change, Command, Explained, Finding, Fix, Value};
use crate::report::text::{Label, Line, visible};
use crate::report::words;

use super::objects::{literal, value, way};
use super::{Block, Context, Item, Items};

/// How many fixes are shown.
const FIXES: usize = 3;
/// So many commands are shown all; of more, the first.
const COMMANDS: usize = 2;
/// How many changes are shown.
const CHANGES: usize = 2;

/// What was shown of fixes, so that nothing is shown twice.
#[derive(Default)]
pub(super) struct Shown {
    /// What to do, and the finding that it was shown for.
    blocks: Vec<(Vec<Block>, Line)>,
    /// What is said of a step besides its commands, and the finding that it was said for.
    steps: Vec<(Vec<Block>, Line)>,
    /// Whether of a fix not everything was shown.
    pub(super) is_shortened: bool,
}

/// Adds the fixes of a finding, or of the first of several that say the same.
pub(super) fn add(context: &Context<'_>, fold: &[&Finding], level: usize, seen: &mut Shown, items: &mut Items) {
    let words = context.words;
    let finding = fold[0];
    if let Some(causes) = causes(context, finding).filter(|_| !context.options.all) {
        items.add(level, Block::Text(Line::fill(words.mend_first, &[causes])));
        // What comes after the cause is mended is not said there.
        if let Some(fix) = finding.fixes.iter().find(|fix| fix.next) {
            step(context, fold, fix, level, seen, items);
        }
        return;
    }
    let mut own = Items::default();
    let fixes = &finding.fixes;
    let shown = if context.options.is_complete() { fixes.len() } else { fixes.len().min(FIXES) };
    for (index, fix) in fixes.iter().take(shown).enumerate() {
        let is_first = index == 0;
        own.add(level, Block::Fix(heading(context, fix, is_first)));
        // What to be careful about is read before anything is done.
        if let Some(note) = &fix.note {
            own.add(level + 1, Block::Text(Line::plain(note)));
        }
        commands(context, fix, if is_first { others(fold, fix) } else { 0 }, level + 1, &mut own);
        if is_first || context.options.is_complete() {
            details(context, fix, level + 1, &mut own);
        } else {
            brief(context, fix, fixes.first(), level + 1, &mut own);
            seen.is_shortened = true;
        }
    }
    if fixes.len() > shown {
        own.add(level, Block::Text(words.count(&words.more_fixes, fixes.len() - shown)));
    }
    let blocks: Vec<Block> = own.0.iter().map(|item| item.block.clone()).collect();
    match seen.blocks.iter().find(|(known, _)| *known == blocks && blocks.len() > 2) {
        Some((_, number)) => items.add(level, Block::Text(Line::fill(words.same_fix, std::slice::from_ref(number)))),
        None => {
            if let Some(number) = context.numbers([finding.name()]) {
                seen.blocks.push((blocks, number));
            }
            items.0.extend(own.0);
        }
    }
}

/// Adds the step that comes after the cause is mended. What many findings have in common of it is said once.
fn step(context: &Context<'_>, fold: &[&Finding], fix: &Fix, level: usize, seen: &mut Shown, items: &mut Items) {
    let words = context.words;
    let mut rest = Items::default();
    if context.options.is_complete() {
        details(context, fix, level + 1, &mut rest);
    } else {
        brief(context, fix, None, level + 1, &mut rest);
        seen.is_shortened = true;
    }
    // The command that checks it is for one object, and so for one finding.
    let is_check = |item: &Item| matches!(item.block, Block::Lead(_) | Block::Command(_));
    let others_say = rest.0.iter().filter(|item| !is_check(item)).map(|item| item.block.clone());
    let said: Vec<Block> = fix.note.iter().map(|note| Block::Text(Line::plain(note))).chain(others_say).collect();
    let known = seen.steps.iter().find(|(known, _)| *known == said && said.len() > 1).map(|(_, number)| number.clone());
    items.add(level, Block::Fix(heading(context, fix, false)));
    if known.is_none() {
        items.0.extend(fix.note.iter().map(|note| Item { level: level + 1, block: Block::Text(Line::plain(note)) }));
    }
    commands(context, fix, others(fold, fix), level + 1, items);
    match (known, context.numbers([fold[0].name()])) {
        (Some(number), _) => {
            items.add(level + 1, Block::Text(Line::fill(words.same_step, &[number])));
            items.0.extend(rest.0.into_iter().filter(is_check));
        }
        (None, number) => {
            seen.steps.extend(number.map(|number| (said, number)));
            items.0.extend(rest.0);
        }
    }
}

/// The findings that cause all of a finding.
fn causes(context: &Context<'_>, finding: &Finding) -> Option<Line> {
    let causes = finding.caused_by.iter().filter(|cause| context.finding(cause.name()).is_some());
    let explained: usize = causes.clone().map(|cause| cause.objects).sum();
    let is_all = explained == 0 || explained >= finding.affected.count;
    context.numbers(causes.map(Explained::name)).filter(|_| is_all)
}

/// How many commands a fix has in the other findings that say the same.
fn others(fold: &[&Finding], fix: &Fix) -> usize {
    let others = fold[1..].iter().filter_map(|finding| finding.fixes.iter().find(|other| other.id == fix.id));
    others.map(|other| other.commands_total).sum()
}

fn heading(context: &Context<'_>, fix: &Fix, is_first: bool) -> Line {
    let words = context.words;
    let names = match (is_first, fix.next) {
        (true, _) => words.fixes,
        (false, true) => words.next_fixes,
        (false, false) => words.other_fixes,
    };
    // What has no command is done in the portal, wherever it may be checked.
    let is_by_hand = fix.place == "exchange" && fix.commands.is_empty() && fix.template.is_none();
    let place = if is_by_hand { "cloud" } else { fix.place.as_str() };
    let name = words::find(names, place).unwrap_or(names[0].1);
    let mut line = Line::new(Label::Heading, name);
    line.say(Line::plain(bare(&fix.title, words.joining)));
    if let Some(care) = words::find(words.safeties, &fix.safety) {
        line.say(Line::new(Label::Warning, care));
    }
    line
}

/// A title without what the heading says already.
fn bare(title: &str, joining: &[&str]) -> String {
    for word in joining {
        if let Some(rest) = title.strip_prefix(*word) {
            let mut letters = rest.chars();
            return letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
        }
    }
    title.to_owned()
}

/// The commands, or the template where there are none; `others`: so many more in the findings that say the same.
fn commands(context: &Context<'_>, fix: &Fix, others: usize, level: usize, items: &mut Items) {
    let words = context.words;
    let here = fix.commands.len();
    let total = fix.commands_total.max(here);
    let shown = if context.options.is_complete() || total <= COMMANDS { here } else { here.min(1) };
    for command in fix.commands.iter().take(shown) {
        // Of several it is said whom each is for.
        let whom = if total + others > 1 { whom(context, command) } else { None };
        let run = whom.map_or_else(|| command.run.clone(), |whom| format!("# {whom}\n{}", command.run));
        items.add(level, Block::Command(run));
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

/// Whom a command is for, on one line: a comment ends where a line does.
fn whom(context: &Context<'_>, command: &Command) -> Option<String> {
    let [only] = command.objects.as_slice() else { return None };
    Some(visible(&context.name(only).text()).into_owned())
}

/// Everything about a fix but its commands.
fn details(context: &Context<'_>, fix: &Fix, level: usize, items: &mut Items) {
    let words = context.words;
    if let Some(changes) = changes(context, fix) {
        items.add(level, Block::Fact(words.changes, changes));
    }
    if let Some(who) = who(context, fix) {
        items.add(level, Block::Fact(words.who, who));
    }
    if let Some(portal) = &fix.portal {
        items.add(level, Block::Fact(place(context, fix), way(portal)));
    }
    let first = fix.commands.first();
    if let Some(verify) = first.and_then(|command| command.verify.as_ref()).or(fix.verify.as_ref()) {
        items.add(level, Block::Lead(Line::new(Label::Heading, words.verify)));
        items.add(level + 1, Block::Command(verify.clone()));
        let expected = first.and_then(|command| expected(command, verify)).filter(|_| fix.worked_when.is_none());
        if let Some(expected) = expected {
            items.add(level, Block::Text(Line::fill(words.expect, &[value(expected)])));
        }
    }
    if let Some(worked_when) = &fix.worked_when {
        items.add(level, Block::Fact(words.worked_when, Line::plain(worked_when)));
    }
    if let Some(undo) = first.and_then(|command| command.undo.as_ref()).filter(|_| context.options.all) {
        items.add(level, Block::Lead(Line::new(Label::Heading, words.undo)));
        items.add(level + 1, Block::Command(undo.clone()));
    }
    if let Some(when) = &fix.takes_effect {
        items.add(level, Block::Fact(words.takes_effect, Line::plain(when)));
    }
    items.0.extend(simulation(context, fix).map(|block| Item { level, block }));
}

/// What stands before the way: only what is made in the cloud is made in a portal.
fn place(context: &Context<'_>, fix: &Fix) -> &'static str {
    if fix.place == "on-premises" { context.words.place } else { context.words.portal }
}

/// What the command that checks it shows if it worked: the value that it asks for.
fn expected<'c>(command: &'c Command, verify: &str) -> Option<&'c Value> {
    let verify = verify.to_lowercase();
    let asked = command.changes.iter().filter(|change| verify.contains(&change.field.to_lowercase()));
    match asked.collect::<Vec<_>>().as_slice() {
        [only] => only.after.as_ref(),
        _ => None,
    }
}

/// What is said of the second fix and those after it: all that is needed to do it, but not how it is checked and undone. `first`
/// is the fix that is shown in full.
fn brief(context: &Context<'_>, fix: &Fix, first: Option<&Fix>, level: usize, items: &mut Items) {
    let words = context.words;
    if let Some(changes) = changes(context, fix) {
        items.add(level, Block::Fact(words.changes, changes));
    }
    if let Some(portal) = fix.portal.as_ref().filter(|_| fix.commands.is_empty()) {
        items.add(level, Block::Fact(place(context, fix), way(portal)));
    }
    if let Some(line) = who(context, fix) {
        let is_same = first.and_then(|first| who(context, first)).as_ref() == Some(&line);
        items.add(level, Block::Fact(words.who, if is_same { Line::plain(words.who_same) } else { line }));
    }
    if let Some(when) = &fix.takes_effect {
        items.add(level, Block::Fact(words.takes_effect, Line::plain(when)));
    }
    if matches!(fix.simulation.outcome.as_str(), "partly" | "createsFinding") {
        items.0.extend(simulation(context, fix).map(|block| Item { level, block }));
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
    let is_oneself = !fix.roles.is_empty() && fix.roles.iter().all(|role| role.text.ends_with(words.own_account));
    if is_oneself {
        return Some(line);
    }
    if !fix.who_is_known {
        line.say(Line::plain(words.who_unknown));
    } else if fix.who_can.is_empty() && fix.who_must_activate.is_empty() {
        let nobody = if fix.commands_total > 1 { words.who_nobody_all } else { words.who_nobody };
        line.say(Line::new(Label::Warning, nobody));
    }
    Some(line)
}

/// What the first command changes.
fn changes(context: &Context<'_>, fix: &Fix) -> Option<Line> {
    let words = context.words;
    let changes = &fix.commands.first()?.changes;
    let told: Vec<Line> = changes.iter().filter_map(|change| self::change(context, change)).collect();
    let shown = if context.options.is_complete() { told.len() } else { CHANGES };
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

/// What the fix would do to this tenant, if that was tried.
fn simulation(context: &Context<'_>, fix: &Fix) -> Option<Block> {
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
        _ => return None,
    };
    Some(Block::Fact(words.tried, line))
}
