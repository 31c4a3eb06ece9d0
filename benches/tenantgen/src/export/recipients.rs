//! Groups, contacts and deleted users.

use std::io::{self, Write};

use crate::contacts::contact;
use crate::deleted::deleted;
use crate::groups::{Purpose, group};
use crate::ids::Kind;
use crate::json::Json;
use crate::time::iso;
use crate::world::World;

pub(crate) fn groups<W: Write>(world: &World, json: &mut Json<W>) -> io::Result<()> {
    json.key("groups").try_list(|json| {
        for number in 0..world.groups() {
            one_group(world, number, json);
            json.checkpoint()?;
        }
        Ok(())
    })
}

fn one_group<W: Write>(world: &World, number: u64, json: &mut Json<W>) {
    let group = group(world, number);
    let license = match group.purpose {
        Purpose::License(sku, off) => Some((sku, off)),
        _ => None,
    };
    json.object(|json| {
        json.key("id").text(&group.id);
        json.key("assignedLicenses").list(|json| {
            if let Some((sku, off)) = license {
                json.object(|json| {
                    json.key("disabledPlans").texts(off);
                    json.key("skuId").text(sku.product().id);
                });
            }
        });
        json.key("createdDateTime").text(&iso(group.created));
        json.key("displayName").text(&group.name);
        let types: &[&str] = match group.purpose {
            Purpose::Team => &["Unified"],
            Purpose::Dynamic => &["DynamicMembership"],
            _ => &[],
        };
        json.key("groupTypes").texts(types);
        if group.purpose == Purpose::Role {
            json.key("isAssignableToRole").flag(true);
        } else {
            json.nulls(&["isAssignableToRole"]);
        }
        match license {
            Some(_) => {
                json.key("licenseProcessingState").object(|json| json.fields(&[("state", "ProcessingComplete")]))
            }
            None => json.nulls(&["licenseProcessingState"]),
        }
        json.key("mail").optional(group.mail.as_deref());
        json.key("mailEnabled").flag(group.mail.is_some());
        json.key("mailNickname").text(&group.nickname);
        json.key("members").list(|json| {
            for member in &group.members {
                reference("#microsoft.graph.user", &world.id(Kind::User, *member), json);
            }
        });
        json.key("membershipRule").optional(group.rule.as_deref());
        json.nulls(&["onPremisesSyncEnabled"]);
        json.empty_lists(&["onPremisesProvisioningErrors", "serviceProvisioningErrors"]);
        json.key("proxyAddresses").texts(&group.proxies);
        json.key("securityEnabled").flag(!matches!(group.purpose, Purpose::Team | Purpose::Distribution));
    });
}

/// A member as Graph lists it.
pub(crate) fn reference<W: Write>(kind: &str, id: &str, json: &mut Json<W>) {
    json.object(|json| json.fields(&[("@odata.type", kind), ("id", id)]));
}

pub(crate) fn contacts<W: Write>(world: &World, json: &mut Json<W>) -> io::Result<()> {
    json.key("contacts").try_list(|json| {
        for number in 0..world.contacts() {
            let contact = contact(world, number);
            json.object(|json| {
                json.key("id").text(&contact.id);
                json.key("displayName").text(&contact.name);
                json.key("mail").text(&contact.mail);
                json.key("mailNickname").text(&contact.nickname);
                json.empty_lists(&["onPremisesProvisioningErrors"]);
                if contact.synced {
                    json.key("onPremisesSyncEnabled").flag(true);
                } else {
                    json.nulls(&["onPremisesSyncEnabled"]);
                }
                json.key("proxyAddresses").texts(&contact.proxies);
                json.empty_lists(&["serviceProvisioningErrors"]);
            });
            json.checkpoint()?;
        }
        Ok(())
    })
}

pub(crate) fn deleted_users<W: Write>(world: &World, json: &mut Json<W>) -> io::Result<()> {
    json.key("deletedUsers").try_list(|json| {
        for number in 0..world.deleted_users() {
            let deleted = deleted(world, number);
            json.object(|json| {
                json.key("id").text(&deleted.id);
                json.key("deletedDateTime").text(&iso(deleted.at));
                json.key("displayName").text(&deleted.name);
                json.key("mail").text(&deleted.mail);
                json.key("onPremisesImmutableId").optional(deleted.immutable_id.as_deref());
                if deleted.immutable_id.is_some() {
                    json.key("onPremisesSyncEnabled").flag(true);
                } else {
                    json.nulls(&["onPremisesSyncEnabled"]);
                }
                json.key("proxyAddresses").texts(&deleted.proxies);
                json.fields(&[("userPrincipalName", &deleted.sign_in), ("userType", "Member")]);
            });
            json.checkpoint()?;
        }
        Ok(())
    })
}
