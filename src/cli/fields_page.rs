//! The page about what rules can read: every collection and its properties, for whoever writes rules.

use crate::tenant::schema::{Collection, Kind, OPERATIONS, Property};

/// The name of the page among those of the rules.
pub(super) const NAME: &str = "FIELDS.md";

/// The page, as Markdown; in English, since the names are.
pub(super) fn page() -> String {
    let mut page = String::from(
        "# What rules can read\n\n\
         Made with `aaddoctor rules docs docs/rules`: a change here is lost. How rules are written:\n\
         [FORMAT.md](../../rules/FORMAT.md).\n\n\
         Another property of an export can be read too; `rules lint` then warns that it is not known. *Worked out* means\n\
         that the program makes it of others, and that no export has it: what each means stands under *Values* in\n\
         FORMAT.md.\n\n\
         Operations of requests, which are the symptoms as well: ",
    );
    page.push_str(&OPERATIONS.iter().map(|operation| format!("`{operation}`")).collect::<Vec<_>>().join(", "));
    page.push_str(".\n");
    for collection in Collection::all() {
        let schema = collection.schema();
        let one = if schema.single { "One object" } else { "Each entry" };
        page.push_str(&format!(
            "\n## {}\n\n{one}: {}.\n\n| property | type |\n| --- | --- |\n",
            schema.name, schema.noun
        ));
        schema.properties.iter().for_each(|property| page.push_str(&row(property)));
    }
    page
}

fn row(property: &Property) -> String {
    let kind = match property.kind {
        Kind::Text => "text",
        Kind::Flag => "true or false",
        Kind::Number => "number",
        Kind::Date => "date",
        Kind::Texts => "list of texts",
        Kind::Object => "object",
        Kind::Objects => "list of objects",
    };
    let inside = property.inside.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let inside = if inside.is_empty() { inside } else { format!(" with {inside}") };
    let origin = match (property.computed, property.elsewhere) {
        (true, _) => "; worked out",
        (false, true) => "; of another service than Microsoft Graph",
        (false, false) => "",
    };
    format!("| `{}` | {kind}{inside}{origin} |\n", property.name)
}
