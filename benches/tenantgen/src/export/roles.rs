//! Roles, in all the ways in which Graph shows who holds them.

use std::io::Write;

use crate::export::recipients::reference;
use crate::ids::Kind;
use crate::json::Json;
use crate::roles::{Assignment, ROLES, Scope, assignments};
use crate::time::{DAY, EXPORTED_AT, iso};
use crate::world::World;

pub(crate) fn write<W: Write>(world: &World, json: &mut Json<W>) {
    let assignments = assignments(world);
    let active = || assignments.iter().enumerate().filter(|(_, one)| one.scope != Scope::Eligible);
    json.key("directoryRoles").list(|json| activated(world, &assignments, json));
    json.key("roleAssignments").list(|json| {
        for (number, one) in active() {
            json.object(|json| {
                json.key("id").text(&world.id(Kind::RoleAssignment, number as u64));
                held(world, one, json);
                json.nulls(&["appScopeId"]);
            });
        }
    });
    json.key("roleDefinitions").list(definitions);
    json.key("roleAssignmentScheduleInstances").list(|json| {
        for (number, one) in active() {
            json.object(|json| {
                json.key("id").text(&format!("{}-1", world.id(Kind::RoleAssignment, number as u64)));
                held(world, one, json);
                json.fields(&[("assignmentType", "Assigned"), ("memberType", "Direct")]);
                json.nulls(&["startDateTime", "endDateTime"]);
            });
        }
    });
    json.key("roleEligibilityScheduleInstances").list(|json| {
        let eligible = assignments.iter().enumerate().filter(|(_, one)| one.scope == Scope::Eligible);
        for (number, one) in eligible {
            json.object(|json| {
                json.key("id").text(&world.id(Kind::RoleEligibility, number as u64));
                held(world, one, json);
                json.key("memberType").text("Direct");
                json.key("startDateTime").text(&iso(EXPORTED_AT - 200 * DAY));
                json.key("endDateTime").text(&iso(EXPORTED_AT + 165 * DAY));
            });
        }
    });
    units(world, &assignments, json);
}

fn activated<W: Write>(world: &World, assignments: &[Assignment], json: &mut Json<W>) {
    for (place, role) in ROLES.iter().enumerate() {
        json.object(|json| {
            json.key("id").text(&world.id(Kind::DirectoryRole, place as u64));
            json.fields(&[("displayName", role.name), ("roleTemplateId", role.template)]);
            json.key("members").list(|json| {
                for one in assignments.iter().filter(|one| one.role == place && one.scope == Scope::Tenant) {
                    let kind = if one.user.is_none() { "#microsoft.graph.group" } else { "#microsoft.graph.user" };
                    reference(kind, &one.holder, json);
                }
            });
        });
    }
}

fn held<W: Write>(world: &World, one: &Assignment, json: &mut Json<W>) {
    json.fields(&[("principalId", &one.holder), ("roleDefinitionId", ROLES[one.role].template)]);
    json.key("directoryScopeId").text(&match one.scope {
        Scope::Unit => format!("/administrativeUnits/{}", world.id(Kind::AdministrativeUnit, 0)),
        Scope::Tenant | Scope::Eligible => "/".to_owned(),
    });
}

fn definitions<W: Write>(json: &mut Json<W>) {
    for role in ROLES {
        json.object(|json| {
            json.fields(&[("id", role.template), ("templateId", role.template), ("displayName", role.name)]);
            json.key("isBuiltIn").flag(true);
            json.key("isEnabled").flag(true);
            json.key("rolePermissions").list(|json| {
                json.object(|json| {
                    json.key("allowedResourceActions").texts(role.actions);
                    json.nulls(&["condition"]);
                });
            });
        });
    }
}

fn units<W: Write>(world: &World, assignments: &[Assignment], json: &mut Json<W>) {
    json.key("administrativeUnits").list(|json| {
        for (number, name) in ["Branch Delfzijl", "Branch Liège"].iter().enumerate() {
            let unit = world.id(Kind::AdministrativeUnit, number as u64);
            json.object(|json| {
                json.fields(&[("id", &unit), ("displayName", name)]);
                json.key("isMemberManagementRestricted").flag(false);
                json.key("members").list(|json| {
                    for which in 0..5 {
                        let user = world.ordinary_number(5 * number as u64 + which);
                        reference("#microsoft.graph.user", &world.id(Kind::User, user), json);
                    }
                });
                let scoped = assignments.iter().enumerate().filter(|(_, one)| one.scope == Scope::Unit && number == 0);
                json.key("scopedRoleMembers").list(|json| {
                    scoped.for_each(|(place, one)| scoped_member(world, place as u64, one, &unit, json));
                });
            });
        }
    });
}

fn scoped_member<W: Write>(world: &World, number: u64, one: &Assignment, unit: &str, json: &mut Json<W>) {
    json.object(|json| {
        json.key("id").text(&world.id(Kind::ScopedMember, number));
        json.key("roleId").text(&world.id(Kind::DirectoryRole, one.role as u64));
        json.key("administrativeUnitId").text(unit);
        json.key("roleMemberInfo").object(|json| {
            json.key("id").text(&one.holder);
            json.key("displayName").optional(one.user.map(|user| world.user(user).display_name).as_deref());
        });
    });
}
