//! Generates believable exports of Microsoft 365 tenants, with a list of the faults that a check must find in them.
//!
//! Everything is a function of the seed and a number ([`world`]): nothing is stored per user, so the tenant may be of
//! any size. Some users play a part ([`cast`]), such as having a fault ([`faults`]) or only looking faulty ([`decoys`]);
//! all other objects are clean. The program shares no code with the tool that it serves, so that a mistake in one is
//! not repeated in the other.

#![forbid(unsafe_code)]

mod answers;
mod args;
mod cast;
mod contacts;
mod decoys;
mod deleted;
mod export;
mod faults;
mod groups;
mod ids;
mod json;
mod licenses;
mod names;
mod people;
mod permutation;
mod plans;
mod requests;
mod rng;
mod roles;
mod seats;
mod skus;
mod time;
mod user;
mod world;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use answers::Answers;
use args::Args;
use world::World;

fn main() -> ExitCode {
    if std::env::args().any(|word| word == "--help") {
        print!("{}", args::USAGE);
        return ExitCode::SUCCESS;
    }
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(fault) => {
            eprintln!("tenantgen: {fault}\n\n{}", args::USAGE);
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

fn generate(args: &Args) -> io::Result<()> {
    let world = World::new(args.seed, args.users, args.shuffle);
    export::write(&world, &args.options, create(&args.out)?).map_err(|fault| at(&args.out, &fault))?;
    let answers = Answers::of(&world);
    if let Some(list) = &args.list {
        answers.write(&world, create(list)?).map_err(|fault| at(list, &fault))?;
    }
    let (planted, decoys) = answers.counts();
    writeln!(io::stdout(), "{} users, {planted} planted faults, {decoys} decoys", args.users)
}

fn create(path: &Path) -> io::Result<BufWriter<File>> {
    let file = File::create(path).map_err(|fault| at(path, &fault))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

/// An error that says which file it is about.
fn at(path: &Path, fault: &io::Error) -> io::Error {
    io::Error::new(fault.kind(), format!("{}: {fault}", path.display()))
}
