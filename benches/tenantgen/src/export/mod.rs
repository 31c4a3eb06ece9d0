//! The export: one document with every collection.

mod apps;
mod audits;
mod azure;
mod directory;
mod policies;
mod recipients;
mod requests;
mod roles;
pub(crate) mod skus;
mod users;

use std::io::{self, Write};

use crate::json::Json;
use crate::seats::Seats;
use crate::time::{EXPORTED_AT, iso};
use crate::world::World;

/// Where the users stand in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum UsersAt {
    First,
    /// After the licenses, as most exporters do.
    Middle,
    Last,
}

/// How the export is written.
pub(crate) struct Options {
    pub(crate) assigned_plans: bool,
    pub(crate) indent: bool,
    pub(crate) users_at: UsersAt,
}

/// Writes the whole document.
pub(crate) fn write(world: &World, options: &Options, out: impl Write) -> io::Result<()> {
    let seats = Seats::count(world);
    let mut json = Json::new(out, options.indent);
    json.try_object(|json| {
        json.key("exportedAt").text(&iso(EXPORTED_AT));
        if options.users_at == UsersAt::First {
            users::write(world, options.assigned_plans, json)?;
        }
        directory::write(world, json);
        skus::write(world, &seats, json);
        if options.users_at == UsersAt::Middle {
            users::write(world, options.assigned_plans, json)?;
        }
        recipients::groups(world, json)?;
        recipients::contacts(world, json)?;
        recipients::deleted_users(world, json)?;
        roles::write(world, json);
        policies::write(world, json);
        apps::write(world, json);
        audits::write(world, json)?;
        azure::write(world, json);
        requests::write(world, json);
        if options.users_at == UsersAt::Last {
            users::write(world, options.assigned_plans, json)?;
        }
        Ok(())
    })?;
    json.finish()
}
