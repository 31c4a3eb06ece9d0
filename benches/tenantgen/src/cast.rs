//! Which users play a part: administrators, the users with a planted fault, and those who only look faulty.
//!
//! The parts take the first slots; a permutation spreads the slots over the tenant. Nothing is stored per user.

/// A part that a user plays. All others are ordinary users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    // Holders of roles.
    GlobalAdmin,
    UserAdmin,
    LicenseAdminByGroup,
    HelpdeskAdmin,
    EligibleAdmin,
    ScopedAdmin,
    SilentEligibleAdmin,
    SilentScopedAdmin,
    // Whom requests are about.
    Target,
    RemovalBlocked,
    InheritedOnly,
    // Faults: usage location.
    LocationNull,
    LocationEmpty,
    LocationByGroup,
    LocationRefused,
    // Faults: sign-in names.
    NameTwinFirst,
    NameTwinSecond,
    NameIsProxyOwner,
    NameIsProxyHolder,
    NameOnContact,
    NameOnDeletedUser,
    DomainUnverified,
    DomainUnlisted,
    DomainFederated,
    // Faults: addresses.
    ProxyTwinFirst,
    ProxyTwinSecond,
    ProxyOnGroup,
    ProxyOnContact,
    ProxyOnDeletedUser,
    GuestRenamed,
    SyncConflict,
    // Faults: licenses.
    SeatRefused,
    DependencyRefused,
    ConflictRefused,
    AddressRefused,
    CallingPlans,
    ProjectWithoutBase,
    // Decoys.
    LegacyTwinFirst,
    LegacyTwinSecond,
    ChatTwinFirst,
    ChatTwinSecond,
    StackedE1,
    StackedE3,
    FederatedWithAnchor,
    OnePlanTwice,
    Leaver,
    PlansOff,
    BaseElsewhere,
    PlainGuest,
}

/// How many users play a part.
#[derive(Clone, Copy)]
enum Amount {
    One,
    /// At most 3: people that requests are about.
    Few,
    /// At most 10: people with a role.
    Some,
    /// One of 2,000 users.
    Many,
}

/// Every part, in the order of its slots.
const LINE_UP: &[(Part, Amount)] = &[
    (Part::GlobalAdmin, Amount::One),
    (Part::UserAdmin, Amount::One),
    (Part::LicenseAdminByGroup, Amount::One),
    (Part::HelpdeskAdmin, Amount::One),
    (Part::EligibleAdmin, Amount::One),
    (Part::ScopedAdmin, Amount::One),
    (Part::SilentEligibleAdmin, Amount::Some),
    (Part::SilentScopedAdmin, Amount::Some),
    (Part::Target, Amount::Few),
    (Part::RemovalBlocked, Amount::Few),
    (Part::InheritedOnly, Amount::Few),
    (Part::LocationNull, Amount::Many),
    (Part::LocationEmpty, Amount::Many),
    (Part::LocationByGroup, Amount::Many),
    (Part::LocationRefused, Amount::Many),
    (Part::NameTwinFirst, Amount::Many),
    (Part::NameTwinSecond, Amount::Many),
    (Part::NameIsProxyOwner, Amount::Many),
    (Part::NameIsProxyHolder, Amount::Many),
    (Part::NameOnContact, Amount::Many),
    (Part::NameOnDeletedUser, Amount::Many),
    (Part::DomainUnverified, Amount::Many),
    (Part::DomainUnlisted, Amount::Many),
    (Part::DomainFederated, Amount::Many),
    (Part::ProxyTwinFirst, Amount::Many),
    (Part::ProxyTwinSecond, Amount::Many),
    (Part::ProxyOnGroup, Amount::Many),
    (Part::ProxyOnContact, Amount::Many),
    (Part::ProxyOnDeletedUser, Amount::Many),
    (Part::GuestRenamed, Amount::Many),
    (Part::SyncConflict, Amount::Many),
    (Part::SeatRefused, Amount::Many),
    (Part::DependencyRefused, Amount::Many),
    (Part::ConflictRefused, Amount::Many),
    (Part::AddressRefused, Amount::Many),
    (Part::CallingPlans, Amount::Many),
    (Part::ProjectWithoutBase, Amount::Many),
    (Part::LegacyTwinFirst, Amount::Many),
    (Part::LegacyTwinSecond, Amount::Many),
    (Part::ChatTwinFirst, Amount::Many),
    (Part::ChatTwinSecond, Amount::Many),
    (Part::StackedE1, Amount::Many),
    (Part::StackedE3, Amount::Many),
    (Part::FederatedWithAnchor, Amount::Many),
    (Part::OnePlanTwice, Amount::Many),
    (Part::Leaver, Amount::Many),
    (Part::PlansOff, Amount::Many),
    (Part::BaseElsewhere, Amount::Many),
    (Part::PlainGuest, Amount::Many),
];

/// The least number of users: every part has a player then.
pub(crate) const LEAST_USERS: u64 = 50;

struct Range {
    part: Part,
    start: u64,
    count: u64,
}

/// All parts with their slots.
pub(crate) struct Cast {
    ranges: Vec<Range>,
    total: u64,
    /// How often a fault is planted.
    pub(crate) many: u64,
    /// How often a request is planted.
    pub(crate) few: u64,
}

impl Cast {
    pub(crate) fn new(users: u64) -> Self {
        let many = (users / 2000).max(1);
        let few = many.min(3);
        let mut total = 0;
        let ranges = LINE_UP
            .iter()
            .map(|&(part, amount)| {
                let count = match amount {
                    Amount::One => 1,
                    Amount::Few => few,
                    Amount::Some => many.min(10),
                    Amount::Many => many,
                };
                let start = total;
                total += count;
                Range { part, start, count }
            })
            .collect();
        Self { ranges, total, many, few }
    }

    /// The part of a slot, and which of its players has it.
    pub(crate) fn part_of(&self, slot: u64) -> Option<(Part, u64)> {
        if slot >= self.total {
            return None;
        }
        let range = &self.ranges[self.ranges.partition_point(|range| range.start <= slot) - 1];
        Some((range.part, slot - range.start))
    }

    /// How many users play a part.
    pub(crate) fn count(&self, part: Part) -> u64 {
        self.ranges[part as usize].count
    }

    /// The slot of a part's player.
    pub(crate) fn slot(&self, part: Part, player: u64) -> u64 {
        self.ranges[part as usize].start + player
    }

    /// The first slot of an ordinary user.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_stands_at_its_own_place_and_fits_into_the_least_tenant() {
        for (place, (part, _)) in LINE_UP.iter().enumerate() {
            assert_eq!(*part as usize, place, "{part:?}");
        }
        assert!(Cast::new(LEAST_USERS).total() <= LEAST_USERS);
        for users in [LEAST_USERS, 2000, 10_000, 1_000_000] {
            let cast = Cast::new(users);
            assert!(cast.total() <= users);
            let slot = cast.slot(Part::CallingPlans, 0);
            assert_eq!(cast.part_of(slot), Some((Part::CallingPlans, 0)));
            assert_eq!(cast.part_of(cast.total()), None);
        }
    }
}
