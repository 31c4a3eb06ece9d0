//! Causes before symptoms: which finding explains which, and in what order they are read.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use crate::check::compile::{Base, CompiledKind, CompiledRule, CompiledTest, Expr};
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::model::{Confidence, Severity};
use crate::pack::tables::ErrorText;
use crate::tenant::ObjectId;
use crate::tenant::keys::KeySpace;
use crate::tenant::known::Search;
use crate::tenant::schema::Collection;

/// The order of the findings, and how they hang together.
#[derive(Debug, Default)]
pub struct Ranking {
    /// The drafts, by index, in the order of the report.
    pub order: Vec<usize>,
    /// For each draft: those that cause it, and how many of its objects each explains.
    pub causes: Vec<Vec<(usize, usize)>>,
    /// For each draft: those that it causes, and how many of their objects.
    pub effects: Vec<Vec<(usize, usize)>>,
    /// For each draft: what its place rests on.
    pub standing: Vec<Standing>,
}

/// What a cluster's place rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The first finding of the cluster, by index.
    pub first: usize,
    /// It is about what was asked on the command line.
    pub answers_question: bool,
    /// A request or a recorded failure shows it as failing now.
    pub failing_now: bool,
    /// The best severity.
    pub severity: Severity,
    /// The people concerned.
    pub people: usize,
    /// The best confidence.
    pub confidence: Confidence,
}

/// The people among the objects of a finding: users, and those for whom somebody asks for something.
pub fn people(draft: &Draft, world: &World<'_>) -> BTreeSet<ObjectId> {
    let concerned = draft.numbers().filter_map(|number| match world.tenant.kind(number) {
        Collection::Users => Some(number),
        Collection::Requests => Some(target(number, world).unwrap_or(number)),
        _ => None,
    });
    concerned.collect()
}

fn target(request: ObjectId, world: &World<'_>) -> Option<ObjectId> {
    let request = world.tenant.object(request);
    match world.person(&request.text("target")?, true) {
        Search::Object(target) => Some(target.number),
        _ => None,
    }
}

