//! A path: how everything in a rule, its tests as well as its texts, names a value.

use serde::{Deserialize, Serialize};

/// A path to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Path {
    /// Where it starts.
    pub alias: Alias,
    /// The property, and the names inside it; empty for the alias itself.
    pub segments: Vec<String>,
    /// What is done to the value, in order.
    pub filters: Vec<Filter>,
}

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Alias {
    /// The object that is checked.
    Object,
    /// The element of `each`.
    Item,
    /// The person who asks.
    Actor,
    /// The person or group it is asked for.
    Target,
    /// The tenant's organization.
    Organization,
    /// What the user says of the tenant.
    Settings,
    /// A look-up of this rule, by its index.
    LookUp(u16),
}

/// What is done to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Filter {
    /// The part behind the last `@`, in lower case.
    Domain,
    /// The part before the last `@`.
    Local,
    /// In lower case.
    Lower,
    /// An e-mail address: trimmed, lower case, an `smtp:` prefix taken off; nothing where there is no `@`.
    Address,
    /// The address of an `smtp:` proxy address; nothing for X500, SIP, SPO, EUM and the like. A bare address counts as one.
    Smtp,
    /// The address that a guest's `#EXT#` sign-in name was made from (its last `_` read as `@`).
    ExtAddress,
    /// The id of the Azure subscription that a scope lies in.
    Subscription,
    /// The product's name, from its SKU id. In texts only, as are the following.
    Product,
    /// The service plan's name, from its id.
    Plan,
    /// The role's name, from its template id.
    Role,
    /// The meaning of a license error code.
    LicenseError,
    /// The meaning of an error text or a license error code; nothing for one that no table knows.
    Meaning,
    /// The text of an error in XML.
    XmlText,
    /// A date without its time.
    Date,
    /// Without quotes, where a command would quote it.
    Plain,
}
