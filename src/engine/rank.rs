//! Causes before symptoms: in what order findings are read, and what their places rest on.

mod causes;
mod effects;

use std::collections::{BTreeMap, BTreeSet};

use self::causes::{Explanations, explanations};
use super::draft::Draft;
use super::people::people;
use crate::check::compile::{CompiledKind, CompiledRule, CompiledTest, Expr};
use crate::check::world::World;
use crate::pack::model::{Confidence, Severity};
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

/// Ranks the findings; those by which the question on the command line is answered go first.
pub fn rank(drafts: &[Draft], rules: &[CompiledRule<'_>], world: &World<'_>, answering: &BTreeSet<usize>) -> Ranking {
    let Explanations { causes, effects } = explanations(drafts, rules, world);
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

/// Findings that are connected by causes.
fn clusters(causes: &[Vec<(usize, usize)>]) -> Vec<Vec<usize>> {
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

/// Whether a test of a list looks at an error in its elements.
fn in_test(test: &CompiledTest) -> bool {
    use crate::check::compile::CompiledOperator::{All, Any};
    test.operators.iter().any(|operator| match operator {
        Any(lines) | All(lines) => lines.iter().any(|(path, _)| path.name == "error"),
        _ => false,
    })
}
