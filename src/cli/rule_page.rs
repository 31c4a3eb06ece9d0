//! The page about a rule: what `explain` shows and `rules docs` writes.

use std::collections::BTreeSet;

use super::pattern_text::readable;
use super::placeholder::{in_a_fix, in_words, paths};
use super::reads;
use super::sheet::Sheet;
use super::words::{Words, fill};
use crate::check::compile::over;
use crate::engine::naming::severity_name;
use crate::engine::role_name;
use crate::language::Language;
use crate::pack::load::Packs;
use crate::pack::model::{
    Alias, Bound, Check, CheckKind, Condition, Confidence, ErrorText, Fix, Operator, Path, Rule, Safety, SelectLine,
    SetCheck, Severity, Template, Term, Test, Where,
};
use crate::pack::show;
use crate::tenant::schema::Collection;

/// The page.
pub(crate) fn page(packs: &Packs, rule: &Rule, language: Language) -> Sheet {
    let words = super::words::words(language);
    let mut sheet = Sheet::new(&rule.title);
    sheet.faint(fill(words.in_pack, &[&rule.id, &rule.pack, &rule.since]));
    if let Some(reason) = packs.off.get(&rule.id) {
        sheet.text(&fill(words.switched_off, &[reason]));
    }
    sheet.gap().text(&rule.why);
    sheet.heading(words.finds);
    let found = |check: &Check| format!("{} {}", grade(check, words), in_words(rule, &check.message.one, language));
    let mut found: Vec<String> = rule.checks.iter().map(found).collect();
    // Checks may differ only in where they look.
    let mut seen = BTreeSet::new();
    found.retain(|text| seen.insert(text.clone()));
    found.iter().for_each(|text| {
        sheet.point(text);
    });
    if !rule.fixes.is_empty() {
        sheet.heading(words.to_do);
        connect(rule, language, &mut sheet);
        for (index, fixes) in alike(rule, language).iter().enumerate() {
            if index > 0 {
                sheet.gap();
            }
            write_fix(rule, fixes, language, &mut sheet);
        }
    }
    if !rule.error_texts.is_empty() {
        sheet.heading(words.errors);
        let shown = |text: &ErrorText| if text.is_pattern { readable(&text.text) } else { text.text.clone() };
        // A pattern may say no more than a text that stands there already.
        let mut texts: Vec<String> = rule.error_texts.iter().map(shown).collect();
        let mut seen = BTreeSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        texts.iter().for_each(|text| {
            sheet.point(text);
        });
    }
    related(packs, rule, words, &mut sheet);
    decides(rule, words, &mut sheet);
    needs(rule, words, &mut sheet);
    limits(rule, words, &mut sheet);
    if !rule.references.is_empty() {
        sheet.heading(words.references);
        rule.references.iter().for_each(|reference| {
            sheet.address(reference);
        });
    }
    sheet
}

