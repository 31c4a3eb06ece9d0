//! `check`: formats, files and exit codes. What it finds is tested with the rules.

use std::io::Read as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{Workspace, own_rules, project};

/// Eleven properties and no more, as Graph sends them without `$select`.
const BARE_USERS: &str = r#"{"users":[{"id":"1","userPrincipalName":"a@b.example","displayName":"A"}]}"#;

#[test]
fn exit_codes_tell_what_happened() {
    let workspace = Workspace::with_fixtures();
    workspace.file("bare.json", BARE_USERS).file("broken.json", "{");
    for (code, arguments) in [
        (0, &["healthy.json"][..]),
        (1, &["contoso.json"]),
        (1, &["contoso.json", "--fail-on", "high"]),
        (0, &["contoso.json", "--fail-on", "critical"]),
        (0, &["contoso.json", "--fail-on", "never"]),
        (0, &["healthy.json", "--require", "usage-location-missing,assign-license"]),
        (2, &["healthy.json", "--require", "usage-location-mising"]),
        (3, &["contoso.json", "broken.json"]),
        (3, &["contoso.json", "missing.json"]),
        (5, &["bare.json", "--only", "usage-location-missing"]),
        (5, &["healthy.json", "bare.json", "--only", "usage-location-missing", "--require", "duplicate-user-name"]),
    ] {
        let run = workspace.run(&[&["check"], arguments].concat());
        assert_eq!(run.code, Some(code), "{arguments:?}\n{}", run.err);
    }
}

