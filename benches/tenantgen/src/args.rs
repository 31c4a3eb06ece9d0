//! The command line.

use std::path::PathBuf;

use crate::cast::LEAST_USERS;
use crate::export::{Format, Options, UsersAt};

/// What `--help` prints.
pub const USAGE: &str = "\
Usage: tenantgen --users N --out FILE [options]

Writes an export of an invented Microsoft 365 tenant, with known faults in it.

  --users N          how many users, from 50 to 100000000
  --out FILE         where the export goes
  --seed S           another tenant of the same size (default 1)
  --list FILE        where the list of faults and decoys goes
  --assigned-plans   writes assignedPlans too, which makes the export almost four times as large
  --indent           two-space indentation; the same data
  --shuffle SEED     users in another order; the same data and the same list
  --users-first      the users stand before all other collections
  --users-last       the users stand after all other collections
  --format FORMAT    json, all in one document (default); ndjson, the users alone, one a line; csv, the users alone, as
                     the Microsoft 365 admin center exports them
";

/// The most users: sums of their numbers then fit into 64 bits.
const MOST_USERS: u64 = 100_000_000;

/// What was asked for.
pub struct Args {
    pub(crate) users: u64,
    pub(crate) seed: u64,
    pub(crate) out: PathBuf,
    pub(crate) list: Option<PathBuf>,
    pub(crate) shuffle: Option<u64>,
    pub(crate) options: Options,
}

impl Args {
    /// Reads the arguments behind the name of the program.
    ///
    /// # Errors
    ///
    /// What is wrong with them, as a clause.
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut users, mut out, mut list, mut shuffle, mut seed) = (None, None, None, None, 1);
        let mut options = Options::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--users" => users = Some(number(&word, &value()?)?),
                "--seed" => seed = number(&word, &value()?)?,
                "--out" => out = Some(PathBuf::from(value()?)),
                "--list" => list = Some(PathBuf::from(value()?)),
                "--shuffle" => shuffle = Some(number(&word, &value()?)?),
                "--format" => {
                    options.format = match value()?.as_str() {
                        "json" => Format::Json,
                        "ndjson" => Format::Ndjson,
                        "csv" => Format::Csv,
                        other => return Err(format!("--format is json, ndjson or csv, not {other}")),
                    }
                }
                "--assigned-plans" => options.assigned_plans = true,
                "--indent" => options.indent = true,
                "--users-first" | "--users-last" if options.users_at != UsersAt::Middle => {
                    return Err("--users-first and --users-last exclude each other".to_owned());
                }
                "--users-first" => options.users_at = UsersAt::First,
                "--users-last" => options.users_at = UsersAt::Last,
                _ => return Err(format!("{word} is not an option")),
            }
        }
        let users = users.ok_or("--users is missing")?;
        if !(LEAST_USERS..=MOST_USERS).contains(&users) {
            return Err(format!("--users must be from {LEAST_USERS} to {MOST_USERS}"));
        }
        let out = out.ok_or("--out is missing")?;
        Ok(Self { users, seed, out, list, shuffle, options })
    }
}

fn number(option: &str, text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|_| format!("{option} needs a whole number, not {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, String> {
        Args::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read() {
        let args = parse("--users 1_000 --out a.json --seed 7 --users-last --indent");
        assert!(args.is_ok_and(|args| args.users == 1000 && args.seed == 7 && args.options.users_at == UsersAt::Last));
    }

    #[test]
    fn faults_are_told() {
        for line in [
            "--users 49 --out a",
            "--users 50",
            "--out a",
            "--users x --out a",
            "--users 50 --out a --fast",
            "--users 50 --out a --format xml",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        assert!(parse("--users 50 --out a --users-last --users-first").is_err());
    }
}
