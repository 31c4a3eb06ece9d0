//! Texts of rules with their placeholders filled in.
//!
//! In commands a placeholder is a quoted literal of PowerShell, so that no name in a directory can become a command. Elsewhere it is
//! plain text; each report escapes it for the place it is printed in.

use std::collections::BTreeMap;

use super::phrases::{self, Phrases, phrases};
use crate::check::compile::CompiledPath;
use crate::check::filter::filtered;
use crate::check::scope::Scope;
use crate::check::value::{Value, texts};
use crate::check::world::World;
use crate::pack::model::{Alias, Filter, Message, Path, Template, TemplatePart};
use crate::report::model;

/// How many values of a list a text names.
const LISTED: usize = 5;

/// What the check itself provides for texts: count, key, holders, first, member, other, needs, or a native check's values.
pub type Provided = BTreeMap<String, Vec<String>>;

/// A text, and the values in it.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// The values, by the placeholder's path.
    pub values: BTreeMap<String, model::Value>,
    /// Placeholders for which there was no value and no fallback.
    pub missing: Vec<String>,
}

/// Where a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// People read it.
    Prose,
    /// PowerShell runs it.
    Command,
}

/// Fills in a message: its form for one or for many.
pub fn message(message: &Message, count: usize, scope: &Scope<'_>, provided: &Provided) -> Filled {
    let template = if count > 1 { message.many.as_ref().unwrap_or(&message.one) } else { &message.one };
    fill(template, scope, provided, Kind::Prose)
}

/// Fills in a text.
pub fn fill(template: &Template, scope: &Scope<'_>, provided: &Provided, kind: Kind) -> Filled {
    let mut filled = Filled::default();
    let phrases = phrases(scope.world.map(|world| world.language).unwrap_or_default());
    for part in &template.parts {
        match part {
            TemplatePart::Text(text) => filled.text.push_str(text),
            TemplatePart::Placeholder { path, fallback } => {
                let name = path_name(path);
                let mut values = lookup(path, scope, provided);
                // A user without an id is known by the sign-in name, which does as well there.
                if values.is_empty() && path.segments == ["id"] && filled.text.ends_with("-UserId ") {
                    let by_name = Path { segments: vec!["userPrincipalName".to_owned()], ..path.clone() };
                    values = lookup(&by_name, scope, provided);
                }
                if values.is_empty() {
                    match fallback {
                        Some(fallback) if kind == Kind::Command => filled.text.push_str(&literal(fallback)),
                        Some(fallback) => filled.text.push_str(fallback),
                        None => {
                            filled.text.push_str(&format!("<{name}>"));
                            filled.missing.push(name);
                        }
                    }
                    continue;
                }
                let is_plain = path.filters.contains(&Filter::Plain);
                match kind {
                    Kind::Command if !is_plain => {
                        let literals: Vec<_> = values.iter().map(|value| literal(&value.0)).collect();
                        filled.text.push_str(&literals.join(","));
                    }
                    _ => {
                        let shown: Vec<_> = values.iter().map(|value| value.1.clone()).collect();
                        filled.text.push_str(&join(&shown, phrases));
                    }
                }
                let ids: Vec<_> = values.iter().map(|value| value.0.as_str()).collect();
                let shown: Vec<_> = values.iter().map(|value| value.1.clone()).collect();
                let text = join(&shown, phrases);
                let id = (ids.len() == 1 && ids[0] != text).then(|| ids[0].to_owned());
                filled.values.insert(name, model::Value { kind: value_kind(path).to_owned(), text, id });
            }
        }
    }
    filled
}

