//! `inspect`: what an export holds and lacks.

use serde_json::Value;

use crate::harness::{Workspace, own_rules};

const USERS: &str = r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users(id,displayName,userPrincipalName)",
"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=x",
"value":[{"id":"1","displayName":"Ada","userPrincipalName":"ada@contoso.example"}]}"#;

#[test]
fn a_page_of_users() {
    let workspace = Workspace::new();
    workspace.file("users.json", USERS);
    let run = workspace.run(&["inspect", "users.json", "--rules", &own_rules()]);
    let until_rules = run.out.split("Rules that").next().unwrap_or_default();
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(until_rules, @r"
    users.json
      Pages of Microsoft Graph, told by its content; its shape was seen in real
      files; 260 bytes

      1 user, not complete: a page says that another follows, and it is not there
        has: displayName, id, userPrincipalName
        lacks: mail, mailNickname, proxyAddresses, otherMails, identities,
               accountEnabled, userType, creationType and 16 more
    ");
    // A rule of one's own reads a property more: the one command for users asks for it, and the rule waits for that.
    let commands: Vec<&str> = run.out.lines().filter(|line| line.contains("Get-MgUser ")).collect();
    assert!(commands.len() == 1 && commands[0].contains(",companyName,"), "{commands:?}");
    let waiting = run.out.split("\n  1:").nth(1).and_then(|rest| rest.split("\n  2:").next()).unwrap();
    assert!(waiting.contains("company-missing"), "{}", run.out);
}

#[test]
fn what_encoding_it_is_in() {
    let workspace = Workspace::new();
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(USERS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    workspace.file("users.json", utf16);
    let run = workspace.run(&["inspect", "users.json"]);
    assert!(run.out.to_lowercase().contains("note: it is written in utf-16"), "{}", run.out);
}

#[test]
fn the_seats() {
    let workspace = Workspace::with_fixtures();
    workspace.file("users.json", USERS);
    let run = workspace.run(&["inspect", "contoso.json", "--licenses"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(run.out.starts_with("License ") && run.out.contains("Microsoft 365 E3 "), "{}", run.out);
    assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
    let run = workspace.run(&["inspect", "users.json", "--licenses"]);
    assert!(run.out.contains("Get-MgSubscribedSku"), "{}", run.out);
}

#[test]
fn for_programs() {
    let workspace = Workspace::with_fixtures();
    let json = |arguments: &[&str]| -> Value { serde_json::from_str(&workspace.run(arguments).out).unwrap() };
    let report = json(&["inspect", "healthy.json", "--format", "json"]);
    assert_eq!(report["format"], "aaddoctor-inspect");
    assert_eq!(report["tenants"][0]["sources"][0]["collections"][0]["name"], "users");
    let licenses = json(&["inspect", "healthy.json", "--format", "json", "--licenses"]);
    assert_eq!(licenses["format"], "aaddoctor-licenses");
    assert!(licenses["licenses"].as_array().unwrap().iter().all(|license| license["product"].is_string()));
}

#[test]
fn a_file_that_is_no_dump() {
    let workspace = Workspace::new();
    workspace.file("text.json", "Hello");
    insta::assert_snapshot!(workspace.run(&["inspect", "text.json", "missing.json"]).all(), @r"
    exit code: 3
    ----- out -----
    ----- err -----
    error: missing.json: there is no such file.
      help: check the name, and the folder you are in; put quotes around a name with blanks
    error: text.json, line 1, column 1: is not JSON.
      help: bring a JSON file, such as the tenant.json that the script of aaddoctor collect-script writes
    ");
}
