//! How to get what is missing.

use crate::report::model::Remedy;
use crate::tenant::schema::Collection;

/// The command, permission and role with which properties of a collection are exported.
pub fn remedy(collection: Collection, properties: &[&str]) -> Remedy {
    let schema = collection.schema();
    let (scope, role) = schema.collect.as_ref().map_or(("", ""), |collect| (collect.scope, collect.role));
    let command = match schema.collect.as_ref().and_then(|collect| collect.cmdlet) {
        Some(cmdlet) => format!(
            "{cmdlet} -All -Property id,{} | ConvertTo-Json -Depth 10 | Out-File {}.json -Encoding utf8",
            properties.join(","),
            schema.name
        ),
        None => "aaddoctor collect-script".to_owned(),
    };
    Remedy { command, scope: scope.to_owned(), role: role.to_owned() }
}
