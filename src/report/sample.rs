//! Reports made by hand, for the tests of every format.

use super::model::*;

mod rich;

pub(super) use rich::rich;

/// A tenant in which nothing is wrong.
pub(super) fn clear() -> Report {
    let mut report = empty();
    let tenant = &mut report.tenants[0];
    tenant.sources = vec![source("tenant.json", vec![collection("users", 200), collection("domains", 2)])];
    tenant.rules = vec![
        outcome("duplicate-user-name", "clear", 212, vec![]),
        outcome("usage-location-missing", "clear", 200, vec![]),
        outcome("subscription-suspended", "clear", 0, vec![]),
        outcome("user-name-taken", "notAsked", 0, vec![]),
    ];
    count(report)
}

/// A tenant of which nothing could be assessed.
pub(super) fn not_assessed() -> Report {
    let mut report = empty();
    let tenant = &mut report.tenants[0];
    tenant.tenant.display_name = None;
    tenant.tenant.initial_domain = None;
    tenant.as_of = None;
    let mut users = collection("users", 100);
    users.complete = false;
    users.reason = Some("next-link".into());
    tenant.sources = vec![source("users.csv", vec![users])];
    let location = missing("users", Some("usageLocation"), GET_USERS);
    let states = missing("users", Some("licenseAssignmentStates"), GET_USERS);
    let domains = missing("domains", None, ("Get-MgDomain -All", "Domain.Read.All", "Global Reader"));
    tenant.rules = vec![
        outcome("license-assignment-failed", "notAssessed", 0, vec![states.clone()]),
        outcome("usage-location-missing", "notAssessed", 0, vec![location, states]),
        outcome("user-name-domain-not-verified", "notAssessed", 0, vec![domains]),
        outcome("user-recently-changed", "notAssessed", 0, vec![]),
    ];
    count(report)
}

/// A tenant whose names are attacks.
pub(super) fn hostile() -> Report {
    hostile_with("<img src=x onerror=alert(1)>", "`rm -rf` | x@contoso.example")
}

/// A report that holds these texts everywhere a stranger could have put them.
pub(super) fn hostile_with(name: &str, address: &str) -> Report {
    let mut report = empty();
    let tenant = &mut report.tenants[0];
    tenant.tenant.display_name = Some(name.into());
    tenant.tenant.initial_domain = Some(address.into());
    tenant.sources = vec![source(name, vec![collection(name, 3), collection("users", 5)])];
    tenant.sources[0].notes = vec![Note { code: "note".into(), text: format!("{name} {address}") }];
    let long = "x".repeat(200);
    let names = [
        name,
        "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J",
        "abc\u{202e}txt.exe\u{2066}\u{200b}",
        "**bold** [a](http://evil.example) ![i](x) # @admin www.evil.example",
        "line one\nline two\r\n/close\t| cell",
        long.as_str(),
        "田中太郎田中太郎田中太郎田中太郎田中太郎田中太郎田中太郎田中太郎田中太郎田中太郎田中太郎田中太郎",
    ];
    for (index, text) in names.iter().enumerate() {
        tenant.objects.insert(format!("o{index}"), object("user", text, Some(address)));
    }
    let mut finding = finding(1, "high", "usage-location-missing", "A licensed user has no usage location", &["o0"]);
    finding.affected.objects = (0..names.len()).map(|index| format!("o{index}")).collect();
    finding.affected.count = names.len();
    finding.message = format!("{name} has no usage location; {address} and {long} neither, nor has {}.", names[3]);
    finding.audit = vec![AuditInfo {
        activity: name.into(),
        at: name.into(),
        by: None,
        by_text: address.into(),
        result: Some(name.into()),
        source: None,
    }];
    finding.evidence = vec![evidence("o0", address, Some(name))];
    finding.group = vec![GroupValue { path: "key".into(), kind: "address".into(), text: address.into(), id: None }];
    let mut fix =
        fix("set", &format!("Set the location of {name}"), &format!("Update-MgUser -UserId '{name}' # ``` {address}"));
    fix.portal = Some(format!("Users > {name}"));
    fix.note = Some(format!("{name}: {address}"));
    fix.who_can = vec!["o1".into(), "o2".into()];
    finding.fixes = vec![fix];
    tenant.findings = vec![finding];
    tenant.about =
        vec![About { name: address.into(), objects: vec!["o0".into(), "o3".into()], also_fits: vec!["o1".into()] }];
    tenant.requests = vec![RequestReport {
        index: 0,
        id: None,
        name: Some(name.into()),
        operation: "create-user".into(),
        origin: RequestOrigin { kind: "requests".into(), source: Some(0), row: Some(2) },
        actor: Some("o1".into()),
        target: Some("o3".into()),
        values: [("address".into(), vec![value("address", address), value("text", name)])].into(),
        read_as: [(name.into(), address.into())].into(),
        through: vec!["o0".into()],
        verdict: "fails".into(),
        steps: vec![],
        unclear: Vec::new(),
        not_shown: vec![],
        error: Some(RequestError { code: None, text: name.into() }),
        way_out: vec![address.into()],
    }];
    tenant.rules =
        vec![outcome("usage-location-missing", "found", 5, vec![missing(name, Some(address), (name, name, name))])];
    tenant.acceptances = vec![Acceptance {
        index: 0,
        state: "active".into(),
        rule: address.into(),
        objects: vec![],
        reason: name.into(),
        ticket: Some(name.into()),
        until: Some(address.into()),
        fingerprint: None,
    }];
    count(report)
}

