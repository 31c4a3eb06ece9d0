//! The script that exports a tenant: PowerShell, read-only, and enough for the rules.

use std::collections::{BTreeMap, BTreeSet};

use aaddoctor::check::compile::{Need, Slots, compile, computed_from};
use aaddoctor::pack::load::Packs;
use tree_sitter::{Node, Parser};

use crate::harness::{Workspace, own_rules};

/// The commands that a script may call, besides its own functions.
const ALLOWED: &[&str] = &[
    "Connect-MgGraph",
    "ConvertFrom-Json",
    "ConvertTo-Json",
    "Get-Command",
    "Invoke-MgGraphRequest",
    "New-Object",
    "Start-Sleep",
    "Write-Host",
    "Write-Progress",
];

/// The script, and the one for each rule.
fn scripts() -> Vec<(String, String)> {
    let workspace = Workspace::new();
    let script = |arguments: &[&str]| {
        let run = workspace.run(&[&["collect-script"], arguments].concat());
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments:?}");
        run.out
    };
    let packs = Packs::builtin().unwrap();
    let each = packs.rules().map(|rule| (rule.id.clone(), script(&["--for", &rule.id])));
    std::iter::once(("all rules".to_owned(), script(&[]))).chain(each).collect()
}

fn walk<'t>(node: Node<'t>, visit: &mut impl FnMut(Node<'t>)) {
    visit(node);
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        walk(child, visit);
    }
}

#[test]
fn every_script_is_powershell_and_only_reads() {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    for (name, script) in scripts() {
        assert!(script.is_ascii(), "{name}: Windows PowerShell reads files in the code page of the computer");
        let tree = parser.parse(&script, None).unwrap();
        let text = |node: Node<'_>| &script[node.byte_range()];
        let mut functions = BTreeSet::new();
        let mut commands: Vec<(String, String)> = Vec::new();
        walk(tree.root_node(), &mut |node| {
            assert!(
                !node.is_error() && !node.is_missing(),
                "{name}, line {}: {}",
                node.start_position().row + 1,
                text(node)
            );
            match node.kind() {
                "function_name" => drop(functions.insert(text(node).to_owned())),
                "command_name" => commands.push((text(node).to_owned(), text(node.parent().unwrap()).to_owned())),
                _ => {}
            }
        });
        assert!(commands.iter().any(|(command, _)| command == "Invoke-MgGraphRequest"), "{name}");
        for (command, whole) in commands {
            assert!(ALLOWED.contains(&command.as_str()) || functions.contains(&command), "{name} calls {command}");
            assert!(command != "Invoke-MgGraphRequest" || whole.contains("-Method GET "), "{name}: {whole}");
        }
        for word in ["POST", "PATCH", "PUT", "DELETE", "-Body", "-InputFilePath"] {
            assert!(!script.contains(word), "{name} says {word}");
        }
    }
}

/// The address of each collection's call, and of those for its lists.
fn addresses(script: &str) -> BTreeMap<&str, &str> {
    let calls = script.lines().map(str::trim).filter(|line| line.starts_with("Export-"));
    calls.map(|line| (line.split('\'').nth(1).unwrap(), line)).collect()
}

/// What a computed field is computed from.
fn without_computed(need: Need) -> Vec<Need> {
    let Some(property) = need.property.as_deref().and_then(|name| need.collection.property(name)) else {
        return vec![need];
    };
    if !property.computed {
        return vec![need];
    }
    let sources = computed_from(need.collection, property.name).iter();
    sources
        .map(|(collection, property)| Need { collection: *collection, property: property.map(str::to_owned) })
        .collect()
}

#[test]
fn every_field_that_a_rule_reads_is_asked_for() {
    let packs = Packs::builtin().unwrap();
    let scripts: BTreeMap<String, String> = scripts().into_iter().collect();
    let mut fields = 0;
    for rule in packs.rules() {
        let needs = compile(std::iter::once(rule), &mut Slots::new()).remove(0).needs;
        let needs: Vec<_> = needs.into_iter().flat_map(without_computed).collect();
        for script in [&scripts["all rules"], &scripts[&rule.id]] {
            let addresses = addresses(script);
            for need in &needs {
                let Some(collect) = &need.collection.schema().collect else { continue };
                let name = need.collection.name();
                let call = addresses.get(name).unwrap_or_else(|| panic!("{}: {name} is not exported", rule.id));
                assert!(call.contains(&format!("'v1.0/{}", collect.path)), "{}: {call}", rule.id);
                assert!(
                    call.contains(collect.scope) && script.contains(&format!("    '{}'", collect.scope)),
                    "{}: {call}",
                    rule.id
                );
                let Some(property) = &need.property else { continue };
                let root = property.split('.').next().unwrap();
                if need.collection.property(root).is_none_or(|property| property.elsewhere) {
                    continue; // a name that the check itself provides, or what Graph does not have
                }
                if collect.per_object.iter().any(|(list, _)| *list == root) {
                    assert!(call.contains(&format!("{root} = 'v1.0/")), "{}: {property} of {call}", rule.id);
                } else if collect.select {
                    let select = call.split("$select=").nth(1).unwrap().split(['&', '\'']).next().unwrap();
                    assert!(select.split(',').any(|name| name == root), "{}: {property} of {call}", rule.id);
                }
                fields += 1;
            }
        }
    }
    assert!(fields > 100, "{fields}");
}

