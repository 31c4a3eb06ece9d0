//! What a report shows to people, and in which order: the same for the terminal and for tickets.
//!
//! A caller is on the line: what limits the verdicts, then the verdicts, then each finding with its fix; what was
//! checked and what could not be checked is at the end.

mod connect;
mod findings;
mod fixes;
mod head;
mod objects;
mod requests;
mod rest;

use std::collections::BTreeMap;

use super::Options;
use super::model::{Finding, FindingName, Report, RequestReport, TenantReport};
use super::text::Line;
use super::words::Words;

/// One thing to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// The first line of a tenant.
    Title(Line),
    /// Text.
    Text(Line),
    /// What limits the verdicts.
    Warning(Line),
    /// How much was found.
    Summary(Line),
    /// The heading of a part of the report.
    Section(Line),
    /// The heading of the findings, which a screen does without.
    Findings(Line),
    /// The findings as a table, for readers who scroll.
    Index(Vec<IndexRow>),
    /// The heading of a finding.
    Finding(Line),
    /// The heading of a fix.
    Fix(Line),
    /// A named fact.
    Fact(&'static str, Line),
    /// A list.
    Bullets(Vec<Line>),
    /// What stands before a command.
    Lead(Line),
    /// A command, to be copied as it is.
    Command(String),
    /// What could not be assessed, and what would help.
    Gaps(Vec<Gap>),
}

/// A block and how deep it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// 0 for the margin.
    pub(crate) level: usize,
    /// What to show.
    pub(crate) block: Block,
}

/// A finding in the table of findings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct IndexRow {
    /// Its number, or the numbers of the findings folded into it.
    pub(crate) number: Line,
    /// Its severity.
    pub(crate) severity: Line,
    /// What is wrong.
    pub(crate) title: Line,
    /// The rule's id.
    pub(crate) rule: Line,
    /// How many objects.
    pub(crate) objects: Line,
}

/// Something that the export lacks, and the rules that wait for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gap {
    /// What is missing.
    pub(crate) what: Line,
    /// The rules that cannot answer without it.
    pub(crate) rules: Line,
    /// The command that exports it.
    pub(crate) command: Option<String>,
    /// What one needs to run the command.
    pub(crate) needs: Option<Line>,
}

/// How much of a long list is shown.
const SHOWN: usize = 5;

/// What is being shown.
struct Context<'a> {
    words: &'static Words,
    options: &'a Options,
    tenant: &'a TenantReport,
    /// The findings to be dealt with, in their order: all but those that are accepted.
    open: Vec<&'a Finding>,
    /// The same, by name.
    by_name: BTreeMap<FindingName<'a>, &'a Finding>,
    /// Whether it was compared with an earlier report, so that being new means something.
    is_compared: bool,
}

impl<'a> Context<'a> {
    fn new(options: &'a Options, tenant: &'a TenantReport) -> Self {
        let open: Vec<&Finding> = tenant.findings.iter().filter(|finding| finding.status != "accepted").collect();
        Self {
            words: options.language.words(),
            options,
            tenant,
            by_name: open.iter().map(|finding| (finding.name(), *finding)).collect(),
            is_compared: open.iter().any(|finding| finding.status == "known"),
            open,
        }
    }

    /// Whether the report is about less than the tenant, of which its rules still tell.
    fn is_limited(&self) -> bool {
        let is_typed = |request: &RequestReport| request.origin.kind == "command-line";
        !self.tenant.about.is_empty() || self.tenant.requests.iter().any(is_typed)
    }

    /// How much of a list of so many is shown.
    fn shown(&self, count: usize) -> usize {
        if self.options.is_complete() { count } else { count.min(SHOWN) }
    }
}

/// Blocks, as they come.
#[derive(Default)]
struct Items(Vec<Item>);

impl Items {
    fn add(&mut self, level: usize, block: Block) {
        self.0.push(Item { level, block });
    }

    /// Adds a list; nothing if it is empty.
    fn bullets(&mut self, level: usize, lines: Vec<Line>) {
        if !lines.is_empty() {
            self.add(level, Block::Bullets(lines));
        }
    }
}

/// What to show of the report. `aged` tells the age of the data, which changes from day to day.
pub(crate) fn build(report: &Report, options: &Options, aged: bool) -> Vec<Item> {
    let mut items = Items::default();
    let tenants = head::in_order(report);
    head::several(&tenants, options, &mut items);
    for tenant in &tenants {
        let context = Context::new(options, tenant);
        head::add(&context, report, aged, &mut items);
        // What lacks then is everything, beside tenants of which something was read.
        if tenants.len() > 1 && tenant.collections.is_empty() {
            continue;
        }
        requests::add(&context, &mut items);
        findings::add(&context, &mut items);
        rest::add(&context, report, &mut items);
    }
    items.0
}
