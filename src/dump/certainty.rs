//! How sure the shape of a format is.

use super::dialect::Dialect;
use super::source::Format;

/// How sure the shape of a format is. Source: the marks of the project's research into what exporters write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Seen in a real file.
    Seen,
    /// Read in the code of the program that writes it.
    Code,
    /// Documented by its vendor.
    Documented,
    /// Only remembered: what is found in it is likely at most.
    Remembered,
}

impl Certainty {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Code => "code",
            Self::Documented => "documented",
            Self::Remembered => "remembered",
        }
    }
}

impl Format {
    /// How sure its shape is; nothing where it is this program's own, or none.
    ///
    /// Sources: pages and objects of Microsoft Graph and of its PowerShell are quoted from public recordings and issues.
    pub fn certainty(self) -> Option<Certainty> {
        match self {
            Self::Bundle | Self::Unknown => None,
            Self::Pages | Self::Objects | Self::PowerShell => Some(Certainty::Seen),
            Self::Foreign(dialect) => Some(dialect.certainty()),
        }
    }
}

impl Dialect {
    /// How sure its shape is.
    pub fn certainty(self) -> Certainty {
        match self {
            // Header and rows in public repositories and write-ups; Microsoft's own templates; published dumps.
            Self::AdminCenterUsers
            | Self::EntraUsers
            | Self::BulkCreate
            | Self::BulkInvite
            | Self::AzureAd
            | Self::LogAnalytics
            | Self::DevProxy
            | Self::Har
            | Self::ScubaGear
            | Self::DataConnect => Certainty::Seen,
            Self::Cipp | Self::AzureHound | Self::RoadRecon | Self::EntraExporter | Self::ZeroTrust => Certainty::Code,
            Self::Exchange | Self::MsOnline | Self::Batch => Certainty::Documented,
            // Nobody says who wrote a table of users; the wording of "Add multiple users" is remembered, and so is how
            // Export-Csv names the types of lists.
            Self::PowerShellCsv | Self::UserTable | Self::MultipleUsers => Certainty::Remembered,
        }
    }
}
