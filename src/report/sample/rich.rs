//! A report with at least one of everything.

use super::*;

const CONTACTS: (&str, &str, &str) = (
    "Get-MgContact -All | ConvertTo-Json -Depth 9 | Out-File contacts.json -Encoding utf8",
    "OrgContact.Read.All",
    "Global Reader",
);

/// A report with at least one of everything.
pub(in crate::report) fn rich() -> Report {
    let mut report = empty();
    report.tool.overrides = vec![
        OverrideInfo {
            rule: "blocked-user-licensed".into(),
            by: "aaddoctor.toml".into(),
            severity: Some(FromTo { from: "info".into(), to: "low".into() }),
            off: false,
            reason: "licenses of leavers cost us money".into(),
        },
        OverrideInfo {
            rule: "guest-ratio-exceeded".into(),
            by: "aaddoctor.toml".into(),
            severity: None,
            off: true,
            reason: "guests are billed by active users".into(),
        },
    ];
    let tenant = &mut report.tenants[0];
    tenant.sources = vec![sources()];
    tenant.unread = vec![UnreadInfo { path: "contacts.json".into(), collection: Some("contacts".into()) }];
    for (key, one) in objects() {
        tenant.objects.insert(key, one);
    }
    tenant.requests = requests();
    tenant.findings = vec![address(), failed(), administrator()];
    tenant.findings.extend((0..13).map(location));
    tenant.findings.extend([domain(), blocked(), ratio(), accepted()]);
    tenant.rules = rules();
    tenant.acceptances = vec![
        Acceptance {
            index: 0,
            state: "active".into(),
            rule: "license-both-direct-and-inherited".into(),
            objects: vec!["o3".into(), "o4".into()],
            reason: "Until the migration is done".into(),
            ticket: Some("CHG-1042".into()),
            until: Some("2026-12-31".into()),
            fingerprint: Some("f1:0020".into()),
        },
        Acceptance {
            index: 1,
            state: "expired".into(),
            rule: "blocked-user-licensed".into(),
            objects: vec![],
            reason: "Leavers of the summer".into(),
            ticket: None,
            until: Some("2026-09-30".into()),
            fingerprint: None,
        },
    ];
    count(report)
}

fn sources() -> SourceInfo {
    let mut groups = collection("groups", 100);
    groups.complete = false;
    groups.reason = Some("next-link".into());
    let mut audits = collection("directoryAudits", 1500);
    audits.complete = false;
    audits.reason = Some("error".into());
    audits.excluded = vec!["records older than 30 days".into()];
    let mut source = source(
        "export.zip",
        vec![
            collection("users", 4214),
            groups,
            collection("domains", 3),
            collection("subscribedSkus", 6),
            collection("organization", 1),
            audits,
            collection("requests", 3),
            collection("deletedUsers", 0),
        ],
    );
    source.member = Some("contoso.json".into());
    source.notes = vec![
        Note { code: "utf16".into(), text: "The file is UTF-16, as Windows PowerShell writes it.".into() },
        Note { code: "round-count".into(), text: "groups: exactly 100 rows, which looks like one page.".into() },
    ];
    source
}

fn objects() -> Vec<(String, ObjectInfo)> {
    let mut jan = object("user", "Jan de Vries", Some("jan@contoso.example"));
    jan.synced = Some(true);
    jan.url = Some("https://entra.microsoft.com/#view/user/0a0a0a0a-0000-0000-0000-000000000001".into());
    let mut objects = vec![
        ("o1".into(), jan),
        ("o2".into(), object("contact", "Sales", None)),
        ("o3".into(), object("user", "Piet Jansen", Some("piet@contoso.example"))),
        ("o4".into(), object("user", "Anna Bakker", Some("anna@contoso.example"))),
        ("o5".into(), object("group", "All licensed staff", None)),
        ("o6".into(), object("user", "admin@contoso.example", Some("admin@contoso.example"))),
        ("o7".into(), object("organization", "Contoso", None)),
    ];
    for index in 0..40 {
        let sign_in = format!("user{index:02}@contoso.example");
        objects.push((format!("p{index:02}"), object("user", &format!("User {index:02}"), Some(&sign_in))));
    }
    objects
}

