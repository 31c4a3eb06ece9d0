//! A check: of one tenant or of several, each judged by itself.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::about::Unclear;
use super::apart::Mixed;
use super::run::{Options, Outcome, run};
use crate::check::settings::Settings;
use crate::dump::{Failure, Input};
use crate::pack::load::Packs;
use crate::pack::model::Rule;
use crate::pack::tables::Tables;
use crate::report::model::{Report, Summary};

/// Checks a tenant, or each of several. `gather_failures` are the inputs that were not even there.
///
/// # Errors
///
/// The inputs are of several tenants, and of one of them nobody can say whose it is; or something is asked or told that concerns one
/// tenant.
pub fn check(
    inputs: &[Input],
    gather_failures: Vec<Failure>,
    home: &[Input],
    packs: &Packs,
    tables: &Tables,
    options: &Options,
) -> Result<Outcome, Mixed> {
    let active: Vec<&Rule> = packs.active().filter(|rule| is_wanted(rule, options)).collect();
    let run =
        |inputs: &[Input], options: &Options| run(inputs, home, &active, packs, tables, options, &BTreeMap::new());
    let is_of_one = options.asked.is_some() || options.settings != Settings::default();
    let mut outcome = match run(inputs, options) {
        Err(mixed) if mixed.unsure.is_empty() && !is_of_one => {
            let mut outcomes = Vec::new();
            for (name, own) in &mixed.tenants {
                let inputs: Vec<Input> = own.iter().map(|index| inputs[*index].clone()).collect();
                options.seen.store(0, Ordering::Relaxed);
                let mut outcome = run(&inputs, options)?;
                // Somebody of another tenant asks nothing here.
                if outcome.unclear.iter().any(|unclear| unclear.option == "--as" && unclear.count == 0) {
                    let unclear = outcome.unclear;
                    outcome = run(&inputs, &Options { actor: None, ..options.clone() })?;
                    outcome.unclear = unclear;
                }
                // Whose files say no name is called by their folder.
                for tenant in outcome.report.tenants.iter_mut().map(|report| &mut report.tenant) {
                    if tenant.initial_domain.is_none() {
                        tenant.display_name.get_or_insert_with(|| name.clone());
                    }
                }
                outcomes.push(outcome);
            }
            together(outcomes, &options.about).ok_or(mixed)
        }
        one => one,
    }?;
    outcome.failures.splice(0..0, gather_failures);
    Ok(outcome)
}

/// The outcomes of several tenants as one. `about`: what the report is limited to; a tenant that has nothing of it is left out.
fn together(mut outcomes: Vec<Outcome>, about: &[String]) -> Option<Outcome> {
    let unknown = |outcome: &Outcome, name: &String| {
        outcome.unclear.iter().any(|unclear| unclear.option == "--about" && unclear.name == *name && unclear.count == 0)
    };
    let has_nothing = |outcome: &Outcome| !about.is_empty() && about.iter().all(|name| unknown(outcome, name));
    if !outcomes.iter().all(has_nothing) {
        outcomes.retain(|outcome| !has_nothing(outcome));
    }
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
    let is_same = |one: &Unclear, other: &Unclear| (one.option, &one.name) == (other.option, &other.name);
    for one in &unclear {
        let unknown_in = unclear.iter().filter(|other| is_same(one, other)).count();
        if (one.count > 0 || unknown_in == of) && !all.unclear.iter().any(|known| is_same(one, known)) {
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
