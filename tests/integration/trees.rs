//! Folders that one exporter wrote, and databases: what is read where it lies.

use std::fs;

use crate::dialects::{dialects, findings, json};
use crate::harness::Workspace;

#[test]
fn members_in_a_folder_tree_are_never_all_users() {
    let workspace = dialects();
    let tree = workspace.path("entra-exporter");
    // By themselves: the folder of a group, a folder of members, one member.
    for path in ["entra-exporter/Groups", "entra-exporter/Groups/71e91f38-3651-425f-810a-56e0fb00287a/Members"] {
        let report = json(&workspace, &["check", path]);
        for source in report["tenants"][0]["sources"].as_array().unwrap() {
            for collection in source["collections"].as_array().unwrap().iter().filter(|known| known["name"] == "users")
            {
                assert_eq!(collection["complete"], false, "{path}");
            }
        }
    }
    // Without the folder of users there are none.
    fs::remove_dir_all(tree.join("Users")).unwrap();
    let report = json(&workspace, &["check", "entra-exporter"]);
    let kinds: Vec<_> = report["tenants"][0]["sources"][0]["collections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|known| known["name"].clone())
        .collect();
    assert!(!kinds.contains(&"users".into()), "{kinds:?}");
}

#[test]
fn a_tree_that_may_lack_synchronized_objects_is_not_complete() {
    let workspace = dialects();
    let complete = || {
        let report = json(&workspace, &["check", "entra-exporter"]);
        let source = &report["tenants"][0]["sources"][0];
        let users =
            source["collections"].as_array().unwrap().iter().find(|known| known["name"] == "users").unwrap().clone();
        users["complete"].clone()
    };
    assert_eq!(complete(), true, "the organization synchronizes nothing");
    let organization = "entra-exporter/Organization/Organization.json";
    let text = workspace.read(organization);
    workspace.file(organization, text.replace("\"onPremisesSyncEnabled\": null", "\"onPremisesSyncEnabled\": true"));
    assert_eq!(complete(), false, "it does, and nobody here is synchronized");
    // As Windows PowerShell writes it.
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    workspace.file(organization, utf16);
    assert_eq!(complete(), true);
    // A file that was cut.
    workspace.file(organization, &text);
    workspace.file(
        "entra-exporter/Users/45e91f38-3651-425f-810a-56e0fb00287a/45e91f38-3651-425f-810a-56e0fb00287a.json",
        "{\"id\": \"45",
    );
    assert_eq!(complete(), false);
}

#[test]
fn a_tree_in_an_archive_is_the_tree() {
    use std::io::Write;
    let workspace = dialects();
    for name in ["entra-exporter", "zt-export"] {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let mut folders = vec![workspace.path(name)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let inside = path.strip_prefix(workspace.path("")).unwrap().components();
                let inside: Vec<_> = inside.map(|part| part.as_os_str().to_str().unwrap().to_owned()).collect();
                archive.start_file(inside.join("/"), zip::write::SimpleFileOptions::default()).unwrap();
                archive.write_all(&fs::read(&path).unwrap()).unwrap();
            }
        }
        let packed = format!("{name}.zip");
        workspace.file(&packed, archive.finish().unwrap().into_inner());
        let (plain, packed) = (json(&workspace, &["check", name]), json(&workspace, &["check", &packed]));
        assert_eq!(findings(&plain), findings(&packed), "{name}");
        assert_eq!(plain["tenants"][0]["sources"][0]["digest"], packed["tenants"][0]["sources"][0]["digest"], "{name}");
    }
}

#[test]
fn a_missing_page_of_zt_export_is_noticed() {
    let workspace = dialects();
    let users = |workspace: &Workspace| {
        let report = json(workspace, &["check", "zt-export"]);
        let source = &report["tenants"][0]["sources"][0];
        source["collections"].as_array().unwrap().iter().find(|known| known["name"] == "users").unwrap().clone()
    };
    assert_eq!((&users(&workspace)["count"], &users(&workspace)["complete"]), (&3.into(), &true.into()));
    fs::remove_file(workspace.path("zt-export/User/User-1.json")).unwrap();
    assert_eq!((&users(&workspace)["count"], &users(&workspace)["reason"]), (&2.into(), &"next-link".into()));
    // One page by itself: the row that only shows the columns is nobody.
    let report = json(&workspace, &["check", "zt-export/User/User-0.json"]);
    assert_eq!(report["tenants"][0]["sources"][0]["collections"][0]["count"], 2);
}

#[test]
fn a_database_is_read_where_it_lies() {
    use std::io::Write;
    let workspace = dialects();
    let bytes = fs::read(workspace.path("roadrecon.db")).unwrap();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("roadrecon.db", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(&bytes).unwrap();
    workspace.file("packed.zip", archive.finish().unwrap().into_inner());
    let packed = workspace.run(&["check", "packed.zip"]);
    let piped = workspace.run_with(&["check", "-"], &[], &bytes);
    for run in [packed, piped] {
        assert_eq!(run.code, Some(3), "{}", run.all());
        assert!(run.err.contains("unpack it"), "{}", run.err);
    }
    rusqlite::Connection::open(workspace.path("history.db"))
        .unwrap()
        .execute_batch("CREATE TABLE urls (id TEXT)")
        .unwrap();
    let run = workspace.run(&["check", "history.db"]);
    assert_eq!(run.code, Some(3));
    assert!(run.err.contains("another program than ROADrecon"), "{}", run.err);
    // It is not written to: no journal, no other bytes.
    workspace.run(&["check", "roadrecon.db"]);
    assert_eq!(fs::read(workspace.path("roadrecon.db")).unwrap(), bytes);
    // A column that is empty throughout was not asked for; one that somebody has was.
    let report = json(&workspace, &["check", "roadrecon-graph.db"]);
    let users = report["tenants"][0]["sources"][0]["collections"]
        .as_array()
        .unwrap()
        .iter()
        .find(|known| known["name"] == "users")
        .unwrap();
    let properties: Vec<_> =
        users["properties"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(
        !properties.contains(&"licenseAssignmentStates") && properties.contains(&"usageLocation"),
        "{properties:?}"
    );
}
