//! Microsoft Graph Data Connect: one user a line, with bookkeeping fields.
//!
//! Sources: Microsoft's documentation of the dataset and a sample in a public repository. Guests, blocked users and users without a
//! mailbox are not in it.

use std::io::{self, BufRead, BufReader, Read};

use serde_json::Value;

use super::written::Written;
use crate::dump::source::Incomplete;
use crate::tenant::schema::Collection;

/// Fields that are not the user's.
const BOOKKEEPING: &[&str] =
    &["puser", "ptenant", "pAdditionalInfo", "datarow", "userrow", "pagerow", "rowinformation"];

/// Translates a stream, line by line.
pub(super) fn translate(input: &mut dyn Read, out: &mut Written) -> io::Result<()> {
    out.partial(Collection::Users, Incomplete::Part);
    let mut reader = BufReader::with_capacity(1 << 20, input);
    let mut line = Vec::new();
    let mut bad = 0;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line).trim_ascii();
        if text.is_empty() {
            continue;
        }
        let Ok(Value::Object(mut row)) = serde_json::from_slice(text) else {
            bad += 1;
            continue;
        };
        let is = |name: &str| row.get("rowinformation").and_then(|info| info.get(name)) == Some(&Value::Bool(true));
        if is("isUserSummaryRow") || is("userReturnedNoData") || !row.contains_key("userPrincipalName") {
            continue;
        }
        if !row.contains_key("id") {
            row.insert("id".to_owned(), row.get("puser").cloned().unwrap_or_default());
        }
        for name in BOOKKEEPING {
            row.shift_remove(*name);
        }
        out.object(Collection::Users, row)?;
    }
    if bad > 0 {
        out.note("broken-lines", format!("{bad} lines are broken; they were passed over."));
    }
    Ok(())
}
