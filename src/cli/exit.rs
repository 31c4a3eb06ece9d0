//! The exit codes: a contract, for scripts.

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Nothing was found.
    Good = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// Wrong usage.
    Usage = 2,
    /// A source could not be read; the report of the others was written.
    Source = 3,
    /// A rule pack is wrong.
    Pack = 4,
    /// No such finding, but nothing, or nothing of what `--require` names, could be assessed.
    NotAssessed = 5,
}