/// The path as a rule writes it, without filters.
pub fn path_name(path: &Path) -> String {
    let alias = match &path.alias {
        Alias::Object => None,
        Alias::Item => Some("item"),
        Alias::Actor => Some("actor"),
        Alias::Target => Some("target"),
        Alias::Organization => Some("organization"),
        Alias::Settings => Some("settings"),
        Alias::LookUp(_) => Some("found"),
    };
    alias.into_iter().chain(path.segments.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
}

/// The values of a placeholder: as they are, and as people read them.
fn lookup(path: &Path, scope: &Scope<'_>, provided: &Provided) -> Vec<(String, String)> {
    let texts = match path.segments.as_slice() {
        [name] if path.alias == Alias::Object && provided.contains_key(name) => {
            // These are the program's own words; the others are values of the tenant.
            let own = matches!(name.as_str(), "what" | "result" | "owned");
            let phrases = phrases(scope.world.map(|world| world.language).unwrap_or_default());
            let given =
                provided[name].iter().map(|text| if own { phrases.value(text).to_owned() } else { text.clone() });
            given.filter_map(|text| filtered(&path.filters, text)).collect()
        }
        _ => match scope.value(&CompiledPath::by_name(path), None) {
            Value::Json(json) => texts(&json, &path.filters),
            _ => Vec::new(),
        },
    };
    let known = |text: &String| !path.filters.contains(&Filter::Meaning) || meaning(text, scope.world).is_some();
    texts.into_iter().filter(known).map(|text| (text.clone(), shown(&text, &path.filters, scope.world))).collect()
}

/// What an error text or a code of a license error means, if a table knows it.
fn meaning<'w>(text: &str, world: Option<&'w World<'_>>) -> Option<&'w str> {
    let tables = world?.tables;
    tables.license_error(text).map(|error| error.meaning).or_else(|| tables.error_text(text).map(|found| found.meaning))
}

/// A value as people read it: a product's name for its SKU, a plan's name for its id.
pub fn shown(text: &str, filters: &[Filter], world: Option<&World<'_>>) -> String {
    let Some(world) = world else { return text.to_owned() };
    let tables = world.tables;
    let name = |filter: &Filter| match filter {
        Filter::Product => Some(world.product_name(text)),
        Filter::Plan => tables
            .plan(text)
            .map(|plan| if plan.display_name.is_empty() { plan.name } else { plan.display_name }.to_owned()),
        Filter::Role => tables.role(text).map(|role| phrases(world.language).role(role.name).to_owned()),
        Filter::Date => Some(date(text, world)),
        Filter::Meaning => meaning(text, Some(world)).map(str::to_owned),
        Filter::LicenseError => {
            tables.license_error(text).map(|error| tables.say(error.meaning, world.language.code()).to_owned())
        }
        _ => None,
    };
    filters.iter().find_map(name).unwrap_or_else(|| text.to_owned())
}

/// A date without its time, as the language writes it.
fn date(text: &str, world: &World<'_>) -> String {
    let date = crate::tenant::as_of::timestamp(text);
    date.map_or_else(|| text.to_owned(), |date| date.strftime(phrases(world.language).date).to_string())
}

/// What kind of value a path leads to.
pub fn value_kind(path: &Path) -> &'static str {
    let last = path.segments.last().map_or("", String::as_str);
    let by_filter = path.filters.iter().find_map(|filter| match filter {
        Filter::Domain => Some("domain"),
        Filter::Address | Filter::Smtp | Filter::ExtAddress => Some("address"),
        Filter::Product => Some("sku"),
        Filter::Plan => Some("plan"),
        _ => None,
    });
    by_filter.unwrap_or(match last {
        "userPrincipalName"
        | "originalUserPrincipalName"
        | "onPremisesUserPrincipalName"
        | "holders"
        | "first"
        | "eligible" => "user",
        "mail" | "proxyAddresses" | "otherMails" | "address" | "key" | "nearest" => "address",
        "skuId" | "removeLicenses" | "licensesNotHeld" => "sku",
        "member" | "other" | "needs" | "servicePlanId" | "plansAfter" | "plansLost" | "plansGained"
        | "enabledPlans" => "plan",
        "assignedByGroup" => "group",
        "initialDomain" => "domain",
        "count" => "number",
        _ => "text",
    })
}

/// Several values as people list them.
fn join(values: &[String], phrases: &Phrases) -> String {
    match values {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if values.len() <= LISTED => format!("{}{}{last}", first.join(", "), phrases.and),
        _ => {
            let others = (values.len() - LISTED).to_string();
            phrases::fill(phrases.and_others, &[&values[..LISTED].join(", "), &others])
        }
    }
}

/// A literal of PowerShell in single quotes, which nothing in it can end: PowerShell takes the typographic quotes for quotes as well.
/// Source: PowerShell's language specification, section 2.3.5.2 (single-quote-character).
pub fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for letter in text.chars() {
        match letter {
            '\'' | '\u{2018}'..='\u{201b}' => quoted.extend([letter, letter]),
            letter if letter.is_control() => quoted.push('\u{fffd}'),
            letter => quoted.push(letter),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn nothing_ends_a_literal_but_its_end() {
        assert_eq!(literal("o'neill@a.example"), "'o''neill@a.example'");
        assert_eq!(literal("a\u{2019}; Remove-MgUser"), "'a\u{2019}\u{2019}; Remove-MgUser'");
        assert_eq!(literal("a\nb"), "'a\u{fffd}b'");
    }

    #[test]
    fn lists_read_as_people_write_them() {
        let names: Vec<String> = (1..8).map(|n| n.to_string()).collect();
        let (english, dutch) = (phrases(Language::English), phrases(Language::Dutch));
        assert_eq!(join(&names[..1], english), "1");
        assert_eq!(join(&names[..3], english), "1, 2 and 3");
        assert_eq!(join(&names, english), "1, 2, 3, 4, 5 and 2 others");
        assert_eq!(join(&names[..3], dutch), "1, 2 en 3");
        assert_eq!(join(&names, dutch), "1, 2, 3, 4, 5 en nog 2");
    }
}
