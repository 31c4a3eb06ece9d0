//! Runs the program in a folder of its own, with nothing of this computer in its environment or its output.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder to run the program in.
pub(crate) struct Workspace {
    folder: TempDir,
}

/// What came of a run.
pub(crate) struct Run {
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Workspace {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With the two tenants that come with the program.
    pub(crate) fn with_fixtures() -> Self {
        let workspace = Self::new();
        for name in ["healthy.json", "contoso.json"] {
            fs::copy(project("fixtures").join(name), workspace.path(name)).unwrap();
        }
        workspace
    }

    /// With the demo but its requests, changed, as `tenant.json`.
    pub(crate) fn with_demo(change: impl FnOnce(&mut Value)) -> Self {
        let workspace = Self::with_fixtures();
        let mut tenant: Value = serde_json::from_str(&workspace.read("contoso.json")).unwrap();
        tenant.as_object_mut().unwrap().remove("requests");
        change(&mut tenant);
        workspace.file("tenant.json", tenant.to_string());
        workspace
    }

    /// Where a file of it is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file in it.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// The text of a file in it.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, about to run here.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aaddoctor"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        // Windows does not start programs without it.
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[], b"")
    }

    /// Runs the program with variables in its environment and bytes on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)], input: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // Written from the side: the program may answer before it has read everything, or may read nothing.
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        let _ = writer.join();
        let text = |bytes: &[u8]| self.scrub(std::str::from_utf8(bytes).unwrap());
        Run { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    fn scrub(&self, text: &str) -> String {
        let folder = self.folder.path();
        let mut text = text.replace("\r\n", "\n");
        for path in [folder.to_path_buf(), fs::canonicalize(folder).unwrap()] {
            text = text.replace(&path.display().to_string(), "@@TEMP@@");
        }
        text
    }
}

impl Run {
    /// Everything that a person sees, and the exit code.
    pub(crate) fn all(&self) -> String {
        format!("exit code: {}\n----- out -----\n{}----- err -----\n{}", self.code.unwrap_or(-1), self.out, self.err)
    }

    /// The errors, and the exit code.
    pub(crate) fn errors(&self) -> String {
        format!("exit code: {}\n{}", self.code.unwrap_or(-1), self.err)
    }
}

/// A path in the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The folder of the pack of one's own that the tests use.
pub(crate) fn own_rules() -> String {
    project("tests/integration/own-rules").display().to_string()
}
