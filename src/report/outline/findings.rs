//! The findings: clusters in their order, causes before what they cause.

use std::collections::BTreeMap;

use crate::report::model::{AuditInfo, Explained, Finding, FindingName, Value};
use crate::report::text::{Label, Line};
use crate::report::words;

use super::head::concerns_all;
use super::objects::{literal, value, way};
use super::{Block, Context, IndexRow, Items, connect, fixes};

/// How many findings are shown, those that say the same counting as one.
const FINDINGS: usize = 50;
/// How many different findings of one rule may take turns and are still shown as one each.
const ALTERNATING: usize = 8;
/// How deep consequences are indented.
const DEEPEST: usize = 2;

pub(super) fn add(context: &Context<'_>, items: &mut Items) {
    if context.open.is_empty() {
        return;
    }
    // What the head of the report points to is shown, wherever it stands.
    let is_shown = |(place, fold): &(usize, Vec<&Finding>)| {
        context.options.is_complete() || *place < FINDINGS || fold.iter().any(|finding| concerns_all(context, finding))
    };
    let (shown, hidden): (Vec<_>, Vec<_>) = folds(context).into_iter().enumerate().partition(is_shown);
    let shown: Vec<Vec<&Finding>> = shown.into_iter().map(|(_, fold)| fold).collect();
    items.add(0, Block::Findings(Line::new(Label::Heading, context.words.findings)));
    items.add(0, Block::Index(shown.iter().map(|fold| index_row(context, fold)).collect()));
    let mut seen = fixes::Shown::default();
    let mut depths: BTreeMap<FindingName<'_>, usize> = BTreeMap::new();
    for fold in &shown {
        let depth = fold[0].caused_by.iter().filter_map(|cause| depths.get(&cause.name())).min();
        let depth = depth.map_or(0, |depth| (depth + 1).min(DEEPEST));
        for finding in fold {
            depths.insert(finding.name(), depth);
        }
        one(context, fold, depth, &mut seen, items);
    }
    connect::add(context, &shown, items);
    if seen.is_shortened {
        items.add(0, Block::Text(Line::plain(context.words.fixes_shortened)));
    }
    let more: usize = hidden.iter().map(|(_, fold)| fold.len()).sum();
    if more > 0 {
        items.add(0, Block::Summary(context.words.count(&context.words.more_findings, more)));
    }
}

/// Findings of one rule that say the same of one object after another are shown once; with `all`, each by itself.
fn folds<'a>(context: &Context<'a>) -> Vec<Vec<&'a Finding>> {
    if context.options.is_complete() {
        return context.open.iter().map(|finding| vec![*finding]).collect();
    }
    let mut folds: Vec<Vec<&Finding>> = Vec::new();
    for finding in &context.open {
        // Checks of one rule may alternate, since objects decide the order within a rule.
        let mut run = folds.iter_mut().rev().take_while(|fold| fold[0].rule == finding.rule).take(ALTERNATING);
        match run.find(|fold| is_alike(fold[0], finding)) {
            Some(fold) => fold.push(finding),
            None => folds.push(vec![finding]),
        }
    }
    folds
}

/// Whether two findings differ in their objects only, and are connected in the same way.
fn is_alike(one: &Finding, other: &Finding) -> bool {
    fn texts(finding: &Finding) -> [&String; 4] {
        [&finding.check, &finding.severity, &finding.confidence, &finding.status]
    }
    fn causes(finding: &Finding) -> impl Iterator<Item = FindingName<'_>> {
        finding.caused_by.iter().map(Explained::name)
    }
    let stands_alone = |finding: &Finding| finding.explains.is_empty() && finding.requests.is_empty();
    stands_alone(one) && stands_alone(other) && texts(one) == texts(other) && causes(one).eq(causes(other))
}

/// The numbers of findings that are shown as one.
fn numbers(context: &Context<'_>, fold: &[&Finding]) -> Line {
    context.ranges(fold.iter().map(|finding| finding.rank).collect()).unwrap_or_default()
}

fn index_row(context: &Context<'_>, fold: &[&Finding]) -> IndexRow {
    let objects = fold.iter().map(|finding| finding.affected.count).sum();
    IndexRow {
        number: numbers(context, fold),
        severity: context.severity(&fold[0].severity),
        title: Line::plain(&fold[0].title),
        rule: literal(&fold[0].rule),
        objects: Line::plain(context.words.number(objects)),
    }
}

