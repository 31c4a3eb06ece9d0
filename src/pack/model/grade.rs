//! How bad a finding is and how sure: by themselves, since packs, checks and the whole report grade by them.

use serde::{Deserialize, Serialize};

/// How bad a finding is. The order is the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is broken.
    Info,
    /// A small fault, or one that costs money rather than work.
    Low,
    /// Something will fail when it is next used.
    Medium,
    /// Something fails now, or will for certain.
    High,
    /// Nobody can mend anything until this is mended.
    Critical,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Worth a look; the export cannot prove it.
    Hint,
    /// True unless the export misleads.
    Likely,
    /// The directory itself says so.
    Certain,
}
