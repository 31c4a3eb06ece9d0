//! The groups: a few fixed ones that planted faults need, and one for every block of neighboring users.

use crate::cast::Part;
use crate::faults::addresses;
use crate::ids::Kind;
use crate::names::DEPARTMENTS;
use crate::people::Traits;
use crate::plans::{SHAREPOINTENTERPRISE, SWAY};
use crate::rng::{Dice, Stream};
use crate::skus::Sku;
use crate::world::{MANAGED_DOMAINS, World};
use crate::{licenses, time};

/// The group that holds a role for its members.
pub(crate) const ROLE_DESK: u64 = 0;
/// The group that gives Microsoft 365 E3 to users with a part.
pub(crate) const GIVES_SUITE: u64 = 1;
/// The group that gives Power BI Pro, of which no seat is free.
pub(crate) const GIVES_POWER_BI: u64 = 2;
/// The group that gives the international calling plan.
pub(crate) const GIVES_CALLING: u64 = 3;
/// The group that gives Project without the SharePoint plan that Project needs.
pub(crate) const GIVES_PROJECT: u64 = 4;
/// The first of the distribution lists that share an address with a user.
const SHARING: u64 = 5;

/// What a group is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Role,
    /// Gives a license, without these plans.
    License(Sku, &'static [&'static str]),
    /// A Microsoft 365 group.
    Team,
    Distribution,
    Security,
    Dynamic,
}

/// A group.
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) nickname: String,
    pub(crate) purpose: Purpose,
    pub(crate) mail: Option<String>,
    pub(crate) proxies: Vec<String>,
    pub(crate) rule: Option<String>,
    pub(crate) created: u64,
    /// The numbers of the users in it.
    pub(crate) members: Vec<u64>,
}

/// How many groups come before those of the blocks.
fn fixed(world: &World) -> u64 {
    SHARING + world.cast.many
}

fn blocks(world: &World) -> u64 {
    world.groups() - fixed(world)
}

/// The purposes of the blocks' groups, over and over. The first has a mail address, also in the smallest tenant.
fn block_purpose(block: u64) -> Purpose {
    match block % 10 {
        0 | 3 | 8 => Purpose::Team,
        1 => Purpose::License(Sku::Microsoft365E3, &[]),
        4 => Purpose::License(Sku::Office365E3, &[SWAY]),
        7 => Purpose::License(Sku::Microsoft365F3, &[]),
        9 => Purpose::License(Sku::Microsoft365E3, &[SWAY]),
        5 => Purpose::Distribution,
        6 => Purpose::Dynamic,
        _ => Purpose::Security,
    }
}

/// The group that licenses an ordinary user's block, if one does: its number, and what it gives.
pub(crate) fn licensing_block_of(world: &World, user: u64) -> Option<(u64, Sku, &'static [&'static str])> {
    let block = user * blocks(world) / world.users;
    match block_purpose(block) {
        Purpose::License(sku, off) => Some((fixed(world) + block, sku, off)),
        _ => None,
    }
}

/// The number of the `which`-th group that has a mail address and shares it with nobody.
pub(crate) fn team(world: &World, which: u64) -> u64 {
    fixed(world) + 10 * which
}

/// A group by its number.
pub(crate) fn group(world: &World, number: u64) -> Group {
    let mut dice = Dice::new(world.seed, Stream::Membership, number);
    let (purpose, name) = match number {
        ROLE_DESK => (Purpose::Role, "License desk (role)".to_owned()),
        GIVES_SUITE => (Purpose::License(Sku::Microsoft365E3, &[]), "Licenses: Microsoft 365 E3".to_owned()),
        GIVES_POWER_BI => (Purpose::License(Sku::PowerBiPro, &[]), "Licenses: Power BI Pro".to_owned()),
        GIVES_CALLING => (Purpose::License(Sku::CallingInternational, &[]), "Licenses: calling abroad".to_owned()),
        GIVES_PROJECT => (Purpose::License(Sku::Project, &[SHAREPOINTENTERPRISE]), "Licenses: Project".to_owned()),
        _ if number < fixed(world) => (Purpose::Distribution, format!("Orders \"desk {number}\"")),
        _ => {
            let block = number - fixed(world);
            (block_purpose(block), format!("{} – Crew {block}", dice.pick(DEPARTMENTS)))
        }
    };
    let nickname = format!("crew-{number}");
    let mail = matches!(purpose, Purpose::Team | Purpose::Distribution)
        .then(|| format!("{nickname}@{}", MANAGED_DOMAINS[number as usize % MANAGED_DOMAINS.len()]));
    let mut proxies: Vec<String> = mail.iter().map(|mail| format!("SMTP:{mail}")).collect();
    if purpose == Purpose::Team {
        let site = world.id(Kind::Site, world.users + number);
        proxies.push(format!("SPO:SPO_{site}@SPO_{}", world.id(Kind::Tenant, 0)));
    }
    if (SHARING..fixed(world)).contains(&number) {
        proxies.push(format!("smtp:{}", addresses::shared(Part::ProxyOnGroup, number - SHARING)));
    }
    let rule = (purpose == Purpose::Dynamic)
        .then(|| format!("(user.department -eq \"{}\") and (user.accountEnabled -eq true)", dice.pick(DEPARTMENTS)));
    let created = time::EXPORTED_AT - (40 + dice.below(2500)) * time::DAY - dice.below(time::DAY);
    let id = world.id(Kind::Group, number);
    Group { id, name, nickname, purpose, mail, proxies, rule, created, members: members(world, number, purpose) }
}

/// The identifier of the distribution list that shares an address.
pub(crate) fn sharing_id(world: &World, player: u64) -> String {
    world.id(Kind::Group, SHARING + player)
}

fn members(world: &World, number: u64, purpose: Purpose) -> Vec<u64> {
    let players = |part| world.players(part).map(move |player| world.number_of(part, player));
    match number {
        ROLE_DESK => players(Part::LicenseAdminByGroup).collect(),
        GIVES_SUITE => players(Part::LocationByGroup)
            .chain(players(Part::LocationRefused))
            .chain(players(Part::InheritedOnly))
            .chain(players(Part::AddressRefused))
            .collect(),
        GIVES_POWER_BI => players(Part::SeatRefused).collect(),
        GIVES_CALLING => players(Part::ConflictRefused).collect(),
        GIVES_PROJECT => players(Part::DependencyRefused).collect(),
        _ if number < fixed(world) => vec![world.number_of(Part::ProxyOnGroup, number - SHARING)],
        _ => block_members(world, number, purpose),
    }
}

/// A group that gives a license has exactly the users who have it from there.
fn block_members(world: &World, number: u64, purpose: Purpose) -> Vec<u64> {
    let block = number - fixed(world);
    let first = (block * world.users).div_ceil(blocks(world));
    let end = ((block + 1) * world.users).div_ceil(blocks(world));
    let belongs = |user: &u64| match purpose {
        Purpose::License(..) => {
            let traits = Traits::ordinary(world, *user);
            world.part_of(*user).is_none()
                && licenses::ordinary(world, *user, &traits).iter().any(|holding| holding.group == Some(number))
        }
        _ => Dice::new(world.seed, Stream::Membership, *user).chance(40),
    };
    (first..end).filter(belongs).collect()
}
