//! The programs take turns on a tenant.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::args::Args;
use crate::measure::{self, End, Limits, Sample};
use crate::program::{Found, Program};
use crate::table::{Figures, Outcome, Row, Table};
use crate::tenant::Tenant;

/// Lets all programs do their job on a tenant; tells whether all was well.
pub(crate) fn run(
    tenant: &Tenant,
    name: &str,
    programs: &[Program],
    args: &Args,
    limits: Limits,
    table: &mut Table,
) -> bool {
    let mut runners: Vec<Runner<'_>> = programs.iter().map(Runner::new).collect();
    let mut window = vec![0; 1 << 20];
    for round in 1..=args.runs {
        for runner in &mut runners {
            if runner.dropped_out.is_none() {
                eprintln!("{name}: {} ({round} of {})", runner.program.name(), args.runs);
                runner.dropped_out = runner.run(tenant, &args.dir, limits, &mut window).err();
            }
        }
    }
    let mut floor: Option<Duration> = None;
    let mut well = true;
    for runner in runners {
        let (program, samples, found) = (runner.program, runner.samples, runner.found);
        let outcome = runner.dropped_out.unwrap_or_else(|| Outcome::Measured(Figures::of(&samples), found));
        match &outcome {
            Outcome::Measured(figures, _) if program.is_floor() => floor = Some(figures.wall),
            Outcome::Measured(_, found) => well &= *found == Some(tenant.planted),
            Outcome::Stopped(_) | Outcome::Failed(_) => well &= !program.is_ours(),
        }
        let (bytes, planted) = (tenant.bytes, tenant.planted);
        table.add(&Row { tenant: name, bytes, planted, program: program.name(), outcome: &outcome, floor });
    }
    well
}

/// A program on its way through the rounds.
struct Runner<'a> {
    program: &'a Program,
    samples: Vec<Sample>,
    /// What its runs found.
    found: Option<Found>,
    /// Why it runs no more.
    dropped_out: Option<Outcome>,
}

impl<'a> Runner<'a> {
    fn new(program: &'a Program) -> Self {
        let dropped_out = program.version.as_ref().err().map(|why| Outcome::Failed(why.clone()));
        Self { program, samples: Vec::new(), found: None, dropped_out }
    }

    /// One run; an error is why there should be no other.
    fn run(&mut self, tenant: &Tenant, dir: &Path, limits: Limits, window: &mut [u8]) -> Result<(), Outcome> {
        let failed = |fault: io::Error| Outcome::Failed(fault.to_string());
        self.program.clean(dir);
        let mut command = self.program.command(&tenant.file, dir).map_err(failed)?;
        tenant.warm(window).map_err(failed)?;
        match measure::run(&mut command, limits).map_err(failed)? {
            End::Stopped(limit) => Err(Outcome::Stopped(limit)),
            End::Finished(status, _) if !status.success() => {
                Err(Outcome::Failed(format!("{status}: {}", self.program.complaint(dir))))
            }
            End::Finished(_, sample) => {
                self.samples.push(sample);
                // If only one of the runs finds something wrong, that is what is shown.
                if self.found.is_none_or(|found| found == tenant.planted) {
                    let unread = |fault| Outcome::Failed(format!("its answer cannot be read: {fault}"));
                    self.found = self.program.found(dir).map_err(unread)?;
                }
                Ok(())
            }
        }
    }
}
