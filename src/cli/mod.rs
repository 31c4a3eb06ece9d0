//! The command line: what people type, and what they get to see.
//!
//! Only this module prints. Each subcommand is a file; all of them end in an exit code or an [`Error`].

mod args;
mod asked;
mod check;
mod collect_script;
mod error;
mod exit;
mod explain;
mod fields_page;
mod grades;
mod inspect;
mod names;
mod near;
mod output;
mod page;
mod pattern_text;
mod placeholder;
mod progress;
mod reads;
mod rule_page;
mod rules;
mod rules_docs;
mod rules_test;
mod sheet;
pub(crate) mod words;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue};

pub use args::Arguments;
use args::{Command, RulesCommand};
pub use error::{Error, Kind, Place};
pub use exit::Exit;
pub use output::Output;

use crate::language::Language;

/// Runs the program with its arguments.
pub fn main() -> ExitCode {
    let exit = match Arguments::try_parse() {
        Ok(arguments) => {
            let language =
                arguments.lang.unwrap_or_else(|| Language::of_user(|name| std::env::var(name).ok(), system_locale));
            let mut output = Output::new(arguments.color, arguments.quiet, language);
            run(&arguments.command, &mut output).unwrap_or_else(|error| {
                // A person who cannot be told anything is not helped by a panic.
                let _ = output.error(&error);
                error.exit()
            })
        }
        Err(refused) => {
            let mut output = Output::new(clap::ColorChoice::Auto, false, Language::English);
            let _ = match file_without_command(&refused) {
                Some(error) => output.error(&error),
                None => output.refused(&refused),
            };
            if refused.use_stderr() { Exit::Usage } else { Exit::Good }
        }
    };
    ExitCode::from(exit as u8)
}

/// What to say to somebody who names a file and not what to do with it; so does who drops a file on the program's icon.
fn file_without_command(refused: &clap::Error) -> Option<Error> {
    let Some(ContextValue::String(word)) = refused.get(ContextKind::InvalidSubcommand) else { return None };
    let path = Path::new(word);
    let quoted = if word.contains(' ') { format!("\"{word}\"") } else { word.clone() };
    let error = || Error::usage(format!("{word}: a command must stand before the file"));
    path.exists().then(|| error().hint(format!("to have it checked: aaddoctor check {quoted}")))
}

/// The locale that the system has for the user; elsewhere the environment has it.
#[cfg(windows)]
fn system_locale() -> Option<String> {
    sys_locale::get_locale()
}

#[cfg(not(windows))]
fn system_locale() -> Option<String> {
    None
}

fn run(command: &Command, output: &mut Output) -> Result<Exit, Error> {
    match command {
        Command::Check(arguments) => check::run(arguments, output),
        Command::Inspect(arguments) => inspect::run(arguments, output),
        Command::Explain(arguments) => explain::run(arguments, output),
        Command::Rules(arguments) => match &arguments.command {
            RulesCommand::List(arguments) => rules::list(arguments, output),
            RulesCommand::Lint(arguments) => rules::lint(arguments, output),
            RulesCommand::Test(arguments) => rules_test::test(arguments, output),
            RulesCommand::Docs(arguments) => rules_docs::docs(arguments, output),
        },
        Command::CollectScript(arguments) => collect_script::run(arguments, output),
    }
}
