//! Identifiers that depend on nothing but the seed, the kind of object and its number.

use crate::rng::{Dice, Stream};

/// What an identifier is for.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Tenant = 1,
    User,
    Group,
    Contact,
    DeletedUser,
    Subscription,
    DirectoryRole,
    RoleAssignment,
    RoleEligibility,
    AdministrativeUnit,
    ScopedMember,
    Application,
    AppId,
    ServicePrincipal,
    Audit,
    Correlation,
    AzureSubscription,
    AzureAssignment,
    Site,
    Stranger,
}

fn dice(seed: u64, kind: Kind, index: u64) -> Dice {
    Dice::new(seed, Stream::Id, (index << 8) | kind as u64)
}

/// A version 4 GUID in lower case, with dashes.
pub(crate) fn guid(seed: u64, kind: Kind, index: u64) -> String {
    let mut dice = dice(seed, kind, index);
    let high = dice.roll() & !0xf000 | 0x4000;
    let low = dice.roll() & !(0xc << 60) | (0x8 << 60);
    let mut text = String::with_capacity(36);
    for (number, digit) in (0..16).map(|at| (high, at)).chain((0..16).map(|at| (low, at))) {
        if matches!(text.len(), 8 | 13 | 18 | 23) {
            text.push('-');
        }
        let nibble = (number >> (60 - 4 * digit)) & 0xf;
        text.push(char::from(b"0123456789abcdef"[nibble as usize]));
    }
    text
}

/// The base64 of 16 bytes, as directory synchronization writes `onPremisesImmutableId`.
pub(crate) fn immutable_id(seed: u64, kind: Kind, index: u64) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut dice = dice(!seed, kind, index);
    let bits = (u128::from(dice.roll()) << 64) | u128::from(dice.roll());
    let mut text = String::with_capacity(24);
    for sextet in 0..21 {
        text.push(char::from(LETTERS[(bits >> (122 - 6 * sextet)) as usize & 0x3f]));
    }
    text.push(char::from(LETTERS[((bits & 0b11) << 4) as usize]));
    text.push_str("==");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let id = guid(1, Kind::User, 5);
        assert_eq!(id.len(), 36);
        assert_eq!(id.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&id.as_bytes()[19]));
        assert_eq!(immutable_id(1, Kind::User, 5).len(), 24);
    }
}
