//! What is asked on the command line (`--can …`), and names that are not clear.

use super::args::CheckArguments;
use super::error::Error;
use crate::engine::about::Unclear;
use crate::engine::asked::{self, Asked};

/// What somebody asks for with `--can`.
///
/// # Errors
///
/// If there is no such operation, or it does not say for whom or what.
pub(super) fn asked(arguments: &CheckArguments) -> Result<Option<Asked>, Error> {
    let Some(word) = &arguments.can else { return Ok(None) };
    let Some(operation) = asked::operation(word) else {
        return Err(Error::usage(format!("--can: there is no operation {word}")).hint(asked::operations_hint(word)));
    };
    let mut asked = Asked {
        operation: operation.to_owned(),
        target: arguments.to.clone(),
        name: arguments.name.clone(),
        address: arguments.address.clone(),
        licenses: arguments.license.clone(),
        subscription: arguments.subscription.clone(),
    };
    // A new user or a guest is not there yet: whom it is for is the name or the address.
    match operation {
        "create-user" => asked.name = asked.name.or(asked.target.take()),
        "invite-guest" => asked.address = asked.address.or(asked.target.take()),
        _ => {}
    }
    match missing(&asked) {
        None => Ok(Some(asked)),
        Some((option, example)) => {
            let error = Error::usage(format!("--can {operation}: {option} is missing"));
            Err(error.hint(format!("such as: aaddoctor check tenant.json --can {operation} {example}")))
        }
    }
}

/// The option that is missing, and an example that has it.
fn missing(asked: &Asked) -> Option<(&'static str, &'static str)> {
    let (target, licenses) = (asked.target.is_some(), !asked.licenses.is_empty());
    let licensed = "--to jan@contoso.com --license \"Microsoft 365 E3\"";
    match asked.operation.as_str() {
        "create-user" if asked.name.is_none() => Some(("--name", "--name new@contoso.com")),
        "invite-guest" if asked.address.is_none() => Some(("--address", "--address ann@partner.com")),
        "sign-in" if !target && asked.address.is_none() => Some(("--to or --address", "--to jan@contoso.com")),
        "assign-license" | "remove-license" if !target => Some(("--to", licensed)),
        "assign-license" | "remove-license" if !licenses => Some(("--license", licensed)),
        "reset-password" if !target => Some(("--to", "--to jan@contoso.com")),
        _ => None,
    }
}

/// What to say about a name that is nobody's, or of several.
pub(super) fn unclear(unclear: &Unclear) -> Error {
    let Unclear { option, name, fits, count, near, held } = unclear;
    if fits.is_empty() && !held.is_empty() {
        let error = Error::usage(format!("{option}: this tenant has no product that is called {name}"));
        let error = error.hint(match near.first() {
            Some(near) => format!("spelled nearly so: {near}"),
            None => format!("it has {}", listed(held)),
        });
        return error.hint("all licenses of this tenant: aaddoctor inspect tenant.json --licenses");
    }
    if fits.is_empty() {
        let error = Error::usage(format!("{option}: nobody and nothing is called {name} in this export"));
        return match near.as_slice() {
            [] => error.hint("check the spelling, and that the export is of the right tenant"),
            near => error.hint(format!("spelled nearly so: {}", near.join(", "))),
        };
    }
    let mut error = Error::usage(format!("{option}: {name} fits {count}: say which one"));
    for one in fits {
        error = error.hint(one.clone());
    }
    if *count > fits.len() {
        error = error.hint(format!("and {} more", count - fits.len()));
    }
    error
}

/// Some names, and how many more there are.
fn listed(names: &[String]) -> String {
    /// A line or two of them.
    const LISTED: usize = 6;
    let first = names[..names.len().min(LISTED)].join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
