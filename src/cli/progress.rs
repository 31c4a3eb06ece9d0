//! Progress on standard error: only on a terminal, and only when the work is long.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::dump::Input;

/// From so many bytes on it is shown at once.
const LARGE: u64 = 100_000_000;
/// After so long it is shown in any case.
const LONG: Duration = Duration::from_millis(500);
/// How often it is looked at.
const TICK: Duration = Duration::from_millis(50);

/// The bytes of all inputs, as far as they can be told beforehand.
pub(crate) fn size(inputs: &[Input]) -> u64 {
    let size = |input: &Input| match input {
        Input::File(path) => path.metadata().map_or(0, |metadata| metadata.len()),
        Input::Stdin | Input::Packed(..) | Input::Tree(_) => 0,
        Input::Bytes(_, bytes) => bytes.len() as u64,
    };
    inputs.iter().map(size).sum()
}

/// Does the work; shows how far `seen` is on the way to `total`, if `may_show`.
pub(crate) fn during<T>(may_show: bool, total: u64, seen: &AtomicU64, work: impl FnOnce() -> T) -> T {
    if !may_show {
        return work();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| show(total, seen, &done));
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })
}

fn show(total: u64, seen: &AtomicU64, done: &AtomicBool) {
    let start = Instant::now();
    while total < LARGE && start.elapsed() < LONG {
        if done.load(Ordering::Relaxed) {
            return;
        }
        std::thread::sleep(TICK);
    }
    // Its own default is standard error, and nothing where that is no terminal.
    let bar = if total > 0 { ProgressBar::new(total) } else { ProgressBar::new_spinner() };
    let template = if total > 0 {
        "Reading {bar:30} {decimal_bytes} of {decimal_total_bytes}"
    } else {
        "Reading {spinner} {decimal_bytes}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    while !done.load(Ordering::Relaxed) {
        let seen = seen.load(Ordering::Relaxed);
        bar.set_position(if total > 0 { seen.min(total) } else { seen });
        if total > 0 && seen >= total {
            bar.set_style(
                ProgressStyle::with_template("Judging {spinner}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
        }
        bar.tick();
        std::thread::sleep(TICK);
    }
    bar.finish_and_clear();
}