#[test]
fn what_cannot_be_assessed_ends_in_what_to_do() {
    let workspace = Workspace::new();
    workspace.file("bare.json", BARE_USERS);
    let run = workspace.run(&["check", "bare.json", "--only", "usage-location-missing"]);
    insta::assert_snapshot!(run.errors(), @r"
    exit code: 5
    note: nothing could be assessed; what is missing: aaddoctor inspect, and the export again: aaddoctor collect-script
    ");
    let run = workspace.run(&["check", "bare.json", "--require", "assign-license"]);
    insta::assert_snapshot!(run.errors(), @r"
    exit code: 5
    note: nothing could be assessed; what is missing: aaddoctor inspect, and the export again: aaddoctor collect-script
    ");
}

#[test]
fn format_follows_the_ending_of_the_file() {
    let workspace = Workspace::with_fixtures();
    for (name, starts_with) in [("report.md", "# "), ("report.json", "{"), ("report.txt", "Contoso")] {
        let run = workspace.run(&["check", "contoso.json", "-o", name]);
        assert_eq!(run.out, "", "{name}");
        assert!(workspace.read(name).starts_with(starts_with), "{name}");
    }
    workspace.run(&["check", "contoso.json", "-o", "report.txt", "--format", "json"]);
    let report: Value = serde_json::from_str(&workspace.read("report.txt")).unwrap();
    assert_eq!(report["format"], "aaddoctor-report");
}

#[test]
fn an_ending_that_no_report_has_is_refused() {
    let workspace = Workspace::with_fixtures();
    for name in ["ticket.docx", "ticket.html"] {
        let run = workspace.run(&["check", "contoso.json", "-o", name]);
        assert_eq!(run.code, Some(2), "{name}");
        assert!(run.err.contains(".md (for tickets)") && !workspace.path(name).exists(), "{}", run.err);
    }
    assert_eq!(workspace.run(&["check", "healthy.json", "-o", "ticket.html", "--format", "markdown"]).code, Some(0));
}

#[test]
fn a_report_for_others_says_whether_it_names_people() {
    let workspace = Workspace::with_fixtures();
    let run = workspace.run(&["check", "contoso.json", "-o", "report.md"]);
    assert!(run.err.starts_with("note: written: report.md (it names ") && run.err.contains(" people"), "{}", run.err);
    assert!(!run.err.contains('@'));
    let run = workspace.run(&["check", "contoso.json", "-o", "report.md", "--quiet"]);
    assert_eq!(run.err, "");
}

#[test]
fn an_input_is_never_overwritten() {
    let workspace = Workspace::with_fixtures();
    let before = workspace.read("healthy.json");
    std::fs::create_dir(workspace.path("folder")).unwrap();
    for arguments in [
        &["check", "healthy.json", "-o", "healthy.json"][..],
        &["check", "*.json", "-o", "./folder/../healthy.json", "--format", "markdown"],
        &["check", "contoso.json", "--home-tenant", "healthy.json", "-o", "healthy.json"],
    ] {
        let run = workspace.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
        assert!(run.err.contains("is one of the files to read"), "{}", run.err);
    }
    assert_eq!(workspace.read("healthy.json"), before);
    let run = workspace.run(&["check", "healthy.json", "-o", "folder"]);
    insta::assert_snapshot!(run.all(), @r"
    exit code: 2
    ----- out -----
    ----- err -----
    error: --output: folder is a folder.
      help: name a file in it, such as report.md
    ");
    // An export that is not read is one all the same; a report may be written again.
    workspace.file("other.json", r#"{"users":[]}"#);
    let run = workspace.run(&["check", "healthy.json", "-o", "other.json"]);
    assert!(run.code == Some(2) && run.err.contains("is there already, and is no report"), "{}", run.err);
    assert_eq!(workspace.read("other.json"), r#"{"users":[]}"#);
    for _ in 0..2 {
        assert_eq!(workspace.run(&["check", "healthy.json", "-o", "report.json"]).code, Some(0));
    }
}

#[test]
fn what_comes_in_makes_no_difference() {
    let workspace = Workspace::with_fixtures();
    let text = workspace.read("contoso.json");
    let report = |run: crate::harness::Run| {
        let mut report: Value = serde_json::from_str(&run.out).unwrap();
        report["tenants"][0]["sources"] = Value::Null;
        report.to_string()
    };
    let arguments = ["check", "contoso.json", "--format", "json"];
    let file = report(workspace.run(&arguments));
    assert_eq!(file, report(workspace.run(&[&arguments[..], &["--threads", "4"]].concat())), "several threads");
    assert_eq!(file, report(workspace.run_with(&["check", "-", "--format", "json"], &[], text.as_bytes())), "a pipe");
    std::fs::remove_file(workspace.path("healthy.json")).unwrap();
    assert_eq!(file, report(workspace.run(&["check", ".", "--format", "json"])), "a folder");
    assert_eq!(file, report(workspace.run(&["check", "*.json", "--format", "json"])), "a pattern");
    workspace.file("contoso.json", text.replace('\n', "\r\n"));
    let windows = report(workspace.run(&arguments));
    assert_eq!(file, windows, "the line ends of Windows");
}

#[test]
fn rules_are_chosen_by_name_pack_or_symptom() {
    let workspace = Workspace::with_fixtures();
    let rules = |arguments: &[&str]| -> Vec<String> {
        let run = workspace.run(&[&["check", "healthy.json", "--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&run.out).unwrap();
        let ran = report["tenants"][0]["rules"].as_array().unwrap();
        ran.iter()
            .filter(|rule| rule["outcome"] != "off")
            .map(|rule| rule["rule"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = rules(&[]);
    assert_eq!(
        rules(&["--only", "usage-location-missing, duplicate-user-name"]),
        ["usage-location-missing", "duplicate-user-name"]
    );
    let pack = rules(&["--only", "create-user"]);
    assert!(!pack.is_empty() && pack.len() < all.len());
    assert_eq!(rules(&["--skip", "create-user"]).len(), all.len() - pack.len());
    assert_eq!(rules(&["--rules", &own_rules()]).len(), all.len() + 1);
    assert_eq!(rules(&["--rules", &own_rules(), "--only", "own"]), ["company-missing"]);
}

#[test]
fn colors_are_for_those_who_want_them() {
    let workspace = Workspace::with_fixtures();
    let has_colors = |arguments: &[&str], variables: &[(&str, &str)]| {
        let run = workspace.run_with(&[&["check", "contoso.json"], arguments].concat(), variables, b"");
        run.out.contains('\u{1b}')
    };
    assert!(!has_colors(&[], &[]), "no terminal");
    assert!(has_colors(&["--color", "always"], &[]));
    assert!(has_colors(&["--color", "always"], &[("NO_COLOR", "1")]), "the option is nearer");
    assert!(has_colors(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!has_colors(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    let run = workspace.run_with(&["check", "nothing.json", "--color", "always"], &[], b"");
    assert!(run.err.contains('\u{1b}'));
}

/// `aaddoctor check … | head -1` ends as quietly as it should.
#[test]
fn a_reader_who_goes_away_is_no_error() {
    let workspace = Workspace::with_fixtures();
    let mut command = workspace.command(&["check", "contoso.json", "--all", "--quiet"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(1), ""));
}

/// Two checks of a rule found users of one group, under one fingerprint; only one of them is the cause.
#[test]
fn references_name_one_finding() {
    let workspace = Workspace::new();
    let user = |name: &str, states: Value| {
        json!({ "id": name, "displayName": name, "userPrincipalName": format!("{name}@contoso.example"), "usageLocation": "Holland",
            "assignedLicenses": [], "licenseAssignmentStates": states })
    };
    let state = json!([{ "skuId": "05e9a617-0261-4cee-bb44-138d3ef5d965", "assignedByGroup": null, "disabledPlans": [],
        "state": "Error", "error": "ProhibitedInUsageLocationViolation" }]);
    let users = json!({ "users": [user("ann", state), user("bob", json!([])), user("cor", json!([]))] });
    workspace.file("users.json", users.to_string());
    let run = workspace.run(&["check", "users.json", "--only", "assign-license", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let findings = report["tenants"][0]["findings"].as_array().unwrap();
    let of = |rule: &str| findings.iter().filter(|finding| finding["rule"] == rule).collect::<Vec<_>>();
    let locations = of("usage-location-invalid");
    assert_eq!(locations[0]["fingerprint"], locations[1]["fingerprint"]);
    let cause = &of("license-assignment-failed")[0]["causedBy"];
    assert_eq!(*cause, json!([{ "fingerprint": locations[0]["fingerprint"], "check": "refused", "objects": 1 }]));
    assert_eq!((&locations[0]["check"], &locations[0]["rank"]), (&json!("refused"), &json!(1)));
    assert_eq!(locations[1]["rankedBy"]["clusterCheck"], "user");
    let run = workspace.run(&["check", "users.json", "--only", "assign-license", "--why-this-order"]);
    assert!(run.out.contains("Caused by 1.") && !run.out.contains("; with 3"), "{}", run.all());
}

/// One product, two groups: what is wrong with one person's license is nothing to the other, who shares nothing else.
#[test]
fn who_only_has_the_same_product_is_no_cause() {
    let workspace = Workspace::new();
    let sku = "05e9a617-0261-4cee-bb44-138d3ef5d965";
    let user = |name: &str, group: &str, error: &str| {
        json!({ "id": name, "displayName": name, "userPrincipalName": format!("{name}@contoso.example"),
            "assignedLicenses": [{ "skuId": sku, "disabledPlans": [] }],
            "licenseAssignmentStates": [{ "skuId": sku, "assignedByGroup": group, "disabledPlans": [], "state": "Active", "error": error }] })
    };
    let group = |id: &str, members: Value| json!({ "id": id, "displayName": id, "members": members, "assignedLicenses": [{ "skuId": sku, "disabledPlans": [] }] });
    let request = |id: &str, target: &str| {
        json!({ "id": id, "operation": "remove-license", "actor": "ann@contoso.example",
            "target": format!("{target}@contoso.example"), "removeLicenses": [sku] })
    };
    let tenant = json!({
        "users": [user("ann", "sales", "None"), user("bob", "office", "Other")],
        "groups": [group("sales", json!([{ "id": "ann" }])), group("office", json!([{ "id": "ann" }]))],
        "requests": [request("r1", "ann"), request("r2", "bob")],
    });
    workspace.file("tenant.json", tenant.to_string());
    let run = workspace.run(&["check", "tenant.json", "--only", "assign-license", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let findings = report["tenants"][0]["findings"].as_array().unwrap();
    let causes = |request: usize| {
        let is_it = |finding: &&Value| {
            finding["rule"] == "license-inherited-from-group" && finding["requests"] == json!([request])
        };
        let found = findings.iter().find(is_it).unwrap_or_else(|| panic!("{}", run.all()));
        found["causedBy"].as_array().unwrap().len()
    };
    assert!(findings.iter().any(|finding| finding["rule"] == "inherited-license-stuck"), "{}", run.all());
    assert_eq!((causes(0), causes(1)), (0, 1), "{}", run.all());
}

#[test]
fn objects_of_two_exports_are_counted_once() {
    let workspace = Workspace::with_fixtures();
    let head = |arguments: &[&str]| {
        let run = workspace.run(&[&["check"], arguments].concat());
        run.out.lines().find(|line| line.contains(" users, ")).unwrap_or_default().to_owned()
    };
    let mut later: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    later["exportedAt"] = json!("2026-11-02T09:00:00Z");
    later["users"][3]["department"] = json!("Sales");
    // One user more, and one of the groups is not in it.
    let mut user = later["users"][3].clone();
    (user["id"], user["userPrincipalName"]) = (json!("x"), json!("x@fabrikam.example"));
    later["users"].as_array_mut().unwrap().push(user);
    later["groups"].as_array_mut().unwrap().pop();
    workspace.file("later.json", later.to_string());
    assert_eq!(head(&["healthy.json"]), "1 file (healthy.json): 25 users, 6 groups, 3 contacts and 27 more");
    assert_eq!(head(&["healthy.json", "later.json"]), "2 files: 26 users, 6 groups, 3 contacts and 27 more");
}

#[test]
fn what_was_not_asked_for_is_counted() {
    let workspace = Workspace::with_fixtures();
    let run = workspace.run(&["check", "healthy.json", "--only", "usage-location-missing"]);
    assert!(
        run.out.contains("Left out: ") && run.out.contains(" rules were not asked for (--only, --skip)\n"),
        "{}",
        run.all()
    );
    assert!(run.out.contains("left out: request-target-not-found and 15 others."), "{}", run.all());
    assert!(!run.out.contains("licenses-exhausted"), "{}", run.all());
    let run = workspace.run(&["check", "healthy.json", "--skip", "usage-location-missing", "--lang", "nl"]);
    assert!(run.out.contains("Overgeslagen: naar 1 regel is niet gevraagd"), "{}", run.all());
}

/// A screen of undecided rules is understood only with the reason at the top, in a ticket as well.
#[test]
fn what_was_not_read_is_said_in_the_head() {
    let workspace = Workspace::with_fixtures();
    workspace.file("broken.json", "{\"users\": [");
    let head = |arguments: &[&str]| {
        let run = workspace.run(&[&["check", "healthy.json", "broken.json"], arguments].concat());
        assert_eq!(run.code, Some(3));
        run.out.split("\n\n").take(5).collect::<Vec<_>>().join("\n\n")
    };
    let said = "Not read: broken.json. Nothing that it could change is called clear.";
    assert!(head(&[]).contains(&format!("\n! {said}\n")), "{}", head(&[]));
    let said = "> Not read: `broken.json`. Nothing that it could change is called clear.";
    assert!(head(&["--format", "markdown"]).contains(said), "{}", head(&["--format", "markdown"]));
    assert!(head(&["--lang", "nl"]).contains("\n! Niet gelezen: broken.json. "), "{}", head(&["--lang", "nl"]));
}

#[test]
fn the_readme_shows_what_is_printed() {
    let readme = std::fs::read_to_string(project("README.md")).unwrap().replace("\r\n", "\n");
    let picture = readme.split("```text\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    let workspace = Workspace::new();
    workspace.file("fixtures/contoso.json", std::fs::read(project("fixtures/contoso.json")).unwrap());
    let run = workspace.run(&["check", "fixtures/contoso.json", "--now", "2026-11-02T09:00:00Z"]);
    let parts: Vec<&str> = picture.split("\n\n[…]\n\n").collect();
    assert!(parts.len() > 1, "{picture}");
    for part in parts {
        assert!(run.out.contains(part), "the readme shows\n{part}\n\nbut this is printed:\n{}", run.out);
    }
}
