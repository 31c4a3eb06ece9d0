//! Which tenant, what was read, what limits the verdicts, and the counts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::report::model::{About, AsOf, CollectionCount, Finding, Report, SourceInfo, TenantInfo, TenantReport};
use crate::report::text::{Label, Line};
use crate::report::words;

use super::objects::literal;
use super::{Block, Context, Items, Options};

/// How many collections the line of what was read names.
const COLLECTIONS: usize = 3;
/// How many notes on the sources are shown.
const NOTES: usize = 2;

/// The tenants, those with most to do first; a home tenant is there for the others.
pub(super) fn in_order(report: &Report) -> Vec<&TenantReport> {
    let mut tenants: Vec<&TenantReport> = report.tenants.iter().collect();
    tenants.sort_by_key(|tenant| {
        let counts = &tenant.summary.findings;
        let counts = [counts.critical, counts.high, counts.medium, counts.low, counts.info];
        (is_home(tenant), Reverse(counts), tenant.collections.is_empty())
    });
    tenants
}

fn is_home(tenant: &TenantReport) -> bool {
    tenant.tenant.role == "home"
}

/// Which tenants the report is about, if there are several, and what was found in each.
pub(super) fn several(tenants: &[&TenantReport], options: &Options, items: &mut Items) {
    let words = options.language.words();
    let subjects: Vec<_> = tenants.iter().filter(|tenant| !is_home(tenant)).collect();
    if subjects.len() < 2 {
        return;
    }
    let number = Line::plain(words.number(subjects.len()));
    items.add(0, Block::Text(Line::fill(words.several_tenants, &[number])));
    let lines = subjects.into_iter().map(|subject| {
        let context = Context::new(options, subject);
        Line::fill(words.tenant_item, &[tenant(&context, &subject.tenant), verdict(&context)])
    });
    items.bullets(0, lines.collect());
}

pub(super) fn add(context: &Context<'_>, report: &Report, aged: bool, items: &mut Items) {
    let words = context.words;
    let name = tenant(context, &context.tenant.tenant);
    let is_home = is_home(context.tenant);
    items.add(0, Block::Title(if is_home { Line::fill(words.home_tenant, &[name]) } else { name }));
    let about = about(context);
    if !about.is_empty() {
        items.add(0, Block::Text(Line::fill(words.about, &[context.all_of(about.clone())])));
    }
    for about in context.tenant.about.iter().filter(|about| !about.also_fits.is_empty()) {
        let others = context.all_of(listed(context, &about.also_fits));
        items.add(0, Block::Text(Line::fill(words.about_also, &[literal(&about.name), others])));
    }
    items.add(0, Block::Text(as_of(context, aged)));
    items.add(0, Block::Text(sources(context)));
    if report.redacted.is_some() {
        items.add(0, Block::Text(Line::plain(words.redacted)));
    }
    unread(context, items);
    limits(context, items);
    notes(context, items);
    if !is_home || !context.tenant.rules.is_empty() {
        summary(context, items);
    }
}

fn tenant(context: &Context<'_>, info: &TenantInfo) -> Line {
    let name = info.display_name.as_deref().map(|name| Line::new(Label::Heading, name));
    let domain = info.initial_domain.as_deref().or(info.id.as_deref()).map(literal);
    match (name, domain) {
        (Some(name), Some(domain)) => Line::fill(context.words.named, &[name, domain]),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => Line::new(Label::Heading, context.words.unnamed_tenant),
    }
}

fn as_of(context: &Context<'_>, aged: bool) -> Line {
    let words = context.words;
    let Some(as_of) = &context.tenant.as_of else {
        return Line::new(Label::Warning, words.data_of_unknown);
    };
    let basis = Line::plain(words::name(words.bases, &as_of.basis));
    let mut line = Line::fill(words.data_of, &[Line::new(Label::Heading, words.date(&as_of.value)), basis]);
    if let Some(age) = context.options.now.filter(|_| aged).and_then(|now| age(context, as_of, now)) {
        line.push(Line::plain(", "));
        line.push(age);
    }
    line
}