const GET_USERS: (&str, &str, &str) = (
    "Get-MgUser -All -Property Id,UserPrincipalName,UsageLocation,AssignedLicenses,LicenseAssignmentStates | ConvertTo-Json -Depth 9 | Out-File users.json",
    "User.Read.All",
    "Global Reader",
);

fn empty() -> Report {
    Report {
        format: "aaddoctor-report".into(),
        version: 1,
        language: "en".into(),
        redacted: None,
        tool: Tool {
            name: "aaddoctor".into(),
            version: "0.1.0".into(),
            packs: vec![PackInfo {
                name: "assign-license".into(),
                version: "1".into(),
                rules: 24,
                builtin: true,
                digest: "b2f1".into(),
            }],
            overrides: vec![],
        },
        summary: Summary::default(),
        tenants: vec![TenantReport {
            tenant: TenantInfo {
                key: "t1".into(),
                id: Some("11111111-2222-3333-4444-555555555555".into()),
                display_name: Some("Contoso".into()),
                initial_domain: Some("contoso.onmicrosoft.com".into()),
                role: "subject".into(),
            },
            as_of: Some(AsOf { value: "2026-11-02T08:00:00Z".into(), basis: "exported-at".into(), source: Some(0) }),
            sources: vec![],
            unread: vec![],
            collections: vec![],
            summary: Summary::default(),
            about: vec![],
            requests: vec![],
            objects: [].into(),
            findings: vec![],
            rules: vec![],
            acceptances: vec![],
        }],
    }
}

/// Fills in the counts.
fn count(mut report: Report) -> Report {
    for tenant in &mut report.tenants {
        let mut counts: std::collections::BTreeMap<&str, usize> = [].into();
        for collection in tenant.sources.iter().flat_map(|source| &source.collections) {
            *counts.entry(&collection.name).or_default() += collection.count;
        }
        tenant.collections =
            counts.into_iter().map(|(name, count)| CollectionCount { name: name.into(), count }).collect();
        let of = |outcome: &str| tenant.rules.iter().filter(|rule| rule.outcome == outcome).count();
        let open = || tenant.findings.iter().filter(|finding| finding.status != "accepted");
        let with = |severity: &str| open().filter(|finding| finding.severity == severity).count();
        let people: std::collections::BTreeSet<&String> =
            open().flat_map(|finding| &finding.affected.objects).collect();
        tenant.summary = Summary {
            findings: SeverityCounts {
                critical: with("critical"),
                high: with("high"),
                medium: with("medium"),
                low: with("low"),
                info: with("info"),
            },
            people: people.len(),
            rules: OutcomeCounts {
                found: of("found"),
                clear: of("clear"),
                partial: of("partial"),
                not_assessed: of("notAssessed"),
                not_asked: of("notAsked"),
                off: of("off"),
            },
            accepted: tenant.findings.len() - open().count(),
            new: open().count(),
        };
    }
    report.summary = report.tenants[0].summary.clone();
    report
}

fn source(path: &str, collections: Vec<CollectionInfo>) -> SourceInfo {
    SourceInfo {
        index: 0,
        path: path.into(),
        member: None,
        digest: "xxh3-128:0f3a".into(),
        bytes: 81_234,
        format: "graph-bundle".into(),
        certainty: "content".into(),
        shape: Some("seen".into()),
        as_of: Some("2026-11-02T08:00:00Z".into()),
        collections,
        notes: vec![],
    }
}

