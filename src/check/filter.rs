//! What filters make of texts, wherever a path has them: in conditions, look-ups, keys and messages.

use crate::pack::model::Filter;
use crate::tenant::{address, as_of};

/// A text after all of the filters; nothing if one of them has no answer for it.
pub fn filtered(filters: &[Filter], text: String) -> Option<String> {
    filters.iter().try_fold(text, |text, filter| apply(*filter, text))
}

/// A filter's answer; filters that only change how a value is shown leave it as it is.
fn apply(filter: Filter, text: String) -> Option<String> {
    match filter {
        Filter::Domain => address::domain(&text),
        Filter::Local => address::local(&text).map(str::to_owned),
        Filter::Lower => Some(text.to_lowercase()),
        Filter::Address | Filter::Smtp => address::address(&text),
        Filter::ExtAddress => address::ext_address(&text),
        Filter::Date => Some(day(&text)),
        Filter::Subscription => subscription(&text),
        Filter::XmlText => Some(xml_text(&text)),
        Filter::Product | Filter::Plan | Filter::Role | Filter::LicenseError | Filter::Meaning | Filter::Plain => {
            Some(text)
        }
    }
}

/// The day of a date, in UTC; what is no date stays as it is.
fn day(text: &str) -> String {
    as_of::timestamp(text).map_or_else(|| text.to_owned(), |date| date.strftime("%Y-%m-%d").to_string())
}

/// The id of the Azure subscription that a scope lies in, in lower case.
fn subscription(scope: &str) -> Option<String> {
    let mut parts = scope.trim().trim_start_matches('/').split('/');
    let is_one = parts.next()?.eq_ignore_ascii_case("subscriptions");
    parts.next().filter(|id| is_one && !id.is_empty()).map(str::to_lowercase)
}

/// How much of an error's text is shown.
const MAX_XML_TEXT: usize = 300;

/// The text of an error in XML: that of its description, else everything but the tags.
fn xml_text(xml: &str) -> String {
    let inner = xml.split_once("<ErrorDescription>").and_then(|(_, rest)| rest.split_once("</ErrorDescription>"));
    let mut text = String::new();
    let mut in_tag = false;
    for letter in inner.map_or(xml, |(inner, _)| inner).chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            letter if !in_tag => text.push(letter),
            _ => {}
        }
    }
    for (entity, letter) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
        text = text.replace(entity, letter);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(MAX_XML_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_names_its_subscription() {
        for (scope, id) in [
            ("/subscriptions/ABC", Some("abc")),
            ("/Subscriptions/abc/resourceGroups/one", Some("abc")),
            ("/providers/Microsoft.Management/managementGroups/abc", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(apply(Filter::Subscription, scope.to_owned()).as_deref(), id, "{scope}");
        }
    }

    #[test]
    fn an_error_in_xml_is_read_as_text() {
        let xml = "<ServiceInstance><ErrorRecord><ErrorCode>x</ErrorCode><ErrorDescription>The value &quot;a&quot;\n is taken.\
                   </ErrorDescription></ErrorRecord></ServiceInstance>";
        assert_eq!(xml_text(xml), "The value \"a\" is taken.");
        assert_eq!(xml_text("<a>one</a><b>two &lt;</b>"), "one two <");
        assert_eq!(xml_text("plain"), "plain");
    }

    #[test]
    fn the_day_of_a_date_is_told_however_it_is_written() {
        for text in ["2026-01-09T21:20:02Z", "/Date(1767993602000)/", "2026-01-09", "2026-01-10T02:20:02+05:00"] {
            assert_eq!(apply(Filter::Date, text.to_owned()).as_deref(), Some("2026-01-09"), "{text}");
        }
        assert_eq!(apply(Filter::Date, "soon, perhaps".to_owned()).as_deref(), Some("soon, perhaps"));
    }
}
