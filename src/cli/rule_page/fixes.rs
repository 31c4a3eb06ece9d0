//! What to do about the findings of a rule: its fixes, as far as they can be told before any object was found.

use crate::cli::placeholder::in_a_fix;
use crate::cli::sheet::Sheet;
use crate::cli::words::words;
use crate::engine::role_name;
use crate::language::Language;
use crate::pack::model::{Fix, Path, Rule, Safety, Template, Where};

/// Adds the fixes, and before them what one must know for any of them.
pub(super) fn add(rule: &Rule, language: Language, sheet: &mut Sheet) {
    if rule.fixes.is_empty() {
        return;
    }
    sheet.heading(words(language).to_do);
    connect(rule, language, sheet);
    for (index, fixes) in alike(rule, language).iter().enumerate() {
        if index > 0 {
            sheet.gap();
        }
        add_fix(rule, fixes, language, sheet);
    }
}

/// What one must know before any fix: what a placeholder stands for, and what one signs in to for the commands.
fn connect(rule: &Rule, language: Language, sheet: &mut Sheet) {
    let words = words(language);
    let templates = || rule.fixes.iter().flat_map(|fix| [&fix.powershell, &fix.verify]).flatten();
    let in_commands = |names: &[&str]| {
        let last = |path: &Path| path.segments.last().is_some_and(|last| names.contains(&last.as_str()));
        templates().flat_map(Template::paths).any(last)
    };
    let titles = rule.fixes.iter().flat_map(|fix| std::iter::once(&fix.title).chain(&fix.portal));
    let mut help: Vec<&str> = Vec::new();
    if titles.chain(templates()).flat_map(Template::paths).next().is_some() {
        help.push(words.fill_in);
    }
    if in_commands(&["id", "assignedByGroup", "principalId"]) {
        help.push(words.fill_in_id);
    }
    if in_commands(&["skuId"]) {
        help.push(words.fill_in_product);
    }
    if !help.is_empty() {
        sheet.text(&help.join(" ")).gap();
    }
    // A note may tell of a command too.
    let commands = templates().chain(rule.fixes.iter().filter_map(|fix| fix.note.as_ref()));
    let commands: Vec<String> = commands.map(|command| in_a_fix(rule, command, language)).collect();
    let commands: Vec<&str> = commands.iter().map(String::as_str).chain(help).collect();
    let is_exchange = |fix: &Fix| fix.place == Where::Exchange && (fix.powershell.is_some() || fix.verify.is_some());
    let first = crate::report::connect::all(&commands, rule.fixes.iter().any(is_exchange));
    if !first.is_empty() {
        sheet.text(words.connect).code(1, &first.join("\n")).gap();
    }
}

/// The fixes, those together that differ only in whom they are for: the first of them says it all.
fn alike(rule: &Rule, language: Language) -> Vec<Vec<&Fix>> {
    let said = |fix: &Fix| -> Vec<Option<String>> {
        let texts = [Some(&fix.title), fix.note.as_ref(), fix.portal.as_ref(), fix.worked_when.as_ref()];
        texts.iter().map(|text| text.map(|text| in_a_fix(rule, text, language))).chain([who(fix, language)]).collect()
    };
    let mut groups: Vec<Vec<&Fix>> = Vec::new();
    for fix in &rule.fixes {
        match groups.iter_mut().find(|group| said(group[0]) == said(fix)) {
            Some(group) => group.push(fix),
            None => groups.push(vec![fix]),
        }
    }
    groups
}

/// Adds a fix, of several that are alike the first.
fn add_fix(rule: &Rule, fixes: &[&Fix], language: Language, sheet: &mut Sheet) {
    let Some(fix) = fixes.first() else { return };
    let words = words(language);
    let place = match fix.place {
        Where::Cloud => 0,
        Where::OnPremises => 1,
        // What is only checked there is done in the portal.
        Where::Exchange if fix.powershell.is_some() => 2,
        Where::Exchange => 0,
    };
    let care = match fix.safety {
        Safety::Safe => 0,
        Safety::Review => 1,
        Safety::Destructive => 2,
    };
    let title = in_a_fix(rule, &fix.title, language);
    sheet.point(&format!("{title}{}{}", words.places[place], words.safeties[care]));
    let of = |text: &Option<Template>| text.as_ref().map(|text| in_a_fix(rule, text, language));
    let line = |sheet: &mut Sheet, label: &str, text: Option<String>| {
        if let Some(text) = text {
            sheet.labeled(1, label, &text);
        }
    };
    let command = |sheet: &mut Sheet, label: &str, text: Option<String>| {
        if let Some(text) = text {
            sheet.labeled(1, label, "").code(1, &text);
        }
    };
    let mut only_if: Vec<String> = fixes.iter().filter_map(|fix| of(&fix.only_if)).collect();
    only_if.dedup();
    line(sheet, words.only_if, (!only_if.is_empty()).then(|| only_if.join(&format!("; {} ", words.or))));
    line(sheet, words.who, who(fix, language));
    line(sheet, words.portal, of(&fix.portal));
    line(sheet, words.note, of(&fix.note));
    command(sheet, words.command, of(&fix.powershell));
    command(sheet, words.verify, of(&fix.verify));
    line(sheet, words.worked_when, of(&fix.worked_when));
    line(sheet, words.when, of(&fix.takes_effect));
    command(sheet, words.undo, of(&fix.undo));
}

/// The roles of a fix, of which one is enough; and who that is, if the directory does not know the role.
fn who(fix: &Fix, language: Language) -> Option<String> {
    let words = words(language);
    let roles: Vec<&str> = fix.roles.iter().map(|role| role_name(role, language)).collect();
    let (last, others) = roles.split_last()?;
    let mut text = (*last).to_owned();
    if !others.is_empty() {
        text = format!("{} {} {last}", others.join(", "), words.or);
    }
    let outside = |(suffix, _): &&(&str, &str)| fix.roles.iter().any(|role| role.ends_with(suffix));
    let explained: Vec<&str> = words.who_is.iter().filter(outside).map(|(_, who)| *who).collect();
    if !explained.is_empty() {
        text = format!("{text}. {}", explained.join(" "));
    }
    Some(text)
}