fn requests() -> Vec<RequestReport> {
    let step = |rule: &str, outcome: &str, finding: Option<&str>| RequestStep {
        rule: rule.into(),
        check: finding.map(|_| "direct".into()),
        outcome: outcome.into(),
        finding: finding.map(Into::into),
    };
    let request = |index: usize, operation: &str, verdict: &str, steps: Vec<RequestStep>| RequestReport {
        index,
        id: Some(format!("r{index}")),
        name: Some(format!("r{index}")),
        operation: operation.into(),
        origin: RequestOrigin { kind: "requests".into(), source: Some(0), row: None },
        actor: Some("o3".into()),
        target: Some("o1".into()),
        values: [].into(),
        read_as: [].into(),
        through: vec![],
        verdict: verdict.into(),
        steps,
        error: None,
        unclear: Vec::new(),
        not_shown: vec![],
        way_out: vec![],
    };
    let mut reset = request(0, "reset-password", "succeeds", vec![step("password-admin-lacks-role", "clear", None)]);
    reset.origin = RequestOrigin { kind: "bulk-csv".into(), source: Some(0), row: Some(12) };
    let mut assign = request(
        1,
        "assign-license",
        "fails",
        vec![
            step("license-admin-lacks-role", "clear", None),
            step("duplicate-proxy-address", "found", Some("f1:0001")),
            step("usage-location-missing", "not-asked", None),
        ],
    );
    assign.values = [("addLicenses".into(), vec![value("sku", "Office 365 E3")])].into();
    assign.error = Some(RequestError {
        code: Some("UniquenessViolation".into()),
        text: "Another object with the same value for property proxyAddresses already exists.".into(),
    });
    assign.way_out = vec!["take the address from the contact, then assign again".into()];
    let steps = ["user-name-taken", "user-name-domain-federated", "creator-lacks-role"];
    let mut create =
        request(2, "create-user", "cannot-tell", steps.into_iter().map(|rule| step(rule, "unknown", None)).collect());
    create.target = None;
    create.values = [("userPrincipalName".into(), vec![value("user", "new@contoso.example")])].into();
    vec![reset, assign, create]
}

