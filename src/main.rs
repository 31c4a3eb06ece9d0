//! The command `aaddoctor`.

use std::process::ExitCode;

fn main() -> ExitCode {
    aaddoctor::cli::main()
}
