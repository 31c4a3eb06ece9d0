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

use answers::Answers;
pub use args::{Args, USAGE};
pub use export::{Format, Options, UsersAt};
use world::World;

/// Writes the files that the arguments name, and says on standard output what is in them.
///
/// # Errors
///
/// If one of them cannot be written.
pub fn generate(args: &Args) -> io::Result<()> {
    let world = World::new(args.seed, args.users, args.shuffle);
    export::write(&world, &args.options, create(&args.out)?).map_err(|fault| at(&args.out, &fault))?;
    let answers = Answers::of(&world);
    if let Some(list) = &args.list {
        answers.write(&world, create(list)?).map_err(|fault| at(list, &fault))?;
    }
    let (planted, decoys) = answers.counts();
    writeln!(io::stdout(), "{} users, {planted} planted faults, {decoys} decoys", args.users)
}

/// The same two files in memory, for tests: the export, and the list of its faults and decoys.
///
/// # Errors
///
/// None in fact: nothing can fail in memory.
pub fn generate_in_memory(
    users: u64,
    seed: u64,
    shuffle: Option<u64>,
    options: &Options,
) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let world = World::new(seed, users, shuffle);
    let (mut export, mut list) = (Vec::new(), Vec::new());
    export::write(&world, options, &mut export)?;
    Answers::of(&world).write(&world, &mut list)?;
    Ok((export, list))
}

fn create(path: &Path) -> io::Result<BufWriter<File>> {
    let file = File::create(path).map_err(|fault| at(path, &fault))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

/// An error that says which file it is about.
fn at(path: &Path, fault: &io::Error) -> io::Error {
    io::Error::new(fault.kind(), format!("{}: {fault}", path.display()))
}
