//! What comes out of a source, however it is written.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Collects what the wanted properties are, and the objects' texts by their places.
#[derive(Default)]
struct All(Vec<(Collection, Vec<Option<String>>, Place)>);

impl Visitor for All {
    type Batch = Vec<(Collection, Vec<Option<String>>, Place)>;

    fn object(&mut self, collection: Collection, record: Record<'_>, place: Place) {
        let values = (0..3).map(|slot| record.get(slot).map(|raw| raw.display().into_owned())).collect();
        self.0.push((collection, values, place));
    }

    fn finish(&mut self) -> Self::Batch {
        std::mem::take(&mut self.0)
    }
}

type Objects = Vec<(Collection, Vec<Option<String>>)>;

/// The objects with their id, displayName and mail, and the source; each object's place must lead back to an object.
fn read(bytes: &[u8], threads: usize) -> Result<(Objects, Source), Failure> {
    let wanted: Vec<Vec<String>> =
        Collection::all().map(|_| ["id", "displayName", "mail"].map(str::to_owned).to_vec()).collect();
    let reading = Reading {
        wanted: &wanted,
        threads,
        seen: Arc::new(AtomicU64::new(0)),
        products: &|_| None,
        format_in: None,
        spool: None,
    };
    let mut all = Vec::new();
    let input = Input::Bytes("tenant.json".to_owned(), bytes.to_vec());
    let source = reading.source(&input, 0, &All::default, |batch| all.extend(batch))?;
    for (_, values, place) in &all {
        let text = source.text(*place).unwrap();
        assert!(
            serde_json::from_slice::<serde::de::IgnoredAny>(&text).is_ok(),
            "a place leads back to one whole object"
        );
        assert_eq!(Raw::new(&text).get("id").map(|id| id.display().into_owned()), values[0]);
    }
    Ok((all.into_iter().map(|(collection, values, _)| (collection, values)).collect(), source))
}

fn read_text(text: &str) -> (Objects, Source) {
    read(text.as_bytes(), 1).unwrap()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// Users and groups with any names; the keys in any order.
fn any_tenant() -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    let object = |mark: &'static str| {
        let name = "[a-zA-Zé漢𝄞\"\\\\\\[\\]{},: \\n\\t-]{0,12}";
        (name, proptest::option::of(name), any::<bool>(), any::<u8>()).prop_map(move |(name, mail, has_mail, turn)| {
            let mut pairs = vec![("id", json!(format!("i{turn}"))), ("displayName", json!(name)), (mark, json!(["x"]))];
            if has_mail {
                pairs.push(("mail", json!(mail)));
            }
            let by = usize::from(turn) % pairs.len();
            pairs.rotate_left(by);
            Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
        })
    };
    (
        proptest::collection::vec(object("userPrincipalName"), 0..6),
        proptest::collection::vec(object("groupTypes"), 0..6),
    )
}

fn expected(users: &[Value], groups: &[Value]) -> Objects {
    let values = |object: &Value| {
        ["id", "displayName", "mail"]
            .map(|name| object.get(name).map(|value| value.as_str().unwrap_or("null").to_owned()))
            .to_vec()
    };
    let users = users.iter().map(|user| (Collection::Users, values(user)));
    users.chain(groups.iter().map(|group| (Collection::Groups, values(group)))).collect()
}

