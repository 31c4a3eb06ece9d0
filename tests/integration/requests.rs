//! Questions about one thing: `--can`, `--about`, `--as`, and requests as people write them.

use serde_json::{Value, json};

use crate::harness::{Run, Workspace};

const NOW: [&str; 2] = ["--now", "2026-11-03"];

fn check(workspace: &Workspace, arguments: &[&str]) -> Run {
    workspace.run(&[&["check"], arguments, &NOW].concat())
}

/// The report of a run of the demo, as JSON.
fn report(workspace: &Workspace, arguments: &[&str]) -> Value {
    let run = check(workspace, &[arguments, &["--format", "json"]].concat());
    let mut report: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}\n{}", run.all()));
    report["tenants"][0].take()
}

/// The verdicts of requests in a file of their own, beside the demo without its requests.
fn verdicts(requests: &Value, arguments: &[&str]) -> (Vec<String>, Option<i32>, String) {
    let workspace = Workspace::with_demo(|_| ());
    workspace.file("requests.json", json!({ "requests": requests }).to_string());
    let files = ["tenant.json", "requests.json"];
    let run = check(&workspace, &[&files, arguments, &["--format", "json", "--quiet"]].concat());
    let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}\n{}", run.all()));
    let requests = report["tenants"][0]["requests"].as_array().unwrap();
    (requests.iter().map(|request| request["verdict"].as_str().unwrap().to_owned()).collect(), run.code, run.err)
}

