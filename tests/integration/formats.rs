//! What a format can tell, and what it cannot: `inspect` and `check` of every fixture, word for word; and the traps of each.

use serde_json::json;

use crate::dialects::{dialects, json, names};
use crate::harness::Workspace;

#[test]
fn every_fixture_is_shown_as_what_it_is() {
    let workspace = dialects();
    for name in names().chain(["maester.json"]) {
        let inspect = workspace.run(&["inspect", name]);
        let until_rules = inspect.out.split("\nRules that").next().unwrap_or_default();
        let check = workspace.run(&["check", name, "--now", "2026-11-03"]);
        let head = check.out.split("\nNot assessed").next().unwrap_or_default();
        let text = format!(
            "$ inspect\n{until_rules}\n{}\n$ check\n{head}\n{}\n{}",
            inspect.err,
            check.err,
            claims(&workspace, name)
        );
        insta::with_settings!({
            snapshot_suffix => name.replace('.', "_"),
            omit_expression => true,
            filters => [(r"\d+ rules lack data", "… rules lack data")],
        }, {
            insta::assert_snapshot!("format", text);
        });
    }
}

/// What the report claims: the rules that say something of the file.
fn claims(workspace: &Workspace, name: &str) -> String {
    let run = workspace.run(&["check", name, "--now", "2026-11-03", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let rules = report["tenants"][0]["rules"].as_array().unwrap();
    let of = |outcome: &str| {
        let names = rules.iter().filter(|rule| rule["outcome"] == outcome).map(|rule| rule["rule"].as_str().unwrap());
        format!("{outcome}: {}", names.collect::<Vec<_>>().join(", "))
    };
    ["found", "clear", "partial"].map(of).join("\n")
}

#[test]
fn inspect_says_how_sure_the_shape_is_in_both_languages() {
    let workspace = dialects();
    for (name, english, dutch) in [
        ("exchange-recipients.json", "its shape is documented", "de vorm is gedocumenteerd"),
        (
            "azurehound.json",
            "its shape was read in the code that writes it",
            "de vorm is gelezen in de code die het schrijft",
        ),
        ("user-table.csv", "its shape is only remembered", "de vorm is alleen uit ervaring bekend"),
        ("admin-center-users.csv", "its shape was seen in real files", "de vorm is in echte bestanden gezien"),
    ] {
        for (language, words) in [("en", english), ("nl", dutch)] {
            let run = workspace.run(&["inspect", name, "--lang", language]);
            let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(words), "{name}: {}", run.all());
        }
    }
    assert_eq!(json(&workspace, &["check", "user-table.csv"])["tenants"][0]["sources"][0]["shape"], "remembered");
    assert!(json(&workspace, &["check", "graph.json"])["tenants"][0]["sources"][0].get("shape").is_none());
}

#[test]
fn findings_from_a_remembered_format_are_likely_at_most() {
    let workspace = dialects();
    let confidence = |arguments: &[&str]| {
        let report = json(&workspace, arguments);
        let findings = report["tenants"][0]["findings"].as_array().unwrap();
        let of_rule = findings.iter().find(|finding| finding["rule"] == "duplicate-proxy-address").unwrap();
        of_rule["confidence"].as_str().unwrap().to_owned()
    };
    assert_eq!(confidence(&["check", "graph.json"]), "certain");
    assert_eq!(confidence(&["check", "user-table.csv"]), "likely");
    assert_eq!(confidence(&["check", "graph.json", "user-table.csv"]), "likely");
    // A table of requests brings no user: what users show stays certain.
    assert_eq!(confidence(&["check", "graph.json", "multiple-users.csv"]), "certain");
}

#[test]
fn how_a_format_was_told_is_for_inspect() {
    let workspace = dialects();
    let check = workspace.run(&["check", "cipp-users.json"]);
    assert!(!check.out.contains("told by") && !check.out.contains("Told by"), "{}", check.out);
    let inspect = workspace.run(&["inspect", "cipp-users.json"]);
    assert!(inspect.out.contains("Told by its fields primDomain"), "{}", inspect.out);
}

#[test]
fn the_user_may_say_what_a_file_is() {
    let workspace = dialects();
    let format = |arguments: &[&str]| json(&workspace, arguments)["tenants"][0]["sources"][0]["format"].clone();
    assert_eq!(format(&["check", "entra-users.csv"]), "entra-users");
    assert_eq!(format(&["check", "entra-users.csv", "--format-in", "user-table"]), "user-table");
    assert_eq!(format(&["check", "cipp-users.json", "--format-in", "graph"]), "graph-objects");
    assert_eq!(format(&["check", "entra-exporter", "--format-in", "entra-exporter"]), "entra-exporter");
    for (file, name) in [
        ("graph.json", "roadrecon"),
        ("graph.json", "entra-exporter"),
        ("graph.json", "admin-center-users"),
        ("entra-users.csv", "azurehound"),
        ("accepted-domains.csv", "entra-users"),
    ] {
        let run = workspace.run(&["check", file, "--format-in", name]);
        assert_eq!(run.code, Some(3), "{file} as {name}: {}", run.all());
        assert!(run.err.contains(&format!("cannot be read as {name}")) || run.err.contains("is broken"), "{}", run.err);
    }
    let run = workspace.run(&["inspect", "graph.json", "--format-in", "exel"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("admin-center-users") && run.err.contains("graph"), "{}", run.err);
    // What is asked on the command line is no file.
    let asked = [
        "check",
        "entra-users.csv",
        "--format-in",
        "entra-users",
        "--can",
        "create-user",
        "--name",
        "jan@contoso.example",
    ];
    let report = json(&workspace, &asked);
    assert_eq!(report["tenants"][0]["requests"][0]["verdict"], "fails");
}

#[test]
fn changes_are_not_the_whole_and_what_is_removed_is_not_there() {
    let workspace = Workspace::new();
    let context = "https://graph.microsoft.com/v1.0/$metadata#users(id,userPrincipalName)";
    let page = |link: &str, value: &str| format!("{{\"@odata.context\":\"{context}\",{link}\"value\":[{value}]}}");
    let ada = "{\"id\":\"1\",\"userPrincipalName\":\"ada@contoso.example\"}";
    let bob = "{\"id\":\"2\",\"userPrincipalName\":\"bob@contoso.example\"}";
    let gone = "{\"id\":\"3\",\"@removed\":{\"reason\":\"deleted\"}}";
    let next = |path: &str| format!("\"@odata.nextLink\":\"https://graph.microsoft.com/v1.0/{path}?$skiptoken=x\",");
    let delta = "\"@odata.deltaLink\":\"https://graph.microsoft.com/v1.0/users/delta?$deltatoken=x\",";
    let users = |files: &[(&str, String)]| {
        let names: Vec<&str> = files
            .iter()
            .map(|(name, text)| {
                workspace.file(name, text);
                *name
            })
            .collect();
        let report = json(&workspace, &[&["check"][..], &names].concat());
        let sources = report["tenants"][0]["sources"].as_array().unwrap().clone();
        let count: u64 = sources.iter().map(|source| source["collections"][0]["count"].as_u64().unwrap()).sum();
        let rules = report["tenants"][0]["rules"].as_array().unwrap().clone();
        let mut missing = rules.iter().flat_map(|rule| rule["missing"].as_array().unwrap());
        let is_whole = missing.all(|missing| missing["collection"] != "users" || !missing["property"].is_null());
        (count, is_whole)
    };
    assert_eq!(users(&[("whole.json", page("", &format!("{ada},{bob}")))]), (2, true));
    assert_eq!(users(&[("changes.json", page(delta, &format!("{ada},{gone}")))]), (1, false));
    assert_eq!(users(&[("changes.json", page(&next("users/delta"), ada))]), (1, false));
    assert_eq!(users(&[("removed-first.json", page("", &format!("{gone},{ada}")))]), (1, false));
    // The last page of a round of changes is not the last page of the list.
    assert_eq!(users(&[("first.json", page(&next("users"), ada)), ("changes.json", page(delta, bob))]), (2, false));
    let list = [("first.json", page(&next("users"), ada)), ("last.json", page("", bob))];
    assert_eq!(users(&list), (2, true));
}

#[test]
fn a_column_that_powershell_leaves_empty_throughout_was_not_asked_for() {
    let workspace = Workspace::new();
    let table = |kind: &str| {
        format!(
            "\"Id\",\"UserPrincipalName\",\"UserType\",\"Mail\"\n\"1\",\"ada@contoso.example\",\"{kind}\",\"\"\n\"2\",\"bob@contoso.example\",\"\",\"\"\n"
        )
    };
    for (kind, is_known) in [("", false), ("Member", true)] {
        workspace.file("users.csv", table(kind));
        let report = json(&workspace, &["check", "users.csv"]);
        let source = &report["tenants"][0]["sources"][0];
        assert_eq!(source["format"], "powershell-csv");
        let properties = source["collections"][0]["properties"].as_array().unwrap();
        assert_eq!(properties.contains(&"userType".into()), is_known);
        assert!(properties.contains(&"mail".into()), "Microsoft Graph always tells it");
        let outcome = |rule: &str| {
            let rules = report["tenants"][0]["rules"].as_array().unwrap();
            rules.iter().find(|known| known["rule"] == rule).unwrap()["outcome"].clone()
        };
        // With no word on who is a guest nobody can say that there is none.
        assert_eq!(outcome("guest-features-unpaid") == "clear", is_known, "{kind}");
    }
}

#[test]
fn numbers_of_enumerations_are_not_known() {
    let workspace = Workspace::new();
    workspace.file("domains.json", r#"[{"Name":"contoso.example","Status":1,"Authentication":0,"Capabilities":1,"IsDefault":true,"IsInitial":false}]"#);
    workspace.file(
        "accepted.json",
        r#"[{"DomainName":"contoso.example","DomainType":0,"AuthenticationType":1,"InitialDomain":false}]"#,
    );
    for (name, has_verified) in [("domains.json", false), ("accepted.json", true)] {
        let report = json(&workspace, &["check", name]);
        let source = &report["tenants"][0]["sources"][0];
        let properties: Vec<_> = source["collections"][0]["properties"].as_array().unwrap().clone();
        assert_eq!(properties.contains(&"isVerified".into()), has_verified, "{name}");
        assert!(!properties.contains(&"authenticationType".into()), "{name}");
        assert!(source["notes"].as_array().unwrap().iter().any(|note| note["code"] == "enum-numbers"), "{name}");
    }
}

#[test]
fn a_table_may_be_written_in_any_way_of_windows() {
    let workspace = Workspace::new();
    let table = |delimiter: &str| {
        let rows = [
            ["Display name", "User principal name", "Usage location", "Soft deletion time stamp"],
            ["Zoë Müller", "zoe@contoso.example", "NL", ""],
            ["René, Jr.", "rene@contoso.example", "", ""],
        ];
        let cell = |cell: &str| if cell.contains(delimiter) { format!("\"{cell}\"") } else { cell.to_owned() };
        rows.map(|row| row.map(cell).join(delimiter)).join("\r\n") + "\r\n"
    };
    let oem = |text: &str| -> Vec<u8> {
        text.chars()
            .map(|letter| match letter {
                'ë' => 0x89,
                'ü' => 0x81,
                'é' => 0x82,
                other => other as u8,
            })
            .collect()
    };
    let ansi = |text: &str| -> Vec<u8> { text.chars().map(|letter| letter as u8).collect() };
    let utf16 = |text: &str| -> Vec<u8> {
        [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    for delimiter in [",", ";", "\t"] {
        let text = table(delimiter);
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), None),
            ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), None),
            (utf16(&text), Some("It is written in utf-16.")),
            (ansi(&text), Some("It is written in windows-1252.")),
            (oem(&text), Some("It is written in code page 850.")),
        ] {
            workspace.file("users.csv", &bytes);
            let report = json(&workspace, &["check", "users.csv", "--all"]);
            let source = &report["tenants"][0]["sources"][0];
            assert_eq!(
                (&source["format"], &source["collections"][0]["count"]),
                (&"admin-center-users".into(), &2.into()),
                "{delimiter:?} {encoding:?}"
            );
            let note = source["notes"].as_array().unwrap().iter().find(|note| note["code"] == "encoding");
            assert_eq!(note.and_then(|note| note["text"].as_str()), encoding, "{delimiter:?}");
        }
    }
    // The letters come out right: a name that two people share is shown.
    workspace.file("two.csv", oem("Display name;User principal name;Soft deletion time stamp;Proxy addresses\r\nZoë Müller;zoe@contoso.example;;smtp:a@contoso.example\r\nRené;rene@contoso.example;;smtp:a@contoso.example\r\n"));
    let run = workspace.run(&["check", "two.csv", "--all"]);
    assert!(run.out.contains("Zoë Müller") && run.out.contains("René"), "{}", run.out);
}