/// Ranks the findings; those by which the question on the command line is answered go first.
pub fn rank(drafts: &[Draft], rules: &[CompiledRule<'_>], world: &World<'_>, answering: &BTreeSet<usize>) -> Ranking {
    let (causes, effects) = explanations(drafts, rules, world);
    let clusters = clusters(&causes);
    let people: Vec<_> = drafts.iter().map(|draft| people(draft, world)).collect();
    let failing: Vec<_> = drafts.iter().map(|draft| is_failing(draft, &rules[draft.rule], world)).collect();
    let name = |draft: usize| (&rules[drafts[draft].rule].rule.id, drafts[draft].collection, &drafts[draft].key);
    let own = |draft: usize| {
        let (severity, confidence) = (drafts[draft].severity, drafts[draft].confidence);
        let answers = answering.contains(&draft);
        (std::cmp::Reverse((answers, failing[draft], severity, people[draft].len(), confidence)), name(draft))
    };
    let mut ranking = Ranking { causes, effects, ..Ranking::default() };
    let mut standings: Vec<Option<Standing>> = vec![None; drafts.len()];
    let mut ordered = Vec::new();
    let mut told = Told { order: Vec::new(), is: vec![false; drafts.len()] };
    for cluster in clusters {
        let mut members = cluster.clone();
        members.sort_by(|one, other| own(*one).cmp(&own(*other)));
        for member in members.iter().filter(|member| ranking.causes[**member].is_empty()) {
            descend(*member, &ranking, &own, &mut told);
        }
        // What is left stands in a circle: each explains the other.
        for member in &members {
            if !told.is[*member] {
                told.tell(*member);
                ready(*member, &ranking, &own, &mut told);
            }
        }
        let order = std::mem::take(&mut told.order);
        let all: BTreeSet<_> = cluster.iter().flat_map(|member| &people[*member]).collect();
        // A cluster stands where its best member would, with the people of all of them.
        let of = |member: &usize| (failing[*member], drafts[*member].severity, drafts[*member].confidence);
        let (failing_now, severity, confidence) =
            cluster.iter().map(of).max().unwrap_or((false, Severity::Info, Confidence::Hint));
        let answers_question = cluster.iter().any(|member| answering.contains(member));
        let standing =
            Standing { first: order[0], answers_question, failing_now, severity, people: all.len(), confidence };
        for member in cluster {
            standings[member] = Some(standing.clone());
        }
        ordered.push((standing, order));
    }
    ordered.sort_by(|(one, _), (other, _)| {
        let key = |standing: &Standing| {
            let Standing { answers_question, failing_now, severity, people, confidence, .. } = *standing;
            let best = (answers_question, failing_now, severity, people, confidence);
            (std::cmp::Reverse(best), name(standing.first))
        };
        key(one).cmp(&key(other))
    });
    ranking.order = ordered.into_iter().flat_map(|(_, order)| order).collect();
    ranking.standing = standings.into_iter().flatten().collect();
    ranking
}

/// The findings of a cluster in the order in which they are told.
struct Told {
    order: Vec<usize>,
    /// Whether each finding is told, of any cluster.
    is: Vec<bool>,
}

impl Told {
    fn tell(&mut self, draft: usize) {
        self.order.push(draft);
        self.is[draft] = true;
    }
}

/// A finding, if all that causes it is told, then what it causes.
fn descend<K: Ord>(draft: usize, ranking: &Ranking, own: &impl Fn(usize) -> K, told: &mut Told) {
    if !told.is[draft] && ranking.causes[draft].iter().all(|(cause, _)| told.is[*cause]) {
        told.tell(draft);
        ready(draft, ranking, own, told);
    }
}

/// What a finding that was told causes, as far as it is due.
fn ready<K: Ord>(draft: usize, ranking: &Ranking, own: &impl Fn(usize) -> K, told: &mut Told) {
    let mut next: Vec<_> = ranking.effects[draft].iter().map(|(effect, _)| *effect).collect();
    next.sort_by_key(|effect| own(*effect));
    for effect in next {
        descend(effect, ranking, own, told);
    }
}

type Edges = Vec<Vec<(usize, usize)>>;

/// Which finding explains which: its rule says that it may, and they share objects or what their objects have in common.
fn explanations(drafts: &[Draft], rules: &[CompiledRule<'_>], world: &World<'_>) -> (Edges, Edges) {
    let mut causes: Edges = vec![Vec::new(); drafts.len()];
    let mut effects: Edges = vec![Vec::new(); drafts.len()];
    let mut by_rule: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        by_rule.entry(&rules[draft.rule].rule.id).or_default().push(index);
    }
    // What the reason of a recorded failure means names the rules that explain it.
    let reasons: BTreeMap<usize, ErrorText<'_>> = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| draft.collection == Collection::DirectoryAudits.name())
        .filter_map(|(index, draft)| Some((index, meaning_of(draft, world)?)))
        .collect();
    // Who is in a finding, where a finding may be explained at all.
    let explained: BTreeSet<&str> = rules
        .iter()
        .flat_map(|rule| &rule.rule.explains)
        .chain(rules.iter().filter(|rule| !rule.rule.caused_by.is_empty()).map(|rule| &rule.rule.id))
        .map(String::as_str)
        .filter(|id| by_rule.contains_key(id))
        .collect();
    // Either of two rules may name the other.
    let causing: BTreeSet<&str> = rules.iter().flat_map(|rule| &rule.rule.caused_by).map(String::as_str).collect();
    let mut holders: BTreeMap<ObjectId, Vec<(usize, ObjectId)>> = BTreeMap::new();
    let mut initiators: BTreeMap<ObjectId, Vec<(usize, ObjectId)>> = BTreeMap::new();
    let mut keys: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let all: BTreeSet<usize> = explained.iter().flat_map(|id| &by_rule[id]).chain(reasons.keys()).copied().collect();
    for index in &all {
        for number in drafts[*index].numbers() {
            for held in std::iter::once(number).chain(targets(number, world)) {
                holders.entry(held).or_default().push((*index, number));
            }
            if let Some(by) = initiator(number, world) {
                initiators.entry(by).or_default().push((*index, number));
            }
        }
        for capture in reasons.get(index).into_iter().flat_map(|reason| &reason.captures) {
            keys.entry(capture.clone()).or_default().push(*index);
        }
        for value in values(&drafts[*index]) {
            keys.entry(value).or_default().push(*index);
        }
    }
    for (cause, draft) in drafts.iter().enumerate() {
        let rule = rules[draft.rule].rule;
        let is_cause = !rule.explains.is_empty() || causing.contains(rule.id.as_str());
        if !is_cause && !reasons.values().any(|reason| reason.rules.contains(&rule.id.as_str())) {
            continue;
        }
        let mut shared: BTreeMap<usize, BTreeSet<ObjectId>> = BTreeMap::new();
        for number in linked(draft, world) {
            for (effect, own) in holders.get(&number).into_iter().flatten() {
                shared.entry(*effect).or_default().insert(*own);
            }
        }
        // Who was refused is who asks for the same in a request that is bound to fail.
        if is_about_actor(&rules[draft.rule], draft.check) {
            for number in draft.numbers() {
                let Some(asks) = actor(number, world) else { continue };
                for (effect, own) in initiators.get(&asks).into_iter().flatten() {
                    if is_same_attempt(number, *own, world) {
                        shared.entry(*effect).or_default().insert(*own);
                    }
                }
            }
        }
        for effect in values(draft).iter().filter_map(|value| keys.get(value)).flatten() {
            shared.entry(*effect).or_default().extend(drafts[*effect].numbers());
        }
        for (effect, objects) in shared {
            let consequence = rules[drafts[effect].rule].rule;
            let named = reasons.get(&effect).is_some_and(|reason| reason.rules.contains(&rule.id.as_str()));
            if rules[draft.rule].rule.id == consequence.id {
                continue; // see below
            }
            let told = rule.explains.contains(&consequence.id) || consequence.caused_by.contains(&rule.id);
            if (named || told) && fits_code(&rule.id, &drafts[effect], world) {
                causes[effect].push((cause, objects.len()));
                effects[cause].push((effect, objects.len()));
            }
        }
    }
    // What is wrong with the tenant is what a request runs into: the same rule found both.
    for same in by_rule.values().filter(|same| same.len() > 1) {
        let is_request = |index: &&usize| drafts[**index].collection == Collection::Requests.name();
        let requests: Vec<_> = same.iter().filter(is_request).collect();
        if requests.is_empty() {
            continue;
        }
        let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for cause in same.iter().filter(|index| !is_request(index)) {
            for key in common(&drafts[*cause], world) {
                known.entry(key).or_default().push(*cause);
            }
        }
        for effect in requests {
            let found =
                common(&drafts[*effect], world).iter().filter_map(|key| known.get(key)).flatten().copied().collect();
            let found: BTreeSet<usize> = found;
            for cause in found {
                let objects = drafts[*effect].objects.len();
                causes[*effect].push((cause, objects));
                effects[cause].push((*effect, objects));
            }
        }
    }
    (causes, effects)
}

/// The users and groups that an audit record is about.
fn targets(number: ObjectId, world: &World<'_>) -> Vec<ObjectId> {
    if world.tenant.kind(number) != Collection::DirectoryAudits {
        return Vec::new();
    }
    let record = world.tenant.object(number);
    let targets = record.get("targetResources").unwrap_or(Raw::NULL);
    let ids = targets.items().filter_map(|target| Some(target.get("id")?.text()?.to_lowercase()));
    let objects = ids.flat_map(|id| {
        let of = |collection| world.tenant.candidates(collection, KeySpace::Id, &id);
        let both = of(Collection::Users).into_iter().chain(of(Collection::Groups));
        both.filter(|object| object.id().as_ref() == Some(&id)).map(|object| object.number).collect::<Vec<_>>()
    });
    objects.collect()
}

/// What the reason of a recorded failure means.
fn meaning_of<'w>(draft: &Draft, world: &'w World<'_>) -> Option<ErrorText<'w>> {
    let by_reason =
        draft.group.iter().find(|(path, _)| path.segments.last().is_some_and(|name| name == "resultReason"));
    world.tables.error_text(by_reason?.1.first()?)
}

/// The user who did what an audit record says.
fn initiator(number: ObjectId, world: &World<'_>) -> Option<ObjectId> {
    if world.tenant.kind(number) != Collection::DirectoryAudits {
        return None;
    }
    let record = world.tenant.object(number);
    let id = record.get("initiatedBy")?.get("user")?.get("id")?.text()?.to_lowercase();
    let users = world.tenant.candidates(Collection::Users, KeySpace::Id, &id);
    users.into_iter().find(|user| user.id().as_ref() == Some(&id)).map(|user| user.number)
}

/// Who asks in a request.
fn actor(number: ObjectId, world: &World<'_>) -> Option<ObjectId> {
    if world.tenant.kind(number) != Collection::Requests {
        return None;
    }
    match world.person(&world.tenant.object(number).text("actor")?, false) {
        Search::Object(actor) => Some(actor.number),
        _ => None,
    }
}

/// Whether a check looks at who asks in a request.
fn is_about_actor(rule: &CompiledRule<'_>, check: usize) -> bool {
    let checks = rule.programs.iter().flat_map(|program| &program.checks);
    checks.filter(|known| known.index == check).any(|check| check.bases.contains(&Base::Actor))
}

/// Whether an audit record is of what a request asks for.
fn is_same_attempt(request: ObjectId, record: ObjectId, world: &World<'_>) -> bool {
    let operation = world.tenant.object(request).text("operation").unwrap_or_default();
    let activity = world.tenant.object(record).text("activityDisplayName").unwrap_or_default().to_lowercase();
    let activities: &[&str] = match operation.as_str() {
        "create-user" => &["add user"],
        "assign-license" | "remove-license" => &["change user license", "set group license"],
        "invite-guest" => &["invite external user"],
        "reset-password" => &["reset password", "reset user password"],
        _ => &[],
    };
    activities.iter().any(|known| activity.starts_with(known))
}

/// What connects a finding about the tenant with one of the same rule about a request that runs into it: the values by which
/// both are grouped, the people of the request, its products.
fn common(draft: &Draft, world: &World<'_>) -> BTreeSet<String> {
    let mut common: BTreeSet<String> = values(draft).into_iter().collect();
    for number in draft.numbers() {
        if world.tenant.kind(number) == Collection::Requests {
            let people = [target(number, world), actor(number, world)];
            common.extend(people.into_iter().flatten().map(|person| format!("object {}", person.0)));
            common.extend(skus(number, world).into_iter().map(|sku| format!("product {sku}")));
        } else {
            common.insert(format!("object {}", number.0));
            if world.tenant.kind(number) == Collection::SubscribedSkus {
                common.extend(
                    world.tenant.object(number).text("skuId").map(|sku| format!("product {}", sku.to_lowercase())),
                );
            }
        }
    }
    common
}

/// The products that a request asks for or gives up.
fn skus(request: ObjectId, world: &World<'_>) -> BTreeSet<String> {
    let request = world.tenant.object(request);
    let list = |name| request.get(name).unwrap_or(Raw::NULL).items().collect::<Vec<_>>();
    let added = list("addLicenses").into_iter().filter_map(|license| license.get("skuId")?.text());
    let removed = list("removeLicenses").into_iter().filter_map(Raw::text);
    added.chain(removed).map(|sku| sku.to_lowercase()).collect()
}

/// The objects of a finding, and those whom its requests are about.
fn linked(draft: &Draft, world: &World<'_>) -> BTreeSet<ObjectId> {
    let mut linked: BTreeSet<_> = draft.numbers().collect();
    let requests: Vec<_> =
        draft.numbers().filter(|number| world.tenant.kind(*number) == Collection::Requests).collect();
    linked.extend(requests.into_iter().filter_map(|request| target(request, world)));
    linked
}

/// The values by which a finding is grouped, in lower case.
fn values(draft: &Draft) -> Vec<String> {
    draft.group.iter().flat_map(|(_, values)| values).map(|value| value.to_lowercase()).collect()
}

/// Whether a rule can explain a recorded error of this code: the table says which causes a code has.
fn fits_code(rule: &str, effect: &Draft, world: &World<'_>) -> bool {
    let Some(table) = world.tables.table("licensing-errors") else { return true };
    let by_error = effect.group.iter().find(|(path, _)| path.segments.last().is_some_and(|name| name == "error"));
    let Some(code) = by_error.and_then(|(_, values)| values.first()) else { return true };
    for row in 0..table.rows().len() {
        if table.cell(row, "code").text().eq_ignore_ascii_case(code) {
            let causes = table.cell(row, "causes").texts();
            return causes.is_empty() || causes.iter().any(|cause| **cause == *rule);
        }
    }
    true
}

/// Findings that are connected by causes.
fn clusters(causes: &Edges) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..causes.len()).collect();
    fn find(root: &mut [usize], mut at: usize) -> usize {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    }
    for (effect, causes) in causes.iter().enumerate() {
        for (cause, _) in causes {
            let (one, other) = (find(&mut root, effect), find(&mut root, *cause));
            root[one.max(other)] = one.min(other);
        }
    }
    let mut clusters: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for draft in 0..causes.len() {
        let root = find(&mut root, draft);
        clusters.entry(root).or_default().push(draft);
    }
    clusters.into_values().collect()
}

