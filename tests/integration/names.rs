//! Names as people type them: of products, of people, and of files.

use serde_json::{Value, json};

use crate::harness::{Run, Workspace};

fn check(workspace: &Workspace, arguments: &[&str]) -> Run {
    workspace.run(&[&["check", "tenant.json", "--now", "2026-11-03"], arguments].concat())
}

fn give(workspace: &Workspace, license: &str) -> Run {
    check(workspace, &["--can", "assign-license", "--to", "omar", "--license", license])
}

/// What was printed, on one line.
fn text(run: &Run) -> String {
    run.out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn products_are_known_by_what_people_shorten_them_to() {
    let workspace = Workspace::with_demo(|_| ());
    for (typed, product) in [("M365 E3", "Microsoft 365 E3"), ("Azure AD Premium P1", "Microsoft Entra ID P1")] {
        let run = give(&workspace, typed);
        assert!(text(&run).contains(&format!("Assign a license: {product} for ")), "{typed}: {}", run.all());
    }
    // Nobody is asked back about a name that fits the tenant exactly.
    assert!(!text(&give(&workspace, "M365 E3")).contains("is taken for"));
    let own = give(&workspace, "Office 365 E5");
    assert!(text(&own).contains("Assign a license: Office 365 E5 for "), "the table knows it: {}", own.all());
}

#[test]
fn a_product_that_the_tenant_lacks_is_answered_with_what_it_has() {
    let run = give(&Workspace::with_demo(|_| ()), "Business Premium");
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    insta::assert_snapshot!(run.err, @r"
    error: --license: this tenant has no product that is called Business Premium.
      help: it has Exchange Online (Plan 1), Microsoft 365 E3, Microsoft 365 F3, Microsoft Entra ID P1, Microsoft Teams Phone Standard, Planner and Project Plan 3 and 5 more
      help: all licenses of this tenant: aaddoctor inspect tenant.json --licenses
    ");
}

/// Microsoft sells two products under this name, one of them for a department.
#[test]
fn of_two_products_with_one_name_none_is_picked() {
    let department = json!({ "id": "s99", "skuId": "38b434d2-a15e-4cde-9a98-e737c75623e1", "skuPartNumber": "VISIO_PLAN2_DEPT",
        "appliesTo": "User", "capabilityStatus": "Enabled", "consumedUnits": 0,
        "prepaidUnits": { "enabled": 5, "warning": 0, "suspended": 0 }, "servicePlans": [] });
    let workspace = Workspace::with_demo(|tenant| tenant["subscribedSkus"].as_array_mut().unwrap().push(department));
    let run = give(&workspace, "visio plan 2");
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    insta::assert_snapshot!(run.err, @r"
    error: --license: visio plan 2 fits 2: say which one.
      help: Visio Plan 2 (VISIOCLIENT)
      help: Visio Plan 2 (VISIO_PLAN2_DEPT)
    ");
    let one = give(&workspace, "visio_plan2_dept");
    assert!(text(&one).contains("Assign a license: Visio Plan 2 for "), "{}", one.all());
    // In a file nobody can be asked back: the request is not judged.
    workspace.file(
        "requests.json",
        json!({ "requests": [{ "id": "r1", "operation": "assign-license", "target": "omar.yilmaz@contoso.example",
            "addLicenses": ["Visio Plan 2"] }] })
        .to_string(),
    );
    let run = check(&workspace, &["requests.json"]);
    assert!(text(&run).contains("CANNOT TELL: Assign a license: "), "{}", run.all());
    assert!(text(&run).contains("fits 2: say which one (Visio Plan 2 (VISIOCLIENT), "), "{}", run.all());
}

#[test]
fn accents_need_not_be_typed() {
    let workspace = Workspace::with_demo(|tenant| {
        let users = tenant["users"].as_array_mut().unwrap();
        users.push(json!({ "id": "0a000000-0000-4000-8000-000000000009", "displayName": "Renée Šimková", "userPrincipalName": "rs@contoso.example" }));
    });
    let run = check(&workspace, &["--about", "renee simkova"]);
    assert!(text(&run).contains("Only about Renée Šimková (rs@contoso.example)"), "{}", run.all());
}

#[test]
fn whoever_was_deleted_is_found_by_name() {
    let workspace = Workspace::with_demo(|_| ());
    let run = check(&workspace, &["--can", "sign-in", "--to", "Kees Jonkman"]);
    assert!(text(&run).contains("WILL FAIL: Sign in for kees.jonkman@contoso.example."), "{}", run.all());
    assert!(text(&run).contains("Fix: Restore Kees Jonkman, who had this name"), "{}", run.all());
    let run = check(&workspace, &["--about", "Kees Jonkman"]);
    let name = "Only about deleted user Kees Jonkman (kees.jonkman@contoso.example), and what explains it.";
    assert!(text(&run).contains(name), "{}", run.all());
}

#[test]
fn an_address_in_place_of_a_file_is_no_file() {
    let run = check(&Workspace::with_demo(|_| ()), &["jan@contoso.example"]);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    insta::assert_snapshot!(run.err, @r"
    error: jan@contoso.example is no file.
      help: for what concerns somebody: aaddoctor check tenant.json --about jan@contoso.example
    ");
}

#[test]
fn files_that_look_like_exports_and_are_not_read_are_named() {
    let workspace = Workspace::with_fixtures();
    workspace.file("export/healthy.json", workspace.read("healthy.json")).file("export/users.xlsx", "PK");
    for command in ["check", "inspect"] {
        let run = workspace.run(&[command, "export"]);
        let told = run.err.replace('\\', "/");
        assert!(told.contains("note: not read: export/users.xlsx. Save a workbook as CSV"), "{command}: {}", run.all());
        assert_eq!(run.code, Some(0), "{command}");
    }
}

#[test]
fn a_minus_is_standard_output() {
    let workspace = Workspace::with_fixtures();
    let run = workspace.run(&["check", "healthy.json", "-o", "-", "--format", "json"]);
    assert!(serde_json::from_str::<Value>(&run.out).is_ok(), "{}", run.all());
    assert!(!workspace.path("-").exists());
}

/// What stands under a name that is not known was not read: nothing is promised then, but notes of one's own stand in nobody's way.
#[test]
fn properties_of_requests_that_are_not_known_are_asked_back() {
    let workspace = Workspace::with_demo(|_| ());
    let said = |more: &str| {
        let request =
            json!({ "id": "r1", "operation": "sign-in", "target": "omar.yilmaz@contoso.example", more: "x@y.example" });
        workspace.file("requests.json", json!({ "requests": [request] }).to_string());
        text(&check(&workspace, &["requests.json"]))
    };
    let asked_back = said("E-Mail");
    assert!(asked_back.contains("CANNOT TELL: Sign in for omar.yilmaz@contoso.example."), "{asked_back}");
    assert!(asked_back.contains("E-Mail is no property of a request: is address meant?"), "{asked_back}");
    assert!(said("ticket").contains("NO OBSTACLE FOUND: Sign in"), "{}", said("ticket"));
}