#[test]
fn values_that_two_sources_tell_otherwise_are_counted() {
    let workspace = Workspace::new();
    let tenant = |day: &str, name: &str, location: &str| {
        let date = if day.is_empty() { String::new() } else { format!("\"exportedAt\":\"{day}T00:00:00Z\",") };
        format!(
            "{{{date}\"users\":[{{\"id\":\"1\",\"userPrincipalName\":\"ada@contoso.example\",\"displayName\":\"{name}\",\"usageLocation\":{location}}}]}}"
        )
    };
    let notes = |one: String, two: String| {
        workspace.file("one.json", one);
        workspace.file("two.json", two);
        let texts = |order: [&str; 2]| -> Vec<String> {
            let report = json(&workspace, &["check", order[0], order[1]]);
            let sources = report["tenants"][0]["sources"].as_array().unwrap().clone();
            let notes = sources.iter().flat_map(|source| {
                let path = source["path"].as_str().unwrap().to_owned();
                let notes = source["notes"].as_array().unwrap().clone();
                notes
                    .into_iter()
                    .filter(|note| note["code"] == "conflict")
                    .map(move |note| format!("{path}: {}", note["text"].as_str().unwrap()))
            });
            notes.collect()
        };
        let (there, back) = (texts(["one.json", "two.json"]), texts(["two.json", "one.json"]));
        assert_eq!(there, back, "whatever the order of files");
        there
    };
    assert_eq!(
        notes(tenant("2026-01-01", "Ada", "null"), tenant("2026-01-02", "ADA", "\"NL\"")),
        [
            "two.json: Objects whose users.usageLocation is another in one.json, which is older: 1. The values of this file count."
        ]
    );
    assert_eq!(
        notes(tenant("2026-01-01", "Ada", "\"NL\""), tenant("2026-01-02", "Ada", "\"NL\"")),
        Vec::<String>::new()
    );
    let undated = notes(tenant("", "Ada", "\"BE\""), tenant("", "Ada", "\"NL\""));
    assert_eq!(undated.len(), 1);
    assert!(undated[0].contains("nothing says which file is newer"), "{undated:?}");
}