/// How old the data is. Against a lower bound it is "at most"; a date that was given says nothing of the data's age.
fn age(context: &Context<'_>, as_of: &AsOf, now: Timestamp) -> Option<Line> {
    let words = context.words;
    let value: Timestamp = as_of.value.parse().ok()?;
    let hours = now.duration_since(value).as_hours();
    let age = match usize::try_from(hours) {
        _ if as_of.basis == "now" => return None,
        _ if now < value => return Some(Line::new(Label::Warning, words.age_future)),
        Ok(0) => Line::plain(words.age_fresh),
        Ok(hours @ ..48) => words.count(&words.age_hours, hours),
        Ok(hours) => words.count(&words.age_days, hours / 24),
        Err(_) => return None,
    };
    Some(if as_of.basis == "newest-observation" && hours > 0 { Line::fill(words.age_at_most, &[age]) } else { age })
}

/// What the report is limited to.
fn about(context: &Context<'_>) -> Vec<Line> {
    let one = |about: &About| match about.objects.as_slice() {
        [] => vec![literal(&about.name)],
        objects => listed(context, objects),
    };
    context.tenant.about.iter().flat_map(one).collect()
}

/// The first few of some objects, and how many more there are.
fn listed(context: &Context<'_>, objects: &[String]) -> Vec<Line> {
    let shown = context.shown(objects.len());
    let mut lines: Vec<Line> = objects[..shown].iter().map(|key| context.object(key)).collect();
    if objects.len() > shown {
        lines.push(context.words.count(&context.words.others, objects.len() - shown));
    }
    lines
}

/// The sources that are files: what was asked on the command line is none.
fn files<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a SourceInfo> {
    let requests = context.tenant.requests.iter().filter(|request| request.origin.kind == "command-line");
    let typed: Vec<usize> = requests.filter_map(|request| request.origin.source).collect();
    context.tenant.sources.iter().filter(move |source| !typed.contains(&source.index))
}

/// What was read, in one line.
fn sources(context: &Context<'_>) -> Line {
    let words = context.words;
    let mut counts: Vec<&CollectionCount> = context.tenant.collections.iter().collect();
    counts.sort_by_key(|collection| (place(context, &collection.name), &collection.name));
    let shown = if context.options.is_complete() { counts.len() } else { COLLECTIONS };
    let mut read: Vec<Line> =
        counts.iter().take(shown).map(|collection| words.collection(&collection.name, collection.count)).collect();
    if counts.len() > shown {
        read.push(words.count(&words.more_collections, counts.len() - shown));
    }
    if read.is_empty() {
        read.push(Line::plain(words.nothing_read));
    }
    let mut line = match files(context).collect::<Vec<_>>().as_slice() {
        [only] => Line::fill(words.file, &[Line::plain(&only.path)]),
        many => words.count(&words.files, many.len()),
    };
    line.push(context.all_of(read));
    line
}

/// Where a collection stands in a list: people first.
fn place(context: &Context<'_>, collection: &str) -> usize {
    let known = context.words.collections.iter().position(|(name, _, _)| *name == collection);
    known.unwrap_or(usize::MAX)
}

fn path(path: &str, member: Option<&str>) -> String {
    member.map_or_else(|| path.to_owned(), |member| format!("{path}: {member}"))
}

/// What could not be read at all: said before any verdict, since it is why much is undecided.
fn unread(context: &Context<'_>, items: &mut Items) {
    let words = context.words;
    let all = &context.tenant.unread;
    let shown = context.shown(all.len());
    let mut lines: Vec<Line> = all.iter().take(shown).map(|unread| literal(&unread.path)).collect();
    if all.len() > shown {
        lines.push(words.count(&words.others, all.len() - shown));
    }
    if !lines.is_empty() {
        items.add(0, Block::Warning(Line::fill(words.unread, &[context.all_of(lines)])));
    }
}

