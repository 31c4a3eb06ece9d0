//! What went wrong, as data: its kind, what it is, where, and what to do.

use std::path::PathBuf;

use super::exit::Exit;
use super::near::near;
use crate::dump::Failure;
use crate::engine::apart::Mixed;

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Whose fault it is; decides the exit code.
    pub kind: Kind,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<String>,
    /// Where.
    pub place: Option<Place>,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was typed.
    Usage,
    /// A rule pack.
    Pack,
    /// A source.
    Source,
    /// The file or screen that is written to.
    Output,
}

/// Where an error is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column in bytes, from 1.
    pub column: Option<u64>,
}

impl Error {
    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, message: message.into(), hints: Vec::new(), place: None }
    }

    /// A file that cannot be written.
    pub fn cannot_write(path: PathBuf, error: &std::io::Error) -> Self {
        let hint = "name another file or folder, or close programs that have it open, such as Excel";
        let place = Some(Place { path, line: None, column: None });
        Self { kind: Kind::Output, message: format!("cannot be written: {error}"), hints: vec![hint.to_owned()], place }
    }

    /// Refuses a file in a folder that does not exist: the system only says that something was not found.
    ///
    /// # Errors
    ///
    /// If the folder does not exist.
    pub fn if_no_folder(path: &std::path::Path) -> Result<(), Self> {
        match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
            None => Ok(()),
            Some(folder) => {
                let message = format!("--output: the folder {} does not exist", folder.display());
                Err(Self { kind: Kind::Output, ..Self::usage(message) }
                    .hint("make it, or name a file in another folder"))
            }
        }
    }

    /// The same with a hint more.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// How the program ends because of it.
    pub fn exit(&self) -> Exit {
        match self.kind {
            Kind::Usage | Kind::Output => Exit::Usage,
            Kind::Source => Exit::Source,
            Kind::Pack => Exit::Pack,
        }
    }
}

impl From<&Failure> for Error {
    fn from(failure: &Failure) -> Self {
        let path = if failure.path == "-" { "standard input" } else { &failure.path };
        let is_there = failure.path == "-" || std::path::Path::new(path).exists();
        let near = if is_there { Vec::new() } else { near(path.as_ref()) };
        let near: Vec<String> = near.iter().map(|path| path.display().to_string()).collect();
        let near = (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")));
        Self {
            kind: Kind::Source,
            message: failure.message.clone(),
            hints: near.into_iter().chain([failure.hint.clone()]).collect(),
            place: Some(Place { path: PathBuf::from(path), line: failure.line, column: failure.column }),
        }
    }
}

impl From<&Mixed> for Error {
    fn from(mixed: &Mixed) -> Self {
        let error = Self::usage(mixed.to_string());
        let error = match mixed.unsure.as_slice() {
            [] => error,
            unsure => error.hint(format!(
                "it cannot be told of which of them these are: {}; put the files of each tenant in a folder of its own",
                unsure.join(", ")
            )),
        };
        error.hint(
            "name the files of one tenant; --can, --settings and --guests-need are about one anyway. The export of a partner whose guests are here is named with --home-tenant",
        )
    }
}

impl From<crate::pack::embedded::Damaged> for Error {
    fn from(damaged: crate::pack::embedded::Damaged) -> Self {
        let hint = "install the program again: its file is damaged";
        Self { kind: Kind::Pack, message: damaged.to_string(), hints: vec![hint.to_owned()], place: None }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self {
            kind: Kind::Output,
            message: format!("the output cannot be written: {error}"),
            hints: Vec::new(),
            place: None,
        }
    }
}