fn address() -> Finding {
    let title = "Several objects hold one e-mail address";
    let mut finding = finding(1, "high", "duplicate-proxy-address", title, &["o1", "o2"]);
    finding.ranked_by.answers_question = true;
    finding.ranked_by.failing_now = true;
    finding.message = "sales@contoso.example is held by Jan de Vries and Sales.".into();
    finding.values = [("key".into(), value("address", "sales@contoso.example"))].into();
    finding.group =
        vec![GroupValue { path: "key".into(), kind: "address".into(), text: "sales@contoso.example".into(), id: None }];
    finding.affected.people = 1;
    finding.at_least = true;
    finding.evidence = vec![
        evidence("o1", "proxyAddresses", Some("smtp:sales@contoso.example")),
        evidence("o2", "proxyAddresses", Some("SMTP:sales@contoso.example")),
    ];
    finding.audit = vec![
        AuditInfo {
            activity: "Update user".into(),
            at: "2026-10-30T14:02:11Z".into(),
            by: Some("o3".into()),
            by_text: "piet@contoso.example".into(),
            result: Some("success".into()),
            source: Some(0),
        },
        AuditInfo {
            activity: "Add contact".into(),
            at: "2026-10-12T09:00:00Z".into(),
            by: None,
            by_text: "Microsoft Exchange Online".into(),
            result: Some("failure".into()),
            source: Some(0),
        },
    ];
    finding.requests = vec![1];
    finding.explains = vec![Explained { fingerprint: "f1:0002".into(), check: "direct".into(), objects: 3 }];
    finding.references =
        vec!["https://learn.microsoft.com/exchange/troubleshoot/administration/proxy-address-being-used".into()];
    let find = "Get-EXORecipient -ResultSize Unlimited | Where-Object { $_.EmailAddresses -contains 'smtp:sales@contoso.example' } | Format-List Name, RecipientTypeDetails, EmailAddresses";
    let mut keep = fix("keep-one", "Decide who keeps sales@contoso.example, and take it from the others", find);
    keep.safety = "review".into();
    keep.place = "exchange".into();
    keep.roles = vec![role("Exchange Administrator"), role("Exchange Recipient Administrator")];
    keep.who_can = vec!["o3".into()];
    keep.who_must_activate = vec!["o4".into(), "o6".into()];
    keep.note = Some(
        "Public folders and soft-deleted mailboxes are not in Graph: if only one holder is listed, run the command."
            .into(),
    );
    keep.portal = Some("Exchange admin center > Recipients > Contacts > Sales > Manage email address types".into());
    keep.takes_effect = Some("within minutes".into());
    keep.commands[0].verify = Some(
        "(Get-EXORecipient -ResultSize Unlimited | Where-Object { $_.EmailAddresses -contains 'smtp:sales@contoso.example' } | Measure-Object).Count".into(),
    );
    keep.simulation.frees = 3;
    let mut synced = fix(
        "on-premises",
        "The synced holder is changed in Active Directory, then synced",
        "Start-ADSyncSyncCycle -PolicyType Delta",
    );
    synced.place = "on-premises".into();
    synced.roles = vec![Role { template_id: None, text: "Domain Administrator (on-premises)".into() }];
    synced.simulation =
        Simulation { outcome: "notSimulated".into(), frees: 0, creates: vec![], reason: Some("on-premises".into()) };
    finding.fixes = vec![keep, synced];
    finding
}

fn failed() -> Finding {
    let objects = ["o1", "o3", "o4", "p20", "p21"];
    let mut finding = finding(2, "high", "license-assignment-failed", "A license could not be assigned", &objects);
    finding.ranked_by.cluster = "f1:0001".into();
    finding.ranked_by.failing_now = true;
    finding.message =
        "The directory refused Office 365 E3 for 5 users: another object holds one of their addresses.".into();
    finding.caused_by = vec![Explained { fingerprint: "f1:0001".into(), check: "direct".into(), objects: 3 }];
    let mut again = fix("reprocess", "Have the license processed again, once its cause is gone", "");
    again.commands = objects
        .iter()
        .map(|key| command(&[*key], &format!("Invoke-MgLicenseUser -UserId '0a0a0a0a-0000-0000-0000-0000000000{key}'")))
        .collect();
    again.commands_shown = 5;
    again.commands_total = 5;
    again.roles = vec![role("License Administrator"), role("User Administrator")];
    again.who_is_known = false;
    again.takes_effect = Some("minutes to hours, by the size of the group".into());
    again.simulation = Simulation {
        outcome: "partly".into(),
        frees: 0,
        creates: vec![],
        reason: Some("2 of 5 users have another cause".into()),
    };
    finding.fixes = vec![again];
    finding
}

fn administrator() -> Finding {
    let title = "No administrator can sign in";
    let mut finding = finding(3, "critical", "no-active-administrator", title, &["o7"]);
    finding.affected.people = 0;
    finding.message = "No enabled user is Global or User Administrator, and nobody is eligible.".into();
    let mut support = fix("support", "Ask Microsoft support for access: only they can give it back", "");
    support.commands = vec![];
    support.roles = vec![role("Global Administrator")];
    support.portal = Some("https://aka.ms/support".into());
    support.simulation = Simulation { outcome: "notSimulated".into(), frees: 0, creates: vec![], reason: None };
    finding.fixes = vec![support];
    finding
}

