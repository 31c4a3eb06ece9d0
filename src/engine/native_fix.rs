//! Fixes whose commands a template cannot hold.

use super::words::{Provided, literal};
use crate::check::compile::Base;
use crate::check::scope::{Found, Scope};
use crate::check::world::World;
use crate::json::Raw;
use crate::report::model;
use crate::tenant::Object;
use crate::tenant::entitlements::{Licenses, licenses};
use crate::tenant::schema::Collection;

/// The names of all native fixes.
pub const NAMES: &[&str] = &["smallest-plan-change"];

/// The command of a native fix for the object of a scope; nothing if none can be given safely.
pub fn command(name: &str, scope: &Scope<'_>, provided: &Provided) -> Option<model::Command> {
    let world = scope.world?;
    match (name, user(scope)?) {
        ("smallest-plan-change", user) => smallest_plan_change(&user, provided, world),
        _ => None,
    }
}

/// The user whose licenses are meant: the object itself, or the target of the request.
fn user(scope: &Scope<'_>) -> Option<std::sync::Arc<Object>> {
    let Found::Object(object) = scope.found(Base::Object) else { return None };
    if object.collection != Collection::Requests {
        return Some(object);
    }
    match scope.found(Base::Target) {
        Found::Object(target) if target.collection == Collection::Users => Some(target),
        _ => None,
    }
}

/// What a command does to licenses, as PowerShell writes it.
#[derive(Default)]
struct Change {
    /// Those that are given again with fewer services.
    add: Vec<String>,
    /// Those that would have no service left.
    remove: Vec<String>,
}

/// Switches off one service plan, in the licenses that the user has directly.
///
/// What is given for a SKU replaces all its switched-off plans, so the command names those that are off already as well. Source:
/// Microsoft Graph's `assignLicense`.
fn smallest_plan_change(user: &Object, provided: &Provided, world: &World<'_>) -> Option<model::Command> {
    let held = licenses(user.get("assignedLicenses")?)?;
    // Of two services that exclude each other either will do, but no mailbox is to go; one that lacks another is the one to switch off.
    let plans = ["other", "member"].iter().filter_map(|name| provided.get(*name)?.first());
    let mailboxes = world.tables.table("mailbox-plans")?;
    let mut plans = plans.map(|plan| plan.to_lowercase()).filter(|plan| !mailboxes.contains("id", plan, None));
    let Change { add, remove } = plans.find_map(|plan| without(&plan, &held, user, world))?;
    let id = literal(&user.text("id")?);
    Some(model::Command {
        objects: Vec::new(),
        run: format!(
            "Set-MgUserLicense -UserId {id} -AddLicenses @({}) -RemoveLicenses @({})",
            add.join(", "),
            remove.join(", ")
        ),
        verify: Some(format!(
            "(Get-MgUser -UserId {id} -Property AssignedLicenses).AssignedLicenses | Format-List SkuId, DisabledPlans"
        )),
        undo: None,
        changes: Vec::new(),
    })
}

/// The licenses that hold a plan, each with the plan switched off besides those that are, or gone if no other is left in it; nothing if
/// one of them is inherited from a group, where only the group can change it.
fn without(plan: &str, held: &Licenses, user: &Object, world: &World<'_>) -> Option<Change> {
    let states = user.get("licenseAssignmentStates")?;
    let mut change = Change::default();
    for (sku, disabled) in held {
        // Without the plans that are off already, the command would switch them on.
        let disabled = disabled.as_ref()?;
        let plans = world.plans_of(sku)?;
        if disabled.contains(plan) || !plans.contains(plan) {
            continue;
        }
        let of_sku =
            |state: &Raw<'_>| state.get("skuId").and_then(Raw::text).is_some_and(|id| id.eq_ignore_ascii_case(sku));
        let is_direct = |state: Raw<'_>| state.get("assignedByGroup").is_some_and(Raw::is_empty);
        let mut sources = states.items().filter(of_sku).peekable();
        sources.peek()?;
        if !sources.all(is_direct) {
            return None;
        }
        if plans.iter().all(|other| other == plan || disabled.contains(other)) {
            change.remove.push(literal(sku));
            continue;
        }
        let mut off: Vec<String> = disabled.iter().map(|plan| literal(plan)).collect();
        off.push(literal(plan));
        change.add.push(format!("@{{ SkuId = {}; DisabledPlans = @({}) }}", literal(sku), off.join(", ")));
    }
    (!(change.add.is_empty() && change.remove.is_empty())).then_some(change)
}
