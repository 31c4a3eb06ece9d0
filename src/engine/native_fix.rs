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

/// Switches off one service plan, in the licenses that the user has directly.
///
/// What is given for a SKU replaces all its switched-off plans, so the command names those that are off already as well. Source:
/// Microsoft Graph's `assignLicense`.
fn smallest_plan_change(user: &Object, provided: &Provided, world: &World<'_>) -> Option<model::Command> {
    let held = licenses(user.get("assignedLicenses")?)?;
    // Of two services that exclude each other either will do; one that lacks another is the one to switch off.
    let plans = ["other", "member"].iter().filter_map(|name| provided.get(*name)?.first());
    let entries = plans.filter_map(|plan| without(&plan.to_lowercase(), &held, user, world)).next()?;
    let id = literal(&user.text("id")?);
    Some(model::Command {
        objects: Vec::new(),
        run: format!("Set-MgUserLicense -UserId {id} -AddLicenses @({}) -RemoveLicenses @()", entries.join(", ")),
        verify: Some(format!(
            "(Get-MgUser -UserId {id} -Property AssignedLicenses).AssignedLicenses | Format-List SkuId, DisabledPlans"
        )),
        undo: None,
        changes: Vec::new(),
    })
}

/// The licenses that hold a plan, each with the plan switched off besides those that are; nothing if one of them is inherited from a
/// group, where only the group can change it.
fn without(plan: &str, held: &Licenses, user: &Object, world: &World<'_>) -> Option<Vec<String>> {
    let states = user.get("licenseAssignmentStates")?;
    let mut entries = Vec::new();
    for (sku, disabled) in held {
        // Without the plans that are off already, the command would switch them on.
        let disabled = disabled.as_ref()?;
        if disabled.contains(plan) || !world.plans_of(sku)?.contains(plan) {
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
        let mut off: Vec<String> = disabled.iter().map(|plan| literal(plan)).collect();
        off.push(literal(plan));
        entries.push(format!("@{{ SkuId = {}; DisabledPlans = @({}) }}", literal(sku), off.join(", ")));
    }
    (!entries.is_empty()).then_some(entries)
}
