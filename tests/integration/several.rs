//! Exports of several tenants in one call: each is judged by itself, as if it had been alone.

use serde_json::{Value, json};

use crate::harness::Workspace;
use crate::tenants::fixture;

/// Two tenants: each whole in one file, and in files of a folder.
fn workspace() -> Workspace {
    let workspace = Workspace::with_fixtures();
    for name in ["healthy", "contoso"] {
        let Value::Object(tenant) = fixture(&format!("{name}.json")) else { panic!("{name}") };
        let at = &tenant["exportedAt"];
        for (collection, objects) in tenant.iter().filter(|(key, _)| *key != "exportedAt") {
            let file = json!({ "exportedAt": at, collection: objects });
            workspace.file(&format!("{name}/{collection}.json"), file.to_string());
        }
    }
    workspace
}

fn report(workspace: &Workspace, arguments: &[&str]) -> Value {
    let run = workspace
        .run(&[&["check", "--quiet", "--format", "json", "--now", "2026-11-02T09:00:00Z"], arguments].concat());
    assert!(run.err.is_empty(), "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

/// The one tenant of a report, as it stands at some place of another.
fn alone(workspace: &Workspace, arguments: &[&str], key: &str) -> Value {
    let mut report = report(workspace, arguments);
    report["tenants"][0]["tenant"]["key"] = key.into();
    report["tenants"][0].take()
}

#[test]
fn each_tenant_is_judged_as_if_it_were_alone() {
    let workspace = workspace();
    let both = report(&workspace, &["healthy.json", "contoso.json"]);
    // In the order of their ids.
    assert_eq!(both["tenants"][0], alone(&workspace, &["healthy.json"], "t1"));
    assert_eq!(both["tenants"][1], alone(&workspace, &["contoso.json"], "t2"));
    assert_eq!(both["tenants"].as_array().unwrap().len(), 2);
    let of = |place: usize, pointer: &str| both["tenants"][place].pointer(pointer).unwrap().as_u64().unwrap();
    for pointer in ["/summary/findings/high", "/summary/people", "/summary/rules/clear", "/summary/new"] {
        assert_eq!(both.pointer(pointer).unwrap().as_u64().unwrap(), of(0, pointer) + of(1, pointer), "{pointer}");
    }
    assert_eq!(both, report(&workspace, &["contoso.json", "healthy.json"]));
    let shown = workspace.run(&["check", "healthy.json", "contoso.json"]).out;
    let head = "2 tenants, each judged by itself, the one with most to do first:\n- Contoso B.V. (contoso.onmicrosoft.com): 47 high";
    assert!(shown.starts_with(head), "{shown:.200}");
}

/// Only a few of the files say whose they are: the organization, names, addresses and products do; the others stand beside them.
#[test]
fn files_belong_to_the_tenant_of_their_folder() {
    let workspace = workspace();
    let both = report(&workspace, &["healthy", "contoso"]);
    assert_eq!(both["tenants"][0], alone(&workspace, &["healthy"], "t1"));
    assert_eq!(both["tenants"][1], alone(&workspace, &["contoso"], "t2"));
}

#[test]
fn names_tell_whose_a_file_is_and_where_nothing_does_nothing_is_judged() {
    let workspace = workspace();
    for name in ["users", "deletedUsers", "domains", "subscribedSkus"] {
        let file = workspace.read(&format!("contoso/{name}.json"));
        workspace.file(&format!("flat/{name}.json"), file);
    }
    workspace.file("flat/a.json", workspace.read("healthy.json"));
    workspace.file("flat/b.json", workspace.read("contoso/organization.json"));
    let both = report(&workspace, &["flat"]);
    let sources = |place: usize| both["tenants"][place]["sources"].as_array().unwrap().len();
    assert_eq!((sources(0), sources(1)), (1, 5));

    workspace.file("flat/roles.json", workspace.read("contoso/directoryRoles.json"));
    let run = workspace.run(&["check", "flat"]);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("be told of which of them these are: flat"), "{}", run.err);
    assert!(run.err.contains("roles.json; put the files of each tenant in a folder of its own"), "{}", run.err);
    let run = workspace.run(&["inspect", "flat"]);
    assert_eq!(run.code, Some(2));
}

/// A table of users says nothing of the tenant; a folder of its own does, unless its people are those of another.
#[test]
fn a_folder_of_people_who_are_in_no_other_is_a_tenant() {
    let workspace = workspace();
    let table = |name: &str| {
        format!("User principal name,Display name,Proxy addresses\r\n{name},X,SMTP:{name}+smtp:info@shared.example\r\n")
    };
    workspace.file("all/contoso/contoso.json", workspace.read("contoso.json"));
    workspace.file("all/alfa/users.csv", table("ann@alfa.example"));
    workspace.file("all/beta/users.csv", table("bob@beta.example"));
    workspace.file("all/more/users.csv", table("anja.wouters@contoso.example"));
    workspace.file("all/requests/requests.json", json!({"requests": []}).to_string());
    let all = report(&workspace, &["all"]);
    let tenants = all["tenants"].as_array().unwrap();
    let names: Vec<_> = tenants.iter().map(|tenant| tenant["tenant"]["displayName"].as_str().unwrap()).collect();
    assert_eq!(names, ["Contoso B.V.", "alfa", "beta", "requests"]);
    let sources = |place: usize| tenants[place]["sources"].as_array().unwrap().len();
    assert_eq!([0, 1, 2].map(sources), [2, 1, 1], "the people in more are those of Contoso");
    assert!(!all.to_string().contains("duplicate-proxy-address\",\"severity"), "nobody shares an address");

    // What cannot be read in a folder of its own is missing there, and from no other.
    workspace.file("all/broken/users.json", "{\"users\":[");
    let run = workspace.run(&["check", "--format", "json", "--now", "2026-11-02T09:00:00Z", "all"]);
    assert_eq!(run.code, Some(3), "{}", run.err);
    let with: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(with["tenants"][0], all["tenants"][0]);
    std::fs::remove_file(workspace.path("all/broken/users.json")).unwrap();

    // Folders by kind, requests with a mistyped domain, and an export of nothing are of the one tenant.
    workspace.file("kinds/main/contoso.json", workspace.read("contoso.json"));
    let groups = json!({"groups": [{"id": "g", "displayName": "G", "mail": "g@elsewhere.example"}]});
    workspace.file("kinds/groups/groups.json", groups.to_string());
    let request = json!({"operation": "create-user", "userPrincipalName": "jan@contso.example"});
    workspace.file("kinds/requests/requests.json", json!({"requests": [request]}).to_string());
    workspace.file("kinds/contacts/contacts.json", json!({"contacts": []}).to_string());
    assert_eq!(report(&workspace, &["kinds"])["tenants"].as_array().unwrap().len(), 1);

    // Files beside the folders may be of any of them.
    workspace.file("all/domains.json", json!({"domains": [{"id": "beta.example", "isVerified": true}]}).to_string());
    let run = workspace.run(&["check", "all"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.starts_with("Contoso B.V."), "{}", run.out);
}

/// As in mocks that were put together of examples in documentation.
#[test]
fn a_file_is_of_its_organization_whatever_tenant_its_products_name() {
    let workspace = workspace();
    let mut tenant = fixture("healthy.json");
    tenant["subscribedSkus"][0]["id"] = fixture("contoso.json")["subscribedSkus"][0]["id"].clone();
    workspace.file("one.json", tenant.to_string());
    assert_eq!(report(&workspace, &["one.json"])["tenants"].as_array().unwrap().len(), 1);
}

#[test]
fn one_thing_is_asked_of_one_tenant() {
    let workspace = workspace();
    let files = ["contoso.json", "healthy.json"];
    let run = workspace
        .run(&[&["check"], &files[..], &["--can", "sign-in", "--to", "anja.wouters@contoso.example"]].concat());
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("these files are of 2 tenants: Fabrikam B.V., Contoso B.V."), "{}", run.err);
    let run = workspace.run(&["inspect", "--licenses", "contoso.json", "healthy.json"]);
    assert_eq!(run.code, Some(2), "{}", run.out);

    let about = report(&workspace, &[&files[..], &["--about", "anja.wouters@contoso.example"]].concat());
    let names: Vec<_> =
        about["tenants"].as_array().unwrap().iter().map(|tenant| &tenant["tenant"]["displayName"]).collect();
    assert_eq!(names, ["Contoso B.V."], "the other tenant has nothing of it, and nothing is said of it");
    let run = workspace.run(&[&["check"], &files[..], &["--about", "nobody@nowhere.example"]].concat());
    assert_eq!(run.code, Some(2));
    assert_eq!(run.err.matches("nobody@nowhere.example").count(), 1, "{}", run.err);
}

#[test]
fn who_asks_asks_in_their_own_tenant() {
    let workspace = workspace();
    let both = report(&workspace, &["contoso.json", "healthy.json", "--as", "anja.wouters@contoso.example"]);
    assert_eq!(both["tenants"][0], alone(&workspace, &["healthy.json"], "t1"));
    let arguments = ["contoso.json", "--as", "anja.wouters@contoso.example"];
    assert_eq!(both["tenants"][1], alone(&workspace, &arguments, "t2"));
    let run = workspace.run(&["check", "contoso.json", "healthy.json", "--guests-need", "P1=50"]);
    assert_eq!(run.code, Some(2), "{}", run.out);
}

/// Products and initial domains show tenants as well, where an organization was not exported or refused.
#[test]
fn tenants_are_told_apart_without_their_organization() {
    let workspace = workspace();
    let refused = json!({ "error": { "code": "Authorization_RequestDenied", "message": "Insufficient privileges." } });
    workspace.file("contoso/organization.json", refused.to_string());
    let both = report(&workspace, &["healthy", "contoso"]);
    assert_eq!(both["tenants"][0], alone(&workspace, &["healthy"], "t1"));
    assert_eq!(both["tenants"][1], alone(&workspace, &["contoso"], "t2"));
    for name in ["organization", "subscribedSkus", "azureSubscriptions"] {
        for tenant in ["contoso", "healthy"] {
            std::fs::remove_file(workspace.path(&format!("{tenant}/{name}.json"))).unwrap();
        }
    }
    let both = report(&workspace, &["healthy", "contoso"]);
    // In the order of their initial domains.
    assert_eq!(both["tenants"][0], alone(&workspace, &["contoso"], "t1"));
    assert_eq!(both["tenants"][1], alone(&workspace, &["healthy"], "t2"));
}

/// Two tenants that merge: one has an account in the name of the other.
#[test]
fn the_folder_decides_where_names_contradict_each_other() {
    let workspace = workspace();
    let users = workspace.read("contoso/users.json");
    workspace.file("contoso/users.json", users.replace("beheer.ruud@contoso.onmicrosoft.com", "ruud@fabrikam.example"));
    workspace.file("contoso/broken.json", "{\"groups\": [");
    let run = workspace.run(&["check", "--format", "json", "healthy", "contoso"]);
    assert_eq!(run.code, Some(3), "{}", run.err);
    let both: Value = serde_json::from_str(&run.out).unwrap();
    let number = |place: usize, what: &str| both["tenants"][place]["summary"]["rules"][what].as_u64().unwrap();
    assert_eq!(number(0, "partial") + number(0, "notAssessed"), 0, "the broken file stands beside those of the other");
    assert_ne!(number(1, "partial"), 0);
}

#[test]
fn a_file_that_cannot_be_read_is_missing_from_each() {
    let workspace = workspace();
    workspace.file("broken.json", "{\"users\": [");
    let run = workspace.run(&["check", "--format", "json", "contoso.json", "healthy.json", "broken.json"]);
    assert_eq!(run.code, Some(3));
    assert_eq!(run.err.matches("broken.json").count(), 1, "{}", run.err);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    for tenant in report["tenants"].as_array().unwrap() {
        assert_ne!(
            tenant["summary"]["rules"]["partial"].as_u64().unwrap()
                + tenant["summary"]["rules"]["notAssessed"].as_u64().unwrap(),
            0
        );
    }
}