/// One finding, or several that say the same.
fn one(context: &Context<'_>, fold: &[&Finding], depth: usize, seen: &mut fixes::Shown, items: &mut Items) {
    let words = context.words;
    let finding = fold[0];
    items.add(depth, Block::Finding(heading(context, fold)));
    let level = depth + 1;
    if let Some(cause) = caused_by(context, fold) {
        items.add(level, Block::Text(cause));
    }
    items.add(level, Block::Text(Line::plain(&finding.message)));
    objects(context, finding, level, items);
    if fold.len() > 1 {
        items.add(level, Block::Text(words.count(&words.the_same_for, fold.len() - 1)));
        let shown = context.shown(fold.len() - 1);
        let mut lines: Vec<Line> = fold[1..].iter().take(shown).map(|other| also(context, finding, other)).collect();
        if fold.len() - 1 > shown {
            lines.push(words.count(&words.more, fold.len() - 1 - shown));
        }
        items.bullets(level, lines);
    }
    doubts(context, finding, level, items);
    fixes::add(context, fold, level, seen, items);
    connections(context, fold, level, items);
    evidence(context, finding, level, items);
    if context.options.why_this_order {
        items.add(level, Block::Fact(words.ranked_by, ranked_by(context, finding)));
    }
    if context.options.all && !finding.references.is_empty() {
        let references = finding.references.iter().map(|address| way(address));
        items.add(level, Block::Fact(words.reference, Line::join(references, " ", " ")));
    }
}

fn heading(context: &Context<'_>, fold: &[&Finding]) -> Line {
    let words = context.words;
    let finding = fold[0];
    let number = numbers(context, fold);
    let mut severity = context.severity(&finding.severity);
    if context.is_compared && finding.status == "new" {
        severity = Line::fill(words.heading_remarks, &[severity, Line::plain(words.status_new)]);
    }
    let title = Line::new(Label::Heading, &finding.title);
    let mut rule = Line::new(Label::Faint, &finding.rule);
    // Behind the severity it would read as if that were likely.
    if let Some(sure) = words::find(words.confidences, &finding.confidence) {
        rule = Line::fill(words.sure, &[rule, Line::plain(sure)]);
    }
    Line::fill(words.heading, &[number, severity, title, rule])
}

/// The findings that cause it, and for how many of its objects.
fn caused_by(context: &Context<'_>, fold: &[&Finding]) -> Option<Line> {
    let words = context.words;
    let finding = fold[0];
    let causes = finding.caused_by.iter().filter(|cause| context.finding(cause.name()).is_some());
    let [first, others @ ..] = &causes.collect::<Vec<_>>()[..] else {
        return None;
    };
    let numbers = context.numbers([*first].into_iter().chain(others.iter().copied()).map(Explained::name))?;
    let is_part = fold.len() == 1 && others.is_empty() && first.objects > 0 && first.objects < finding.affected.count;
    Some(if is_part {
        let [some, all] = [first.objects, finding.affected.count].map(|count| Line::plain(words.number(count)));
        Line::fill(words.explained_by_some, &[numbers, some, all])
    } else {
        Line::fill(words.explained_by, &[numbers])
    })
}

/// Whom it concerns.
fn objects(context: &Context<'_>, finding: &Finding, level: usize, items: &mut Items) {
    let words = context.words;
    let affected = &finding.affected;
    let shown = context.shown(affected.objects.len());
    let mut lines: Vec<Line> = affected.objects.iter().take(shown).map(|key| context.listed(key)).collect();
    if affected.count > shown && shown > 0 {
        let phrase = if finding.at_least { &words.more_objects_at_least } else { &words.more_objects };
        lines.push(words.count_with(phrase, affected.count - shown, &[Line::plain(words.number(affected.count))]));
    }
    items.bullets(level, lines);
    if !affected.accepted.is_empty() {
        items.add(level, Block::Text(words.count(&words.accepted_objects, affected.accepted.len())));
    }
}

/// What a finding is about, in one line: its object, or what its objects have in common.
fn subject(context: &Context<'_>, finding: &Finding) -> Line {
    match (finding.affected.objects.as_slice(), finding.group.as_slice()) {
        ([only], _) => context.listed(only),
        (_, []) => Line::plain(&finding.message),
        (_, group) => Line::join(group.iter().map(|value| literal(&value.text)), ", ", ", "),
    }
}

