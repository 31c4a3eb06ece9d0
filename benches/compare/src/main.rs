//! Times aaddoctor beside `cat`, jq and DuckDB on generated tenants.
//!
//! `cat` does nothing but read, so it is the floor. jq and DuckDB do a part of aaddoctor's job, two of its rules; their
//! programs are in `peers/`. The programs take turns, and the file is read before each of them, so that all find the
//! same page cache. What they find must be what the generator planted. Nothing of aaddoctor's source is used.

mod args;
mod machine;
mod measure;
mod program;
mod race;
mod table;
mod tenant;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use args::Args;
use measure::Limits;
use program::Program;
use table::Table;
use tenant::{Size, Tenant};

/// From this share of the cores on, the machine has something else to do.
const BUSY: f64 = 0.15;

fn main() -> ExitCode {
    if std::env::args().any(|word| word == "--help") {
        print!("{}", args::USAGE);
        return ExitCode::SUCCESS;
    }
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(fault) => {
            eprintln!("compare: {fault}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    match compare(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("compare: {fault}");
            ExitCode::from(2)
        }
    }
}

/// Runs everything and prints the table; tells whether all was well.
fn compare(args: &Args) -> Result<bool, String> {
    let load = machine::load();
    let programs = Program::all(args);
    for program in &programs {
        if let (true, Err(why)) = (program.is_ours(), &program.version) {
            return Err(format!("{}: {why}; `cargo build --release --workspace` builds it", args.binary.display()));
        }
    }
    let tenantgen = tenantgen(args)?;
    fs::create_dir_all(&args.dir).map_err(|fault| format!("{}: {fault}", args.dir.display()))?;
    let memory = args.memory_limit.or_else(|| Some(machine::free_memory()? / 4 * 3)).unwrap_or(u64::MAX);
    let limits = Limits { time: args.time_limit, memory };
    let mut table = Table::default();
    let mut notes = vec![about(&programs, args.runs)];
    notes.extend(load.and_then(busy));
    let mut well = true;
    for size in sizes(args) {
        let name = size.to_string();
        if let Err(why) = size.check_space(&args.dir) {
            notes.push(format!("{name}: skipped; {why}."));
            continue;
        }
        eprintln!("{name}: generating");
        let tenant = match Tenant::generate(&tenantgen, &args.dir, size) {
            Ok(tenant) => tenant,
            Err(why) => {
                notes.push(format!("{name}: not generated; {why}."));
                well = false;
                continue;
            }
        };
        if machine::free_memory().is_some_and(|free| free < tenant.bytes) {
            notes.push(format!("{name}: the file does not fit into the page cache."));
        }
        well &= race::run(&tenant, &name, &programs, args, limits, &mut table);
        if !args.keep {
            tenant.remove().map_err(|fault| format!("{}: {fault}", args.dir.display()))?;
            programs.iter().for_each(|program| program.clean(&args.dir));
        }
    }
    if !args.keep {
        // Fails if the folder holds something else, which then stays.
        let _ = fs::remove_dir(&args.dir);
    }
    print!("{}", if args.markdown { table.markdown() } else { table.plain() });
    for note in notes {
        println!("\n{note}");
    }
    Ok(well)
}

fn sizes(args: &Args) -> Vec<Size> {
    let variants: &[bool] = if args.assigned_plans { &[false, true] } else { &[false] };
    let sizes = args.sizes.iter();
    sizes.flat_map(|users| variants.iter().map(|plans| Size { users: *users, assigned_plans: *plans })).collect()
}

/// The generator, which is built into the same folder as this program.
fn tenantgen(args: &Args) -> Result<PathBuf, String> {
    let beside = || std::env::current_exe().ok().map(|program| program.with_file_name("tenantgen"));
    let path = args.tenantgen.clone().or_else(beside).unwrap_or_else(|| "tenantgen".into());
    let there = path.exists().then(|| path.clone());
    there.ok_or_else(|| format!("{}: not there; `cargo build --release --workspace` builds it", path.display()))
}

/// The programs and the machine.
fn about(programs: &[Program], runs: usize) -> String {
    let versions: Vec<&str> = programs.iter().filter_map(|program| program.version.as_deref().ok()).collect();
    let times = if runs == 1 { "One run".to_owned() } else { format!("Medians of {runs} runs") };
    format!("{times} of {}; {}.", versions.join(", "), machine::describe())
}

/// That the machine has something else to do.
fn busy(load: f64) -> Option<String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let busy = load > BUSY * cores as f64;
    busy.then(|| format!("The machine was busy (load {load:.2} before the first run): these numbers are provisional."))
}