fn location(index: usize) -> Finding {
    let key = format!("p{index:02}");
    let title = "A licensed user has no usage location";
    let mut finding = finding(4 + index, "medium", "usage-location-missing", title, &[&key]);
    finding.message =
        format!("user{index:02}@contoso.example has licenses but no usage location; the next change will be refused.");
    finding.evidence = vec![evidence(&key, "usageLocation", None)];
    let id = format!("0a0a0a0a-0000-0000-0000-0000000000{index:02}");
    let run = format!("Update-MgUser -UserId '{id}' -UsageLocation 'NL'");
    let mut set = fix("set-in-cloud", "Set the usage location", &run);
    set.safety = "review".into();
    set.roles = vec![role("License Administrator"), role("User Administrator"), role("Global Administrator")];
    set.who_can = ["o3", "o4", "o6", "p20", "p21"].map(Into::into).to_vec();
    set.portal = Some(format!(
        "Microsoft 365 admin center > Users > Active users > User {index:02} > Licenses and apps > Select location"
    ));
    set.takes_effect = Some("at once; a refused group license needs Reprocess".into());
    set.commands[0].verify = Some(format!("(Get-MgUser -UserId '{id}' -Property UsageLocation).UsageLocation"));
    set.commands[0].undo = Some(format!("Update-MgUser -UserId '{id}' -UsageLocation $null"));
    set.commands[0].changes =
        vec![Change { object: key, field: "usageLocation".into(), before: None, after: Some(value("text", "NL")) }];
    let mut synced = fix(
        "set-on-premises",
        "Or set msExchUsageLocation in Active Directory, if Connect maps it, and sync",
        "Start-ADSyncSyncCycle -PolicyType Delta",
    );
    synced.title = "Set msExchUsageLocation in Active Directory, if Connect maps it, and sync".into();
    synced.place = "on-premises".into();
    synced.roles = vec![Role { template_id: None, text: "Domain Administrator (on-premises)".into() }];
    finding.fixes = vec![set, synced];
    finding
}