/// The collections that are not whole, and why: said before any verdict.
fn limits(context: &Context<'_>, items: &mut Items) {
    let words = context.words;
    let mut reasons: BTreeMap<(usize, &str), BTreeSet<String>> = BTreeMap::new();
    for collection in context.tenant.sources.iter().flat_map(|source| &source.collections) {
        let key = (place(context, &collection.name), collection.name.as_str());
        if !collection.complete {
            let reason = collection.reason.as_deref().unwrap_or("incomplete");
            reasons.entry(key).or_default().insert(words::name(words.reasons, reason));
        }
        for class in &collection.excluded {
            let reason = Line::fill(words.excluded, &[Line::plain(class)]);
            reasons.entry(key).or_default().insert(reason.text());
        }
    }
    if reasons.is_empty() {
        return;
    }
    // Collections that lack something for the same reasons are named together.
    let mut groups: Vec<(BTreeSet<String>, Vec<Line>)> = Vec::new();
    for ((_, name), reasons) in reasons {
        let name = Line::plain(words.collection_name(name));
        match groups.iter_mut().find(|(known, _)| *known == reasons) {
            Some((_, names)) => names.push(name),
            None => groups.push((reasons, vec![name])),
        }
    }
    let groups = groups.into_iter().map(|(reasons, names)| {
        let reasons = Line::join(reasons.into_iter().map(Line::plain), "; ", "; ");
        Line::fill(words.incomplete_item, &[context.all_of(names), reasons])
    });
    let groups = Line::join(groups, ", ", ", ");
    items.add(0, Block::Warning(Line::fill(words.incomplete, &[groups])));
}

/// What else is to be known about the sources.
fn notes(context: &Context<'_>, items: &mut Items) {
    let words = context.words;
    let sources = &context.tenant.sources;
    let notes: Vec<Line> = sources
        .iter()
        .flat_map(|source| source.notes.iter().map(move |note| (source, note)))
        .filter(|(_, note)| note.code != "told-by") // that is for `inspect`
        .map(|(source, note)| {
            let text = Line::plain(&note.text);
            if sources.len() == 1 {
                return text;
            }
            Line::fill(words.note, &[Line::plain(path(&source.path, source.member.as_deref())), text])
        })
        .collect();
    let shown = if context.options.is_complete() { notes.len() } else { NOTES };
    let more = notes.len().saturating_sub(shown);
    let mut lines: Vec<Line> = notes.into_iter().take(shown).collect();
    if more > 0 {
        lines.push(words.count(&words.more, more));
    }
    if !lines.is_empty() {
        items.add(0, Block::Warning(Line::fill(words.notes, &[Line::join(lines, " ", " ")])));
    }
}

/// The counts, and what concerns the whole tenant: that explains much, however little it weighs.
fn summary(context: &Context<'_>, items: &mut Items) {
    items.add(0, Block::Summary(verdict(context)));
    for finding in context.open.iter().filter(|finding| concerns_all(context, finding)) {
        if let Some(number) = context.numbers([finding.name()]) {
            let line = Line::fill(context.words.all_concerned, &[Line::plain(&finding.message), number]);
            items.add(0, Block::Warning(line));
        }
    }
}

/// The counts: of what was found, and of what could not be said.
fn verdict(context: &Context<'_>) -> Line {
    let words = context.words;
    let summary = &context.tenant.summary;
    let findings = &summary.findings;
    let counts = [
        ("critical", findings.critical),
        ("high", findings.high),
        ("medium", findings.medium),
        ("low", findings.low),
        ("info", findings.info),
    ];
    let found: Vec<Line> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| {
            let phrase = words::name(words.severity_counts, severity);
            Line::new(words::severity_label(severity), phrase.replace("{0}", &words.number(count)))
        })
        .collect();
    let rules = &summary.rules;
    let mut line = Line::default();
    if !found.is_empty() {
        line.push(Line::fill(
            words.summary,
            &[Line::join(found, ", ", ", "), words.count(&words.people, summary.people)],
        ));
    } else if rules.clear + rules.partial + rules.found == 0 {
        line.push(Line::new(Label::Warning, words.nothing_assessed));
    } else {
        let about = about(context);
        let nothing = Line::new(Label::Good, words.nothing_found);
        line.push(if about.is_empty() { nothing } else { Line::fill(words.about_nothing, &[context.all_of(about)]) });
        line.say(words.count(&words.rules_clear, rules.clear));
        // Else the counts of rules would contradict that nothing was found.
        if context.is_limited() && rules.found > 0 {
            line.say(words.count(&words.rules_elsewhere, rules.found));
        }
    }
    let unseen = rules.not_assessed + rules.partial;
    if unseen > 0 {
        line.say(words.count(&words.rules_unseen, unseen));
    }
    line
}

/// Whether a finding is about the tenant as such.
pub(super) fn concerns_all(context: &Context<'_>, finding: &Finding) -> bool {
    let is_tenant = |key: &String| context.tenant.objects.get(key).is_some_and(|object| object.kind == "tenant");
    finding.affected.objects.iter().any(is_tenant)
}