/// What one must know before any fix: what a placeholder stands for, and what one signs in to for the commands.
fn connect(rule: &Rule, language: Language, sheet: &mut Sheet) {
    let words = super::words::words(language);
    let templates = || rule.fixes.iter().flat_map(|fix| [&fix.powershell, &fix.verify]).flatten();
    let in_commands = |names: &[&str]| {
        let last = |path: &Path| path.segments.last().is_some_and(|last| names.contains(&last.as_str()));
        templates().flat_map(paths).any(last)
    };
    let titles = rule.fixes.iter().flat_map(|fix| std::iter::once(&fix.title).chain(&fix.portal));
    let mut help: Vec<&str> = Vec::new();
    if titles.chain(templates()).flat_map(paths).next().is_some() {
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

/// "[high, likely]".
fn grade(check: &Check, words: &Words) -> String {
    let severity = severities(std::iter::once(check))
        .map_or_else(|| words.by_table.to_owned(), |(low, high)| range(low, high, words));
    match check.confidence {
        Some(Confidence::Likely) => format!("[{severity}, {}]", words.likely),
        Some(Confidence::Hint) => format!("[{severity}, {}]", words.hint),
        Some(Confidence::Certain) | None => format!("[{severity}]"),
    }
}

/// The grades of a check: severities and confidences.
fn grades(check: &Check) -> Vec<(Severity, Confidence)> {
    match &check.kind {
        CheckKind::Conflict(SetCheck { grades, .. }) | CheckKind::Requires(SetCheck { grades, .. }) => {
            grades.values.values().flatten().copied().collect()
        }
        _ => check
            .severity
            .map(|severity| (severity, check.confidence.unwrap_or(Confidence::Likely)))
            .into_iter()
            .collect(),
    }
}

/// The lowest and the highest severity of some checks.
pub(crate) fn severities<'c>(checks: impl Iterator<Item = &'c Check>) -> Option<(Severity, Severity)> {
    let all: Vec<Severity> = checks.flat_map(grades).map(|(severity, _)| severity).collect();
    Some((*all.iter().min()?, *all.iter().max()?))
}

/// "low", or "low to high".
pub(crate) fn range(low: Severity, high: Severity, words: &Words) -> String {
    let name = |severity: Severity| words.severities[severity as usize];
    if low == high { name(low).to_owned() } else { fill(words.range, &[name(low), name(high)]) }
}

/// A path as rules write it.
fn path_text(rule: &Rule, path: &Path) -> String {
    let names: Vec<String> = rule.look_ups.iter().map(|look_up| look_up.name.clone()).collect();
    show(path, &names)
}

fn related(packs: &Packs, rule: &Rule, words: &Words, sheet: &mut Sheet) {
    let with_titles = |ids: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        ids.map(|id| packs.rule(id).map_or_else(|| id.clone(), |other| format!("{id}: {}", other.title))).collect()
    };
    // Either of two rules may name the other.
    let causes = packs.rules().filter(|other| other.explains.contains(&rule.id)).map(|other| &other.id);
    let effects = packs.rules().filter(|other| other.caused_by.contains(&rule.id)).map(|other| &other.id);
    let mut caused_by = with_titles(&mut rule.caused_by.iter().chain(causes));
    let mut explains = with_titles(&mut rule.explains.iter().chain(effects));
    for (heading, list) in [(words.causes, &mut caused_by), (words.effects, &mut explains)] {
        list.sort();
        list.dedup();
        if !list.is_empty() {
            sheet.heading(heading);
            list.iter().for_each(|line| {
                sheet.point(line);
            });
        }
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

fn write_fix(rule: &Rule, fixes: &[&Fix], language: Language, sheet: &mut Sheet) {
    let Some(fix) = fixes.first() else { return };
    let words = super::words::words(language);
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
    let words = super::words::words(language);
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

/// How the rule decides, as its file says it.
fn decides(rule: &Rule, words: &Words, sheet: &mut Sheet) {
    sheet.heading(words.decides).text(words.in_order);
    let checks: Vec<String> =
        rule.checks.iter().map(|check| format!("{}: {}", check.name, check_text(rule, check))).collect();
    sheet.gap().code(1, &checks.join("\n"));
    let mut named: Vec<String> = Vec::new();
    for select in &rule.selects {
        let lines: Vec<String> = select.lines.iter().map(|line| line_text(rule, line)).collect();
        named.push(format!("{}: {}", select.name, lines.join("; ")));
    }
    for look_up in &rule.look_ups {
        let pairs = |pairs: &[(Path, Path)]| -> String {
            let one = |(there, here): &(Path, Path)| format!("{} = {}", path_text(rule, there), path_text(rule, here));
            pairs.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let mut text =
            format!("{}: in {}{}", look_up.name, if look_up.home { "home." } else { "" }, look_up.collection.name());
        for (word, pairs) in [("where", pairs(&look_up.matches)), ("not", pairs(&look_up.except))] {
            if !pairs.is_empty() {
                text.push_str(&format!(" {word} {pairs}"));
            }
        }
        if let Some(such) = &look_up.such {
            text.push_str(&format!(" such {}", condition(rule, such)));
        }
        named.push(text);
    }
    if !named.is_empty() {
        sheet.gap().text(words.where_selected).gap().code(1, &named.join("\n"));
    }
    let offered = rule.fixes.iter().filter_map(|fix| {
        let when = fix.when.as_ref().map(|when| condition(rule, when));
        let unless = fix.unless.as_ref().map(|unless| format!("unless {}", condition(rule, unless)));
        let said: Vec<String> = when.into_iter().chain(unless).collect();
        (!said.is_empty()).then(|| format!("{}: {}", fix.id, said.join(" ")))
    });
    let offered: Vec<String> = offered.collect();
    if !offered.is_empty() {
        sheet.gap().text(words.offered).gap().code(1, &offered.join("\n"));
    }
}

fn check_text(rule: &Rule, check: &Check) -> String {
    let mut text = String::new();
    if let Some(over) = over(check) {
        text.push_str(over.collection.name());
        if !over.operations.is_empty() {
            text.push_str(&format!(" [{}]", over.operations.join(", ")));
        }
        if let Some(each) = &over.each {
            text.push_str(&format!(", each {}", path_text(rule, each)));
        }
        text.push_str(", ");
    }
    let with = |text: String, if_also: &Option<Condition>| match if_also {
        Some(also) => format!("{text} and {}", condition(rule, also)),
        None => text,
    };
    let terms = |terms: &[Term]| -> String {
        let one = |term: &Term| match term {
            Term::Path(path) => path_text(rule, path),
            Term::Number(number) => number.to_string(),
        };
        terms.iter().map(one).collect::<Vec<_>>().join(" + ")
    };
    let rest = match &check.kind {
        CheckKind::Match(check) => condition(rule, &check.condition),
        CheckKind::Conflict(set) => {
            with(format!("conflict in {} by the table {}", path_text(rule, &set.set), set.table), &set.condition)
        }
        CheckKind::Requires(set) => with(
            format!("requirement missing in {} by the table {}", path_text(rule, &set.set), set.table),
            &set.condition,
        ),
        CheckKind::Threshold(sums) => {
            let op = ["<", "<=", "=", ">=", ">"][sums.op as usize];
            with(format!("{} {op} {}", terms(&sums.left), terms(&sums.right)), &sums.condition)
        }
        CheckKind::Duplicate(duplicate) => {
            let paths = |(collection, paths): &(Collection, Vec<Path>)| {
                let paths: Vec<String> = paths.iter().map(|path| path_text(rule, path)).collect();
                format!("{} ({})", collection.name(), paths.join(", "))
            };
            format!("duplicate in {}", duplicate.over.iter().map(paths).collect::<Vec<_>>().join(", "))
        }
        CheckKind::Native(native) => format!("native {}", native.name),
    };
    text + &rest
}

/// A condition as rules write it.
fn condition(rule: &Rule, shown: &Condition) -> String {
    let inner = |part: &Condition| match part {
        Condition::And(_) | Condition::Or(_) => format!("({})", condition(rule, part)),
        _ => condition(rule, part),
    };
    match shown {
        Condition::And(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" and "),
        Condition::Or(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" or "),
        Condition::Not(part) => format!("not {}", inner(part)),
        Condition::Select { alias, select } => {
            let name = rule.selects.get(usize::from(*select)).map_or("", |select| select.name.as_str());
            let path = Path { alias: *alias, segments: Vec::new(), filters: Vec::new() };
            let alias = if *alias == Alias::Object { String::new() } else { format!("{}.", path_text(rule, &path)) };
            format!("{alias}{name}")
        }
    }
}

fn line_text(rule: &Rule, line: &SelectLine) -> String {
    match line {
        SelectLine::Found(found) => format!("found = {found}"),
        SelectLine::Value(path, test) => format!("{} {}", path_text(rule, path), test_text(rule, test)),
    }
}

fn test_text(rule: &Rule, test: &Test) -> String {
    let scalars = |values: &[crate::pack::model::Scalar]| -> String {
        use crate::pack::model::Scalar;
        let one = |value: &Scalar| match value {
            Scalar::Text(text) => format!("\"{text}\""),
            Scalar::Flag(flag) => flag.to_string(),
            Scalar::Number(number) => number.to_string(),
        };
        values.iter().map(one).collect::<Vec<_>>().join(" | ")
    };
    let bound = |bound: &Bound| match bound {
        Bound::Number(number) => number.to_string(),
        Bound::Days(days) if *days < 0 => format!("{} days ago", -days),
        Bound::Days(days) => format!("in {days} days"),
        Bound::Path(path) => path_text(rule, path),
    };
    let lines = |lines: &[(Path, Test)]| -> String {
        let one = |(path, test): &(Path, Test)| format!("{} {}", path_text(rule, path), test_text(rule, test));
        lines.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let one = |operator: &Operator| match operator {
        Operator::OneOf(values) => format!("= {}", scalars(values)),
        Operator::Not(values) => format!("is not {}", scalars(values)),
        Operator::Empty(empty) => if *empty { "is empty" } else { "is not empty" }.to_owned(),
        Operator::Matches(pattern) => format!("matches {pattern}"),
        Operator::SameAs(path) => format!("= {}", path_text(rule, path)),
        Operator::Above(at) => format!("> {}", bound(at)),
        Operator::Below(at) => format!("< {}", bound(at)),
        Operator::InTable { table, column, rows, there } => {
            let rows =
                rows.iter().map(|(by, values)| format!(" where {by} = {}", values.join("|"))).collect::<String>();
            format!("{} {table}.{column}{rows}", if *there { "in" } else { "not in" })
        }
        Operator::Any(inner) => format!("any ({})", lines(inner)),
        Operator::All(inner) => format!("all ({})", lines(inner)),
    };
    test.operators.iter().map(one).collect::<Vec<_>>().join(" and ")
}

fn needs(rule: &Rule, words: &Words, sheet: &mut Sheet) {
    sheet.heading(words.reads);
    let needs = reads::decides_by(rule);
    let mut last: Option<Collection> = None;
    for need in &needs {
        if last == Some(need.collection) {
            continue;
        }
        last = Some(need.collection);
        let own = needs.iter().filter(|other| other.collection == need.collection);
        let properties: Vec<_> = own.filter_map(|other| other.property.as_deref()).collect();
        if properties.is_empty() {
            sheet.labeled(0, need.collection.name(), "");
        } else {
            sheet.labeled(0, &format!("{}:", need.collection.name()), &properties.join(", "));
        }
    }
    sheet.gap().labeled(0, words.script, "").code(0, &format!("aaddoctor collect-script --for {}", rule.id));
}

/// What the rule cannot know, as far as its logic shows.
fn limits(rule: &Rule, words: &Words, sheet: &mut Sheet) {
    let mut limits: Vec<String> = Vec::new();
    let names = |collections: &[Collection]| collections.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
    let mut checked: Vec<Collection> = rule.checks.iter().filter_map(over).map(|over| over.collection).collect();
    checked.sort();
    checked.dedup();
    if checked == [Collection::Requests] {
        limits.push(words.limit_request.to_owned());
    }
    checked.retain(|collection| *collection != Collection::Requests);
    if !checked.is_empty() {
        limits.push(fill(words.limit_complete, &[&names(&checked)]));
    }
    let mut searched: Vec<Collection> = rule.look_ups.iter().map(|look_up| look_up.collection).collect();
    searched.sort();
    searched.dedup();
    if !searched.is_empty() {
        limits.push(fill(words.limit_absent, &[&names(&searched)]));
    }
    let lines = || rule.selects.iter().flat_map(|select| &select.lines);
    let tests = || {
        lines().filter_map(|line| match line {
            SelectLine::Value(path, test) => Some((path, test)),
            SelectLine::Found(_) => None,
        })
    };
    let has_days = |test: &Test| {
        let is_days =
            |operator: &Operator| matches!(operator, Operator::Above(Bound::Days(_)) | Operator::Below(Bound::Days(_)));
        test.operators.iter().any(is_days)
    };
    if tests().any(|(_, test)| has_days(test)) {
        limits.push(words.limit_date.to_owned());
    }
    let reads = reads::decides_by(rule);
    for need in &reads {
        let property = need.property.as_deref().and_then(|name| need.collection.property(name));
        if let Some(property) = property.filter(|property| property.elsewhere) {
            let name = format!("{}.{}", need.collection.name(), property.name);
            limits.push(fill(words.limit_elsewhere, &[&name]));
        }
    }
    let same_as = |test: &Test| -> Vec<String> {
        let of = |operator: &Operator| match operator {
            Operator::SameAs(path) if path.alias == Alias::Settings => Some(path.segments.join(".")),
            _ => None,
        };
        test.operators.iter().filter_map(of).collect()
    };
    let mut settings: Vec<String> = tests().flat_map(|(_, test)| same_as(test)).collect();
    settings.extend(tests().filter(|(path, _)| path.alias == Alias::Settings).map(|(path, _)| path.segments.join(".")));
    for check in &rule.checks {
        if let CheckKind::Native(native) = &check.kind {
            settings.extend(native.settings.iter().cloned());
        }
    }
    settings.sort();
    settings.dedup();
    if !settings.is_empty() {
        limits.push(fill(words.limit_settings, &[&settings.join(", ")]));
    }
    if rule.checks.iter().flat_map(grades).any(|(_, confidence)| confidence < Confidence::Certain) {
        limits.push(words.limit_hint.to_owned());
    }
    if !limits.is_empty() {
        sheet.heading(words.limits);
        limits.iter().for_each(|limit| {
            sheet.point(limit);
        });
    }
}

/// "low", or "low to high", for the list of rules.
pub(crate) fn range_in_english(low: Severity, high: Severity) -> String {
    let (low, high) = (severity_name(low), severity_name(high));
    if low == high { low.to_owned() } else { format!("{low} to {high}") }
}
