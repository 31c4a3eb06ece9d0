//! Paths: `[alias "."] segment { "." segment } { "|" filter }`.

use super::sink::Problem;
use crate::pack::fault::suggestion;
use crate::pack::model::{Alias, Filter, Path};

/// The aliases that every rule has.
pub(crate) const ALIASES: [&str; 5] = ["item", "actor", "target", "organization", "settings"];

const FILTERS: [(&str, Filter, bool); 15] = [
    ("domain", Filter::Domain, false),
    ("local", Filter::Local, false),
    ("lower", Filter::Lower, false),
    ("address", Filter::Address, false),
    ("smtp", Filter::Smtp, false),
    ("ext-address", Filter::ExtAddress, false),
    ("subscription", Filter::Subscription, false),
    ("product", Filter::Product, true),
    ("plan", Filter::Plan, true),
    ("role", Filter::Role, true),
    ("license-error", Filter::LicenseError, true),
    ("meaning", Filter::Meaning, true),
    ("xml-text", Filter::XmlText, true),
    ("date", Filter::Date, true),
    ("plain", Filter::Plain, true),
];

/// The name of a filter, as rules spell it.
pub(crate) fn filter_name(filter: Filter) -> &'static str {
    FILTERS.iter().find(|(_, candidate, _)| *candidate == filter).map_or("", |(name, ..)| name)
}

/// What a name in front of a dot stands for.
pub(crate) fn alias(name: &str, look_ups: &[String]) -> Option<Alias> {
    match name {
        "item" => Some(Alias::Item),
        "actor" => Some(Alias::Actor),
        "target" => Some(Alias::Target),
        "organization" => Some(Alias::Organization),
        "settings" => Some(Alias::Settings),
        _ => {
            let index = look_ups.iter().position(|look_up| look_up == name)?;
            u16::try_from(index).ok().map(Alias::LookUp)
        }
    }
}

/// Reads a path. `in_text` allows the filters that only make sense in a text for people.
pub(crate) fn parse(text: &str, look_ups: &[String], in_text: bool) -> Result<Path, Problem> {
    let mut parts = split(text, '|');
    let (body_start, body) = parts.next().unwrap_or((0, text));
    let (alias, segments) = parse_body(body_start, body, look_ups)?;
    let filters = parts.map(|(start, name)| parse_filter(start, name, in_text)).collect::<Result<_, _>>()?;
    Ok(Path { alias, segments, filters })
}

fn parse_body(start: usize, body: &str, look_ups: &[String]) -> Result<(Alias, Vec<String>), Problem> {
    let mut segments: Vec<String> = Vec::new();
    for (offset, segment) in split(body, '.') {
        let range = start + offset..start + offset + segment.len();
        if segment.is_empty() {
            let range = range.start..(range.start + 1).min(start + body.len().max(1));
            return Err(problem("bad-path", range, "a path needs a name here", "a name is missing"));
        }
        // `@odata.type` is one name although it has a dot in it.
        if let Some(last) = segments.last_mut().filter(|last| *last == "@odata") {
            last.push('.');
            last.push_str(segment);
            continue;
        }
        let starts_well = segment.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '@'));
        if !starts_well && segment.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            let message = format!("`{segment}` is no name");
            return Err(problem("bad-path", range, message, "names begin with a letter"));
        }
        if let Some(bad) = segment.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '@')) {
            let width = segment[bad..].chars().next().map_or(1, char::len_utf8);
            let at = range.start + bad;
            let message = format!("`{}` cannot stand in a path", &segment[bad..bad + width]);
            return Err(problem("bad-path", at..at + width, message, "not part of a name"));
        }
        segments.push(segment.to_owned());
    }
    // A name alone is a property: `target` of a request is what was typed, `target.id` leads to the object.
    match alias(&segments[0], look_ups) {
        Some(Alias::Item) => Ok((Alias::Item, segments.split_off(1))),
        Some(alias) if segments.len() > 1 => Ok((alias, segments.split_off(1))),
        _ => Ok((Alias::Object, segments)),
    }
}

fn parse_filter(start: usize, name: &str, in_text: bool) -> Result<Filter, Problem> {
    let range = start..start + name.len().max(1);
    match FILTERS.iter().find(|(known, ..)| *known == name) {
        Some((_, filter, for_texts)) if in_text || !for_texts => Ok(*filter),
        Some(_) => Err(problem(
            "filter-for-texts",
            range,
            format!("the filter `{name}` makes text for people"),
            "only in messages and fixes",
        )),
        None => {
            let names: Vec<_> = FILTERS.iter().filter(|known| in_text || !known.2).map(|known| known.0).collect();
            let mut problem =
                problem("unknown-filter", range, format!("there is no filter `{name}`"), "unknown filter");
            problem.help = suggestion(name, &names, "Filters");
            Err(problem)
        }
    }
}

fn problem(
    code: &'static str,
    range: std::ops::Range<usize>,
    message: impl Into<String>,
    label: impl Into<String>,
) -> Problem {
    Problem { code, range, message: message.into(), label: label.into(), help: None }
}

/// The parts between separators, trimmed, each with where it starts.
fn split(text: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split(separator).map(move |part| {
        let at = start + (part.len() - part.trim_start().len());
        start += part.len() + separator.len_utf8();
        (at, part.trim())
    })
}

/// The path as a rule would spell it.
pub(crate) fn show(path: &Path, look_ups: &[String]) -> String {
    let first = match path.alias {
        Alias::Object => None,
        Alias::Item => Some("item"),
        Alias::Actor => Some("actor"),
        Alias::Target => Some("target"),
        Alias::Organization => Some("organization"),
        Alias::Settings => Some("settings"),
        Alias::LookUp(index) => look_ups.get(usize::from(index)).map(String::as_str),
    };
    let mut shown = first.into_iter().chain(path.segments.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
    for filter in &path.filters {
        shown.push('|');
        shown.push_str(filter_name(*filter));
    }
    shown
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, (&'static str, std::ops::Range<usize>)> {
        let look_ups = ["giver".to_owned()];
        parse(text, &look_ups, false)
            .map(|path| format!("{:?} {}", path.alias, show(&path, &look_ups)))
            .map_err(|problem| (problem.code, problem.range))
    }

    #[test]
    fn paths_start_at_an_alias_or_at_the_object() {
        assert_eq!(shown("userPrincipalName|domain").unwrap(), "Object userPrincipalName|domain");
        assert_eq!(shown("target").unwrap(), "Object target");
        assert_eq!(shown("target.id").unwrap(), "Target target.id");
        assert_eq!(shown("item").unwrap(), "Item item");
        assert_eq!(shown("giver.displayName | lower").unwrap(), "LookUp(0) giver.displayName|lower");
        assert_eq!(shown("actor.may.create-user").unwrap(), "Actor actor.may.create-user");
        assert_eq!(shown("members.@odata.type").unwrap(), "Object members.@odata.type");
    }

    #[test]
    fn faults_have_a_place_inside_the_text() {
        assert_eq!(shown("a..b").unwrap_err(), ("bad-path", 2..3));
        assert_eq!(shown("").unwrap_err(), ("bad-path", 0..1));
        assert_eq!(shown("mail|smpt").unwrap_err(), ("unknown-filter", 5..9));
        assert_eq!(shown("mail|product").unwrap_err(), ("filter-for-texts", 5..12));
        assert_eq!(shown("display name").unwrap_err(), ("bad-path", 7..8));
    }
}
