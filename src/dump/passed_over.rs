//! Files of a folder that look like exports and cannot be read as they are: to be named, so that nobody thinks they were.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The endings of workbooks, and of other forms in which exports are kept.
const NOT_READ: &[&str] = &["xlsx", "xlsm", "xlsb", "xls", "ods", "xml", "tsv", "har"];

/// The files directly in the folders among these paths that look like exports and are not read, in order.
pub fn passed_over(paths: &[PathBuf]) -> Vec<PathBuf> {
    let folders = paths.iter().filter(|path| path.is_dir());
    let entries = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let mut files: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_it(path)).collect();
    files.sort();
    files
}

fn is_it(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("txt") => holds_json(path),
        Some(ending) => NOT_READ.contains(&ending) && path.is_file(),
        None => false,
    }
}

/// Whether a text begins as JSON does, in whatever encoding PowerShell wrote it.
fn holds_json(path: &Path) -> bool {
    let mut head = [0; 64];
    let read = File::open(path).and_then(|mut file| file.read(&mut head)).unwrap_or(0);
    let is_mark = |byte: &u8| matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xff | 0xfe) || byte.is_ascii_whitespace();
    head[..read].iter().find(|byte| !is_mark(byte)).is_some_and(|byte| matches!(byte, b'{' | b'['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_export_and_is_not_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let utf_16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("\r\n[{}]".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (name, text) in [
            ("users.json", b"[]".as_slice()),
            ("Users.XLSX", b"PK"),
            ("groups.txt", utf_16.as_slice()),
            ("readme.txt", b"Made on Monday"),
            ("notes.md", b"{"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let names = |paths: &[PathBuf]| -> Vec<String> {
            paths.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names(&passed_over(&[folder.path().to_owned()])), ["Users.XLSX", "groups.txt"]);
        assert_eq!(
            passed_over(&[folder.path().join("Users.XLSX")]),
            Vec::<PathBuf>::new(),
            "named, it is read or refused"
        );
    }
}