/// Exchange shows recipients by their address; the id of the directory is one column, the sign-in name another, and neither has to
/// be there. Its own Guid is no id of the directory.
#[test]
fn a_mailbox_is_the_user_whose_first_address_it_has() {
    let workspace = Workspace::new();
    let user = |id: &str, name: &str| {
        let address = format!("{name}@contoso.example");
        json!({ "id": id, "userPrincipalName": address, "displayName": name, "mail": address, "userType": "Member",
            "proxyAddresses": [format!("SMTP:{address}")], "otherMails": [] })
    };
    let users = json!({ "users": [user("45e91f38-3651-425f-810a-56e0fb00287a", "jan"), user("55e91f38-3651-425f-810a-56e0fb00287a", "mia")] });
    workspace.file("users.json", users.to_string());
    let row = |columns: &str, jan: &str, mia: &str| {
        let line = |name: &str, more: &str| {
            format!(
                "{name},{name}@contoso.example,SMTP:{name}@contoso.example smtp:{name}.old@contoso.example,UserMailbox{more}\n"
            )
        };
        format!(
            "DisplayName,PrimarySmtpAddress,EmailAddresses,RecipientTypeDetails{columns}\n{}{}",
            line("jan", jan),
            line("mia", mia)
        )
    };
    workspace.file("plain.csv", row("", "", ""));
    workspace.file("again.csv", row("", "", ""));
    let guids = (
        ",65e91f38-3651-425f-810a-56e0fb00287a,jan@contoso.example",
        ",75e91f38-3651-425f-810a-56e0fb00287a,mia@contoso.example",
    );
    workspace.file("guid.csv", row(",Guid,UserPrincipalName", guids.0, guids.1));
    // Exchange on-premises has the column and leaves it empty.
    let empty = |more: &str| format!(",{more}");
    let columns = ",ExternalDirectoryObjectId,Guid,UserPrincipalName";
    workspace.file("empty.csv", row(columns, &empty(guids.0), &empty(guids.1)));
    for files in [
        &["users.json", "plain.csv"][..],
        &["users.json", "guid.csv"],
        &["users.json", "empty.csv"],
        &["plain.csv", "again.csv"],
        &["users.json", "plain.csv", "again.csv", "guid.csv"],
    ] {
        let report = json(&workspace, &[&["check"], files].concat());
        let tenant = &report["tenants"][0];
        assert_eq!(tenant["findings"], json!([]), "{files:?}");
        let count = tenant["collections"].as_array().unwrap().iter().find(|known| known["name"] == "users").unwrap();
        assert_eq!(count["count"], 2, "{files:?}");
    }
    // Two users with one address are two, and so is a mailbox in one list that has the address of another.
    workspace.file("users.json", json!({ "users": [user("a", "jan"), user("b", "jan")] }).to_string());
    let report = json(&workspace, &["check", "users.json", "plain.csv"]);
    assert_ne!(report["tenants"][0]["findings"], json!([]));
}

#[test]
fn a_command_for_a_user_without_an_id_names_the_sign_in_name() {
    let workspace = Workspace::new();
    let license = json!([{ "skuId": "6fd2c87f-b296-42f0-b197-1e91e994b900", "disabledPlans": [] }]);
    let user = json!({ "userPrincipalName": "o'brien@contoso.example", "usageLocation": null, "userType": "Member",
        "onPremisesSyncEnabled": null, "assignedLicenses": license });
    workspace.file("users.json", json!({ "users": [user] }).to_string());
    let run = workspace.run(&["check", "users.json"]);
    assert!(run.out.contains("Update-MgUser -UserId 'o''brien@contoso.example' -UsageLocation"), "{}", run.out);
}
