//! The command line of the generator.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use tenantgen::{Args, USAGE, generate};

fn main() -> ExitCode {
    if std::env::args().any(|word| word == "--help") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(fault) => {
            eprintln!("tenantgen: {fault}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match generate(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("tenantgen: {fault}");
            ExitCode::FAILURE
        }
    }
}
