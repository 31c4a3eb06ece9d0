//! A check: of one tenant or of several, each judged by itself.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::about::Unclear;
use super::apart::Mixed;
use super::run::{Options, Outcome, run};
use crate::dump::{Failure, Input};
use crate::pack::load::Packs;
use crate::pack::model::Rule;
use crate::pack::tables::Tables;
use crate::report::model::{Report, Summary};

/// Checks a tenant, or each of several. `gather_failures` are the inputs that were not even there.
///
/// # Errors
///
/// The inputs are of several tenants, and of one of them nobody can say whose it is; or one thing is asked, and of several tenants
/// that is several things.
pub fn check(
    inputs: &[Input],
    gather_failures: Vec<Failure>,
    home: &[Input],
    packs: &Packs,
    tables: &Tables,
    options: &Options,
) -> Result<Outcome, Mixed> {
    let active: Vec<&Rule> = packs.active().filter(|rule| is_wanted(rule, options)).collect();
    let run = |inputs: &[Input]| run(inputs, home, &active, packs, tables, options, &BTreeMap::new());
    let mut outcome = match run(inputs) {
        Err(mixed) if mixed.unsure.is_empty() && options.asked.is_none() => {
            let of = |input: &Vec<usize>| input.iter().map(|index| inputs[*index].clone()).collect::<Vec<_>>();
            let mut outcomes = Vec::new();
            for (_, own) in &mixed.tenants {
                options.seen.store(0, Ordering::Relaxed);
                outcomes.push(run(&of(own))?);
            }
            together(outcomes).ok_or(mixed)
        }
        one => one,
    }?;
    outcome.failures.splice(0..0, gather_failures);
    Ok(outcome)
}

/// The outcomes of several tenants as one.
fn together(outcomes: Vec<Outcome>) -> Option<Outcome> {
    let of = outcomes.len();
    let mut outcomes = outcomes.into_iter();
    let mut all = outcomes.next()?;
    let mut unclear = std::mem::take(&mut all.unclear);
    for other in outcomes {
        for mut tenant in other.report.tenants {
            tenant.tenant.key = format!("t{}", all.report.tenants.len() + 1);
            all.report.tenants.push(tenant);
        }
        add(&mut all.report, &other.report.summary);
        // A file that cannot be read is missing from each.
        for failure in other.failures {
            if !all.failures.contains(&failure) {
                all.failures.push(failure);
            }
        }
        all.broken = all.broken.or(other.broken);
        unclear.extend(other.unclear);
    }
    // A name that fits somebody in one of the tenants is clear.
    let unknown_in =
        |one: &Unclear| unclear.iter().filter(|other| (other.option, &other.name) == (one.option, &one.name)).count();
    let kept = unclear.iter().filter(|one| one.count > 0 || unknown_in(one) == of);
    for one in kept {
        if !all.unclear.iter().any(|known| (known.option, &known.name) == (one.option, &one.name)) {
            all.unclear.push(one.clone());
        }
    }
    Some(all)
}

fn add(report: &mut Report, more: &Summary) {
    let all = &mut report.summary;
    all.people += more.people;
    all.accepted += more.accepted;
    all.new += more.new;
    all.findings.critical += more.findings.critical;
    all.findings.high += more.findings.high;
    all.findings.medium += more.findings.medium;
    all.findings.low += more.findings.low;
    all.findings.info += more.findings.info;
    all.rules.found += more.rules.found;
    all.rules.clear += more.rules.clear;
    all.rules.partial += more.rules.partial;
    all.rules.not_assessed += more.rules.not_assessed;
    all.rules.not_asked += more.rules.not_asked;
    all.rules.off += more.rules.off;
}

fn is_wanted(rule: &Rule, options: &Options) -> bool {
    let named = |list: &[String]| {
        list.iter().any(|name| *name == rule.id || *name == rule.pack || rule.symptoms.contains(name))
    };
    (options.only.is_empty() || named(&options.only)) && !named(&options.skip)
}