#[test]
fn a_rule_of_ones_own_gets_what_it_reads() {
    let run = Workspace::new().run(&["collect-script", "--rules", &own_rules(), "--for", "company-missing"]);
    insta::assert_snapshot!(run.all());
}

#[test]
fn a_script_for_a_pack_is_less_than_all() {
    let workspace = Workspace::new();
    let collections =
        |arguments: &[&str]| addresses(&workspace.run(&[&["collect-script"], arguments].concat()).out).len();
    let (all, pack) = (collections(&[]), collections(&["--for", "directory-sync"]));
    assert!(0 < pack && pack < all, "{pack} of {all}");
    assert!(collections(&["--for", "directory-sync,usage-location-missing"]) >= pack);
}

#[test]
fn the_script_can_be_written_to_a_file() {
    let workspace = Workspace::new();
    let run = workspace.run(&["collect-script", "-o", "collect.ps1"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""));
    assert_eq!(workspace.read("collect.ps1").replace("\r\n", "\n"), workspace.run(&["collect-script"]).out);
}

/// What the script writes is what the program reads, also where a call was refused.
#[test]
fn what_the_script_writes_is_understood() {
    let workspace = Workspace::new();
    workspace.file(
        "tenant.json",
        r##"{"exportedAt":"2026-01-31T00:00:00Z",
"users":[{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users(id,userPrincipalName)","@odata.nextLink":"https://x","value":[{"id":"1","userPrincipalName":"a@b.example"}]},
{"value":[{"id":"2","userPrincipalName":"c@b.example"}]}],
"groups":[{"@odata.nextLink":"https://x","value":[{"id":"g","displayName":"G","groupTypes":[],"members":[{"@odata.type":"#microsoft.graph.user","id":"1"}]}]},
{"error":{"code":"TooManyRequests","message":"Later."}}],
"domains":{"error":{"code":"Authorization_RequestDenied","message":"No."}},
"authorizationPolicy":{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#policies/authorizationPolicy/$entity","id":"authorizationPolicy","allowInvitesFrom":"none"},
"organization":[{"value":[{"id":"t","displayName":"B","verifiedDomains":[]}]}],
"@refused":[{"Call":"domains"}]
}
"##,
    );
    let run = workspace.run(&["inspect", "tenant.json", "--format", "json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let source = &report["tenants"][0]["sources"][0];
    assert_eq!(source["notes"], serde_json::json!([]));
    let collections: Vec<String> = source["collections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {} {}", one["name"], one["count"], one["complete"], one["reason"]))
        .collect();
    insta::assert_snapshot!(collections.join("\n"), @r#"
    "users" 2 true null
    "groups" 1 false "error"
    "domains" 0 false "refused: Authorization_RequestDenied"
    "organization" 1 true null
    "authorizationPolicy" 1 true null
    "#);
}

/// A script that is there already is replaced only if it is one of these.
#[test]
fn a_script_of_somebody_else_is_not_overwritten() {
    let workspace = Workspace::new();
    workspace.file("collect.ps1", "Get-Date\n");
    let run = workspace.run(&["collect-script", "-o", "collect.ps1"]);
    assert_eq!((run.code, workspace.read("collect.ps1").as_str()), (Some(2), "Get-Date\n"));
    assert!(run.err.contains("is there already"), "{}", run.err);
    for is_first in [true, false] {
        let run = workspace.run(&["collect-script", "-o", "own.ps1"]);
        assert_eq!(run.code, Some(0));
        assert_eq!(run.err.contains("was replaced"), !is_first, "{}", run.err);
        assert!(run.err.contains("Install-Module") && run.err.contains("aaddoctor check tenant.json"), "{}", run.err);
    }
}
