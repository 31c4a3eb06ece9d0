//! Passwords of templates leave no trace in memory.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::process::{Command, Stdio};

use aaddoctor::dump::Input;
use aaddoctor::engine::run::Options;

use crate::harness::Workspace;
use crate::tenants::check_files_but;

/// What stands in the file, with each letter moved by thirteen places: this program must not hold the word itself.
const PASSWORD: &str = "Pnanel-Zrzbel-4r9o";
/// The same for a word that is meant to be found.
const CONTROL: &str = "Pbageby-Zrzbel-7q1s";

fn rot13(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => (byte - b'a' + 13) % 26 + b'a',
        b'A'..=b'Z' => (byte - b'A' + 13) % 26 + b'A',
        other => other,
    }
}

/// How often a word, given with its letters moved, stands in the memory of this process that can be written to.
fn occurrences(moved: &str) -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let moved = moved.as_bytes();
    let mut chunk = vec![0; 1 << 20];
    let mut found = 0;
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [mut at, end] = [start, end].map(|text| u64::from_str_radix(text, 16).unwrap());
        while at < end {
            let length = chunk.len().min((end - at) as usize);
            // Another thread may have given the memory back.
            if memory.seek(SeekFrom::Start(at)).is_err() || memory.read_exact(&mut chunk[..length]).is_err() {
                break;
            }
            // The letters are moved here, and there only: the chunk itself is memory, too.
            let first = rot13(moved[0]);
            for place in memchr_all(first, &chunk[..length]) {
                let rest = &chunk[place..length];
                let is_it =
                    rest.len() >= moved.len() && rest.iter().zip(moved).all(|(byte, moved)| rot13(*byte) == *moved);
                found += usize::from(is_it);
            }
            chunk.fill(0);
            at += length as u64;
            // A word may stand across two chunks.
            if at < end {
                at -= moved.len() as u64;
            }
        }
    }
    found
}

fn memchr_all(wanted: u8, bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    bytes.iter().enumerate().filter(move |(_, byte)| **byte == wanted).map(|(place, _)| place)
}

/// Writes a file whose words never are in this process.
fn write_moved(workspace: &Workspace, name: &str, text: &str) {
    let file = File::create(workspace.path(name)).unwrap();
    let mut child =
        Command::new("tr").args(["a-zA-Z", "n-za-mN-ZA-M"]).stdin(Stdio::piped()).stdout(file).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_password_does_not_stay_in_memory() {
    let workspace = Workspace::new();
    let moved = |text: &str| text.bytes().map(|byte| char::from(rot13(byte))).collect::<String>();
    let header = moved(
        "version:v1.0,,,\r\nName [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required\r\n",
    );
    // Many rows, so that it is in every buffer that the reading fills; one with a comma that is not quoted; and the last bytes.
    let row = |number: usize| {
        format!("{},{},{PASSWORD},{}\r\n", moved("Ada"), moved(&format!("ada{number}@contoso.example")), moved("No"))
    };
    let rows: String = (0..3000).map(row).collect();
    let odd = format!("{},{},{PASSWORD},1,{}\r\n", moved("Eva"), moved("eva@contoso.example"), moved("No"));
    let last = format!("{},{},{PASSWORD}", moved("Bob"), moved("bob@contoso.example"));
    write_moved(&workspace, "create.csv", &format!("{header}{rows}{odd}{last}"));
    let report = check_files_but(&[Input::File(workspace.path("create.csv"))], &Options::default(), 1);
    assert_eq!(report.tenants[0].requests.len(), 3000);
    let control = moved(CONTROL);
    assert!(occurrences(CONTROL) > 0, "the search finds what is there");
    assert_eq!(occurrences(PASSWORD), 0);
    drop(control);
}