proptest! {
    #[test]
    fn every_way_to_write_a_tenant_gives_its_objects((users, groups) in any_tenant(), pretty: bool, encoding in 0..5u8) {
        let expected = expected(&users, &groups);
        let page = |list: &[Value], name: &str| json!({"@odata.context": format!("https://x/$metadata#{name}"), "value": list});
        let all: Vec<Value> = users.iter().chain(&groups).cloned().collect();
        let documents = [
            vec![json!({"users": users, "groups": groups})],
            vec![json!({"Users": {"value": users, "Count": users.len()}, "GROUPS": page(&groups, "groups")})],
            vec![json!({"users": [page(&users, "users")], "groups": groups})],
            vec![page(&users, "users"), page(&groups, "groups")],
            vec![json!([page(&users, "users"), page(&groups, "groups")])],
            vec![Value::Array(all.clone())],
            all,
        ];
        for document in documents {
            let write = |value: &Value| if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }.unwrap();
            let text = document.iter().map(write).collect::<Vec<_>>().join("\n");
            let bytes = match encoding {
                0 => text.clone().into_bytes(),
                1 => text.replace('\n', "\r\n").into_bytes(),
                2 => utf16(&text, false),
                3 => utf16(&text, true),
                _ => document.iter().map(|value| format!("\u{feff}{}\r\n", write(value))).collect::<String>().into_bytes(),
            };
            match read(&bytes, 1) {
                Ok((objects, source)) => {
                    prop_assert_eq!(&objects, &expected, "{}", text);
                    prop_assert!(source.failure.is_none() || expected.is_empty(), "{:?}", source.failure);
                    prop_assert_eq!(&read(&bytes, 3).unwrap().0, &expected);
                }
                Err(failure) => prop_assert!(expected.is_empty(), "{}: {}", failure, text),
            }
        }
    }

    #[test]
    fn a_document_cut_anywhere_gives_the_objects_before_the_cut((users, groups) in any_tenant(), cut in 0.0..1.0f64) {
        let text = json!({"users": users, "groups": groups}).to_string();
        let bytes = &text.as_bytes()[..(text.len() as f64 * cut) as usize];
        let (objects, source) = read(bytes, 1).unwrap();
        let expected = expected(&users, &groups);
        prop_assert!(expected.starts_with(&objects));
        let whole = |objects: &Objects| objects.len();
        // Every object whose last byte is there is read.
        let ends = users.iter().chain(&groups).scan(0, |from, object| {
            let object = object.to_string();
            let at = text[*from..].find(&object).unwrap() + *from;
            *from = at + object.len();
            Some(*from)
        });
        prop_assert_eq!(whole(&objects), ends.filter(|end| *end <= bytes.len()).count());
        prop_assert!(source.failure.is_some());
    }
}

#[test]
fn faults_have_their_place_and_what_stands_before_counts() {
    let cases = [
        // text, objects, line, column, what
        ("{\"users\":[{\"id\":\"1\"},\n  {\"id\":\"2\" \"mail\":1}]}", 1, Some((2, 13)), "is broken"),
        ("{\"users\":[{\"id\":\"1\"}\n,\n\n{\"id\":tru}]}", 1, Some((4, 10)), "is broken"),
        ("{\"users\":[{\"id\":\"1\"},{\"id\":\"a\\xb\"}]}", 1, Some((1, 31)), "is broken"),
        ("{\"users\":[{\"id\":\"1\"}]} 893", 1, Some((1, 24)), ""),
        ("{\"users\":[{\"id\":\"1\"}", 1, Some((1, 21)), "cut off"),
        ("{\"users\":[{\"id\":\"1\"}]", 1, Some((1, 22)), "cut off"),
        ("{\"users\":[{\"id\":\"1\"},{\"id\":\"2", 1, Some((1, 30)), "cut off"),
        ("hello", 0, Some((1, 1)), "is not JSON"),
        ("\n\n  <html>", 0, Some((3, 3)), "is not JSON"),
        ("", 0, None, "is empty"),
        ("{}", 0, None, "no object of a kind that is known"),
    ];
    for (text, count, place, what) in cases {
        let (objects, source) = read_text(text);
        assert_eq!(objects.len(), count, "{text}");
        let failure = source.failure.unwrap_or_else(|| panic!("{text}"));
        assert_eq!(failure.line.zip(failure.column), place, "{text}");
        assert!(failure.message.contains(what), "{text}: {}", failure.message);
    }
}

#[test]
fn of_many_keys_that_name_no_collection_the_rest_is_counted() {
    let keys = |count: usize| (0..count).map(|key| format!(",\"k{key}\":1")).collect::<String>();
    let noted = |count: usize| {
        let (_, source) = read(format!("{{\"users\":[]{}}}", keys(count)).as_bytes(), 1).unwrap();
        source.notes.into_iter().filter(|(code, _)| *code == "unknown-key").map(|(_, said)| said).collect::<Vec<_>>()
    };
    assert_eq!(noted(20).len(), 20);
    let many = noted(5_000);
    assert_eq!((many.len(), many[20].as_str()), (21, "4980 more keys name no collection that is known."));
}

