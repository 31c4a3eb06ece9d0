//! A fix: what to do, who may do it, for which objects, and what it changes on them.

use serde::{Deserialize, Serialize};

use super::{Alias, Condition, Scalar, Template};

/// One fix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Its name within the rule.
    pub id: String,
    /// What to do, in one line.
    pub title: Template,
    /// It is done after one of the others, and is no alternative to them: its title begins with "When" or "Then".
    pub next: bool,
    /// What else to know.
    pub note: Option<Template>,
    /// Offered only for objects that satisfy this.
    pub when: Option<Condition>,
    /// Not offered for objects that satisfy this; for those of which that cannot be told it is.
    pub unless: Option<Condition>,
    /// Whose account it changes (sign-in name, password, whether it is blocked): only who may reset that person's password may do it.
    pub account: Option<Alias>,
    /// What `when` says, for people.
    pub only_if: Option<Template>,
    /// Of a key that several objects hold: for which of them it is offered; none for all.
    pub holders: Option<Holders>,
    /// Who may do it: role names, the least powerful first.
    pub roles: Vec<String>,
    /// How careful one must be.
    pub safety: Safety,
    /// Where it is made.
    pub place: Where,
    /// The way through the admin center.
    pub portal: Option<Template>,
    /// The command.
    pub powershell: Option<Template>,
    /// How to see that it worked.
    pub verify: Option<Template>,
    /// What one sees then, if it did.
    pub worked_when: Option<Template>,
    /// How to take it back.
    pub undo: Option<Template>,
    /// When it takes effect.
    pub takes_effect: Option<Template>,
    /// What it changes on the object: for the simulation.
    pub set: Vec<(String, SetValue)>,
    /// A Rust function that makes the commands.
    pub native: Option<String>,
}

/// How careful one must be with a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Can be run as it is.
    Safe,
    /// Somebody decides first.
    Review,
    /// Loses something.
    Destructive,
}

/// Where a fix is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Where {
    /// In the directory.
    Cloud,
    /// In Active Directory, then synchronized.
    OnPremises,
    /// In Exchange Online.
    Exchange,
}

/// Which of those who hold a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holders {
    /// Those who hold it as `held-as` says; all, where it says nothing.
    Owner,
    /// The others; nobody, where it says nothing.
    Others,
}

/// What a fix makes of a property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SetValue {
    /// This text.
    Text(Template),
    /// This plain value.
    Value(Scalar),
    /// The list without and with these elements.
    List {
        /// Added.
        add: Vec<Template>,
        /// Removed.
        remove: Vec<Template>,
    },
}
