//! What the machine is, and what it has free. Where it cannot tell, nothing is said.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;

/// The number in kilobytes behind a key of a file below `/proc`, in bytes.
pub(crate) fn kilobytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

fn memory(key: &str) -> Option<u64> {
    kilobytes(&fs::read_to_string("/proc/meminfo").ok()?, key)
}

/// The memory that programs can still get, in bytes; the page cache is part of it.
pub(crate) fn free_memory() -> Option<u64> {
    memory("MemAvailable:")
}

/// The space that is left for files in a folder, in bytes.
pub(crate) fn free_space(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// How many programs were running or waiting during the last minute.
pub(crate) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// The machine in a few words.
pub(crate) fn describe() -> String {
    let mut words = Vec::new();
    if let Ok(cores) = thread::available_parallelism() {
        words.push(format!("{cores} cores"));
    }
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    if let Some((_, model)) = cpu.lines().find(|line| line.starts_with("model name")).and_then(|l| l.split_once(": ")) {
        words.push(model.to_owned());
    }
    if let Some(bytes) = memory("MemTotal:") {
        words.push(format!("{} MB of memory", bytes / 1_000_000));
    }
    words.push(std::env::consts::OS.to_owned());
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilobytes_become_bytes() {
        assert_eq!(kilobytes("Name: x\nVmRSS:\t    1234 kB\n", "VmRSS:"), Some(1_263_616));
        assert_eq!(kilobytes("Name: x\n", "VmRSS:"), None);
    }
}
