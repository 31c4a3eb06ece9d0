//! The Zero Trust Assessment's folder `zt-export`: pages of Microsoft Graph, numbered.
//!
//! Source: the code of microsoft/zerotrustassessment at commit 83a87007. Each folder begins with rows that only show which columns
//! there are (`isZtModelRow`); they are no objects.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::Value;

use super::written::Written;
use crate::dump::recognise::{ZeroTrustPage, zero_trust_page};
use crate::dump::source::Incomplete;
use crate::dump::tree::TreeReader;
use crate::tenant::schema::Collection;

/// Translates a tree.
pub(super) fn translate(files: &mut TreeReader<'_>, out: &mut Written) -> io::Result<()> {
    let mut unread: BTreeSet<&str> = BTreeSet::new();
    let mut folders: BTreeMap<&str, Vec<(ZeroTrustPage<'_>, &str)>> = BTreeMap::new();
    for file in files.files() {
        let Some(page) = zero_trust_page(file) else { continue };
        if page.collection.is_none() {
            unread.insert(page.name);
        } else {
            folders.entry(page.name).or_default().push((page, file));
        }
    }
    for pages in folders.values_mut() {
        pages.sort_by_key(|(page, _)| page.number);
        let mut expected = 0;
        for (place, (page, file)) in pages.iter().enumerate() {
            let Some(collection) = page.collection else { continue };
            out.section(collection);
            if page.number != expected {
                out.partial(collection, Incomplete::NextLink);
            }
            expected = page.number.saturating_add(1);
            translate_page(&files.text(file)?, collection, place + 1 == pages.len(), out)?;
            // Groups are exported by what they are used for: those in other folders are not here.
            if collection == Collection::Groups {
                out.partial(collection, Incomplete::Part);
            }
        }
    }
    if !unread.is_empty() {
        let parts: Vec<&str> = unread.into_iter().collect();
        out.note("unread-parts", format!("These parts of the folder are not read: {}.", parts.join(", ")));
    }
    Ok(())
}

fn translate_page(text: &[u8], collection: Collection, is_last: bool, out: &mut Written) -> io::Result<()> {
    let page: Value = match serde_json::from_slice(text) {
        Ok(page) => page,
        Err(_) => {
            out.partial(collection, Incomplete::Cut);
            return Ok(());
        }
    };
    if let Some(code) = page.get("error").and_then(|error| error.get("code")).and_then(Value::as_str) {
        out.partial(collection, Incomplete::Error(code.to_owned()));
        return Ok(());
    }
    let Some(Value::Array(rows)) = page.get("value") else {
        out.partial(collection, Incomplete::Lost);
        return Ok(());
    };
    for row in rows {
        match row {
            Value::Object(row) if row.get("isZtModelRow") != Some(&Value::Bool(true)) => {
                let is_deleted =
                    collection == Collection::Users && row.get("deletedDateTime").is_some_and(Value::is_string);
                if is_deleted {
                    out.partial(Collection::DeletedUsers, Incomplete::Part);
                }
                out.object(if is_deleted { Collection::DeletedUsers } else { collection }, row.clone())?;
            }
            Value::Object(_) => {}
            _ => out.partial(collection, Incomplete::Lost),
        }
    }
    if is_last && page.get("@odata.nextLink").is_some_and(|link| !link.is_null()) {
        out.partial(collection, Incomplete::NextLink);
    }
    Ok(())
}