#[test]
fn deep_nesting_harms_nothing() {
    let brackets = |count: usize| format!("{}{}", "[".repeat(count), "]".repeat(count));
    let deep = format!("{{\"users\":[{{\"id\":\"1\"}},{{\"id\":\"2\",\"x\":{},\"mail\":null}}]}}", brackets(100_000));
    for threads in 1..3 {
        let (objects, source) = read(deep.as_bytes(), threads).unwrap();
        assert_eq!(objects.iter().map(|(_, values)| values[0].as_deref()).collect::<Vec<_>>(), [Some("1"), Some("2")]);
        assert!(source.failure.is_none());
    }
    // At the top, in a page, in a key that nobody reads, and never closed: no object, no crash.
    let open = "[".repeat(100_000);
    for text in [
        brackets(100_000),
        format!("{{\"value\":{open}"),
        format!("{{\"users\":[],\"x\":{open}"),
        "{\"a\":".repeat(100_000),
    ] {
        assert_eq!(read_text(&text).0, []);
    }
}

#[test]
fn the_first_of_two_equal_keys_counts_in_the_pass_and_in_the_object() {
    let (objects, source) =
        read_text(r#"{"users":[{"id":"1","ID":"2","mail":"a"},{"Mail":"b","mail":"c","id":"3"},{"id":"4"}]}"#);
    let mails: Vec<_> = objects.iter().map(|(_, values)| (values[0].as_deref(), values[2].as_deref())).collect();
    assert_eq!(mails, [(Some("1"), Some("a")), (Some("3"), Some("b")), (Some("4"), None)]);
    let collected: usize = source.sections[&Collection::Users]
        .properties
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("mail"))
        .map(|(_, count)| count)
        .sum();
    assert_eq!(collected, 2);
}

#[test]
fn more_shapes_than_are_remembered_are_counted_all_the_same() {
    let users: Vec<_> = (0..200).map(|n| json!({"id": n.to_string(), format!("key{}", n % 100): 1})).collect();
    let (objects, source) = read_text(&json!({"users": users}).to_string());
    let section = &source.sections[&Collection::Users];
    assert_eq!(
        (objects.len(), section.count, section.properties["id"], section.properties["key99"]),
        (200, 200, 200, 2)
    );
}

