//! Names of files that are nearly those that somebody typed.

use std::fs;
use std::path::{Path, PathBuf};

/// How many names are suggested.
const SUGGESTED: usize = 3;

/// The files and folders whose names are nearly the one of a path that is not there, the nearest first. Empty for a path that is
/// there, and for a pattern.
pub(super) fn near(path: &Path) -> Vec<PathBuf> {
    if path.exists() || path.to_string_lossy().contains(['*', '?', '[']) {
        return Vec::new();
    }
    // The slip may be in the name of a folder: what comes behind it is as it was typed.
    let mut wrong = path;
    while let Some(parent) = wrong.parent().filter(|parent| !parent.as_os_str().is_empty() && !parent.exists()) {
        wrong = parent;
    }
    let behind = path.strip_prefix(wrong).unwrap_or_else(|_| Path::new(""));
    let Some(name) = wrong.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let parent = wrong.parent().unwrap_or_else(|| Path::new(""));
    let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let Ok(there) = fs::read_dir(folder) else { return Vec::new() };
    let names = there.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<(usize, PathBuf)> = names
        .filter_map(|other| {
            let path = parent.join(&other);
            // An empty path behind it would end the name in a slash.
            let path = if behind.as_os_str().is_empty() { path } else { path.join(behind) };
            distance(name, &other).filter(|_| path.exists()).map(|distance| (distance, path))
        })
        .collect();
    found.sort();
    found.into_iter().take(SUGGESTED).map(|(_, path)| path).collect()
}

/// How far a name is from the one that was typed; nothing if too far. An ending that was left out counts little: Windows hides it.
fn distance(typed: &str, name: &str) -> Option<usize> {
    let [typed, name] = [typed, name].map(str::to_lowercase);
    if name.strip_prefix(&typed).is_some_and(|rest| rest.starts_with('.')) {
        return Some(1);
    }
    let limit = (typed.chars().count() / 3).max(1);
    Some(strsim::damerau_levenshtein(&typed, &name)).filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near() {
        assert_eq!(distance("tenat.json", "tenant.json"), Some(1));
        assert_eq!(distance("tenant", "Tenant.json"), Some(1));
        assert_eq!(distance("tenant.json", "tenant.json.txt"), Some(1));
        assert_eq!(distance("tenant.json", "notes.md"), None);
    }

    #[test]
    fn what_is_there_or_a_pattern_has_no_nearer_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["tenant.json", "tenant-old.json", "other.csv"] {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let of = |name: &str| near(&folder.path().join(name));
        assert_eq!(of("tenat.json"), [folder.path().join("tenant.json")]);
        assert!(of("tenant.json").is_empty() && of("tenat*.json").is_empty() && of("quite-another.xml").is_empty());
        assert!(near(Path::new("")).is_empty());
    }

    #[test]
    fn a_slip_in_a_folder_is_mended_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("export")).unwrap();
        fs::write(folder.path().join("export/users.json"), "[]").unwrap();
        assert_eq!(near(&folder.path().join("exprot/users.json")), [folder.path().join("export").join("users.json")]);
        assert!(near(&folder.path().join("exprot/groups.json")).is_empty(), "it is not there either");
    }
}
