//! The generated tenants: made, read into the page cache, and removed.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::machine;
use crate::program::Found;
use crate::table::grouped;

/// The rule that the peers' first count is about.
pub(crate) const DUPLICATES: &str = "duplicate-proxy-address";
/// The rule that the peers' second count is about.
pub(crate) const LOCATIONS: &str = "usage-location-missing";

/// Room that a run leaves on the disk.
const SPARE_BYTES: u64 = 500_000_000;

/// Which tenant.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) users: u64,
    pub(crate) assigned_plans: bool,
}

impl Size {
    /// Says so if the disk is too full for the tenant, its list and a report.
    pub(crate) fn check_space(self, dir: &Path) -> Result<(), String> {
        let per_user = if self.assigned_plans { 10_000 } else { 3_500 };
        let needs = self.users.saturating_mul(per_user).saturating_add(SPARE_BYTES) / 1_000_000;
        let free = machine::free_space(dir).map_err(|fault| fault.to_string())? / 1_000_000;
        if free < needs {
            return Err(format!("the disk is too full: {needs} MB are needed, and {free} MB are free"));
        }
        Ok(())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(self.users))?;
        f.write_str(if self.assigned_plans { " + plans" } else { "" })
    }
}

/// A tenant on the disk.
pub(crate) struct Tenant {
    pub(crate) file: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) planted: Found,
    list: PathBuf,
}

/// What is read of the list of faults.
#[derive(Deserialize)]
struct List {
    counts: Counts,
}

#[derive(Deserialize)]
struct Counts {
    rules: BTreeMap<String, OfRule>,
}

#[derive(Deserialize)]
struct OfRule {
    planted: u64,
}

impl Tenant {
    /// Generates a tenant.
    pub(crate) fn generate(tenantgen: &Path, dir: &Path, size: Size) -> Result<Self, String> {
        let plans = if size.assigned_plans { "-plans" } else { "" };
        let file = dir.join(format!("tenant-{}{plans}.json", size.users));
        let list = dir.join(format!("tenant-{}{plans}.list.json", size.users));
        let mut command = Command::new(tenantgen);
        command.args(["--users", &size.users.to_string()]).arg("--out").arg(&file).arg("--list").arg(&list);
        if size.assigned_plans {
            command.arg("--assigned-plans");
        }
        let output = command.output().map_err(|fault| format!("{}: {fault}", tenantgen.display()))?;
        if !output.status.success() {
            // What there is of them is of no use.
            let _ = (fs::remove_file(&file), fs::remove_file(&list));
            return Err(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("no message").to_owned());
        }
        let planted = planted(&list).map_err(|fault| format!("{}: {fault}", list.display()))?;
        let bytes = fs::metadata(&file).map_err(|fault| format!("{}: {fault}", file.display()))?.len();
        Ok(Self { file, bytes, planted, list })
    }

    /// Reads the file once, so that it is in the page cache.
    pub(crate) fn warm(&self, window: &mut [u8]) -> io::Result<()> {
        let mut file = File::open(&self.file)?;
        while file.read(window)? > 0 {}
        Ok(())
    }

    pub(crate) fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.file)?;
        fs::remove_file(&self.list)
    }
}

/// How many faults of the two rules a list has.
fn planted(list: &Path) -> io::Result<Found> {
    let List { counts } = serde_json::from_reader(BufReader::new(File::open(list)?))?;
    let count = |rule| {
        let of_rule = counts.rules.get(rule).ok_or_else(|| io::Error::other(format!("nothing is said of {rule}")));
        of_rule.map(|of_rule| of_rule.planted)
    };
    Ok(Found { duplicate_addresses: count(DUPLICATES)?, missing_locations: count(LOCATIONS)? })
}
