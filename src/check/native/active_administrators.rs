//! Whether anybody can administer users: somebody with an enabled account holds one of two roles everywhere and now.

use super::{NativeHit, NativeResult};
use crate::check::compile::Needs;
use crate::check::world::World;
use crate::json::Raw;
use crate::pack::model::{Native, Scalar};
use crate::tenant::TENANT;
use crate::tenant::schema::Collection;

/// Global Administrator and User Administrator, by template id.
const ROLES: &[&str] = &["62e90394-69f5-4237-9190-012177145e10", "fe930be7-5e62-47db-91af-98c3a49a38b1"];

/// Runs it. The parameter `eligible` says whether somebody must be eligible for the finding, or nobody.
pub(super) fn run(native: &Native, needs: Needs, world: &World<'_>) -> NativeResult {
    let wants_eligible = native.parameters.get("eligible") == Some(&Scalar::Flag(true));
    let mut result = NativeResult { asked: 1, ..NativeResult::default() };
    let active = enabled(world, false);
    let eligible = enabled(world, true);
    let nobody_active = !active.anybody() && active.known;
    let found =
        nobody_active && if wants_eligible { eligible.anybody() } else { !eligible.anybody() && eligible.known };
    if active.anybody() || found || nobody_active && (eligible.known || eligible.anybody()) {
        result.decided = 1;
    } else {
        result.unknown.insert(needs, 1);
    }
    if found {
        result.hits.push(NativeHit::new(TENANT, vec![("eligible", eligible.names)]));
    }
    result
}

struct Holders {
    names: Vec<String>,
    /// Everybody who holds it is known, and so is whether they are enabled.
    known: bool,
}

impl Holders {
    fn anybody(&self) -> bool {
        !self.names.is_empty()
    }
}

/// The holders with an enabled account, by sign-in name. What is no user (an application) administers nothing on the phone.
fn enabled(world: &World<'_>, eligible: bool) -> Holders {
    let (ids, mut known) = world.holders(ROLES, eligible);
    let mut names = Vec::new();
    for id in ids {
        match world.tenant.by_id(Collection::Users, &id) {
            Some(user) => match user.get("accountEnabled").and_then(Raw::flag) {
                Some(true) => names.push(user.text("userPrincipalName").unwrap_or_else(|| user.display_name())),
                Some(false) => {}
                None => known = false,
            },
            // It may be somebody of a partner, who administers from there.
            None => known &= world.is_application(&id),
        }
    }
    names.sort();
    Holders { names, known }
}
