//! What every format prints of the sample reports, and what must hold for all reports.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr as _;

use super::model::Report;
use super::text::{is_hidden, visible};
use super::{Format, Options, json, render, sample};

fn shown(report: &Report, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    render(report, format, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// As on the day that the samples are read.
fn options() -> Options {
    Options { now: Some("2026-11-21T09:30:00Z".parse().unwrap()), ..Options::default() }
}

fn terminal(report: &Report, options: &Options) -> String {
    shown(report, Format::Terminal, options)
}

fn markdown(report: &Report) -> String {
    shown(report, Format::Markdown, &options())
}

/// Everything on the screen.
#[test]
fn rich_80() {
    insta::assert_snapshot!(terminal(&sample::rich(), &options()));
}

#[test]
fn rich_100_all() {
    let mut report = sample::rich();
    report.tenants[0].findings.retain(|finding| !(6..17).contains(&finding.rank));
    let options = Options { width: 200, all: true, why_this_order: true, ..options() };
    insta::assert_snapshot!(terminal(&report, &options));
}

/// Colors, with `\e` for the escape character.
#[test]
fn rich_color() {
    let options = Options { color: true, ..options() };
    insta::assert_snapshot!(terminal(&sample::rich(), &options).replace('\u{1b}', "\\e"));
}

#[test]
fn clear_80() {
    insta::assert_snapshot!(terminal(&sample::clear(), &options()));
}

#[test]
fn not_assessed_80() {
    insta::assert_snapshot!(terminal(&sample::not_assessed(), &options()));
}

#[test]
fn hostile_80() {
    insta::assert_snapshot!(terminal(&sample::hostile(), &options()));
}

#[test]
fn rich_markdown() {
    insta::assert_snapshot!(markdown(&sample::rich()));
}

#[test]
fn clear_markdown() {
    insta::assert_snapshot!(markdown(&sample::clear()));
}

#[test]
fn not_assessed_markdown() {
    insta::assert_snapshot!(markdown(&sample::not_assessed()));
}

#[test]
fn hostile_markdown() {
    insta::assert_snapshot!(markdown(&sample::hostile()));
}

#[test]
fn clear_json() {
    insta::assert_snapshot!(shown(&sample::clear(), Format::Json, &options()));
}

/// A caller is on the line: the first screen has the first thing to run, even of a report with everything in it.
#[test]
fn first_screen_has_the_first_command() {
    let report = sample::rich();
    let text = terminal(&report, &options());
    let run = &report.tenants[0].findings[0].fixes[0].commands[0].run;
    let line = text.lines().position(|line| line.trim_start() == run).unwrap();
    // What to be careful about stands before it.
    assert!(line < 30, "it is on line {}", line + 1);
}

/// A broken tenant does not fill the screen for an hour, and what is left out is counted.
#[test]
fn many_findings_are_cut() {
    let mut report = sample::rich();
    let findings = &mut report.tenants[0].findings;
    for rank in 21..100 {
        let mut finding = findings[2].clone();
        finding.fingerprint = format!("f1:{rank:04}");
        finding.rank = rank;
        finding.message = format!("Number {rank}.");
        finding.explains = findings[0].explains.clone();
        findings.push(finding);
    }
    let text = terminal(&report, &options());
    assert!(text.contains("\n63. CRITICAL") && !text.contains("\n64. CRITICAL"));
    assert!(text.contains("\nAnd 36 more findings: --all or --format json\n"));
    assert!(terminal(&report, &Options { all: true, ..options() }).contains("\n99. CRITICAL"));
}

/// Findings of one rule that say the same are one, also when its checks take turns.
#[test]
fn alternating_checks_are_folded() {
    let mut report = sample::rich();
    let findings = &mut report.tenants[0].findings;
    findings.retain(|finding| finding.rule == "usage-location-missing");
    for finding in findings.iter_mut().skip(1).step_by(2) {
        finding.check = "inherited".into();
    }
    let text = terminal(&report, &options());
    let headings: Vec<&str> = text.lines().filter(|line| line.contains(" MEDIUM: ")).collect();
    insta::assert_snapshot!(headings.join("\n"), @r"
    4, 6, 8 and 4 others. MEDIUM: A licensed user has no usage location
    5, 7, 9 and 3 others. MEDIUM: A licensed user has no usage location
    ");
}

/// Who two people of one name are, only their sign-in names tell.
#[test]
fn two_of_one_name_are_told_apart() {
    let mut report = sample::rich();
    let objects = &mut report.tenants[0].objects;
    let sign_ins = ["o3", "o4"].map(|key| objects[key].user_principal_name.clone().unwrap());
    let name = objects["o3"].display_name.clone();
    let said = |report: &Report| terminal(report, &options()).split_whitespace().collect::<Vec<_>>().join(" ");
    let before = said(&report);
    assert!(before.contains(&format!("Here: {name}, ")), "{before}");
    report.tenants[0].objects.get_mut("o4").unwrap().display_name.clone_from(&name);
    let text = said(&report);
    let [one, other] = sign_ins.map(|sign_in| format!("{name} ({sign_in})"));
    assert!(text.contains(&format!("Here: {one}, {other}")), "{text}");
}

/// No export brings what nobody said.
#[test]
fn what_the_requests_do_not_say_is_told_apart_from_what_was_not_exported() {
    let mut report = sample::rich();
    let rules = &mut report.tenants[0].rules;
    let unexplained = rules.iter_mut().find(|rule| rule.outcome == "notAssessed" && rule.missing.is_empty()).unwrap();
    let of_request = |property: &str| super::model::Missing {
        collection: "requests".into(),
        property: Some(property.into()),
        reason: "not-collected".into(),
        objects: None,
        source: None,
        remedy: None,
    };
    unexplained.missing = vec![of_request("actor")];
    let rule = unexplained.rule.clone();
    let mut other = unexplained.clone();
    other.rule = "user-name-invalid".into();
    let text = terminal(&report, &Options { width: 200, ..options() });
    assert!(text.contains(&format!("\n- who asks: say it with --as NAME: 1 rule ({rule})\n")), "{text}");
    assert!(!text.contains("a reason that the report does not give"), "{text}");
    other.missing = vec![of_request("usageLocation"), of_request("address")];
    report.tenants[0].rules.push(other);
    let text = terminal(&report, &Options { width: 200, ..options() });
    let line = text.lines().skip_while(|line| !line.starts_with("- what the requests do not say")).take(2);
    let line = line.map(str::trim).collect::<Vec<_>>().join(" ");
    let both = "what the requests do not say (actor, address and usageLocation): 2 rules";
    assert_eq!(line, format!("- {both} ({rule} and user-name-invalid)"), "{text}");
}

/// Whoever takes the second way has to know as much of it as of the first.
#[test]
fn other_fixes_say_what_to_beware_of_and_who_may() {
    let mut report = sample::rich();
    let fixes = &mut report.tenants[0].findings[0].fixes;
    let other = &mut fixes[1];
    other.place = "cloud".into();
    other.note = Some("The mailbox is gone then.".into());
    other.who_can = vec!["o3".into()];
    other.takes_effect = Some("after an hour".into());
    other.commands.clear();
    let mut third = other.clone();
    third.roles.clone_from(&fixes[0].roles);
    third.who_can.clone_from(&fixes[0].who_can);
    third.who_must_activate.clone_from(&fixes[0].who_must_activate);
    fixes.push(third);
    let text = terminal(&report, &Options { width: 100, ..options() });
    let other = text.split("\n   Or: ").collect::<Vec<_>>();
    assert!(other.len() >= 3, "{text}");
    assert!(other[1].contains("\n      The mailbox is gone then.\n"), "{text}");
    assert!(other[1].contains("Who: Domain Administrator (on-premises). Here: "), "{text}");
    assert!(other[1].contains("\n      Takes effect: after an hour"), "{text}");
    assert!(other[2].contains("\n      Who: the same as for the first fix\n"), "{text}");
    assert!(text.contains("\nOf the fixes behind the first, "), "{text}");
    let text = terminal(&report, &Options { width: 100, all: true, ..options() });
    assert!(!text.contains("\nOf the fixes behind the first, "), "{text}");
}

/// What has no command is not done in PowerShell, though it may be checked there.
#[test]
fn what_is_done_by_hand_is_not_done_in_powershell() {
    let mut report = sample::rich();
    report.tenants[0].findings.truncate(1);
    let fix = &mut report.tenants[0].findings[0].fixes[0];
    assert_eq!(fix.place, "exchange");
    fix.commands.clear();
    fix.verify = Some("Get-EXORecipient -ResultSize Unlimited".into());
    let text = terminal(&report, &options());
    assert!(text.contains("\n   Fix: Decide who keeps "), "{text}");
    assert!(text.contains("\n      Connect-ExchangeOnline\n"), "the command that checks it needs it: {text}");
}

/// The age is on the terminal only, since a ticket is read later.
#[test]
fn ages() {
    let mut report = sample::clear();
    let mut age = |basis: &str, now: &str| {
        report.tenants[0].as_of.as_mut().unwrap().basis = basis.into();
        let options = Options { now: Some(now.parse().unwrap()), width: 100, ..Options::default() };
        assert!(!shown(&report, Format::Markdown, &options).contains(" old"));
        terminal(&report, &options).lines().nth(1).unwrap().to_owned()
    };
    insta::assert_snapshot!([
        age("exported-at", "2026-11-02T08:59:00Z"),
        age("exported-at", "2026-11-02T09:00:00Z"),
        age("exported-at", "2026-11-04T07:59:00Z"),
        age("newest-observation", "2026-11-04T08:00:00Z"),
        age("exported-at", "2026-11-01T00:00:00Z"),
        age("now", "2026-11-05T00:00:00Z"),
    ].join("\n"), @r"
    Data of 2026-11-02 08:00 UTC (export time), less than an hour old
    Data of 2026-11-02 08:00 UTC (export time), 1 hour old
    Data of 2026-11-02 08:00 UTC (export time), 47 hours old
    Data of 2026-11-02 08:00 UTC (newest date in it; the export may be later), at most 2 days old
    Data of 2026-11-02 08:00 UTC (export time), later than the clock of this computer
    Data of 2026-11-02 08:00 UTC (the date given)
    ");
}

/// A partner's export is not judged.
#[test]
fn home_tenants_have_a_head_only() {
    let mut report = sample::clear();
    report.tenants[0].tenant.role = "home".into();
    report.tenants[0].rules.clear();
    insta::assert_snapshot!(terminal(&report, &options()), @r"
    Home tenant, only looked things up in: Contoso (contoso.onmicrosoft.com)
    Data of 2026-11-02 08:00 UTC (export time), 19 days old
    1 file (tenant.json): 200 users and 2 domains
    ");
}

#[test]
fn json_is_the_contract() {
    let schema: Json = serde_json::from_str(json::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [sample::rich(), sample::clear(), sample::not_assessed(), sample::hostile()] {
        let report: Json = serde_json::from_str(&shown(&report, Format::Json, &options())).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&report).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

/// The types and the schema have the same fields: one cannot change without the other.
#[test]
fn schema_has_the_fields_of_the_types() {
    let schema: Json = serde_json::from_str(json::SCHEMA).unwrap();
    let mut report = sample::rich();
    report.tenants[0].about =
        vec![super::model::About { name: "Jan".into(), objects: vec!["o1".into()], also_fits: vec!["o2".into()] }];
    report.tenants[0].requests[0].unclear = vec!["The request has no target.".into()];
    let report: Json = serde_json::from_str(&shown(&report, Format::Json, &options())).unwrap();
    let mut seen = BTreeSet::new();
    walk(&schema, "Report", &schema, &report, &mut seen);
    let declared: BTreeSet<String> = schema["$defs"]
        .as_object()
        .unwrap()
        .iter()
        .chain([(&"Report".to_owned(), &schema)])
        .flat_map(|(name, part)| part["properties"].as_object().unwrap().keys().map(move |key| format!("{name}.{key}")))
        .collect();
    assert_eq!(seen, declared);
}

/// Collects the fields of `value`, as the schema names them.
fn walk(root: &Json, name: &str, part: &Json, value: &Json, seen: &mut BTreeSet<String>) {
    if let Some(target) = part["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap();
        return walk(root, name, &root["$defs"][name], value, seen);
    }
    if let Some(options) = part["anyOf"].as_array().filter(|_| !value.is_null()) {
        return walk(root, name, &options[0], value, seen);
    }
    match value {
        Json::Array(values) => values.iter().for_each(|value| walk(root, name, &part["items"], value, seen)),
        Json::Object(fields) => {
            for (key, value) in fields {
                if let Some(property) = part["properties"].get(key) {
                    seen.insert(format!("{name}.{key}"));
                    walk(root, name, property, value, seen);
                } else if part["additionalProperties"].is_object() {
                    walk(root, name, &part["additionalProperties"], value, seen);
                } else {
                    seen.insert(format!("{name}.{key} (not in the schema)"));
                }
            }
        }
        _ => {}
    }
}

/// What was written can be read again, and says the same.
#[test]
fn json_is_read_back() {
    let text = shown(&sample::rich(), Format::Json, &options());
    let report: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(shown(&report, Format::Json, &options()), text);
}

/// Texts that try to get out: markup, control characters, wide and invisible letters, and anything else.
fn attack() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\u{1b}[31m".to_owned()),
        Just("\u{9b}2J".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}\u{feff}".to_owned()),
        Just("\r\n/close\n# x\n".to_owned()),
        Just("<script>".to_owned()),
        Just("```".to_owned()),
        Just("](javascript:x)".to_owned()),
        Just("| --- |".to_owned()),
        Just("@admin".to_owned()),
        Just("https://evil.example/".to_owned()),
        Just("田中".to_owned()),
        Just("x".repeat(200)),
        "\\PC{0,20}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn terminal_output_has_no_control_characters(name in attack(), address in attack(), color: bool, all: bool) {
        let options = Options { color, all, ..options() };
        let mut text = terminal(&sample::hostile_with(&name, &address), &options);
        if color {
            text = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap().replace_all(&text, "").into_owned();
        }
        prop_assert_eq!(text.chars().find(|letter| *letter != '\n' && is_hidden(*letter)), None);
    }

    #[test]
    fn lines_fit_but_for_commands(name in attack(), address in attack(), width in 40_usize..110) {
        let report = sample::hostile_with(&name, &address);
        let options = Options { width, ..options() };
        let run = &report.tenants[0].findings[0].fixes[0].commands[0].run;
        let commands: Vec<String> = run.lines().chain(name.lines()).map(|line| visible(line).trim().to_owned()).collect();
        for line in terminal(&report, &options).lines() {
            let is_command = commands.iter().any(|command| command == line.trim());
            let is_way = line.contains("://") || line.trim().starts_with("Connect-");
            prop_assert!(line.width() <= width.min(100) || is_command || is_way, "{} columns: {}", line.width(), line);
        }
    }

    #[test]
    fn markdown_has_no_markup_of_data(name in attack(), address in attack()) {
        let text = markdown(&sample::hostile_with(&name, &address));
        let code = regex::Regex::new("`[^`]*`").unwrap();
        let mut fence: Option<&str> = None;
        for line in text.lines() {
            let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
            match fence {
                Some(open) if line == open => fence = None,
                Some(_) => {}
                None if ticks.len() >= 3 && line.ends_with("powershell") => fence = Some(ticks),
                None => {
                    prop_assert!(!line.contains('<'), "{}", line);
                    let line = code.replace_all(line, "");
                    prop_assert!(!line.replace("\\]", "").contains("]("), "{}", line);
                    prop_assert!(!line.starts_with('/'), "{}", line);
                }
            }
            prop_assert_eq!(line.chars().find(|letter| is_hidden(*letter)), None);
        }
        prop_assert_eq!(fence, None);
    }

    #[test]
    fn json_says_what_it_was_told(name in attack(), address in attack()) {
        let text = shown(&sample::hostile_with(&name, &address), Format::Json, &options());
        prop_assert_eq!(text.chars().find(|letter| *letter != '\n' && is_hidden(*letter)), None);
        let report: Report = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&report.tenants[0].objects["o0"].display_name, &name);
        prop_assert_eq!(report.tenants[0].tenant.initial_domain.as_deref(), Some(address.as_str()));
    }
}