#[test]
fn errors_among_objects_are_not_objects() {
    let (objects, source) = read_text(r#"{"users":[{"id":"1"},{"error":{"code":"C","message":"M"}},{"id":"2"}]}"#);
    assert_eq!(objects.len(), 2);
    let section = &source.sections[&Collection::Users];
    assert_eq!((section.count, section.properties.contains_key("error")), (2, false));
    assert_eq!(section.error, Some(("C".to_owned(), "M".to_owned())));
}

/// How many objects of a collection there are, and why there may be more.
fn section(source: &Source, collection: Collection) -> (usize, Option<String>) {
    let section = source.sections.get(&collection).unwrap_or_else(|| panic!("{collection:?}: {:?}", source.sections));
    (section.count, section.incompleteness().map(|reason| reason.code().to_owned()))
}

#[test]
fn the_header_of_a_table_is_never_looked_for_in_vain() {
    let row = "1,ada@contoso.example,Ada\r\n";
    let tab = "1\tada@contoso.example\tAda\t\r\n";
    let utf8: [(String, usize); 6] = [
        (format!("id,userPrincipalName,displayName \r\n{row}"), 1),
        (format!(" id ,userPrincipalName,displayName\r\n{row}"), 1),
        (format!("id\tuserPrincipalName\tdisplayName\t\r\n{tab}"), 1),
        (format!("#TYPE Microsoft.Graph.\"User\r\nid,userPrincipalName,displayName\r\n{row}"), 1),
        (
            format!("sep=,\r\n\r\nid,userPrincipalName,displayName \r\n{row}id,userPrincipalName,displayName\r\n{row}"),
            2,
        ),
        ("id,userPrincipalName,displayName \r\n".to_owned(), 0),
    ];
    for (text, count) in utf8 {
        let source = read(text.as_bytes(), 1).unwrap().1;
        assert_eq!(section(&source, Collection::Users).0, count, "{text}");
    }
    // Code page 850: a header that begins with a capital letter of France.
    let oem = b"\x90tat,id,userPrincipalName,d\x82partement\r\nx,1,ada@contoso.example,y\r\n";
    assert_eq!(section(&read(oem, 1).unwrap().1, Collection::Users).0, 1);
    // The same for templates; a password stands nowhere.
    let template = "version:v1.0\r\nName [displayName] Required\tUser name [userPrincipalName] Required\tInitial password [passwordProfile] Required\tBlock sign in (Yes/No) [accountEnabled] Required \t\r\nAda\tada@contoso.example\tSecret1\tNo\t\r\n";
    let (_, source) = read(template.as_bytes(), 1).unwrap();
    assert_eq!(section(&source, Collection::Requests), (1, None));
    let Store::Memory(text) = &source.store else { panic!() };
    let text = String::from_utf8_lossy(text);
    assert!(text.contains("ada@contoso.example") && !text.contains("Secret1"), "{text}");
}

#[test]
fn a_table_whose_rows_say_nothing_is_not_empty() {
    let cases = [
        ("id,userPrincipalName,displayName\n1,ada@contoso.example\n2,bob@contoso.example,Bob,x\n", "uneven-rows"),
        ("id,userPrincipalName,displayName\n,,Ada\n,,Bob\n", "unread-rows"),
    ];
    for (text, reason) in cases {
        let source = read(text.as_bytes(), 1).unwrap().1;
        let (count, found) = section(&source, Collection::Users);
        assert_eq!((count, found.as_deref()), (0, Some(reason)), "{text}");
        assert!(source.notes.iter().any(|(code, _)| *code == reason), "{:?}", source.notes);
    }
}

/// The cells of such a row were struck out: what is left of them is nobody's name.
#[test]
fn a_row_of_a_template_with_a_cell_too_many_is_no_request() {
    let text = "version:v1.0,,,\r\nName [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required\r\n\
                Ada,ada@contoso.example,Secret1,No\r\n\
                Bob,bob@contoso.example,Secret2,No,\r\n\
                Cas,Jr,cas@contoso.example,Secret3,No\r\n\
                Eva,eva@contoso.example,Secret4,No\r\n";
    let source = read(text.as_bytes(), 1).unwrap().1;
    assert_eq!(section(&source, Collection::Requests), (2, Some("uneven-rows".to_owned())));
    let note = source.notes.iter().find(|(code, _)| *code == "uneven-rows").map(|(_, text)| text.as_str());
    let said = "Lines that could not be read, since they have more or fewer cells than the header: 4, 5.";
    assert_eq!(note, Some(said));
}

#[test]
fn a_deleted_user_among_users_is_no_list_of_deleted_users() {
    let ada = r#"{"id":"1","userPrincipalName":"ada@b","deletedDateTime":null}"#;
    let bob = r#"{"id":"2","userPrincipalName":"bob@b","deletedDateTime":"2026-01-01T00:00:00Z"}"#;
    let biased = || Some("biased".to_owned());
    let cases = [
        (format!(r#"{{"users":[{ada},{bob}]}}"#), (1, None), (1, biased())),
        (format!(r#"{{"users":[{ada},{bob}],"deletedUsers":[]}}"#), (1, None), (1, None)),
        (format!(r#"{{"users":[{ada}],"deletedUsers":[{bob}]}}"#), (1, None), (1, None)),
        (format!(r#"{{"users":[{ada}],"deletedUsers":{bob}}}"#), (1, None), (1, None)),
        (format!("[{ada},{bob}]"), (1, None), (1, biased())),
        (format!("{ada}\n{bob}"), (1, None), (1, biased())),
        (format!("{bob}\n{ada}"), (1, biased()), (1, biased())),
        (format!(r#"{{"users":[{bob},{ada}]}}"#), (1, biased()), (1, biased())),
    ];
    for (text, users, deleted) in cases {
        let source = read(text.as_bytes(), 1).unwrap().1;
        let found = [Collection::Users, Collection::DeletedUsers]
            .map(|collection| source.sections.contains_key(&collection).then(|| section(&source, collection)));
        assert_eq!(found, [Some(users), Some(deleted)], "{text}");
    }
    let only = read(format!("[{bob}]").as_bytes(), 1).unwrap().1;
    assert_eq!(section(&only, Collection::DeletedUsers), (1, None));
    let table = "id,userPrincipalName,deletedDateTime\n1,ada@b,\n2,bob@b,2026-01-01T00:00:00Z\n";
    assert_eq!(section(&read(table.as_bytes(), 1).unwrap().1, Collection::DeletedUsers), (1, biased()));
}

/// Reads what lies in a folder.
fn read_folder(files: &[(&str, &str)]) -> Vec<Source> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (inputs, failures) = crate::dump::gather(&[folder.path().to_owned()], None);
    assert_eq!(failures, []);
    inputs.iter().map(|input| read_input(input).unwrap()).collect()
}

fn read_input(input: &Input) -> Result<Source, Failure> {
    let wanted: Vec<Vec<String>> = Collection::all().map(|_| vec!["id".to_owned()]).collect();
    let seen = Arc::new(AtomicU64::new(0));
    let reading = Reading { wanted: &wanted, threads: 1, seen, products: &|_| None, format_in: None, spool: None };
    reading.source(input, 0, &All::default, |_| {})
}

#[test]
fn pages_of_zt_export_are_counted_from_nought() {
    let page = r#"{"value":[{"id":"1","userPrincipalName":"ada@b"},{"id":"2","userPrincipalName":"bob@b","deletedDateTime":"2026-01-01T00:00:00Z"}]}"#;
    for (name, reason) in [("User/User-0.json", None), ("User/User-1.json", Some("next-link"))] {
        let sources = read_folder(&[(name, page)]);
        assert_eq!(section(&sources[0], Collection::Users), (1, reason.map(str::to_owned)), "{name}");
        assert_eq!(section(&sources[0], Collection::DeletedUsers), (1, Some("biased".to_owned())), "{name}");
    }
}

#[test]
fn what_lies_beside_a_tree_is_read_too() {
    let sources = read_folder(&[
        ("Domains/contoso.example/contoso.example.json", r#"{"id":"contoso.example","isVerified":true}"#),
        (
            "exchange/recipients.json",
            r#"[{"RecipientTypeDetails":"UserMailbox","Guid":"1","PrimarySmtpAddress":"ada@b","EmailAddresses":["SMTP:ada@b"],"ExternalDirectoryObjectId":"1"}]"#,
        ),
    ]);
    let formats: Vec<_> = sources.iter().map(|source| source.format.name()).collect();
    assert_eq!(formats, ["entra-exporter", "exchange"]);
}

/// Reads a database that some SQL makes, and the text of what it holds; its folder has no other file afterwards.
fn read_database(name: &str, sql: &str) -> Result<String, Failure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let source = read_input(&Input::File(path.clone()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let source = source?;
    assert_eq!(section(&source, Collection::Users).1, None);
    let Store::Memory(text) = source.store else { panic!() };
    Ok(String::from_utf8(text).unwrap())
}

#[test]
fn nothing_that_a_database_brings_along_is_run() {
    let endless = "CREATE VIEW Users(id, userPrincipalName) AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x FROM n;";
    let failure = read_database("roadrecon.db", endless).unwrap_err();
    assert!(failure.message.contains("another program"), "{}", failure.message);
    let endless = "CREATE TABLE Users(id TEXT, userPrincipalName TEXT); INSERT INTO Users VALUES ('1', 'ada@b');
        CREATE VIEW lnk_group_member_user(a, b) AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x FROM n;
        CREATE TABLE Groups(id TEXT); INSERT INTO Groups VALUES ('1');";
    assert!(read_database("a % b?#ë.db", endless).unwrap().contains("ada@b"));
}

#[test]
fn text_in_a_database_is_json_only_where_lists_are() {
    for id in ["id", "objectId"] {
        let sql = format!(
            "CREATE TABLE Users({id} TEXT, userPrincipalName TEXT, displayName TEXT, proxyAddresses TEXT);
            INSERT INTO Users VALUES ('1', 'ada@b', '[1]', '[\"SMTP:ada@b\"]'), ('2', 'bob@b', 'null', 'null');"
        );
        let text = read_database("roadrecon.db", &sql).unwrap();
        let users: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((&users[0]["displayName"], &users[1]["displayName"]), (&json!("[1]"), &json!("null")), "{id}");
        assert_eq!(users[0]["proxyAddresses"], json!(["SMTP:ada@b"]), "{id}");
        assert!(users[1].get("proxyAddresses").is_none_or(Value::is_null), "{id}");
    }
}

#[test]
fn a_database_that_is_being_written_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roadrecon.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    let sql = "PRAGMA journal_mode = WAL; CREATE TABLE Users(id TEXT, userPrincipalName TEXT); INSERT INTO Users VALUES ('1', 'ada@b');";
    database.execute_batch(sql).unwrap();
    let failure = read_input(&Input::File(path)).unwrap_err();
    assert!(failure.message.contains("roadrecon.db-wal"), "{}", failure.message);
}