/// Whether somebody fails now: a request that a serious finding stands against, or a failure that the directory recorded.
fn is_failing(draft: &Draft, rule: &CompiledRule<'_>, world: &World<'_>) -> bool {
    let of_request = draft.numbers().any(|number| world.tenant.kind(number) == Collection::Requests);
    if of_request {
        return draft.severity >= Severity::High && draft.confidence >= Confidence::Likely;
    }
    let checks = rule.programs.iter().flat_map(|program| &program.checks);
    checks.filter(|check| check.index == draft.check).any(|check| {
        let of_list = check.each.as_ref().is_some_and(|each| each.name.ends_with("Errors"));
        of_list || matches!(&check.kind, CompiledKind::Match(expr) if reads_error(expr))
    })
}

/// Whether a condition looks at a recorded error.
fn reads_error(expr: &Expr) -> bool {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(reads_error),
        Expr::Not(_) | Expr::Found(..) => false,
        Expr::Value(path, test) => path.name == "error" || in_test(test),
    }
}

fn in_test(test: &CompiledTest) -> bool {
    use crate::check::compile::CompiledOperator::{All, Any};
    test.operators.iter().any(|operator| match operator {
        Any(lines) | All(lines) => lines.iter().any(|(path, _)| path.name == "error"),
        _ => false,
    })
}
