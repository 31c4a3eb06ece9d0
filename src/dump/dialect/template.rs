//! The templates with which administrators create or invite many people: requests, judged before anybody uploads them.
//!
//! Sources: Microsoft's templates for bulk create and bulk invite; the wording of "Add multiple users" is remembered.
//! No type here has a place for the password column, and its cells were struck out before: see [`crate::dump::secret`].

use std::io::{self, Read};

use serde_json::json;

use super::Dialect;
use super::table::rows;
use super::written::{Object, Written};
use crate::tenant::schema::Collection;

/// Translates a template.
pub(super) fn translate(dialect: Dialect, input: &mut dyn Read, out: &mut Written) -> io::Result<()> {
    out.section(Collection::Requests);
    let mut number = 0;
    let mut examples = 0;
    let found = rows(input, out, |names, cells, out| {
        let get = |wanted: &[&str]| {
            let at = names.iter().position(|name| wanted.contains(&name.as_str()))?;
            Some(cells[at].as_str()).filter(|cell| !cell.trim().is_empty())
        };
        // The row that shows how it is done, left in place.
        if cells.first().is_some_and(|cell| cell.trim_start().starts_with("Example:")) {
            examples += 1;
            return Ok(());
        }
        number += 1;
        let mut request = Object::new();
        request.insert("id".to_owned(), format!("row-{number}").into());
        if dialect == Dialect::BulkInvite {
            let Some(address) = get(&["inviteeemail"]) else { return Ok(()) };
            request.insert("operation".to_owned(), "invite-guest".into());
            request.insert("address".to_owned(), address.trim().into());
        } else {
            let Some(name) = get(&["userprincipalname", "username"]) else { return Ok(()) };
            request.insert("operation".to_owned(), "create-user".into());
            // Blanks around the name make the upload fail: they are part of what is asked for.
            if name != name.trim() {
                out.note(
                    "blanks",
                    format!("Blanks stand around the sign-in name \"{}\": the upload fails with them.", name.trim()),
                );
            }
            request.insert("userPrincipalName".to_owned(), name.trim().into());
            if let Some(display_name) = get(&["displayname"]) {
                request.insert("displayName".to_owned(), display_name.trim().into());
            }
            let has_location = names.iter().any(|name| name == "usagelocation");
            if has_location {
                let location = get(&["usagelocation"]).map(str::trim);
                request.insert("usageLocation".to_owned(), json!(location));
            }
        }
        out.object(Collection::Requests, request)
    })?;
    found.without(examples).mark(out);
    Ok(())
}
