//! Mail contacts: people of other companies, and a few whose address is also somebody's here.

use crate::cast::Part;
use crate::faults::addresses;
use crate::ids::Kind;
use crate::names::{CONTACT_DOMAINS, GIVEN_NAMES, SURNAMES};
use crate::rng::{Dice, Stream};
use crate::world::{MANAGED_DOMAINS, World};

/// A contact.
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) nickname: String,
    pub(crate) mail: String,
    pub(crate) proxies: Vec<String>,
    pub(crate) synced: bool,
}

/// A contact by its number.
pub(crate) fn contact(world: &World, number: u64) -> Contact {
    let mut dice = Dice::new(world.seed, Stream::Contact, number);
    let (given, surname) = (dice.pick(GIVEN_NAMES), dice.pick(SURNAMES));
    let nickname = format!("{}-{}-c{number}", given.plain, surname.plain);
    let mut contact = Contact {
        id: world.id(Kind::Contact, number),
        name: format!("{} {} (extern)", given.shown, surname.shown),
        mail: format!("{nickname}@{}", dice.pick(CONTACT_DOMAINS)),
        nickname,
        proxies: Vec::new(),
        synced: dice.chance(30),
    };
    let many = world.cast.many;
    match number {
        _ if number < many => contact.mail = world.player(Part::NameOnContact, number).sign_in,
        _ if number < 2 * many => {
            contact.proxies.push(format!("smtp:{}", addresses::shared(Part::ProxyOnContact, number - many)));
        }
        // The request for this name finds it as `mail` only.
        _ if number < 2 * many + world.cast.few => {
            contact.mail = format!("{}@{}", contact.nickname, MANAGED_DOMAINS[0]);
            return contact;
        }
        _ => {}
    }
    contact.proxies.insert(0, format!("SMTP:{}", contact.mail));
    contact
}

/// The contact that holds a user's sign-in name.
pub(crate) fn name_holder_id(world: &World, player: u64) -> String {
    world.id(Kind::Contact, player)
}

/// The contact that shares an address with a user.
pub(crate) fn sharing_id(world: &World, player: u64) -> String {
    world.id(Kind::Contact, world.cast.many + player)
}

/// The number of the contact whose mail a request wants as a sign-in name.
pub(crate) fn inside(world: &World, which: u64) -> u64 {
    2 * world.cast.many + which
}