/// What another finding is about that says the same but for some values, and these values.
fn also(context: &Context<'_>, first: &Finding, other: &Finding) -> Line {
    let mut line = subject(context, other);
    let said = line.text();
    let is_own = |name: &str, text: &str| {
        // How many there are, and who is the first of them, is no value of what is found.
        !matches!(name, "count" | "first")
            && !said.contains(text)
            && first.values.get(name).is_none_or(|value| value.text != text)
    };
    // A sentence among them needs no full stop.
    let shown = |known: &Value| value(&Value { text: known.text.trim_end_matches('.').to_owned(), ..known.clone() });
    let own = other.values.iter().filter(|(name, value)| is_own(name, &value.text)).map(|(_, known)| shown(known));
    let own = Line::join(own, "; ", "; ");
    if !own.is_empty() {
        line.push(Line::plain(": "));
        line.push(own);
    }
    line
}

/// What may cause it, and what else it could be: to be thought of before it is fixed.
fn doubts(context: &Context<'_>, finding: &Finding, level: usize, items: &mut Items) {
    let words = context.words;
    if !finding.may_be_caused_by.is_empty() {
        let rules = context.one_of(finding.may_be_caused_by.iter().map(|rule| context.rule(rule)));
        items.add(level, Block::Text(Line::fill(words.may_be_caused_by, &[rules])));
    }
    if !finding.could_be.is_empty() {
        let checks = context.one_of(finding.could_be.iter().map(|check| literal(&check.replace('-', " "))));
        items.add(level, Block::Text(Line::fill(words.could_be, &[checks])));
    }
}

/// How far it may reach, what it causes, and who changed something: behind the fix, so that the fix comes early.
fn connections(context: &Context<'_>, fold: &[&Finding], level: usize, items: &mut Items) {
    let words = context.words;
    let finding = fold[0];
    let mut line = Line::default();
    if fold.iter().any(|finding| finding.at_least) {
        line.push(Line::new(Label::Warning, words.at_least));
    }
    if let Some(numbers) = context.numbers(finding.explains.iter().map(Explained::name)) {
        line.say(Line::fill(words.explains, &[numbers]));
    }
    if !line.is_empty() {
        items.add(level, Block::Text(line));
    }
    let shown = if context.options.all { finding.audit.len() } else { 1 };
    for (index, record) in finding.audit.iter().take(shown).enumerate() {
        let mut line = audit(context, record);
        if index + 1 == shown && finding.audit.len() > shown {
            line.push(Line::plain("; "));
            line.push(words.count(&words.more_records, finding.audit.len() - shown));
        }
        items.add(level, Block::Fact(words.changed, line));
    }
}

fn audit(context: &Context<'_>, record: &AuditInfo) -> Line {
    let words = context.words;
    let by = record.by.as_ref().filter(|key| context.tenant.objects.contains_key(*key));
    let by = by.map_or_else(|| literal(&record.by_text), |key| context.name(key));
    let line = Line::fill(words.changed_by, &[Line::plain(&record.activity), by, Line::plain(words.date(&record.at))]);
    match record.result.as_deref() {
        None | Some("success") => line,
        Some(result) => Line::fill(words.changed_result, &[line, Line::plain(result)]),
    }
}

/// What it rests on: only with `all`, since the message has the gist.
fn evidence(context: &Context<'_>, finding: &Finding, level: usize, items: &mut Items) {
    if !context.options.all {
        return;
    }
    let words = context.words;
    for evidence in &finding.evidence {
        let seen = match (&evidence.value, evidence.state.as_str()) {
            (Some(known), _) => value(known),
            (None, state) => Line::plain(words::name(words.states, state)),
        };
        let place = [literal(&evidence.field), context.object(&evidence.object), seen];
        items.add(level, Block::Fact(words.seen, Line::fill(words.seen_value, &place)));
    }
}

fn ranked_by(context: &Context<'_>, finding: &Finding) -> Line {
    let words = context.words;
    let ranked = &finding.ranked_by;
    let mut parts = Vec::new();
    if ranked.answers_question {
        parts.push(Line::plain(words.ranked_answers));
    }
    if ranked.failing_now {
        parts.push(Line::plain(words.ranked_failing));
    }
    parts.push(context.severity(&ranked.severity));
    parts.push(words.count(&words.people, ranked.people));
    parts.push(Line::plain(words::name(words.confidences_ranked, &ranked.confidence)));
    let line = Line::join(parts, ", ", ", ");
    let cluster = (ranked.cluster.as_str(), ranked.cluster_check.as_str());
    match context.numbers([cluster]) {
        Some(first) if cluster != finding.name() => Line::fill(words.ranked_with, &[line, first]),
        _ => line,
    }
}
