//! Users with nothing wrong: names, addresses and where they come from.

use crate::ids::{self, Kind};
use crate::names::{GIVEN_NAMES, GUEST_DOMAINS, PLACES, SURNAMES};
use crate::rng::{Dice, Stream};
use crate::user::{Guest, User};
use crate::world::{FEDERATED_DOMAIN, INITIAL_DOMAIN, MANAGED_DOMAINS, World};

/// What decides everything else about a user. Cheap, because seats are counted from it.
pub(crate) struct Traits {
    pub(crate) guest: bool,
    pub(crate) licensed: bool,
    pub(crate) synced: bool,
    pub(crate) domain: &'static str,
}

impl Traits {
    /// A user without a part.
    pub(crate) fn ordinary(world: &World, number: u64) -> Self {
        let mut dice = Dice::new(world.seed, Stream::Traits, number);
        let kind = dice.below(100);
        let guest = kind < 8;
        let synced = !guest && dice.chance(35);
        let domain = if synced && dice.chance(25) { FEDERATED_DOMAIN } else { *dice.pick(MANAGED_DOMAINS) };
        Self { guest, licensed: kind >= 20, synced, domain }
    }

    /// A user with a part, before the part changes it: a licensed member, made in the cloud, in a managed domain.
    pub(crate) fn healthy(world: &World, number: u64) -> Self {
        let mut dice = Dice::new(world.seed, Stream::Traits, number);
        Self { guest: false, licensed: true, synced: false, domain: *dice.pick(MANAGED_DOMAINS) }
    }
}

/// A user with its addresses, and no license yet.
///
/// No two users share an address: every local part ends in the user's number, and what stands before it has no digit.
pub(crate) fn person(world: &World, number: u64, traits: &Traits) -> User {
    let mut dice = Dice::new(world.seed, Stream::Person, number);
    let given = dice.pick(GIVEN_NAMES);
    let surname = dice.pick(SURNAMES);
    let local = match dice.below(4) {
        0 => format!("{}.{}{number}", given.plain, surname.plain),
        1 => format!("{}{}{number}", &given.plain[..1], surname.plain),
        2 => format!("{}.{}{number}", capital(given.plain), capital(surname.plain)),
        _ => format!("{}.{}{number}", surname.plain, &given.plain[..1]),
    };
    let place = dice.pick(PLACES);
    let display_name = match dice.below(64) {
        0 => format!("{} \"{}\" {}", given.shown, capital(&given.plain[..2]), surname.shown),
        1 => format!("{}, {} ⚓\u{1f6a2}", surname.shown, given.shown),
        2 => format!("{} {} (ext\\pilot)", given.shown, surname.shown),
        3..32 => format!("{}, {}", surname.shown, given.shown),
        _ => format!("{} {}", given.shown, surname.shown),
    };
    let id = world.id(Kind::User, number);
    let nickname = local.to_ascii_lowercase();
    let mut user = User {
        number,
        id,
        given_name: given.shown,
        surname: surname.shown,
        display_name,
        sign_in: String::new(),
        nickname,
        mail: String::new(),
        proxies: Vec::with_capacity(6),
        other_mails: Vec::new(),
        guest: None,
        enabled: dice.chance(96),
        usage_location: None,
        place,
        holdings: Vec::new(),
        refusal: None,
        synced: traits.synced,
        immutable_id: traits.synced.then(|| ids::immutable_id(world.seed, Kind::User, number)),
        sync_conflict: None,
    };
    if traits.guest {
        let home = *dice.pick(GUEST_DOMAINS);
        become_guest(&mut user, &local, home, dice.chance(10));
        return user;
    }
    if traits.licensed || dice.chance(50) {
        user.usage_location = Some(place.code);
    }
    // Domains are compared without case; a few names are written with capitals.
    let domain = if dice.chance(2) { capital(traits.domain) } else { traits.domain.to_owned() };
    user.sign_in = format!("{local}@{domain}");
    addresses(world, &mut user, &local, traits, &mut dice);
    user
}

fn addresses(world: &World, user: &mut User, local: &str, traits: &Traits, dice: &mut Dice) {
    let domain = traits.domain;
    // Users with a part sign in with their mail address, so that only the part changes it.
    let separate = dice.chance(10) && world.part_of(user.number).is_none();
    user.mail = if separate { format!("mail.{local}@{domain}") } else { user.sign_in.clone() };
    user.proxies.push(format!("SMTP:{}", user.mail));
    if separate {
        user.proxies.push(format!("smtp:{}", user.sign_in));
    }
    user.proxies.push(format!("smtp:{}@{INITIAL_DOMAIN}", user.nickname));
    if dice.chance(40) {
        user.proxies.push(format!("smtp:post.{}@{}", user.nickname, MANAGED_DOMAINS[0]));
    }
    if dice.chance(30) {
        user.proxies.push(format!("SIP:{}", user.sign_in.to_ascii_lowercase()));
    }
    if dice.chance(12) {
        let site = world.id(Kind::Site, user.number);
        user.proxies.push(format!("SPO:SPO_{site}@SPO_{}", world.id(Kind::Tenant, 0)));
    }
    if dice.chance(8) {
        user.proxies.push(legacy_address(&format!("{:016x}-{}", dice.roll(), user.nickname)));
    }
    if dice.chance(8) {
        user.other_mails.push(format!("{}@home-mail.example", user.nickname));
    }
}

/// Turns a user into a guest of another company, whose sign-in name says which address was invited.
pub(crate) fn become_guest(user: &mut User, local: &str, domain: &str, pending: bool) {
    // An underscore in the address is no separator: only the last one stands for the `@`.
    let local = local.replacen('.', "_", 1);
    user.mail = format!("{local}@{domain}");
    user.sign_in = format!("{local}_{domain}#EXT#@{INITIAL_DOMAIN}");
    user.nickname = format!("{local}_{domain}#EXT#");
    user.proxies = vec![format!("SMTP:{}", user.mail)];
    user.other_mails = vec![user.mail.clone()];
    user.guest = Some(Guest { pending });
    user.usage_location = None;
    user.synced = false;
    user.immutable_id = None;
    user.holdings = Vec::new();
}

/// An address that mailboxes keep from an older mail system; it is no mail address.
pub(crate) fn legacy_address(name: &str) -> String {
    format!("X500:/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={name}")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