fn domain() -> Finding {
    let keys: Vec<String> = (13..40).map(|index| format!("p{index}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let title = "The domain of a sign-in name is not verified";
    let mut finding = finding(17, "medium", "user-name-domain-not-verified", title, &keys);
    finding.confidence = "likely".into();
    finding.at_least = true;
    finding.message = "27 users sign in with contoso.nl, which is not a verified domain of this tenant.".into();
    finding.affected.accepted = vec!["p38".into(), "p39".into()];
    finding.group = vec![GroupValue {
        path: "userPrincipalName|domain".into(),
        kind: "domain".into(),
        text: "contoso.nl".into(),
        id: None,
    }];
    let mut rename = fix("rename", "Give the users a sign-in name in contoso.onmicrosoft.com", "");
    rename.commands = (13..16)
        .map(|index| command(&[&format!("p{index}")], &format!("Update-MgUser -UserId 'user{index}@contoso.nl' -UserPrincipalName 'user{index}@contoso.onmicrosoft.com'")))
        .collect();
    rename.commands_shown = 3;
    rename.commands_total = 27;
    rename.template = Some("Update-MgUser -UserId <ID> -UserPrincipalName <NAME>@contoso.onmicrosoft.com".into());
    rename.safety = "destructive".into();
    rename.missing = vec!["organization.initialDomain".into()];
    rename.commands[0].changes = vec![
        Change {
            object: "p13".into(),
            field: "userPrincipalName".into(),
            before: Some(value("user", "user13@contoso.nl")),
            after: Some(value("user", "user13@contoso.onmicrosoft.com")),
        },
        Change {
            object: "p13".into(),
            field: "mail".into(),
            before: Some(value("address", "user13@contoso.nl")),
            after: None,
        },
        Change {
            object: "p13".into(),
            field: "proxyAddresses".into(),
            before: None,
            after: Some(value("address", "x")),
        },
    ];
    rename.simulation = Simulation {
        outcome: "createsFinding".into(),
        frees: 0,
        creates: vec!["duplicate-user-name".into()],
        reason: None,
    };
    let mut verify = fix("verify", "Verify the domain", "");
    verify.commands = vec![];
    verify.template = Some("Confirm-MgDomain -DomainId <DOMAIN>".into());
    verify.portal = Some("Microsoft 365 admin center > Settings > Domains > contoso.nl".into());
    verify.roles = vec![role("Domain Name Administrator"), role("Global Administrator")];
    let third = fix("third", "Leave it, if nobody signs in with it", "Get-MgUser -UserId 'x'");
    let fourth = fix("fourth", "Ask the users", "Get-MgUser -UserId 'y'");
    finding.fixes = vec![rename, verify, third, fourth];
    finding
}

fn blocked() -> Finding {
    let title = "A blocked user holds licenses";
    let mut finding = finding(18, "low", "blocked-user-licensed", title, &["o4"]);
    finding.confidence = "likely".into();
    finding.message = "anna@contoso.example is blocked and holds Office 365 E3.".into();
    finding.could_be = vec!["shared-mailbox".into(), "on-hold".into()];
    finding.may_be_caused_by = vec!["sync-provisioning-error".into()];
    finding.status = "known".into();
    finding
}

fn ratio() -> Finding {
    let title = "Few licenses for many guests";
    let mut finding = finding(19, "info", "guest-license-ratio", title, &["o5"]);
    finding.confidence = "hint".into();
    finding.affected.people = 0;
    finding
}

fn accepted() -> Finding {
    let title = "A license is assigned directly and by a group";
    let mut finding = finding(20, "info", "license-both-direct-and-inherited", title, &["o3", "o4"]);
    finding.status = "accepted".into();
    finding.acceptance = Some(0);
    finding.affected.accepted = vec!["o3".into(), "o4".into()];
    finding
}

fn rules() -> Vec<RuleOutcome> {
    let contacts = missing("contacts", None, CONTACTS);
    let mut groups = missing("groups", None, ("Get-MgGroup -All", "GroupMember.Read.All", "Global Reader"));
    groups.reason = "incomplete".into();
    let states = missing("users", Some("licenseAssignmentStates"), GET_USERS);
    let plans = Missing { objects: Some(12), source: Some(0), ..missing("users", Some("assignedPlans"), GET_USERS) };
    let computed = Missing { remedy: None, ..missing("users", Some("may"), GET_USERS) };
    let mut partial = outcome("user-name-taken", "partial", 212, vec![contacts.clone(), groups.clone()]);
    partial.unknown = 5;
    let mut found = outcome("duplicate-proxy-address", "found", 212, vec![contacts.clone()]);
    found.found = 2;
    let clear = ["duplicate-user-name", "immutable-id-held-by-deleted-user", "subscription-expiring"];
    let mut rules: Vec<RuleOutcome> = clear.into_iter().map(|rule| outcome(rule, "clear", 4214, vec![])).collect();
    rules.push(outcome("deleted-user-holds-name", "clear", 0, vec![]));
    rules.push(found);
    rules.push(partial);
    for rule in ["guest-address-held-by-contact", "sync-provisioning-error", "invitation-address-taken"] {
        rules.push(outcome(rule, "notAssessed", 0, vec![contacts.clone()]));
    }
    rules.push(outcome("inherited-license-stuck", "notAssessed", 0, vec![groups, states]));
    rules.push(outcome("service-plan-dependency-missing", "notAssessed", 0, vec![plans]));
    rules.push(outcome("creator-lacks-role", "notAssessed", 0, vec![computed]));
    rules.push(outcome("user-name-domain-federated", "notAssessed", 0, vec![]));
    rules.push(outcome("license-inherited-from-group", "notAsked", 0, vec![]));
    rules.push(outcome("dependent-service-blocks-removal", "notAsked", 0, vec![]));
    rules.push(outcome("guest-ratio-exceeded", "off", 0, vec![]));
    rules
}
