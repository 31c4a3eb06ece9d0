//! `explain`: the page about a rule, offline.

use super::args::ExplainArguments;
use super::error::Error;
use super::exit::Exit;
use super::names::{self, Scope};
use super::output::Output;
use super::page::Page;
use super::reads;
use crate::pack::load::Packs;
use crate::pack::model::{
    Alias, Check, CheckKind, Confidence, Fix, Message, Path, Rule, Safety, SetCheck, Severity, Template, TemplatePart,
    Where,
};
use crate::tenant::schema::Collection;

/// Prints the page.
pub(crate) fn run(arguments: &ExplainArguments, output: &mut Output) -> Result<Exit, Error> {
    let packs = names::load(&arguments.packs.folders, output)?;
    let name = std::slice::from_ref(&arguments.rule);
    let ids = names::known(&packs, name, "explain", Scope::Rules)?;
    if let Some(rule) = ids.first().and_then(|id| packs.rule(id)) {
        let mut page = Page::new(output.width(), output.color);
        write(&packs, rule, &mut page);
        output.print(&page.finish())?;
    }
    Ok(Exit::Good)
}

fn write(packs: &Packs, rule: &Rule, page: &mut Page) {
    page.heading(&rule.title);
    page.faint(0, &format!("{}, in the pack {}, since {}", rule.id, rule.pack, rule.since));
    if let Some(reason) = packs.off.get(&rule.id) {
        page.text(0, &format!("It is switched off: {reason}"));
    }
    page.gap().text(0, &rule.why);

    page.heading("What it finds");
    for check in &rule.checks {
        page.labeled(2, "-", &format!("{} {}", grade(check), message(rule, &check.message)));
    }
    related(packs, rule, page);
    needs(rule, page);
    if !rule.fixes.is_empty() {
        page.heading("What to do");
        for (index, fix) in rule.fixes.iter().enumerate() {
            if index > 0 {
                page.gap();
            }
            write_fix(rule, fix, page);
        }
    }
    if !rule.error_texts.is_empty() {
        page.heading("What people see");
        for text in &rule.error_texts {
            page.labeled(2, "-", &text.text);
        }
    }
    if !rule.references.is_empty() {
        page.heading("More about it");
        for reference in &rule.references {
            page.plain(2, reference);
        }
    }
}

/// "[high, likely]".
fn grade(check: &Check) -> String {
    let severity =
        severities(std::iter::once(check)).map_or_else(|| "by table".to_owned(), |(low, high)| range(low, high));
    match check.confidence {
        Some(Confidence::Likely) => format!("[{severity}, likely]"),
        Some(Confidence::Hint) => format!("[{severity}, a hint]"),
        Some(Confidence::Certain) | None => format!("[{severity}]"),
    }
}

/// The lowest and the highest severity of some checks.
pub(crate) fn severities<'c>(checks: impl Iterator<Item = &'c Check>) -> Option<(Severity, Severity)> {
    let all: Vec<Severity> = checks
        .flat_map(|check| {
            let graded = match &check.kind {
                CheckKind::Conflict(SetCheck { grades, .. }) | CheckKind::Requires(SetCheck { grades, .. }) => {
                    grades.values.values().flatten().map(|(severity, _)| *severity).collect()
                }
                _ => Vec::new(),
            };
            graded.into_iter().chain(check.severity)
        })
        .collect();
    Some((*all.iter().min()?, *all.iter().max()?))
}

/// "low", or "low to high".
pub(crate) fn range(low: Severity, high: Severity) -> String {
    let (low, high) = (names::severity(low), names::severity(high));
    if low == high { low.to_owned() } else { format!("{low} to {high}") }
}

/// A check's message with its placeholders as people read them.
fn message(rule: &Rule, message: &Message) -> String {
    template(rule, &message.one)
}

fn template(rule: &Rule, template: &Template) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.clone(),
        TemplatePart::Placeholder { path, .. } => format!("<{}>", path_name(rule, path)),
    };
    template.parts.iter().map(part).collect()
}

fn path_name(rule: &Rule, path: &Path) -> String {
    let alias = match path.alias {
        Alias::Object => None,
        Alias::Item => Some("item"),
        Alias::Actor => Some("actor"),
        Alias::Target => Some("target"),
        Alias::Organization => Some("organization"),
        Alias::Settings => Some("settings"),
        Alias::LookUp(index) => rule.look_ups.get(usize::from(index)).map(|look_up| look_up.name.as_str()),
    };
    let segments = path.segments.iter().map(String::as_str);
    alias.into_iter().chain(segments).collect::<Vec<_>>().join(".")
}

fn related(packs: &Packs, rule: &Rule, page: &mut Page) {
    let with_titles = |ids: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        ids.map(|id| packs.rule(id).map_or_else(|| id.clone(), |other| format!("{id}: {}", other.title))).collect()
    };
    // Either of two rules may name the other.
    let causes = packs.rules().filter(|other| other.explains.contains(&rule.id)).map(|other| &other.id);
    let effects = packs.rules().filter(|other| other.caused_by.contains(&rule.id)).map(|other| &other.id);
    let mut caused_by = with_titles(&mut rule.caused_by.iter().chain(causes));
    let mut explains = with_titles(&mut rule.explains.iter().chain(effects));
    for (heading, list) in [("What may cause it", &mut caused_by), ("What it causes", &mut explains)] {
        list.sort();
        list.dedup();
        if !list.is_empty() {
            page.heading(heading);
            list.iter().for_each(|line| {
                page.labeled(2, "-", line);
            });
        }
    }
}

fn needs(rule: &Rule, page: &mut Page) {
    page.heading("What it reads");
    let needs = reads::decides_by(rule);
    let mut last: Option<Collection> = None;
    for need in &needs {
        if last == Some(need.collection) {
            continue;
        }
        last = Some(need.collection);
        let properties = needs
            .iter()
            .filter(|other| other.collection == need.collection)
            .filter_map(|other| other.property.as_deref());
        let properties: Vec<_> = properties.collect();
        if properties.is_empty() {
            page.labeled(2, need.collection.name(), "");
        } else {
            page.labeled(2, &format!("{}:", need.collection.name()), &properties.join(", "));
        }
    }
    page.gap().plain(2, "The script that exports it:").code(2, &format!("aaddoctor collect-script --for {}", rule.id));
}

fn write_fix(rule: &Rule, fix: &Fix, page: &mut Page) {
    let place = match fix.place {
        Where::Cloud => "",
        Where::OnPremises => " (on-premises)",
        Where::Exchange => " (in Exchange Online PowerShell)",
    };
    let care = match fix.safety {
        Safety::Safe => "",
        Safety::Review => " (decide first)",
        Safety::Destructive => " (loses something for good)",
    };
    page.labeled(2, "-", &format!("{}{place}{care}", template(rule, &fix.title)));
    let mut line = |label: &str, text: Option<String>| {
        if let Some(text) = text {
            page.labeled(4, label, &text);
        }
    };
    let of = |text: &Option<Template>| text.as_ref().map(|text| template(rule, text));
    line("Note:", of(&fix.note));
    line("Who:", (!fix.roles.is_empty()).then(|| fix.roles.join(", ")));
    line("Where:", of(&fix.portal));
    line("When:", of(&fix.takes_effect));
    for (label, text) in [("Command:", &fix.powershell), ("Check:", &fix.verify), ("Undo:", &fix.undo)] {
        if let Some(text) = text {
            page.plain(4, label).code(6, &template(rule, text));
        }
    }
}
