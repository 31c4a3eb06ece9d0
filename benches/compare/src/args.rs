//! The command line.

use std::path::PathBuf;
use std::time::Duration;

pub(crate) const USAGE: &str = "\
Usage: compare [options]

Times aaddoctor beside cat, jq and DuckDB on generated tenants.

  --sizes N,N,...     how many users the tenants have (default 200,10000,100000,1000000)
  --assigned-plans    each tenant with assignedPlans too, which makes it almost four times as large
  --runs N            how often each program runs; the median counts (default 5)
  --dir FOLDER        where tenants and reports go for the time of the run (default: among the temporary files)
  --keep              leaves tenants and reports there
  --binary FILE       aaddoctor (default target/release/aaddoctor)
  --tenantgen FILE    the generator (default: the one beside this program)
  --jq FILE           jq (default jq)
  --duckdb FILE       a Python that has the module duckdb (default python3)
  --time-limit N      seconds after which a program is stopped (default 120)
  --memory-limit N    megabytes at which a program is stopped (default: three quarters of the free memory)
  --markdown          prints the table as Markdown

The exit code is 1 if aaddoctor fails or is stopped, if a program finds something else than what was planted, or if a
tenant cannot be generated; one that the disk has no room for is skipped.
";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) sizes: Vec<u64>,
    pub(crate) assigned_plans: bool,
    pub(crate) runs: usize,
    pub(crate) dir: PathBuf,
    pub(crate) keep: bool,
    pub(crate) binary: PathBuf,
    pub(crate) tenantgen: Option<PathBuf>,
    pub(crate) jq: PathBuf,
    pub(crate) duckdb: PathBuf,
    pub(crate) time_limit: Duration,
    /// In bytes.
    pub(crate) memory_limit: Option<u64>,
    pub(crate) markdown: bool,
}

impl Args {
    /// Reads the arguments behind the name of the program.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut args = Self {
            sizes: vec![200, 10_000, 100_000, 1_000_000],
            assigned_plans: false,
            runs: 5,
            dir: std::env::temp_dir().join("aaddoctor-compare"),
            keep: false,
            binary: "target/release/aaddoctor".into(),
            tenantgen: None,
            jq: "jq".into(),
            duckdb: "python3".into(),
            time_limit: Duration::from_secs(120),
            memory_limit: None,
            markdown: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--sizes" => {
                    args.sizes = value()?.split(',').map(|size| number(&word, size)).collect::<Result<_, _>>()?;
                }
                "--assigned-plans" => args.assigned_plans = true,
                "--runs" => args.runs = usize::try_from(number(&word, &value()?)?).unwrap_or(usize::MAX),
                "--dir" => args.dir = value()?.into(),
                "--keep" => args.keep = true,
                "--binary" => args.binary = value()?.into(),
                "--tenantgen" => args.tenantgen = Some(value()?.into()),
                "--jq" => args.jq = value()?.into(),
                "--duckdb" => args.duckdb = value()?.into(),
                "--time-limit" => args.time_limit = Duration::from_secs(number(&word, &value()?)?),
                "--memory-limit" => args.memory_limit = Some(number(&word, &value()?)?.saturating_mul(1_000_000)),
                "--markdown" => args.markdown = true,
                _ => return Err(format!("{word} is not an option")),
            }
        }
        Ok(args)
    }
}

/// A number from 1 on.
fn number(option: &str, text: &str) -> Result<u64, String> {
    let number = text.replace('_', "").parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{option} needs a whole number from 1 on, not {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, String> {
        Args::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read() {
        let args = parse("--sizes 200,10_000 --runs 3 --memory-limit 500 --markdown").expect("good options");
        assert_eq!((args.sizes, args.runs), (vec![200, 10_000], 3));
        assert_eq!((args.memory_limit, args.markdown, args.keep), (Some(500_000_000), true, false));
    }

    #[test]
    fn faults_are_told() {
        for line in ["--sizes 200,", "--runs 0", "--runs", "--time-limit -1", "--fast"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
