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
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum UsersAt {
    /// Before everything else.
    First,
    /// After the licenses, as most exporters do.
    #[default]
    Middle,
    /// After everything else.
    Last,
}

/// What the export is written as.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// One document with every collection.
    #[default]
    Json,
    /// The users alone, one a line.
    Ndjson,
    /// The users alone, in the columns of the Microsoft 365 admin center, with part numbers for licenses.
    Csv,
}

/// How the export is written.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// With `assignedPlans`.
    pub assigned_plans: bool,
    /// Two-space indentation instead of none.
    pub indent: bool,
    /// Where the users stand.
    pub users_at: UsersAt,
    /// As what.
    pub format: Format,
}

/// Writes the export.
pub(crate) fn write(world: &World, options: &Options, mut out: impl Write) -> io::Result<()> {
    match options.format {
        Format::Json => {}
        Format::Ndjson => return users::lines(world, options.assigned_plans, out),
        Format::Csv => return users::table(world, &mut out),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn export(shuffle: Option<u64>, users_at: UsersAt) -> Vec<u8> {
        let mut bytes = Vec::new();
        let options = Options { assigned_plans: true, users_at, ..Options::default() };
        assert!(write(&World::new(7, 300, shuffle), &options, &mut bytes).is_ok());
        bytes
    }

    fn text(format: Format) -> String {
        let mut bytes = Vec::new();
        assert!(write(&World::new(7, 300, None), &Options { format, ..Options::default() }, &mut bytes).is_ok());
        String::from_utf8(bytes).unwrap_or_default()
    }

    #[test]
    fn lines_and_tables_have_a_user_each() {
        let users = World::new(7, 300, None).listed_users().count();
        assert_eq!(text(Format::Ndjson).lines().filter(|line| line.starts_with("{\"id\":")).count(), users);
        let table = text(Format::Csv);
        assert_eq!(table.matches("\r\n").count(), users + 1);
        assert!(table.starts_with("Display name,") && table.contains("SMTP:"));
    }

    #[test]
    fn one_seed_gives_one_tenant_in_any_order() {
        let plain = export(None, UsersAt::Middle);
        assert_eq!(plain, export(None, UsersAt::Middle));
        let moved = export(Some(1), UsersAt::Last);
        assert_ne!(plain, moved);
        let sorted = |mut bytes: Vec<u8>| {
            bytes.sort_unstable();
            bytes
        };
        assert_eq!(sorted(plain), sorted(moved));
    }
}
