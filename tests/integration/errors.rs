//! What is wrong is said once, with its place and what to do; never with a panic.

use crate::harness::{Workspace, own_rules};

#[test]
fn arguments_that_make_no_sense() {
    let workspace = Workspace::with_fixtures();
    let error = |arguments: &[&str]| workspace.run(arguments).all();
    insta::assert_snapshot!(error(&["chek", "healthy.json"]), @r"
    exit code: 2
    ----- out -----
    ----- err -----
    error: unrecognized subcommand 'chek'

      tip: a similar subcommand exists: 'check'

    Usage: aaddoctor [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(error(&["check"]), @r"
    exit code: 2
    ----- out -----
    ----- err -----
    error: the following required arguments were not provided:
      <DUMP>...

    Usage: aaddoctor check <DUMP>...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(error(&["check", "healthy.json", "--now", "yesterday"]), @r"
    exit code: 2
    ----- out -----
    ----- err -----
    error: invalid value 'yesterday' for '--now <TIME>': write it as 2026-01-31, or as 2026-01-31T14:00

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(error(&["check", "healthy.json", "--fail-on", "hihg"]), @r"
    exit code: 2
    ----- out -----
    ----- err -----
    error: invalid value 'hihg' for '--fail-on <SEVERITY>'
      [possible values: info, low, medium, high, critical, never]

      tip: a similar value exists: 'high'

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(error(&["check", "healthy.json", "--threads", "0"]), @r"
    exit code: 2
    ----- out -----
    ----- err -----
    error: invalid value '0' for '--threads <NUMBER>': number would be zero for non-zero type

    For more information, try '--help'.
    ");
    assert_eq!(workspace.run(&[]).code, Some(2));
}

#[test]
fn a_file_without_a_command_is_no_misspelled_command() {
    let workspace = Workspace::with_fixtures();
    workspace.file("my tenant.json", "{}");
    let run = workspace.run(&["my tenant.json"]);
    assert_eq!(run.code, Some(2));
    let said = "error: my tenant.json: a command must stand before the file.\n  \
                help: to have it checked: aaddoctor check \"my tenant.json\"\n";
    assert_eq!(run.err, said);
    assert!(workspace.run(&["nowhere.json"]).err.contains("unrecognized subcommand"));
}

#[test]
fn names_that_are_misspelled() {
    let workspace = Workspace::with_fixtures();
    let error = |arguments: &[&str]| workspace.run(arguments).all();
    insta::assert_snapshot!(error(&["check", "healthy.json", "--only", "usage-location-mising"]), @r#"
    exit code: 2
    ----- out -----
    ----- err -----
    error: --only: there is no rule, pack or symptom "usage-location-mising".
      help: did you mean usage-location-missing?
      help: all of them: aaddoctor rules list
    "#);
    insta::assert_snapshot!(error(&["check", "healthy.json", "--skip", "assign-licence"]), @r#"
    exit code: 2
    ----- out -----
    ----- err -----
    error: --skip: there is no rule, pack or symptom "assign-licence".
      help: did you mean assign-license?
      help: all of them: aaddoctor rules list
    "#);
    insta::assert_snapshot!(error(&["check", "healthy.json", "--require", "nothing-like-it"]), @r#"
    exit code: 2
    ----- out -----
    ----- err -----
    error: --require: there is no rule or pack "nothing-like-it".
      help: all of them: aaddoctor rules list
    "#);
    insta::assert_snapshot!(error(&["explain", "duplicate-username"]), @r#"
    exit code: 2
    ----- out -----
    ----- err -----
    error: explain: there is no rule "duplicate-username".
      help: did you mean duplicate-user-name?
      help: all of them: aaddoctor rules list
      help: nor is it an error text that is known: try its code or its first words, such as CountViolation
    "#);
    insta::assert_snapshot!(error(&["collect-script", "--for", "usage-location-mising"]), @r#"
    exit code: 2
    ----- out -----
    ----- err -----
    error: --for: there is no rule, pack or symptom "usage-location-mising".
      help: did you mean usage-location-missing?
      help: all of them: aaddoctor rules list
    "#);
}

#[test]
fn a_misspelled_file_is_found_in_its_folder() {
    let workspace = Workspace::with_fixtures();
    for command in ["check", "inspect"] {
        let run = workspace.run(&[command, "helthy.json"]);
        assert_eq!(run.code, Some(3), "{}", run.all());
        assert!(run.err.contains("  help: did you mean healthy.json?\n"), "{}", run.err);
    }
}

#[test]
fn files_that_are_not_there() {
    let workspace = Workspace::new();
    std::fs::create_dir(workspace.path("empty")).unwrap();
    let error = |arguments: &[&str]| workspace.run(arguments).all();
    insta::assert_snapshot!(error(&["check", "tenant.json"]), @r"
    exit code: 3
    ----- out -----
    ----- err -----
    error: tenant.json: there is no such file.
      help: check the name, and the folder you are in; put quotes around a name with blanks
    ");
    insta::assert_snapshot!(error(&["check", "*.json"]), @r"
    exit code: 3
    ----- out -----
    ----- err -----
    error: *.json: there is no such file.
      help: check the name, and the folder you are in; put quotes around a name with blanks
    ");
    insta::assert_snapshot!(error(&["check", "empty"]), @r"
    exit code: 3
    ----- out -----
    ----- err -----
    error: empty: holds no dump: no file that ends in .json, .ndjson, .jsonl, .csv, .db, .zip, .gz.
      help: name the export itself, or make one with: aaddoctor collect-script
    ");
    insta::assert_snapshot!(error(&["check", "-"]), @r"
    exit code: 3
    ----- out -----
    ----- err -----
    error: standard input: is empty.
      help: export the tenant again with: aaddoctor collect-script
    ");
}

#[test]
fn files_that_are_no_dump() {
    let workspace = Workspace::new();
    let binary: Vec<u8> = (0..4096u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    workspace
        .file("text.json", "Hello, world.\n")
        .file("empty.json", "")
        .file("blank.json", " \r\n\t")
        .file("binary.json", binary)
        .file("number.json", "893")
        .file("odd.json", r#"{"hello": [1, 2]}"#)
        .file("refused.json", r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}"#);
    let error = |name: &str| {
        let run = workspace.run(&["check", name]);
        assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{name}");
        run.err
    };
    let names = ["text", "empty", "blank", "binary", "number", "odd", "refused"];
    let errors: String = names.into_iter().map(|name| error(&format!("{name}.json"))).collect();
    insta::assert_snapshot!(errors, @r"
    error: text.json, line 1, column 1: is not JSON.
      help: bring a JSON file, such as the tenant.json that the script of aaddoctor collect-script writes
    error: empty.json: is empty.
      help: export the tenant again with: aaddoctor collect-script
    error: blank.json: holds no object of a kind that is known.
      help: export the tenant again with: aaddoctor collect-script
    error: binary.json, line 1, column 1: is not JSON.
      help: bring a JSON file, such as the tenant.json that the script of aaddoctor collect-script writes
    error: number.json, line 1, column 1: is not JSON.
      help: bring a JSON file, such as the tenant.json that the script of aaddoctor collect-script writes
    error: odd.json: holds no object of a kind that is known.
      help: export the tenant again with: aaddoctor collect-script
    error: refused.json: holds nothing but the answer to a call that failed: Authorization_RequestDenied: Insufficient privileges to complete the operation.
      help: export the tenant again with: aaddoctor collect-script
    ");
}

#[test]
fn files_that_break_off() {
    let workspace = Workspace::new();
    workspace.file(
        "cut.json",
        "{\"users\": [\n  {\"id\": \"1\", \"userPrincipalName\": \"a@b.example\"},\n  {\"id\": \"2\", \"userPri",
    );
    workspace.file(
        "comma.json",
        "{\"users\": [\n  {\"id\": \"1\", \"userPrincipalName\": \"a@b.example\"},\n  {\"id\": \"2\",, }\n]}\n",
    );
    insta::assert_snapshot!(workspace.run(&["check", "cut.json"]).errors(), @r"
    exit code: 3
    error: cut.json, line 3, column 23: ends in the middle: it was cut off.
      help: what came before was judged; for the rest, export it again
    ");
    insta::assert_snapshot!(workspace.run(&["check", "comma.json"]).errors(), @r"
    exit code: 3
    error: comma.json, line 3, column 14: is broken: key must be a string.
      help: what came before was judged; for the rest, mend that place if you wrote it yourself (often a comma or a quote); if it is an export, export it again
    ");
}

/// An attacker's depth, in every place where something is read.
#[test]
fn files_that_are_nested_too_deep() {
    let workspace = Workspace::new();
    let depth = 100_000;
    let (open, close) = ("[".repeat(depth), "]".repeat(depth));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    workspace
        .file("list.json", format!("{open}{close}"))
        .file("open.json", &open)
        .file("object.json", &objects)
        .file("users.json", format!(r#"{{"users":[{objects}]}}"#))
        .file(
            "value.json",
            format!(r#"{{"users":[{{"id":"1","userPrincipalName":"a@b.example","proxyAddresses":{open}{close}}}]}}"#),
        );
    for name in ["list.json", "open.json", "object.json", "users.json", "value.json"] {
        let run = workspace.run(&["check", name]);
        assert!(matches!(run.code, Some(0 | 3 | 5)), "{name}: {:?}\n{}", run.code, run.err);
        assert!(!run.err.contains("panicked"), "{name}");
    }
    insta::assert_snapshot!(workspace.run(&["check", "list.json"]).errors(), @r"
    exit code: 3
    error: list.json: holds no object of a kind that is known.
      help: export the tenant again with: aaddoctor collect-script
    ");
    insta::assert_snapshot!(workspace.run(&["check", "open.json"]).errors(), @r"
    exit code: 3
    error: open.json, line 1, column 100001: ends in the middle: it was cut off.
      help: export it again
    ");
}

#[cfg(unix)]
#[test]
fn files_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let workspace = Workspace::with_fixtures();
    let path = workspace.path("healthy.json");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).unwrap();
    if std::fs::read(&path).is_ok() {
        return; // the superuser may read anything
    }
    insta::assert_snapshot!(workspace.run(&["check", "healthy.json"]).all(), @r"
    exit code: 3
    ----- out -----
    ----- err -----
    error: healthy.json: cannot be read: Permission denied (os error 13).
      help: you may not read it: copy it to a folder of your own, or ask its owner
    ");
}

/// What is good is judged, what is bad is named, and what it would have brought is not called clear.
#[test]
fn one_bad_file_among_good_ones() {
    let workspace = Workspace::with_fixtures();
    workspace.file("users.json", "oops");
    let run = workspace.run(&["check", "healthy.json", "users.json", "missing.json", "--format", "json"]);
    insta::assert_snapshot!(run.errors(), @r"
    exit code: 3
    error: missing.json: there is no such file.
      help: check the name, and the folder you are in; put quotes around a name with blanks
    error: users.json, line 1, column 1: is not JSON.
      help: bring a JSON file, such as the tenant.json that the script of aaddoctor collect-script writes
    note: the report names 9 people (those affected, and those who may help): keep it where the export may be kept
    ");
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let rules = report["tenants"][0]["rules"].as_array().unwrap();
    let outcome = |id: &str| rules.iter().find(|rule| rule["rule"] == id).unwrap()["outcome"].clone();
    assert_ne!(outcome("usage-location-missing"), "clear");
}

#[test]
fn a_file_that_cannot_be_written() {
    let workspace = Workspace::with_fixtures();
    let run = workspace.run(&["check", "healthy.json", "-o", "no/such/folder/report.md"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("the folder no/such/folder does not exist"), "{}", run.err);
    let run = workspace.run(&["collect-script", "-o", "no/such/folder/collect.ps1"]);
    assert_eq!(run.code, Some(2));
}

/// A file's name is data, too.
#[test]
fn names_do_not_reach_the_terminal_as_commands() {
    let run = Workspace::new().run(&["check", "\u{1b}[2Jx.json"]);
    assert!(!run.err.contains('\u{1b}') && run.err.contains("\\u{1b}[2Jx.json"), "{}", run.err);
    let run = Workspace::new().run(&["explain", "\u{1b}]0;x\u{7}"]);
    assert!(!run.err.contains('\u{1b}'), "{}", run.err);
}

#[test]
fn all_faults_of_a_pack_at_once() {
    let workspace = Workspace::with_fixtures();
    workspace.file("own/pack.toml", "version = \"1\"\ntitel = \"Mine\"\nabout = 3\n");
    workspace.file(
        "own/department-missing.toml",
        "title = \"No department\"\nsince = \"0.1.0\"\nsymptoms = [\"asign-license\"]\nwhy = \"Because.\"\nreferences = []\n\
         [[check]]\nname = \"a\"\nkind = \"match\"\nover = \"userz\"\ncondition = \"nobody and\"\nseverity = \"hihg\"\nmessage = \"{x : }\"\n\
         [select.somebody]\ndepartment = { emty = true }\n",
    );
    let run = workspace.run(&["check", "healthy.json", "--rules", "own"]);
    let slashes = |text: String| text.replace('\\', "/");
    insta::assert_snapshot!(slashes(run.all()));
    let run = workspace.run(&["rules", "lint", "own"]);
    assert_eq!((run.code, run.out.as_str()), (Some(4), ""));
    assert!(run.err.contains("errors") && run.err.contains("in 2 files."));
    let run = workspace.run(&["check", "healthy.json", "--rules", "nowhere"]);
    insta::assert_snapshot!(run.errors().replace("The system cannot find the file specified.", "No such file or directory"), @r"
    exit code: 4
    error[unreadable]: this cannot be read: No such file or directory (os error 2)
    --> nowhere

    1 error in 1 file.
    error: the rules were not used, because of the errors above.
      help: mend them, and check them with: aaddoctor rules lint FOLDER
    ");
}

#[test]
fn a_pack_without_faults_is_used() {
    let workspace = Workspace::with_fixtures();
    let run = workspace.run(&["rules", "lint", &own_rules()]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(run.out.ends_with("rules checked: no fault.\n"), "{}", run.out);
}

/// What is no export says what it is, by its content: names lie.
#[test]
fn files_that_hold_nothing_of_a_tenant() {
    use std::io::Write as _;

    let workspace = Workspace::with_fixtures();
    let mut book = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    book.start_file("[Content_Types].xml", zip::write::SimpleFileOptions::default()).unwrap();
    book.write_all(b"<Types/>").unwrap();
    let book = book.finish().unwrap().into_inner();
    workspace
        .file("picture.json", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        .file("paper.csv", "%PDF-1.7\n")
        .file("book.json", &book)
        .file("old.json", [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 600]].concat())
        .file("cut.zip", &book[..book.len() / 2])
        .file("browser/session.har", r#"{"log":{"entries":[]}}"#)
        .file("maester.json", r#"{"TenantId":"1","Tests":[]}"#);
    let errors: String = ["picture.json", "paper.csv", "book.json", "old.json", "cut.zip", "browser", "maester.json"]
        .iter()
        .map(|name| {
            let run = workspace.run(&["check", name]);
            assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{name}");
            run.err.replace('\\', "/")
        })
        .collect();
    insta::assert_snapshot!(errors, @r"
    error: picture.json: is a picture, which holds no objects.
      help: bring the export itself, as text: JSON or CSV
    error: paper.csv: is a PDF file, which holds no objects.
      help: bring the export itself, as text: JSON or CSV
    error: book.json: cannot be read: it is an Excel workbook or another Office document.
      help: save it as CSV (in Excel: File > Save a copy), and name that file
    error: old.json: cannot be read: it is an Excel workbook or another Office document.
      help: save it as CSV (in Excel: File > Save a copy), and name that file
    error: cut.zip: cannot be read: it is a zip archive that was cut off or is broken.
      help: copy or download it again: it is not whole
    error: browser: holds no dump: no file that ends in .json, .ndjson, .jsonl, .csv, .db, .zip, .gz.
      help: a recording of a browser is read if you name it: browser/session.har
    error: maester.json: is a report of Maester, which holds findings and no objects.
      help: bring an export of the tenant
    ");
    // Beside an export what holds nothing takes nothing from it; what may hold something does.
    let beside = |name: &str| workspace.run(&["check", "healthy.json", name]);
    for name in ["picture.json", "paper.csv", "maester.json"] {
        let run = beside(name);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert!(run.out.contains(&format!("! Note: {name}: It is a ")) && !run.out.contains("Not read"), "{}", run.out);
    }
    for name in ["book.json", "cut.zip"] {
        let run = beside(name);
        assert!(run.code == Some(3) && run.out.contains(&format!("! Not read: {name}. ")), "{}", run.all());
    }
}
