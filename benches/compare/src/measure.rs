//! Runs a program to its end, or to a limit, and tells what it took.

use std::fs;
use std::io;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use wait4::Wait4;

/// How often the memory of a running program is looked at.
const WATCH_EVERY: Duration = Duration::from_millis(50);

/// What a program may take.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) time: Duration,
    /// In bytes. Kept on Linux only, where a running program can be asked.
    pub(crate) memory: u64,
}

/// The limit that a program came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Time(Duration),
    /// In bytes.
    Memory(u64),
}

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) wall: Duration,
    pub(crate) user: Duration,
    pub(crate) system: Duration,
    /// The most resident memory, in bytes. The system counts this program's own few megabytes too, as every program
    /// begins as a copy of the one that starts it.
    pub(crate) memory: u64,
}

/// How one run ended.
pub(crate) enum End {
    Finished(ExitStatus, Sample),
    Stopped(Limit),
}

/// Starts a program and waits for its end.
pub(crate) fn run(command: &mut Command, limits: Limits) -> io::Result<End> {
    let start = Instant::now();
    let child = command.spawn()?;
    let pid = Pid::from_child(&child);
    let (finished, finish) = mpsc::channel();
    let watcher = thread::spawn(move || watch(pid, start, limits, &finish));
    // The child stays a zombie until the watcher has stopped, so that its id is nobody else's.
    let waited = wait(pid);
    let wall = start.elapsed();
    drop::<mpsc::Sender<()>>(finished);
    let reached = watcher.join().unwrap_or(None);
    waited?;
    let used = child.wait4()?;
    Ok(match reached {
        Some(limit) if !used.status.success() => End::Stopped(limit),
        _ => {
            let usage = used.rusage;
            let sample = Sample { wall, user: usage.utime, system: usage.stime, memory: usage.maxrss };
            End::Finished(used.status, sample)
        }
    })
}

/// Waits until a child has ended, and leaves it to be asked what it took.
fn wait(pid: Pid) -> io::Result<()> {
    loop {
        match waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
            Err(Errno::INTR) => {}
            Err(fault) => return Err(fault.into()),
            Ok(_) => return Ok(()),
        }
    }
}

/// Stops a program at its limits; `finish` hangs up once it has ended.
fn watch(pid: Pid, start: Instant, limits: Limits, finish: &Receiver<()>) -> Option<Limit> {
    loop {
        let left = limits.time.saturating_sub(start.elapsed());
        if finish.recv_timeout(left.min(WATCH_EVERY)) != Err(RecvTimeoutError::Timeout) {
            return None;
        }
        let reached = if start.elapsed() >= limits.time {
            Some(Limit::Time(limits.time))
        } else if resident(pid).is_some_and(|bytes| bytes > limits.memory) {
            Some(Limit::Memory(limits.memory))
        } else {
            None
        };
        if reached.is_some() {
            // A program that has just ended needs no signal.
            let _ = kill_process(pid, Signal::KILL);
            return reached;
        }
    }
}

/// The memory that a program holds now, in bytes.
fn resident(pid: Pid) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", pid.as_raw_nonzero())).ok()?;
    crate::machine::kilobytes(&status, "VmRSS:")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Limits = Limits { time: Duration::from_secs(600), memory: u64::MAX };

    #[test]
    fn an_end_is_told_with_its_status() {
        let end = run(Command::new("sh").args(["-c", "exit 3"]), FREE).expect("a shell");
        assert!(matches!(end, End::Finished(status, sample) if status.code() == Some(3) && sample.memory > 0));
    }

    #[test]
    fn a_program_is_stopped_at_its_limits() {
        let soon = Limits { time: Duration::from_millis(1), ..FREE };
        let end = run(Command::new("sleep").arg("600"), soon).expect("sleep");
        assert!(matches!(end, End::Stopped(Limit::Time(_))));
        if cfg!(target_os = "linux") {
            let little = Limits { memory: 1, ..FREE };
            let end = run(Command::new("sleep").arg("600"), little).expect("sleep");
            assert!(matches!(end, End::Stopped(Limit::Memory(1))));
        }
    }
}
