//! One user, before it is written.

use crate::names::Place;
use crate::skus::Sku;

/// A license that a user has.
#[derive(Clone)]
pub(crate) struct Holding {
    pub(crate) sku: Sku,
    /// The plans that are switched off, by id.
    pub(crate) off: &'static [&'static str],
    /// The number of the group that gives it; none for a direct license.
    pub(crate) group: Option<u64>,
}

impl Holding {
    pub(crate) fn direct(sku: Sku) -> Self {
        Self { sku, off: &[], group: None }
    }

    pub(crate) fn without(sku: Sku, off: &'static [&'static str]) -> Self {
        Self { sku, off, group: None }
    }
}

/// A license that a group should have given and that the directory refused.
pub(crate) struct Refusal {
    pub(crate) sku: Sku,
    pub(crate) off: &'static [&'static str],
    pub(crate) group: u64,
    /// Graph's code.
    pub(crate) error: &'static str,
}

/// The state of a guest.
pub(crate) struct Guest {
    /// The invitation was not accepted yet.
    pub(crate) pending: bool,
}

/// A user.
pub(crate) struct User {
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) given_name: &'static str,
    pub(crate) surname: &'static str,
    pub(crate) display_name: String,
    /// `userPrincipalName`.
    pub(crate) sign_in: String,
    pub(crate) nickname: String,
    pub(crate) mail: String,
    /// With prefixes, as in `proxyAddresses`.
    pub(crate) proxies: Vec<String>,
    pub(crate) other_mails: Vec<String>,
    pub(crate) guest: Option<Guest>,
    pub(crate) enabled: bool,
    /// None and empty are both missing.
    pub(crate) usage_location: Option<&'static str>,
    pub(crate) place: &'static Place,
    pub(crate) holdings: Vec<Holding>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) synced: bool,
    pub(crate) immutable_id: Option<String>,
    /// The address that synchronization could not write.
    pub(crate) sync_conflict: Option<String>,
}

/// What stands before the last `@`.
pub(crate) fn local_part(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(local, _)| local)
}

impl User {
    /// Gives the user mail addresses that differ from the sign-in name, which it then does not hold as an address.
    pub(crate) fn separate_mail(&mut self) {
        let (local, domain) = self.mail.rsplit_once('@').unwrap_or((&self.mail, ""));
        let mail = format!("mail.{local}@{domain}");
        self.proxies = vec![format!("SMTP:{mail}")];
        self.mail = mail;
    }

    /// Moves the sign-in name to another domain.
    pub(crate) fn move_to(&mut self, domain: &str) {
        self.sign_in = format!("{}@{domain}", local_part(&self.sign_in));
    }
}
