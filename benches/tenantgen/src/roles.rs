//! Who administers the tenant.

use crate::cast::Part;
use crate::groups::ROLE_DESK;
use crate::ids::Kind;
use crate::skus::Sku;
use crate::user::{Holding, User};
use crate::world::World;

/// A built-in role.
pub(crate) struct Role {
    pub(crate) template: &'static str,
    pub(crate) name: &'static str,
    pub(crate) actions: &'static [&'static str],
}

pub(crate) static ROLES: &[Role] = &[
    Role {
        template: "62e90394-69f5-4237-9190-012177145e10",
        name: "Global Administrator",
        actions: &[
            "microsoft.directory/users/allProperties/allTasks",
            "microsoft.directory/domains/allProperties/allTasks",
        ],
    },
    Role {
        template: "fe930be7-5e62-47db-91af-98c3a49a38b1",
        name: "User Administrator",
        actions: &[
            "microsoft.directory/users/create",
            "microsoft.directory/users/assignLicense",
            "microsoft.directory/users/reprocessLicenseAssignment",
            "microsoft.directory/users/usageLocation/update",
            "microsoft.directory/users/userPrincipalName/update",
            "microsoft.directory/users/inviteGuest",
            "microsoft.directory/users/password/update",
            "microsoft.directory/groups/assignLicense",
        ],
    },
    Role {
        template: "4d6ac14f-3453-41d0-bef9-a3e0c569773a",
        name: "License Administrator",
        actions: &[
            "microsoft.directory/users/assignLicense",
            "microsoft.directory/users/reprocessLicenseAssignment",
            "microsoft.directory/users/usageLocation/update",
            "microsoft.directory/groups/assignLicense",
        ],
    },
    Role {
        template: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
        name: "Helpdesk Administrator",
        actions: &["microsoft.directory/users/password/update", "microsoft.directory/users/invalidateAllRefreshTokens"],
    },
    Role {
        template: "29232cdf-9323-42fd-ade2-1d097af3e4de",
        name: "Exchange Administrator",
        actions: &["microsoft.office365.exchange/allEntities/basic/allTasks"],
    },
    Role {
        template: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
        name: "Global Reader",
        actions: &["microsoft.directory/users/allProperties/read"],
    },
];

pub(crate) const GLOBAL: usize = 0;
pub(crate) const USER: usize = 1;
pub(crate) const LICENSE: usize = 2;
pub(crate) const HELPDESK: usize = 3;
pub(crate) const EXCHANGE: usize = 4;

/// Where a role holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Tenant,
    /// In the first administrative unit.
    Unit,
    /// In the tenant, after its holder has activated it.
    Eligible,
}

/// One role of one user or group.
pub(crate) struct Assignment {
    /// A place in [`ROLES`].
    pub(crate) role: usize,
    pub(crate) holder: String,
    /// None for a group.
    pub(crate) user: Option<u64>,
    pub(crate) scope: Scope,
}

/// Every role of everybody.
pub(crate) fn assignments(world: &World) -> Vec<Assignment> {
    let user = |role, part, player, scope| {
        let number = world.number_of(part, player);
        Assignment { role, holder: world.id(Kind::User, number), user: Some(number), scope }
    };
    let mut list = vec![
        user(GLOBAL, Part::GlobalAdmin, 0, Scope::Tenant),
        user(USER, Part::UserAdmin, 0, Scope::Tenant),
        user(EXCHANGE, Part::UserAdmin, 0, Scope::Tenant),
        user(HELPDESK, Part::HelpdeskAdmin, 0, Scope::Tenant),
        user(USER, Part::EligibleAdmin, 0, Scope::Eligible),
        user(USER, Part::ScopedAdmin, 0, Scope::Unit),
    ];
    let desk = world.id(Kind::Group, ROLE_DESK);
    list.push(Assignment { role: LICENSE, holder: desk, user: None, scope: Scope::Tenant });
    for player in world.players(Part::SilentEligibleAdmin) {
        let role = if player.is_multiple_of(2) { USER } else { GLOBAL };
        list.push(user(role, Part::SilentEligibleAdmin, player, Scope::Eligible));
    }
    for player in world.players(Part::SilentScopedAdmin) {
        let role = if player.is_multiple_of(2) { USER } else { LICENSE };
        list.push(user(role, Part::SilentScopedAdmin, player, Scope::Unit));
    }
    list
}

/// Gives administrators the licenses that they use. Two of them also hold what no seat is free of, in the smallest
/// tenant too.
pub(crate) fn change(part: Part, user: &mut User) {
    let more: &[Sku] = match part {
        Part::GlobalAdmin => &[Sku::EntraP2, Sku::Visio],
        Part::UserAdmin => &[Sku::EntraP2, Sku::PowerBiPro],
        Part::LicenseAdminByGroup
        | Part::HelpdeskAdmin
        | Part::EligibleAdmin
        | Part::ScopedAdmin
        | Part::SilentEligibleAdmin
        | Part::SilentScopedAdmin => &[Sku::EntraP2],
        _ => &[],
    };
    user.holdings.extend(more.iter().copied().map(Holding::direct));
}