/// The sign-in names and display names of everybody whom a report names.
fn named(report: &Value) -> Vec<String> {
    let objects = report["objects"].as_object().unwrap().values();
    let names = objects.map(|object| object["displayName"].as_str().unwrap().to_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn one_command_says_whether_somebody_can_get_a_license() {
    let workspace = Workspace::with_demo(|_| ());
    let run = check(
        &workspace,
        &[
            "tenant.json",
            "--can",
            "Assign-Licence",
            "--to",
            "Tess",
            "--license",
            "microsoft 365 e3",
            "--as",
            "anja.wouters",
        ],
    );
    insta::assert_snapshot!(run.all());
    for product in ["Microsoft 365 E3", "SPE_E3", "05e9a617-0261-4cee-bb44-138d3ef5d965"] {
        let arguments = ["tenant.json", "--can", "assign-license", "--to", "tess", "--license", product];
        let report = report(&workspace, &arguments);
        let license = &report["requests"][0]["values"]["addLicenses"][0];
        assert_eq!(license["text"], "Microsoft 365 E3", "{product}");
        assert_eq!(report["requests"][0]["origin"]["kind"], "command-line");
    }
}

#[test]
fn what_is_asked_on_the_command_line_stands_alone() {
    let workspace = Workspace::with_fixtures();
    let arguments =
        ["contoso.json", "--can", "assign-license", "--to", "jan.terpstra@contoso.example", "--license", "SPE_E3"];
    let report = report(&workspace, &arguments);
    assert_eq!(report["requests"].as_array().unwrap().len(), 1);
    assert_eq!(report["requests"][0]["verdict"], "fails");
}

/// The licenses of a product that are missing concern more people; but why this one cannot be removed was asked.
#[test]
fn what_answers_the_question_goes_first() {
    let workspace = Workspace::with_fixtures();
    let question = ["--can", "remove-license", "--to", "omar.yilmaz@contoso.example", "--license", "SPE_E3"];
    let order = |arguments: &[&str]| -> Vec<(String, bool)> {
        let report = report(&workspace, &[&["contoso.json"], arguments].concat());
        let findings = report["findings"].as_array().unwrap().iter();
        let answers = |finding: &Value| finding["rankedBy"]["answersQuestion"] == true;
        findings.map(|finding| (finding["rule"].as_str().unwrap().to_owned(), answers(finding))).collect()
    };
    let asked = order(&question);
    assert_eq!(asked[0], ("license-inherited-from-group".to_owned(), true));
    assert_eq!(asked[1], ("group-license-seats-short".to_owned(), false));
    let about = order(&["--about", "omar.yilmaz@contoso.example"]);
    assert_eq!(about[0].0, "group-license-seats-short", "nothing is asked but what is wrong");
    assert!(about.iter().all(|(_, answers)| !answers));
}

/// What would answer the question is not behind what most rules wait for; of the rest only the names are shown.
#[test]
fn what_the_question_waits_for_is_shown_first() {
    let workspace = Workspace::new();
    let jan = json!({ "id": "u1", "displayName": "Jan", "userPrincipalName": "jan@contoso.com" });
    workspace.file("users.json", json!({ "users": [jan] }).to_string());
    let shown = |arguments: &[&str]| check(&workspace, &[&["users.json"], arguments].concat()).out;
    let domains = "\n- domains (not exported): ";
    assert!(shown(&["--can", "create-user", "--name", "new@contoso.com"]).contains(domains));
    let plain = shown(&[]);
    assert!(
        !plain.contains(domains) && plain.contains(" more (--all or --format json shows how to export them): "),
        "{plain}"
    );
    let joined = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(joined.contains(" domains (not exported),"), "{joined}");
    assert!(shown(&["--all"]).contains(domains));
}

#[test]
fn misspelled_questions_say_how_to_ask() {
    let workspace = Workspace::with_fixtures();
    for arguments in [
        &["--can", "asign-license"][..],
        &["--can", "assign-license", "--to", "tess"],
        &["--can", "create-user"],
        &["--as", "anja.wouter@contoso.example"],
        &["--about", "jan"],
        &["--about", "lieke.vermeulem@contoso.example"],
        &["--about", "Liek Vermeulen"],
        &["--about", "nobody at all"],
    ] {
        let run = check(&workspace, &[&["contoso.json"], arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{arguments:?}");
        insta::allow_duplicates! {
            insta::with_settings!({ snapshot_suffix => arguments.join(" ").replace(['@', ' '], "_") }, {
                insta::assert_snapshot!(run.err);
            });
        }
    }
}

/// Jan de Boer's id begins with e31ae996.
#[test]
fn so_few_letters_are_no_id() {
    let workspace = Workspace::with_fixtures();
    let said = check(&workspace, &["contoso.json", "--about", "e3"]).all();
    assert!(said.contains("Microsoft 365 E3") && !said.contains("Jan de Boer"), "{said}");
    let said = check(&workspace, &["contoso.json", "--about", "e31ae996"]).out;
    assert!(said.contains("Only about Jan de Boer"), "{said}");
}

#[test]
fn a_wrong_license_is_named_with_its_nearest() {
    let workspace = Workspace::with_fixtures();
    let run = check(
        &workspace,
        &["contoso.json", "--can", "assign-license", "--to", "tess", "--license", "Microsoft 365 E33"],
    );
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("spelled nearly so: Microsoft 365 E3"), "{}", run.err);
    // A word of one product is enough, and one that fits two is not.
    let run = |license: &str| {
        check(&workspace, &["contoso.json", "--can", "assign-license", "--to", "omar", "--license", license])
    };
    assert!(run("e3").out.contains("Assign a license: Microsoft 365 E3"), "{}", run("e3").all());
    assert!(
        run("Microsoft 365").err.contains("Microsoft 365 E3") && run("Microsoft 365").err.contains("Microsoft 365 F3")
    );
}

fn add(tenant: &mut Value, collection: &str, object: Value) {
    tenant[collection].as_array_mut().unwrap().push(object);
}

/// Microsoft's lists name SharePoint (Plan 2) with Kiosk, which the directory accepts, and CRM Professional with Team Members, which
/// it does not: the ids of the first come first.
#[test]
fn the_worst_of_several_conflicts_decides() {
    let sku = |part: &str, id: &str, plans: [&str; 2]| {
        let plans = plans.map(|plan| json!({ "servicePlanId": plan, "servicePlanName": plan, "appliesTo": "User" }));
        json!({ "id": part, "skuId": id, "skuPartNumber": part, "appliesTo": "User", "capabilityStatus": "Enabled",
            "consumedUnits": 1, "prepaidUnits": { "enabled": 9, "warning": 0, "suspended": 0 }, "servicePlans": plans })
    };
    let held = "0a000000-0000-4000-8000-000000000001";
    let asked = "0a000000-0000-4000-8000-000000000002";
    let workspace = Workspace::with_demo(|tenant| {
        let plans = ["5dbe027f-2339-4123-9542-606e4d348a72", "f9646fb2-e3b2-4309-95de-dc4833737456"];
        add(tenant, "subscribedSkus", sku("HELD", held, plans));
        let plans = ["902b47e5-dcb2-4fdc-858b-c63a90a2bdb9", "6a54b05e-4fab-40e7-9828-428db3b336fa"];
        add(tenant, "subscribedSkus", sku("ASKED", asked, plans));
        let zara = json!({ "id": "0a000000-0000-4000-8000-000000000003", "displayName": "Zara", "usageLocation": "NL",
            "userPrincipalName": "zara@contoso.example", "assignedLicenses": [{ "skuId": held, "disabledPlans": [] }] });
        add(tenant, "users", zara);
    });
    let question = ["tenant.json", "--can", "assign-license", "--to", "zara@contoso.example", "--license", "ASKED"];
    let report = report(&workspace, &question);
    let findings = report["findings"].as_array().unwrap().iter();
    let conflicts: Vec<_> = findings.filter(|finding| finding["rule"] == "service-plans-conflict").collect();
    let of_request: Vec<_> = conflicts.iter().map(|finding| (&finding["severity"], &finding["requests"])).collect();
    assert_eq!(of_request, [(&json!("high"), &json!([0])), (&json!("low"), &json!([0]))]);
    let steps = report["requests"][0]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["rule"] == "service-plans-conflict").unwrap();
    assert_eq!((&report["requests"][0]["verdict"], &step["finding"]), (&json!("fails"), &conflicts[0]["fingerprint"]));
}

/// A word of a product's name will do, unless the table has a product of this very name: nobody can say which of them is meant.
#[test]
fn a_word_is_a_product_of_the_tenant_unless_another_is_called_so() {
    let asked_for = |workspace: &Workspace, name: &str| {
        check(workspace, &["tenant.json", "--can", "assign-license", "--to", "omar", "--license", name])
    };
    let asked = |workspace: &Workspace| asked_for(workspace, "Power BI");
    let run = asked_for(&Workspace::with_demo(|_| ()), "BI Pro");
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Assign a license: Power BI Pro for "), "{}", run.all());
    assert!(text.contains("BI Pro is taken for Power BI Pro, the only license here that it fits."), "{}", run.all());
    let premium = json!({ "id": "s99", "skuId": "c1d032e0-5619-4761-9b5c-75b6831e1711", "skuPartNumber": "PBI_PREMIUM_PER_USER" });
    let run = asked(&Workspace::with_demo(|tenant| add(tenant, "subscribedSkus", premium)));
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    insta::assert_snapshot!(run.err, @r"
    error: --license: Power BI fits 3: say which one.
      help: Power BI Premium Per User
      help: Power BI Pro
      help: Power BI (POWER_BI_INDIVIDUAL_USER, which is not in this tenant)
    ");
    let run = asked(&Workspace::with_demo(|tenant| {
        tenant["subscribedSkus"].as_array_mut().unwrap().retain(|sku| sku["skuPartNumber"] != "POWER_BI_PRO");
    }));
    assert!(run.out.contains("Assign a license: Power BI for "), "{}", run.all());
}

#[test]
fn what_a_name_fits_besides_is_said() {
    let workspace =
        Workspace::with_demo(|tenant| add(tenant, "groups", json!({ "id": "g99", "displayName": "Power BI" })));
    let about = |name: &str| report(&workspace, &["tenant.json", "--about", name])["about"][0].clone();
    let run = check(&workspace, &["tenant.json", "--about", "Power BI"]);
    assert!(run.out.contains("Only about group Power BI, and what explains it.\n"), "{}", run.all());
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let also =
        "Power BI also fits license Power BI Pro and group Licentie Power BI Pro, which this report is not about.";
    let other =
        "Power BI also fits group Licentie Power BI Pro and license Power BI Pro, which this report is not about.";
    assert!(text.contains(also) || text.contains(other), "{}", run.all());
    assert_eq!(about("Power BI")["alsoFits"].as_array().unwrap().len(), 2);
    assert!(about("g99")["alsoFits"].as_array().unwrap().is_empty(), "an id is nobody else's");
    let workspace = Workspace::with_demo(|tenant| tenant["groups"] = json!([]));
    let run = check(&workspace, &["tenant.json", "--about", "Power BI"]);
    assert!(run.out.contains("Only about license Power BI Pro, and what explains it.\n"), "{}", run.all());
}

#[test]
fn nothing_is_promised_that_was_not_looked_at() {
    let healthy = json!([{ "operation": "create-user", "actor": "beheer.ruud@contoso.onmicrosoft.com", "userPrincipalName": "x@contoso.example" }]);
    for arguments in [&["--only", "usage-location-missing"][..], &["--skip", "create-user"]] {
        let (verdicts, _, _) = verdicts(&healthy, arguments);
        assert_eq!(verdicts, ["cannot-tell"], "{arguments:?}");
    }
    let sign_in = json!([{ "operation": "sign-in", "target": "beheer.ruud@contoso.onmicrosoft.com" }]);
    let (verdicts, _, _) = verdicts(&sign_in, &[]);
    assert_ne!(verdicts, ["succeeds"], "an account that is blocked");
    let workspace = Workspace::with_fixtures();
    let arguments = [
        "contoso.json",
        "--can",
        "assign-license",
        "--to",
        "tess",
        "--license",
        "EXCHANGESTANDARD",
        "--skip",
        "usage-location-missing",
    ];
    let run = check(&workspace, &arguments);
    assert!(run.out.contains("CANNOT TELL") && run.out.contains("switched off"), "{}", run.out);
}

#[test]
fn requests_are_read_as_people_write_them() {
    let (verdicts, code, err) = verdicts(
        &json!([
            { "operation": "Create-User", "actor": "marit.kuipers@contoso.example", "target": "new.person@nowhere.example" },
            { "operation": "invite-guest", "actor": "marit.kuipers@contoso.example", "target": "ann@elsewhere.example" },
            { "operation": "assign_licence", "actor": "anja.wouters@contoso.example",
              "target": "jan.terpstra@contoso.example", "addLicenses": ["Microsoft 365 E3"] },
        ]),
        &[],
    );
    assert_eq!((code, err.as_str()), (Some(1), ""), "{verdicts:?}");
    assert!(!verdicts.contains(&"succeeds".to_owned()), "{verdicts:?}");
    assert_eq!(verdicts.iter().filter(|verdict| *verdict == "fails").count(), 2, "{verdicts:?}");
}

#[test]
fn a_request_that_cannot_be_read_is_said_with_its_file() {
    let (verdicts, code, err) = verdicts(
        &json!([{ "id": "r1", "operation": "asign-license" }, { "id": "r2" }, { "id": "r3", "operation": "reset-password" }]),
        &[],
    );
    assert_eq!((verdicts, code), (vec!["cannot-tell".to_owned(); 3], Some(3)));
    insta::assert_snapshot!(err);
}

#[test]
fn a_report_about_somebody_names_no_strangers() {
    let workspace = Workspace::with_fixtures();
    let report = report(&workspace, &["contoso.json", "--about", "jan.terpstra@contoso.example"]);
    assert_eq!(report["summary"]["people"], 1);
    let requests = report["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 1, "{requests:?}");
    // Those who may help are named, and nobody else who has the same.
    let names = named(&report);
    assert!(!names.iter().any(|name| name.contains("Aïsha") || name.contains("Siobh")), "{names:?}");
    let commands =
        report["findings"].as_array().unwrap().iter().flat_map(|finding| finding["fixes"].as_array().unwrap());
    assert!(commands.flat_map(|fix| fix["commands"].as_array().unwrap()).count() > 0);
}

/// What failed for all members of a group failed for each for a reason of their own.
#[test]
fn a_report_about_somebody_leads_with_nobody_else() {
    let workspace = Workspace::with_fixtures();
    let aisha = "aisha.benali@contoso.example";
    let with_license = ["contoso.json", "--can", "assign-license", "--to", aisha, "--license", "MCOPSTN2"];
    for arguments in [&["contoso.json", "--about", aisha][..], &with_license] {
        let report = report(&workspace, arguments);
        assert_eq!(report["summary"]["people"], 1, "{arguments:?}");
        let names = named(&report);
        assert!(!names.iter().any(|name| name == "Tom Willems"), "{names:?}");
        let findings = report["findings"].as_array().unwrap();
        assert!(findings.iter().any(|finding| finding["rule"] == "group-license-members-failed"));
        assert!(findings.iter().any(|finding| finding["rule"] == "usage-location-missing"), "what explains it");
    }
}

#[test]
fn somebody_with_whom_nothing_is_wrong_is_said_to_be_well() {
    let run =
        check(&Workspace::with_fixtures(), &["contoso.json", "--about", "Bas Hoekstra", "--about", "Anja Wouters"]);
    assert!(run.out.contains("Only about Bas Hoekstra"), "{}", run.all());
    // What was found of others is no contradiction.
    let run = check(&Workspace::with_fixtures(), &["contoso.json", "--about", "Karin Oosterhuis"]);
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(": nothing was found."), "{text}");
    assert!(text.contains(" rules found something, but not about this."), "{text}");
    assert!(text.contains("On the whole tenant "), "{text}");
}

/// A tenant with three users, two free licenses of a product, and an administrator who may assign them.
fn small(states: &Value, requests: &Value) -> Value {
    let user = |id: &str, states: &Value| {
        json!({ "id": id, "userPrincipalName": format!("{id}@contoso.example"), "displayName": id, "accountEnabled": true,
            "usageLocation": "NL", "userType": "Member", "mail": null, "proxyAddresses": [], "otherMails": [], "identities": [],
            "assignedLicenses": [], "licenseAssignmentStates": states })
    };
    json!({
        "users": [user("ann", states), user("bob", &json!([])), user("cor", &json!([])), user("admin", &json!([]))],
        "subscribedSkus": [{ "id": "s", "skuId": "f8a1db68-be16-40ed-86d5-cb42ce701560", "skuPartNumber": "POWER_BI_PRO", "appliesTo": "User",
            "capabilityStatus": "Enabled", "consumedUnits": 8, "prepaidUnits": { "enabled": 10, "warning": 0, "suspended": 0 },
            "servicePlans": [] }],
        "roleAssignments": [{ "id": "a", "principalId": "admin", "roleDefinitionId": "4d6ac14f-3453-41d0-bef9-a3e0c569773a", "directoryScopeId": "/" }],
        "groups": [], "domains": [{ "id": "contoso.example", "isVerified": true, "isInitial": true, "authenticationType": "Managed" }],
        "requests": requests,
    })
}

fn request(id: &str, target: &str) -> Value {
    json!({ "id": id, "operation": "assign-license", "actor": "admin@contoso.example", "target": format!("{target}@contoso.example"),
        "addLicenses": [{ "skuId": "f8a1db68-be16-40ed-86d5-cb42ce701560", "disabledPlans": [] }] })
}

/// What the steps of each request found, by the request's id.
fn found(tenant: &Value) -> Vec<(String, Vec<String>)> {
    let workspace = Workspace::new();
    workspace.file("small.json", tenant.to_string());
    let report = report(&workspace, &["small.json"]);
    let requests = report["requests"].as_array().unwrap().iter();
    let steps = |request: &Value| {
        let steps = request["steps"].as_array().unwrap().iter().filter(|step| step["outcome"] == "found");
        steps.map(|step| format!("{}/{}", step["rule"].as_str().unwrap(), step["check"].as_str().unwrap())).collect()
    };
    requests.map(|request| (request["id"].as_str().unwrap().to_owned(), steps(request))).collect()
}

#[test]
fn requests_are_counted_as_people_count_and_share_the_free_licenses() {
    let requests = json!([request("r10", "cor"), request("r2", "bob"), request("r1", "ann")]);
    let found = found(&small(&json!([]), &requests));
    let of = |id: &str| found.iter().find(|(known, _)| known == id).unwrap().1.clone();
    assert_eq!(found.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["r1", "r2", "r10"]);
    assert_eq!((of("r1"), of("r2")), (vec![], vec![]));
    assert_eq!(of("r10"), ["licenses-exhausted/asked-for-together"]);
}

#[test]
fn an_error_recorded_for_another_product_is_no_reason() {
    let state = |sku: &str| json!([{ "skuId": sku, "assignedByGroup": null, "state": "Error", "error": "MutuallyExclusiveViolation", "disabledPlans": [] }]);
    let of = |sku: &str| found(&small(&state(sku), &json!([request("r1", "ann")]))).remove(0).1;
    assert!(of("05e9a617-0261-4cee-bb44-138d3ef5d965").is_empty());
    let of_the_same = of("f8a1db68-be16-40ed-86d5-cb42ce701560");
    assert!(of_the_same.iter().any(|step| step.starts_with("service-plans-conflict/")), "{of_the_same:?}");
}

#[test]
fn what_is_so_already_needs_nothing() {
    let workspace = Workspace::with_fixtures();
    for (operation, to, license) in [
        ("assign-license", "tess.vanleeuwen@contoso.example", "SPE_E3"),
        ("remove-license", "j.deboer@contoso.example", "VISIOCLIENT"),
    ] {
        let run =
            check(&workspace, &["contoso.json", "--can", operation, "--to", to, "--license", license, "--as", "anja"]);
        assert!(run.out.contains("NOTHING TO DO"), "{}", run.all());
    }
}

/// Who has a license from a group loses it by leaving the group, and by nothing else.
#[test]
fn what_is_so_already_names_the_group() {
    let sku = "f8a1db68-be16-40ed-86d5-cb42ce701560";
    let state =
        json!([{ "skuId": sku, "assignedByGroup": "G1", "state": "Active", "error": "None", "disabledPlans": [] }]);
    let mut tenant = small(&state, &json!([request("r1", "ann")]));
    tenant["users"][0]["assignedLicenses"] = json!([{ "skuId": sku, "disabledPlans": [] }]);
    tenant["groups"] = json!([{ "id": "g1", "displayName": "Report readers" }]);
    let workspace = Workspace::new();
    workspace.file("small.json", tenant.to_string());
    let run = check(&workspace, &["small.json"]);
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("NOTHING TO DO") && text.contains("They come from group Report readers."), "{}", run.all());
}

/// What somebody wrote down is what is asked now; an export holds whatever was asked at some time.
#[test]
fn requests_in_a_file_of_their_own_go_first() {
    let workspace = Workspace::new();
    workspace
        .file("small.json", small(&json!([]), &json!([request("r1", "nobody"), request("r2", "ann")])).to_string());
    workspace.file("asked.json", json!({ "requests": [request("r9", "bob")] }).to_string());
    for files in [["small.json", "asked.json"], ["asked.json", "small.json"]] {
        let all = report(&workspace, &files);
        let ids: Vec<&str> =
            all["requests"].as_array().unwrap().iter().map(|request| request["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["r9", "r1", "r2"]);
        // Those of the export may fail: they stand behind it all the same.
        let run = check(&workspace, &files);
        let first = run.out.lines().find(|line| line.starts_with("- r")).unwrap_or_default();
        assert!(first.starts_with("- r9 "), "{}", run.all());
    }
}

#[test]
fn a_group_takes_a_seat_for_each_member_who_has_none() {
    let of = |members: Value| {
        let mut tenant = small(&json!([]), &json!([]));
        tenant["subscribedSkus"][0]["consumedUnits"] = json!(9);
        tenant["groups"] = json!([{ "id": "g1", "displayName": "Staff", "mail": null, "proxyAddresses": [], "members": members, "assignedLicenses": [] }]);
        let mut group = request("r1", "g1");
        group["target"] = json!("g1");
        tenant["requests"] = json!([group, request("r2", "bob")]);
        found(&tenant).remove(1).1
    };
    assert_eq!(of(json!([{ "id": "ann" }])), ["licenses-exhausted/asked-for-together"]);
    assert!(of(json!([{ "id": "bob" }])).is_empty(), "the same seat");
    assert!(of(json!([])).is_empty());
    assert!(of(Value::Null).is_empty(), "nobody knows how many");
}

#[test]
fn requests_with_one_id_are_two() {
    let requests = json!([request("r1", "nobody"), request("r1", "nobody.else")]);
    let found = found(&small(&json!([]), &requests));
    let of_target = |steps: &Vec<String>| steps.iter().any(|step| step.starts_with("request-target-not-found/"));
    assert!(found.len() == 2 && found.iter().all(|(_, steps)| of_target(steps)), "{found:?}");
}

#[test]
fn a_request_that_stands_in_two_files_is_one() {
    let workspace = Workspace::with_fixtures();
    let once = report(&workspace, &["contoso.json"]);
    workspace.file("copy.json", workspace.read("contoso.json"));
    let twice = report(&workspace, &["contoso.json", "copy.json"]);
    let verdicts = |report: &Value| {
        report["requests"].as_array().unwrap().iter().map(|one| one["verdict"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&once), verdicts(&twice));
    let findings = |report: &Value| {
        report["findings"].as_array().unwrap().iter().map(|one| one["message"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(findings(&once), findings(&twice));
}

#[test]
fn what_is_said_of_a_group_is_found_by_its_name() {
    let workspace = Workspace::with_fixtures();
    let rules = |name: &str| {
        let report = report(&workspace, &["contoso.json", "--about", name]);
        let rules =
            report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned());
        rules.collect::<std::collections::BTreeSet<_>>()
    };
    assert!(rules("Licentie Power BI Pro").contains("group-license-members-failed"));
    assert_eq!(rules("Power BI Pro"), rules("POWER_BI_PRO"));
}

/// The healthy tenant without its requests, so that requests of one's own work.
fn healthy() -> Workspace {
    let workspace = Workspace::with_fixtures();
    let mut tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    tenant.as_object_mut().unwrap().remove("requests");
    workspace.file("healthy.json", tenant.to_string());
    workspace
}

/// A request for a new user.
fn new_user(name: &str, actor: &str) -> Value {
    json!({ "operation": "create-user", "actor": format!("{actor}@fabrikam.example"), "userPrincipalName": name,
        "onPremisesImmutableId": null })
}

/// What each request is called, its verdict, and what its steps found: rule, check and message.
fn answers(workspace: &Workspace, arguments: &[&str]) -> Vec<(String, String, Vec<String>)> {
    let report = report(workspace, arguments);
    let findings = report["findings"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |request: &Value| {
        let found = request["steps"].as_array().unwrap().iter().filter(|step| step["outcome"] == "found").map(|step| {
            let is_it =
                |finding: &&Value| finding["fingerprint"] == step["finding"] && finding["check"] == step["check"];
            let message = findings.iter().find(is_it).map(|finding| text(&finding["message"])).unwrap_or_default();
            format!("{}/{}: {message}", text(&step["rule"]), text(&step["check"]))
        });
        (text(&request["name"]), text(&request["verdict"]), found.collect())
    };
    report["requests"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn of_two_requests_for_one_name_the_first_gets_it() {
    let workspace = healthy();
    let said = |requests: Value| {
        workspace.file("requests.json", json!({ "requests": requests }).to_string());
        answers(&workspace, &["healthy.json", "requests.json"])
    };
    let (name, again) = ("new@fabrikam.example", "New@Fabrikam.example");
    let [mut one, mut two] = [new_user(name, "bram.vandenberg"), new_user(again, "bram.vandenberg")];
    let first = ("#1".to_owned(), "no-obstacle".to_owned(), Vec::new());
    let because = |check: &str, text: &str| vec![format!("user-name-taken/{check}: {text}")];
    let gets_it = "The request #1, before this one, asks for New@Fabrikam.example as well, and gets it.";
    let second = ("#2".to_owned(), "fails".to_owned(), because("granted-before", gets_it));
    assert_eq!(said(json!([one, two])), [first, second]);
    // Whether the first one works is not known: nobody says who asks.
    one.as_object_mut().unwrap().remove("actor");
    (one["id"], two["id"]) = (json!("r1"), json!("r2"));
    let may = "The request r1, before this one, asks for New@Fabrikam.example as well; only one of them can get it.";
    let second = ("r2".to_owned(), "cannot-tell".to_owned(), because("asked-before", may));
    assert_eq!(said(json!([one, two]))[1], second);
    // The first one fails for a reason of its own.
    one["actor"] = json!("zoe.smit@fabrikam.example");
    let all = said(json!([one, two]));
    assert_eq!([all[0].1.as_str(), &all[1].1], ["fails", "no-obstacle"], "what fails takes nothing");
}

#[test]
fn the_requests_before_one_take_the_last_licenses_and_are_numbered() {
    let workspace = healthy();
    let mut tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    // 12 are in use.
    tenant["subscribedSkus"][0]["prepaidUnits"]["enabled"] = json!(13);
    let ask = |target: &str| {
        json!({ "operation": "assign-license", "actor": "anouk.visser@fabrikam.example", "target": target,
            "addLicenses": [{ "skuId": tenant["subscribedSkus"][0]["skuId"], "disabledPlans": [] }] })
    };
    let requests = json!([ask("kees.mulder@fabrikam.example"), ask("priya.ramanathan@fabrikam.example")]);
    workspace.file("requests.json", json!({ "requests": requests }).to_string());
    workspace.file("healthy.json", tenant.to_string());
    let files = ["healthy.json", "requests.json"];
    let said = answers(&workspace, &files);
    let names: Vec<_> = said.iter().map(|(name, verdict, _)| (name.as_str(), verdict.as_str())).collect();
    assert_eq!(names, [("#1", "succeeds"), ("#2", "fails")]);
    assert!(said[1].2[0].starts_with("licenses-exhausted/taken-before: Priya Ramanathan cannot get"), "{said:?}");
    let run = check(&workspace, &files);
    assert!(run.out.contains("- #2 WILL FAIL: ") && run.out.contains("- #1 WILL WORK: "), "{}", run.all());
    assert!(run.out.contains("- request #2: assign-license priya"), "{}", run.all());
    // One alone has no number, nor has what is asked on the command line.
    let can = ["--can", "assign-license", "--to", "kees.mulder@fabrikam.example", "--license", "SPB"];
    assert!(check(&workspace, &[&files[..], &can].concat()).out.contains("\n- CANNOT TELL: "));
    workspace.file("requests.json", json!({ "requests": [ask("kees.mulder@fabrikam.example")] }).to_string());
    assert!(check(&workspace, &files).out.contains("- WILL WORK: "));
}

#[test]
fn nobody_signs_in_or_is_invited_by_what_is_no_name() {
    let workspace = healthy();
    let can = |arguments: &[&str]| check(&workspace, &[&["healthy.json", "--can"], arguments].concat());
    let daan = ["sign-in", "--to", "daan.bakker@fabrikam.example", "--address"];
    let run = can(&[&daan[..], &["daan@gmail.example"]].concat());
    assert!(run.out.contains("WILL FAIL") && run.out.contains("This tenant has no daan@gmail.example"), "{}", run.out);
    let run = can(&[&daan[..], &["daan.bakker@fabrikam.example"]].concat());
    assert!(run.out.contains("NO OBSTACLE FOUND"), "{}", run.out);
    let run = can(&["invite-guest", "--address", "nobody"]);
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(run.err.contains("has no valid e-mail address"), "{}", run.err);
    assert!(!run.out.contains("NO OBSTACLE"), "{}", run.out);
}

#[test]
fn a_license_for_who_is_made_just_before_is_no_typing_error() {
    let workspace = healthy();
    let mut made = new_user("new@fabrikam.example", "bram.vandenberg");
    // What no request by hand has.
    made.as_object_mut().unwrap().remove("onPremisesImmutableId");
    let license = json!({ "operation": "assign-license", "actor": "anouk.visser@fabrikam.example",
        "target": "New@fabrikam.example", "addLicenses": ["SPB"] });
    let said = |requests: Value| {
        workspace.file("requests.json", json!({ "requests": requests }).to_string());
        answers(&workspace, &["healthy.json", "requests.json"])
    };
    let all = said(json!([made, license]));
    assert_eq!(all[0].1, "no-obstacle", "{all:?}");
    assert_eq!((all[1].1.as_str(), all[1].2.len()), ("no-obstacle", 0), "{all:?}");
    let run = check(&workspace, &["healthy.json", "requests.json"]);
    let told = "An export cannot show\n  the account that request #1 makes, with its usage location and licenses";
    assert!(run.out.contains(told), "{}", run.out);
    // The other way round, nobody is there yet.
    assert_eq!(said(json!([license, made]))[0].1, "fails");
}

/// A product of the healthy tenant of which so many seats are free.
fn with_free_seats(workspace: &Workspace, part_number: &str, free: usize) {
    let mut tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    let skus = tenant["subscribedSkus"].as_array_mut().unwrap();
    let sku = skus.iter_mut().find(|sku| sku["skuPartNumber"] == part_number).unwrap();
    let used = sku["consumedUnits"].as_u64().unwrap() as usize;
    sku["prepaidUnits"]["enabled"] = json!(used + free);
    workspace.file("healthy.json", tenant.to_string());
}

#[test]
fn a_new_user_takes_a_seat_and_has_the_services_asked_for() {
    let workspace = healthy();
    let made = new_user("new@fabrikam.example", "bram.vandenberg");
    let license = |skus: &[&str]| json!({ "operation": "assign-license", "actor": "anouk.visser@fabrikam.example", "target": "new@fabrikam.example", "addLicenses": skus });
    let said = |requests: Value| {
        workspace.file("requests.json", json!({ "requests": requests }).to_string());
        answers(&workspace, &["healthy.json", "requests.json"])
    };
    with_free_seats(&workspace, "SPB", 0);
    let all = said(json!([made, license(&["SPB"])]));
    assert_eq!(all[1].1, "fails", "{all:?}");
    assert!(all[1].2[0].starts_with("licenses-exhausted/"), "{all:?}");
    with_free_seats(&workspace, "SPB", 1);
    let all = said(json!([made, license(&["SPB"])]));
    assert_eq!(all[1].1, "no-obstacle", "{all:?}");
    // One request may ask for both.
    let mut with_license = made.clone();
    with_license["addLicenses"] = json!(["SPB"]);
    assert_eq!(said(json!([with_license]))[0].1, "no-obstacle", "where the user is to be is not known");
    with_free_seats(&workspace, "SPB", 0);
    assert_eq!(said(json!([with_license]))[0].1, "fails");
    // Whoever cannot be made is not there.
    let refused = new_user("new@fabrikam.example", "zoe.smit");
    let all = said(json!([refused, license(&["SPB"])]));
    assert_eq!([all[0].1.as_str(), &all[1].1], ["fails", "fails"], "{all:?}");
    assert!(all[1].2[0].starts_with("request-target-not-found/"), "{all:?}");
}

#[test]
fn who_leaves_makes_room_for_who_comes() {
    let workspace = healthy();
    with_free_seats(&workspace, "POWER_BI_PRO", 0);
    let tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    let sku = tenant["subscribedSkus"].as_array().unwrap().iter().find(|sku| sku["skuPartNumber"] == "POWER_BI_PRO");
    let has = |user: &&Value| {
        let licenses = user["assignedLicenses"].as_array().unwrap();
        licenses.iter().any(|license| license["skuId"] == sku.unwrap()["skuId"])
    };
    let users = tenant["users"].as_array().unwrap();
    let ask = |operation: &str, list: &str, target: &Value| json!({ "operation": operation, "actor": "anouk.visser@fabrikam.example", "target": target, list: ["POWER_BI_PRO"] });
    let holder = &users.iter().find(has).unwrap()["userPrincipalName"];
    let leaves = ask("remove-license", "removeLicenses", holder);
    let comes = ask("assign-license", "addLicenses", &json!("kees.mulder@fabrikam.example"));
    let also = ask("assign-license", "addLicenses", &json!("priya.ramanathan@fabrikam.example"));
    let said = |requests: Value| -> Vec<String> {
        workspace.file("requests.json", json!({ "requests": requests }).to_string());
        answers(&workspace, &["healthy.json", "requests.json"]).into_iter().map(|(_, verdict, _)| verdict).collect()
    };
    assert_eq!(said(json!([leaves, comes])), ["succeeds", "succeeds"]);
    assert_eq!(said(json!([comes, leaves])), ["fails", "succeeds"]);
    // One seat becomes free, and two ask for it.
    assert_eq!(said(json!([leaves, comes, also])), ["succeeds", "succeeds", "fails"]);
    // Whoever comes back takes the seat again, and that is something to do.
    let returns = ask("assign-license", "addLicenses", holder);
    assert_eq!(said(json!([returns])), ["no-change"]);
    assert_eq!(said(json!([leaves, returns, comes])), ["succeeds", "succeeds", "fails"]);
    // How many seats a group gives up is not known.
    let group = ask("remove-license", "removeLicenses", &json!("Servicemonteurs"));
    assert_eq!(said(json!([group, comes]))[1], "cannot-tell");
}

#[test]
fn what_is_wrong_with_the_products_and_groups_of_somebody_is_about_them() {
    let workspace = healthy();
    let mut tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    let skus = tenant["subscribedSkus"].as_array_mut().unwrap();
    let sku = skus.iter_mut().find(|sku| sku["skuPartNumber"] == "SPB").unwrap();
    sku["capabilityStatus"] = json!("LockedOut");
    sku["prepaidUnits"] = json!({ "enabled": 0, "warning": 0, "suspended": 12, "lockedOut": 0 });
    let id = sku["skuId"].clone();
    let has = |user: &&Value| user["assignedLicenses"].as_array().unwrap().iter().any(|license| license["skuId"] == id);
    let users = tenant["users"].as_array().unwrap();
    let names = [users.iter().find(has), users.iter().find(|user| !has(user))];
    let names = names.map(|user| user.unwrap()["userPrincipalName"].as_str().unwrap().to_owned());
    workspace.file("healthy.json", tenant.to_string());
    let rules = |name: &str| -> Vec<Value> {
        let report = report(&workspace, &["healthy.json", "--about", name]);
        report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].clone()).collect()
    };
    assert!(rules(&names[0]).contains(&json!("subscription-suspended")), "{:?}", rules(&names[0]));
    assert_eq!(rules(&names[1]), Vec::<Value>::new());
}

#[test]
fn a_license_for_a_group_needs_a_seat_for_each_member_without() {
    let workspace = healthy();
    let mut tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    let group = tenant["groups"].as_array().unwrap().iter().find(|group| group["displayName"] == "Servicemonteurs");
    let members = group.unwrap()["members"].as_array().unwrap().len();
    let mut said = |free: usize| {
        let skus = tenant["subscribedSkus"].as_array_mut().unwrap();
        let sku = skus.iter_mut().find(|sku| sku["skuPartNumber"] == "POWER_BI_PRO").unwrap();
        let used = sku["consumedUnits"].as_u64().unwrap() as usize;
        sku["prepaidUnits"]["enabled"] = json!(used + free);
        workspace.file("healthy.json", tenant.to_string());
        let can = ["--can", "assign-license", "--to", "Servicemonteurs", "--license", "POWER_BI_PRO"];
        let files = ["healthy.json", "--as", "anouk.visser@fabrikam.example"];
        answers(&workspace, &[&files[..], &can].concat()).remove(0)
    };
    assert_eq!(said(members).1, "no-obstacle", "the members' own licenses show only when the group is processed");
    let (_, verdict, found) = said(members - 1);
    assert_eq!(verdict, "cannot-tell", "some of them get it");
    assert!(found[0].starts_with("licenses-exhausted/asked-for-group"), "{found:?}");
}

#[test]
fn a_suspended_subscription_is_said_to_be_suspended() {
    let workspace = healthy();
    let mut tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    let sku = &mut tenant["subscribedSkus"][3];
    assert_eq!(sku["skuPartNumber"], "VISIOCLIENT");
    sku["capabilityStatus"] = json!("Suspended");
    sku["prepaidUnits"] = json!({ "enabled": 0, "warning": 0, "suspended": 4, "lockedOut": 0 });
    workspace.file("healthy.json", tenant.to_string());
    let can = ["--can", "assign-license", "--to", "kees.mulder@fabrikam.example", "--license", "VISIOCLIENT"];
    let said = answers(&workspace, &[&["healthy.json", "--as", "anouk.visser@fabrikam.example"][..], &can].concat());
    let reason = "Kees Mulder (uit dienst) cannot get Visio Plan 2: the subscription to it is Suspended.";
    let found = vec![format!("subscription-suspended/asked-for: {reason}")];
    assert_eq!(said, [(String::new(), "fails".to_owned(), found)]);
}

const TEMPLATE: &str = "version:v1.0,,,\nName [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required\n";

#[test]
fn rows_of_two_bulk_files_are_told_apart_by_their_files() {
    let workspace = healthy();
    std::fs::create_dir(workspace.path("sub")).unwrap();
    let row = |name: &str| format!("{TEMPLATE}Somebody,{name}@fabrikam.example,Secret,No\n");
    workspace.file("a.csv", row("daan.bakker")).file("b.csv", row("zoe.smit")).file("sub/b.csv", row("kees.mulder"));
    let told = |files: &[&str]| {
        let report = report(&workspace, &[&["healthy.json"], files].concat());
        let ids =
            report["requests"].as_array().unwrap().iter().map(|request| request["id"].as_str().unwrap().to_owned());
        let findings = report["findings"].as_array().unwrap().iter();
        let prints: std::collections::BTreeSet<_> = findings.map(|one| one["fingerprint"].to_string()).collect();
        (ids.collect::<Vec<_>>(), prints)
    };
    let (alone, print) = told(&["a.csv"]);
    assert_eq!((alone, print.len()), (vec!["row-1".to_owned()], 1));
    let (ids, prints) = told(&["a.csv", "b.csv"]);
    assert_eq!((&ids[..], prints.len()), (&["a.csv row-1".to_owned(), "b.csv row-1".to_owned()][..], 2));
    assert_eq!((ids, prints), told(&["b.csv", "a.csv"]));
    let (ids, prints) = told(&["sub/b.csv", "a.csv", "b.csv"]);
    assert_eq!(
        (ids.join(", ").replace('\\', "/"), prints.len()),
        ("a.csv row-1, b.csv row-1, sub/b.csv row-1".to_owned(), 3)
    );
}

#[test]
fn a_row_that_cannot_be_read_is_named_and_not_judged() {
    let workspace = healthy();
    let rows = "Ann,ann@fabrikam.example,Secret,No\nBob,bob@fabrikam.example,Secret,No,\n";
    workspace.file("new.csv", format!("{TEMPLATE}{rows}"));
    let arguments = ["healthy.json", "new.csv", "--as", "bram.vandenberg@fabrikam.example"];
    assert_eq!(answers(&workspace, &arguments), [(String::new(), "no-obstacle".to_owned(), Vec::new())]);
    let run = check(&workspace, &arguments);
    insta::assert_snapshot!(run.out.split("\nWhat was checked").next().unwrap(), @r"
    Fabrikam B.V. (fabrikam.onmicrosoft.com)
    Data of 2026-11-03 00:00 UTC (the date given)
    2 files: 25 users, 6 groups, 3 contacts and 27 more
    ! Incomplete: requests (rows are broken). Nothing that needs all of them is
      called clear.
    ! Note: new.csv: Lines that could not be read, since they have more or fewer
      cells than the header: 4.

    Nothing was found. 67 rules are clear.

    Requests
    - NO OBSTACLE FOUND: Create a user: ann@fabrikam.example, by
      bram.vandenberg@fabrikam.example. An export cannot show the password.
    ");
    assert!(!run.out.contains("xxx"));
    let run = check(&workspace, &[&arguments[..], &["--lang", "nl"]].concat());
    assert!(run.out.contains("Regels die niet konden worden gelezen"), "{}", run.all());
}

/// What somebody wrote down to ask is answered line by line; what an export holds besides is only counted.
#[test]
fn every_request_of_a_file_of_its_own_is_answered_in_a_line() {
    let workspace = Workspace::with_fixtures();
    let names = ["a", "b", "c", "d", "e"].map(|name| format!("{name}@fabrikam.example"));
    let requests: Vec<Value> = names.iter().map(|name| new_user(name, "bram.vandenberg")).collect();
    workspace.file("asked.json", json!({ "requests": requests }).to_string());
    let run = check(&workspace, &["healthy.json", "asked.json"]);
    for name in &names {
        assert!(run.out.contains(&format!("Create a user: {name}")), "{}", run.all());
    }
    assert!(run.out.contains("- and 8 more: --all"), "{}", run.all());
}

#[test]
fn a_request_by_an_address_of_a_group_is_about_the_group() {
    let workspace = Workspace::with_fixtures();
    let ids = |name: &str| {
        let report = report(&workspace, &["contoso.json", "--about", name]);
        let requests = report["requests"].as_array().unwrap().iter().map(|request| request["id"].clone());
        requests.collect::<Vec<_>>()
    };
    assert_eq!(ids("Planning"), ids("planning@contoso.example"));
    assert!(ids("Planning").contains(&json!("r4")), "an invitation to the group's address");
    let run = check(&workspace, &["contoso.json", "--can", "reset-password", "--to", "planning@contoso.example"]);
    assert!(run.out.contains("- request reset-password Planning\n"), "and not its id: {}", run.all());
}

/// The healthy tenant, in which Mateusz, who has E3, has Project as well, whose service needs the SharePoint of E3.
fn with_project(workspace: &Workspace) {
    const SHAREPOINT: &str = "5dbe027f-2339-4123-9542-606e4d348a72";
    let mut tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    let skus = tenant["subscribedSkus"].as_array_mut().unwrap();
    let mut sku = skus[0].clone();
    sku["id"] = json!("project");
    (sku["skuId"], sku["skuPartNumber"]) =
        (json!("53818b1b-4a27-454b-8896-0dba576410e6"), json!("PROJECTPROFESSIONAL"));
    let plan = |id: &str| json!({ "servicePlanId": id, "servicePlanName": id, "appliesTo": "User" });
    sku["servicePlans"] = json!([plan("fe71d6c3-a2ea-4499-9778-da042bf08063"), plan(SHAREPOINT)]);
    skus.push(sku.clone());
    let users = tenant["users"].as_array_mut().unwrap();
    let user = users.iter_mut().find(|user| user["displayName"].as_str().unwrap().starts_with("Mateusz")).unwrap();
    let license = json!({ "skuId": sku["skuId"], "disabledPlans": [SHAREPOINT] });
    user["assignedLicenses"].as_array_mut().unwrap().push(license);
    let mut state = user["licenseAssignmentStates"][0].clone();
    (state["skuId"], state["disabledPlans"]) = (sku["skuId"].clone(), json!([SHAREPOINT]));
    user["licenseAssignmentStates"].as_array_mut().unwrap().push(state);
    workspace.file("healthy.json", tenant.to_string());
}

#[test]
fn licenses_are_judged_as_the_requests_before_leave_them() {
    let workspace = healthy();
    with_project(&workspace);
    let ask = |add: &[&str], remove: &[&str], target: &str| {
        let operation = if add.is_empty() { "remove-license" } else { "assign-license" };
        json!({ "operation": operation, "actor": "sanne.devries@fabrikam.example", "addLicenses": add,
            "removeLicenses": remove, "target": format!("{target}@fabrikam.example") })
    };
    let said = |requests: Value| -> Vec<String> {
        workspace.file("requests.json", json!({ "requests": requests }).to_string());
        answers(&workspace, &["healthy.json", "requests.json"]).into_iter().map(|(_, verdict, _)| verdict).collect()
    };
    let project = ask(&[], &["PROJECTPROFESSIONAL"], "mateusz.wojcik");
    let base = ask(&[], &["SPE_E3"], "mateusz.wojcik");
    assert_eq!(said(json!([base])), ["fails"]);
    assert_eq!(said(json!([project, base])), ["succeeds", "succeeds"]);
    assert_eq!(said(json!([base, project])), ["fails", "succeeds"]);
    let visio = ask(&[], &["VISIOCLIENT"], "mateusz.wojcik");
    assert_eq!(said(json!([visio, visio])), ["succeeds", "no-change"]);
    // A chain, each of which rests on the one before.
    let back = ask(&["VISIOCLIENT"], &[], "mateusz.wojcik");
    assert_eq!(said(json!([visio, back, visio, back])), ["succeeds"; 4]);
    // Whoever does not have what is to go in exchange gets nothing.
    assert_eq!(said(json!([ask(&["POWER_BI_PRO"], &["SPB"], "mateusz.wojcik")])), ["fails"]);
}

#[test]
fn what_is_given_with_a_removal_is_judged_as_well() {
    let workspace = healthy();
    with_free_seats(&workspace, "SPB", 0);
    let swap = json!({ "operation": "remove-license", "actor": "sanne.devries@fabrikam.example",
        "target": "mateusz.wojcik@fabrikam.example", "addLicenses": ["SPB"], "removeLicenses": ["SPE_E3"] });
    workspace.file("requests.json", json!({ "requests": [swap] }).to_string());
    let all = answers(&workspace, &["healthy.json", "requests.json"]);
    assert_eq!(all[0].1, "fails", "{all:?}");
    let run = check(&workspace, &["healthy.json", "requests.json"]);
    let out = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains("Microsoft 365 Business Premium in place of Microsoft 365 E3"), "{out}");
}

/// Who may reset Lotte's password, as the fix names them, in the healthy tenant with some changes.
fn who_may_reset(change: impl Fn(&mut Value)) -> Vec<String> {
    let workspace = healthy();
    let mut tenant: Value = serde_json::from_str(&workspace.read("healthy.json")).unwrap();
    change(&mut tenant);
    workspace.file("healthy.json", tenant.to_string());
    let request = json!({ "operation": "reset-password", "actor": "youssef.elamrani@fabrikam.example",
        "target": "lotte.janssen@fabrikam-service.example" });
    workspace.file("requests.json", json!({ "requests": [request] }).to_string());
    let report = report(&workspace, &["healthy.json", "requests.json"]);
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["rule"] == "password-resetter-lacks-role").unwrap();
    let who = finding["fixes"][0]["whoCan"].as_array().unwrap().iter();
    who.map(|key| report["objects"][key.as_str().unwrap()]["displayName"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_fix_names_only_who_may_change_that_account() {
    // A Helpdesk Administrator does not reach a group that may hold roles.
    let lotte = |tenant: &Value| {
        let users = tenant["users"].as_array().unwrap();
        let user = users.iter().find(|user| user["displayName"].as_str().unwrap().starts_with("Lotte")).unwrap();
        user["id"].clone()
    };
    let who = who_may_reset(|tenant| {
        let mut group = tenant["groups"][0].clone();
        (group["id"], group["isAssignableToRole"]) = (json!("role-group"), json!(true));
        (group["members"], group["assignedLicenses"]) = (json!([{ "id": lotte(tenant) }]), json!([]));
        tenant["groups"].as_array_mut().unwrap().push(group);
    });
    assert_eq!(who, ["Sanne de Vries", "Noodtoegang (breakglass)"]);
    // Nor does anybody but who administers it reach a restricted administrative unit.
    let who = who_may_reset(|tenant| {
        let id = lotte(tenant);
        let units = tenant["administrativeUnits"].as_array_mut().unwrap();
        let unit =
            units.iter_mut().find(|unit| unit["members"].as_array().unwrap().iter().any(|member| member["id"] == id));
        unit.unwrap()["isMemberManagementRestricted"] = json!(true);
    });
    assert_eq!(who, ["Priya Ramanathan"]);
}

#[test]
fn a_name_of_several_in_a_file_is_asked_back_and_not_called_nobodys() {
    let workspace = healthy();
    let path = workspace.path("healthy.json");
    let mut tenant: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for place in [0, 1] {
        tenant["users"][place]["displayName"] = json!("Jan Jansen");
    }
    let names: Vec<String> =
        [0, 1].map(|place| tenant["users"][place]["userPrincipalName"].as_str().unwrap().to_owned()).into();
    let application = tenant["servicePrincipals"][0]["id"].as_str().unwrap().to_owned();
    workspace.file("healthy.json", tenant.to_string());
    let request = |target: &str, actor: &str| {
        json!({ "requests": [{ "operation": "assign-license", "actor": actor, "target": target,
            "addLicenses": ["POWER_BI_PRO"] }] })
    };
    let said = |request: Value| {
        workspace.file("requests.json", request.to_string());
        let report = report(&workspace, &["healthy.json", "requests.json"]);
        let request = &report["requests"][0];
        (request["verdict"].as_str().unwrap().to_owned(), request["unclear"].clone(), report["findings"].clone())
    };
    let (verdict, unclear, findings) = said(request("Jan Jansen", "anouk.visser@fabrikam.example"));
    let unclear = unclear[0].as_str().unwrap();
    assert_eq!((verdict.as_str(), findings), ("cannot-tell", json!([])));
    assert!(unclear.starts_with("Jan Jansen fits 2: say which one") && names.iter().all(|name| unclear.contains(name)));
    // An application is somebody, and what it may do is in no export.
    let (verdict, unclear, findings) = said(request("lotte.janssen@fabrikam-service.example", &application));
    assert_eq!((verdict.as_str(), findings), ("cannot-tell", json!([])));
    assert!(unclear[0].as_str().unwrap().contains("is an application"), "{unclear}");
    // A name of nobody still is.
    let (verdict, unclear, _) = said(request("Piet Nobody", "anouk.visser@fabrikam.example"));
    assert_eq!((verdict.as_str(), unclear), ("fails", Value::Null));
}