fn collection(name: &str, count: usize) -> CollectionInfo {
    CollectionInfo {
        name: name.into(),
        count,
        complete: true,
        reason: None,
        excluded: vec![],
        properties: vec!["id".into(), "displayName".into()],
    }
}

fn object(kind: &'static str, name: &str, sign_in: Option<&str>) -> ObjectInfo {
    ObjectInfo {
        kind: kind.into(),
        id: Some("0a0a0a0a-0000-0000-0000-000000000001".into()),
        identity: "id".into(),
        display_name: name.into(),
        user_principal_name: sign_in.map(Into::into),
        url: None,
        synced: None,
        sources: vec![0],
    }
}

fn value(kind: &str, text: &str) -> Value {
    Value { kind: kind.into(), text: text.into(), id: None }
}

fn evidence(object: &str, field: &str, text: Option<&str>) -> Evidence {
    Evidence {
        object: object.into(),
        field: field.into(),
        state: if text.is_some() { "present" } else { "empty" }.into(),
        value: text.map(|text| value("text", text)),
        source: Some(0),
        position: None,
    }
}

fn finding(rank: usize, severity: &str, rule: &str, title: &str, objects: &[&str]) -> Finding {
    let fingerprint = format!("f1:{rank:04}");
    Finding {
        fingerprint: fingerprint.clone(),
        rule: rule.into(),
        check: "direct".into(),
        pack: "assign-license".into(),
        symptoms: vec!["assign-license".into()],
        rank,
        ranked_by: RankedBy {
            cluster: fingerprint,
            cluster_check: "direct".into(),
            answers_question: false,
            failing_now: false,
            severity: severity.into(),
            people: objects.len(),
            confidence: "certain".into(),
        },
        severity: severity.into(),
        confidence: "certain".into(),
        at_least: false,
        status: "new".into(),
        title: title.into(),
        message: format!("{title}."),
        message_id: "check.direct".into(),
        values: [].into(),
        group: vec![],
        affected: Affected {
            count: objects.len(),
            people: objects.len(),
            objects: objects.iter().map(|key| (*key).into()).collect(),
            accepted: vec![],
        },
        evidence: vec![],
        could_be: vec![],
        audit: vec![],
        requests: vec![],
        caused_by: vec![],
        explains: vec![],
        may_be_caused_by: vec![],
        fixes: vec![],
        acceptance: None,
        references: vec![],
    }
}

fn fix(id: &str, title: &str, run: &str) -> Fix {
    Fix {
        id: id.into(),
        title: title.into(),
        next: false,
        note: None,
        safety: "safe".into(),
        roles: vec![role("User Administrator")],
        who_can: vec![],
        who_must_activate: vec![],
        who_is_known: true,
        place: "cloud".into(),
        portal: None,
        verify: None,
        worked_when: None,
        takes_effect: None,
        missing: vec![],
        commands: vec![command(&[], run)],
        commands_shown: 1,
        commands_total: 1,
        template: None,
        simulation: Simulation { outcome: "resolves".into(), frees: 0, creates: vec![], reason: None },
    }
}

fn role(name: &str) -> Role {
    Role { template_id: Some("fe930be7-5e62-47db-91af-98c3a49a38b1".into()), text: name.into() }
}

fn command(objects: &[&str], run: &str) -> Command {
    Command {
        objects: objects.iter().map(|key| (*key).into()).collect(),
        run: run.into(),
        verify: None,
        undo: None,
        changes: vec![],
    }
}

fn outcome(rule: &str, outcome: &str, checked: usize, missing: Vec<Missing>) -> RuleOutcome {
    let title = rule.replace('-', " ");
    RuleOutcome {
        rule: rule.into(),
        pack: "assign-license".into(),
        title: format!("{}{}", title[..1].to_uppercase(), &title[1..]),
        outcome: outcome.into(),
        checked,
        found: 0,
        unknown: 0,
        missing,
    }
}

fn missing(collection: &str, property: Option<&str>, (command, scope, role): (&str, &str, &str)) -> Missing {
    Missing {
        collection: collection.into(),
        property: property.map(Into::into),
        reason: "not-collected".into(),
        objects: None,
        source: None,
        remedy: Some(Remedy { command: command.into(), scope: scope.into(), role: role.into() }),
    }
}
