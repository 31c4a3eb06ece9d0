//! What is known of a tenant, from sources that hold parts of it.

use serde_json::json;

use super::keys::KeySpace;
use super::*;
use crate::dump::Input;
use crate::testing::{dump, object, tenant, tenant_of, text};
use Collection::{Contacts, DeletedUsers, Domains, Groups, Users};

/// What is known of users, in one word.
fn users(inputs: &[Input]) -> String {
    match tenant_of(inputs).coverage(Users) {
        Coverage::Complete => "complete".to_owned(),
        Coverage::NotCollected(code) => format!("not collected {}", code.unwrap_or_default()).trim_end().to_owned(),
        Coverage::Incomplete(reason) => reason.code().to_owned(),
    }
}

const PAGE: &str = r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[{"id":"u1","userPrincipalName":"a@b.example"}]}"#;
const PAGE_WITH_LINK: &str = r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","@odata.nextLink":"https://graph.microsoft.com/x","value":[{"id":"u2","userPrincipalName":"c@b.example"}]}"#;
const OTHER_PAGE_WITH_LINK: &str = r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[{"id":"u3","userPrincipalName":"d@b.example"}],"@odata.nextLink":"https://graph.microsoft.com/y"}"#;
const ERROR: &str = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}"#;

#[test]
fn a_collection_is_as_complete_as_what_was_read_of_it() {
    let cases = [
        ("no source", vec![], "not collected"),
        ("another collection only", vec![r#"{"domains":[]}"#.to_owned()], "not collected"),
        ("a key without value", vec![r#"{"users":null,"domains":[]}"#.to_owned()], "not collected"),
        ("an empty list", vec![r#"{"users":[]}"#.to_owned()], "complete"),
        ("an empty page in a bundle", vec![r#"{"users":{"value":[]}}"#.to_owned()], "complete"),
        ("one page without a link", vec![PAGE.to_owned()], "complete"),
        ("one page with a link", vec![PAGE_WITH_LINK.to_owned()], "next-link"),
        ("an empty link is none", vec![PAGE_WITH_LINK.replace("https://graph.microsoft.com/x", "")], "complete"),
        ("a chain of pages in one file", vec![format!("{PAGE_WITH_LINK}\n{OTHER_PAGE_WITH_LINK}\n{PAGE}")], "complete"),
        ("a chain of pages in a list", vec![format!("[{PAGE_WITH_LINK},{PAGE}]")], "complete"),
        ("a chain without its last page", vec![format!("[{PAGE_WITH_LINK},{OTHER_PAGE_WITH_LINK}]")], "next-link"),
        ("a chain over two files", vec![PAGE.to_owned(), PAGE_WITH_LINK.to_owned()], "complete"),
        ("an error alone", vec![format!(r#"{{"users":{ERROR}}}"#)], "not collected Authorization_RequestDenied"),
        ("an error in place of a page", vec![format!(r#"{{"users":[{PAGE_WITH_LINK},{ERROR}]}}"#)], "error"),
        ("an error behind the last page", vec![format!(r#"{{"users":[{PAGE_WITH_LINK},{PAGE},{ERROR}]}}"#)], "error"),
        ("an error among pages that name no collection", vec![format!("[{PAGE_WITH_LINK},{PAGE},{ERROR}]")], "error"),
        ("an error in front of a page", vec![format!("[{ERROR},{PAGE}]")], "error"),
        ("an error among objects", vec![format!(r#"{{"users":[{{"id":"u1"}},{ERROR},{{"id":"u2"}}]}}"#)], "error"),
        ("an error as the only object", vec![format!(r#"{{"users":[{ERROR}]}}"#)], "not collected Authorization_RequestDenied"),
        ("an error in one file, objects in another", vec![format!(r#"{{"users":{ERROR}}}"#), PAGE.to_owned()], "error"),
        ("cut in the list", vec![r#"{"users":[{"id":"u1"},{"id":"#.to_owned()], "cut-off"),
        ("cut behind the list", vec![r#"{"users":[{"id":"u1"}],"doma"#.to_owned()], "complete"),
        ("cut between pages", vec![format!("{PAGE}\n{{\"@odata.con")], "cut-off"),
        ("cut in lines of objects", vec!["{\"id\":\"1\",\"userPrincipalName\":\"a@b\"}\n{\"id\":\"2\",\"userPr".to_owned()], "cut-off"),
        ("changes only", vec![PAGE_WITH_LINK.replace("nextLink", "deltaLink")], "delta-link"),
        ("one object asked for by its id", vec![r#"{"@odata.context":"x/$metadata#users/$entity","id":"u1","userPrincipalName":"a@b"}"#.to_owned()], "biased"),
        ("the users among a group's members", vec![r##"{"@odata.context":"x/$metadata#directoryObjects","value":[{"@odata.type":"#microsoft.graph.user","id":"u1"}]}"##.to_owned()], "biased"),
    ];
    for (what, texts, expected) in cases {
        let inputs: Vec<_> =
            texts.iter().enumerate().map(|(index, json)| text(&format!("{index}.json"), json)).collect();
        assert_eq!(users(&inputs), expected, "{what}");
    }
}

#[test]
fn a_file_that_cannot_be_opened_may_have_held_anything() {
    let inputs = [text("a.json", PAGE), Input::File("no/such/file.json".into())];
    assert_eq!(users(&inputs), "unreadable-source");
}

#[test]
fn deleted_users_come_in_pages_of_users_and_make_no_complete_list_of_users() {
    let page = PAGE.replace(r#""id":"u1""#, r#""id":"u1","deletedDateTime":"2026-01-01T00:00:00Z""#);
    let tenant = tenant_of(&[text("a.json", &page)]);
    assert_eq!(tenant.coverage(Users), Coverage::NotCollected(None));
    assert_eq!(tenant.coverage(DeletedUsers), Coverage::Complete);
}

#[test]
fn each_object_tells_whether_it_is_deleted() {
    let users = json!([
        {"id": "1", "userPrincipalName": "a@b.example", "deletedDateTime": null},
        {"id": "2", "userPrincipalName": "c@b.example", "deletedDateTime": "2026-01-01T00:00:00Z"},
        {"id": "3", "userPrincipalName": "d@b.example", "deletedDateTime": null},
    ]);
    let ids = |tenant: &Tenant, collection| tenant.all(collection).filter_map(|object| object.id()).collect::<Vec<_>>();
    let listed = tenant(&json!({"users": users}));
    assert_eq!(
        (ids(&listed, Users), ids(&listed, DeletedUsers)),
        (vec!["1".to_owned(), "3".into()], vec!["2".to_owned()])
    );
    let lines: String = users.as_array().unwrap().iter().map(|user| format!("{user}\n")).collect();
    let listed = tenant_of(&[text("lines.json", &lines)]);
    assert_eq!(
        (ids(&listed, Users), ids(&listed, DeletedUsers)),
        (vec!["1".to_owned(), "3".into()], vec!["2".to_owned()])
    );
}

#[test]
fn lines_of_several_kinds_are_told_apart() {
    let lines = r#"{"id":"u1","userPrincipalName":"a@b.example"}
{"id":"g1","groupTypes":[],"securityEnabled":true,"mailEnabled":false}
{"id":"u2","userPrincipalName":"c@b.example"}
{"id":"b.example","isVerified":true}"#;
    for json in [lines.to_owned(), format!("[{}]", lines.replace('\n', ","))] {
        let tenant = tenant_of(&[text("all.json", &json)]);
        let counts = [Users, Groups, Domains].map(|collection| tenant.objects[collection as usize].len());
        assert_eq!(counts, [2, 1, 1], "{json}");
    }
}

#[test]
fn a_property_is_collected_where_it_stands_even_if_it_is_empty() {
    let tenant = tenant(
        &json!({"users": [{"id": "1", "mail": null}, {"id": "2", "mail": ""}, {"Id": "3", "Mail": []}, {"id": "4"}]}),
    );
    assert_eq!(tenant.collected(Users, "mail"), (3, 4));
    assert!(!tenant.has_everywhere(Users, "mail"));
    assert!(tenant.has_everywhere(Users, "id"));
    assert_eq!(tenant.collected(Users, "usageLocation"), (0, 4));
    assert!(tenant.has_everywhere(Groups, "mail"), "of no group is it missing");
}

#[test]
fn a_source_without_a_column_leaves_its_own_objects_without_it() {
    let with = dump("a.json", &json!({"users": [{"id": "1", "usageLocation": null}]}));
    let without = dump("b.json", &json!({"users": [{"id": "2"}]}));
    let tenant = tenant_of(&[with, without]);
    assert_eq!(tenant.collected(Users, "usageLocation"), (1, 2));
    assert!(object(&tenant, Users, "1").get("usageLocation").is_some());
    assert!(object(&tenant, Users, "2").get("usageLocation").is_none());
}

#[test]
fn what_one_source_collected_of_an_object_is_collected() {
    let with =
        dump("a.json", &json!({"users": [{"id": "1", "usageLocation": "NL"}, {"id": "2", "usageLocation": null}]}));
    let without =
        dump("b.json", &json!({"users": [{"id": "2", "displayName": "Two"}, {"id": "1", "displayName": "One"}]}));
    let tenant = tenant_of(&[with, without]);
    assert_eq!(tenant.objects[Users as usize].len(), 2);
    assert!(tenant.has_everywhere(Users, "usageLocation") && tenant.has_everywhere(Users, "displayName"));
    assert!(!tenant.has_everywhere(Users, "mail"));
}

#[test]
fn what_powershell_shows_as_empty_for_everybody_was_not_asked_for() {
    let user = |id: &str, location: serde_json::Value| json!({"Id": id, "UserPrincipalName": format!("{id}@b.example"), "DisplayName": null, "UsageLocation": location, "AssignedLicenses": [], "Mail": null});
    let masked = tenant(&json!([user("1", json!(null)), user("2", json!(""))]));
    assert_eq!(masked.sources[0].format, crate::dump::Format::PowerShell);
    for property in ["usageLocation", "assignedLicenses"] {
        assert_eq!(masked.collected(Users, property), (0, 2), "{property}");
        assert!(object(&masked, Users, "1").get(property).is_none());
    }
    assert!(masked.has_everywhere(Users, "mail"), "Graph gives it unasked");

    let asked = tenant(&json!([user("1", json!(null)), user("2", json!("NL"))]));
    assert_eq!(asked.collected(Users, "usageLocation"), (2, 2), "one value shows that it was asked for");
    assert!(object(&asked, Users, "1").get("usageLocation").is_some_and(crate::json::Raw::is_null));
    assert_eq!(asked.collected(Users, "assignedLicenses"), (0, 2));
}

#[test]
fn graph_objects_beside_powershell_objects_keep_their_empty_values() {
    let tenant = tenant(&json!({
        "users": [{"Id": "1", "UserPrincipalName": "a@b.example", "UsageLocation": null}],
        "contacts": [{"id": "c1", "displayName": "C", "mail": null, "proxyAddresses": []}],
    }));
    assert_eq!(tenant.collected(Users, "usageLocation"), (0, 1));
    assert_eq!(tenant.collected(Contacts, "proxyAddresses"), (1, 1));
}

#[test]
fn the_newer_source_wins_per_property_in_whatever_order_they_are_read() {
    let monday = dump(
        "monday.json",
        &json!({"exportedAt": "2026-01-05T08:00:00Z", "users": [
            {"id": "U1", "userPrincipalName": "old@b.example", "usageLocation": "NL", "mail": "old@b.example"},
        ]}),
    );
    let tuesday = dump(
        "tuesday.json",
        &json!({"users": [
        {"id": "u1", "userPrincipalName": "new@b.example", "mail": null},
    ], "exportedAt": "2026-01-06T08:00:00Z"}),
    );
    for inputs in [[monday.clone(), tuesday.clone()], [tuesday, monday]] {
        let tenant = tenant_of(&inputs);
        assert_eq!(tenant.objects[Users as usize].len(), 1);
        let user = object(&tenant, Users, "u1");
        assert_eq!(user.text("userPrincipalName").as_deref(), Some("new@b.example"));
        assert_eq!(user.text("mail"), None, "empty on Tuesday is empty");
        assert_eq!(user.text("usageLocation").as_deref(), Some("NL"), "not collected on Tuesday");
        let names = |key: &str| tenant.candidates(Users, KeySpace::Address, key).len();
        assert_eq!(names("new@b.example"), 1);
        assert!(
            tenant
                .candidates(Users, KeySpace::Address, "old@b.example")
                .iter()
                .all(|user| { !known::addresses(user).contains(&"old@b.example".to_owned()) })
        );
    }
}

#[test]
fn sources_of_one_date_are_ordered_by_content() {
    let one = dump("1.json", &json!({"users": [{"id": "u1", "displayName": "One"}]}));
    let two = dump("2.json", &json!({"users": [{"id": "u1", "displayName": "Two"}]}));
    let three = dump("3.json", &json!({"users": [{"id": "u1", "displayName": "Three"}]}));
    let name = |inputs: &[Input]| object(&tenant_of(inputs), Users, "u1").text("displayName");
    let first = name(&[one.clone(), two.clone(), three.clone()]);
    assert_eq!(name(&[two.clone(), three.clone(), one.clone()]), first);
    assert_eq!(name(&[three, one, two]), first);
}

#[test]
fn all_copies_of_an_object_are_merged_also_if_only_some_share_an_address() {
    // The address stands in two of three copies, so they meet under two keys with different companions.
    let copies: Vec<_> = [("2026-01-03", "c@b.example"), ("2026-01-01", "a@b.example"), ("2026-01-02", "a@b.example")]
        .iter()
        .map(|(day, mail)| dump(day, &json!({"exportedAt": format!("{day}T00:00:00Z"), "users": [{"id": "u1", "mail": mail, format!("on{day}"): true}]})))
        .collect();
    let tenant = tenant_of(&copies);
    assert_eq!(tenant.objects[Users as usize].len(), 1);
    let user = object(&tenant, Users, "u1");
    assert_eq!(user.parts.len(), 3);
    assert_eq!(user.text("mail").as_deref(), Some("c@b.example"));
    assert_eq!(tenant.merged().count(), 1);
    for number in 0..3 {
        assert_eq!(tenant.canonical(ObjectId(number)), user.number);
    }
}

#[test]
fn a_user_who_is_deleted_in_the_newer_source_is_deleted() {
    let day = |day: &str, collection: &str| {
        dump(
            day,
            &json!({"exportedAt": format!("{day}T00:00:00Z"), collection: [{"id": "u1", "userPrincipalName": "a@b.example", "deletedDateTime": if collection == "users" { None } else { Some("2026-01-02T00:00:00Z") }}]}),
        )
    };
    let counts = |inputs: &[Input]| {
        let tenant = tenant_of(inputs);
        let live = tenant.candidates(Users, KeySpace::Id, "u1").len()
            + tenant.candidates(DeletedUsers, KeySpace::Id, "u1").len();
        assert_eq!(live, 1, "one of them counts");
        (tenant.objects[Users as usize].len(), tenant.objects[DeletedUsers as usize].len())
    };
    let (monday, tuesday) = (day("2026-01-05", "users"), day("2026-01-06", "deletedUsers"));
    assert_eq!(counts(&[monday.clone(), tuesday.clone()]), (0, 1));
    assert_eq!(counts(&[tuesday, monday]), (0, 1));
    let (monday, tuesday) = (day("2026-01-05", "deletedUsers"), day("2026-01-06", "users"));
    assert_eq!(counts(&[monday.clone(), tuesday.clone()]), (1, 0), "restored");
    assert_eq!(counts(&[tuesday, monday]), (1, 0));
    // Several copies of each: the newest of all decides, and no older copy comes back.
    let all = [
        day("2026-01-01", "deletedUsers"),
        day("2026-01-03", "deletedUsers"),
        day("2026-01-02", "users"),
        day("2026-01-04", "users"),
    ];
    assert_eq!(counts(&all), (1, 0));
    let all = [
        day("2026-01-07", "users"),
        day("2026-01-05", "deletedUsers"),
        day("2026-01-08", "deletedUsers"),
        day("2026-01-06", "users"),
    ];
    assert_eq!(counts(&all), (0, 1));
}

#[test]
fn keys_are_compared_without_case_and_other_address_types_are_none() {
    let tenant = tenant(&json!({
        "users": [{"id": "ABC", "userPrincipalName": "Jan@B.example", "mail": "zoë@b.example",
            "proxyAddresses": ["SMTP:Main@b.example", "smtp: second@b.example", "SIP:sip@b.example", "X500:/o=x500@b.example", "SPO:spo@b.example", "eum:eum@b.example"]}],
        "groups": [{"id": "abc", "mail": "ZOË@b.example", "groupTypes": []}],
    }));
    let holders = |collection, key: &str| tenant.candidates(collection, KeySpace::Address, key).len();
    for key in ["jan@b.example", "zoë@b.example", "main@b.example", "second@b.example"] {
        assert_eq!(holders(Users, key), 1, "{key}");
    }
    for key in ["sip@b.example", "/o=x500@b.example", "x500:/o=x500@b.example", "spo@b.example", "eum@b.example"] {
        assert_eq!(holders(Users, key), 0, "{key}");
    }
    assert_eq!(holders(Groups, "zoë@b.example"), 1);
    assert_eq!(tenant.candidates(Users, KeySpace::Id, "abc").len(), 1, "one id in two collections is two objects");
    assert_eq!(tenant.candidates(Groups, KeySpace::Id, "abc").len(), 1);
}

#[test]
fn a_deleted_user_is_found_under_the_name_it_had() {
    let id = "dddddddd-3333-4444-5555-eeeeeeeeeeee";
    let tenant = tenant(
        &json!({"deletedUsers": [{"id": id, "userPrincipalName": format!("{}jan@b.example", id.replace('-', ""))}]}),
    );
    assert_eq!(tenant.candidates(DeletedUsers, KeySpace::Address, "jan@b.example").len(), 1);
}

#[test]
fn the_as_of_date_is_told_else_newest_seen() {
    let told = dump(
        "a.json",
        &json!({"exportedAt": "2026-02-01T00:00:00Z", "users": [{"id": "1", "createdDateTime": "2026-03-01T00:00:00Z"}]}),
    );
    let other = dump("b.json", &json!({"exportedAt": "2026-02-03T00:00:00Z", "domains": []}));
    let silent = dump(
        "c.json",
        &json!({"users": [{"id": "2", "createdDateTime": "2026-01-01T00:00:00Z"}, {"id": "3", "createdDateTime": "2026-01-09T00:00:00Z"}]}),
    );
    let basis = |inputs: &[Input]| {
        let tenant = tenant_of(inputs);
        tenant.as_of().map(|as_of| (as_of.value.to_string(), as_of.basis, as_of.is_exact))
    };
    assert_eq!(basis(&[told.clone(), other.clone()]), Some(("2026-02-03T00:00:00Z".to_owned(), "exported-at", true)));
    assert_eq!(
        basis(std::slice::from_ref(&silent)),
        Some(("2026-01-09T00:00:00Z".to_owned(), "newest-observation", false))
    );
    assert_eq!(basis(&[dump("d.json", &json!({"domains": []}))]), None);
}

#[test]
fn conflicts_of_more_objects_than_are_compared_are_at_least_so_many() {
    let users = |location: &str| {
        let user = |id: u32| json!({"id": id.to_string(), "userPrincipalName": format!("u{id}@b.example"), "usageLocation": location});
        json!({"users": (0..3).map(user).collect::<Vec<_>>()})
    };
    for (most, count) in [(2, "at least 2"), (3, "3")] {
        let mut tenant = tenant_of(&[dump("one.json", &users("NL")), dump("two.json", &users("BE"))]);
        tenant.sources.iter_mut().for_each(|source| source.notes.clear());
        tenant.note_conflicts_of(most);
        let notes: Vec<_> = tenant.sources.iter().flat_map(|source| &source.notes).map(|(_, text)| text).collect();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].contains(&format!("newer: {count}. The")), "{}", notes[0]);
    }
}
