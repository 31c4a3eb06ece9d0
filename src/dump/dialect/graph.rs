//! Graph's own answers in wrappings: `$batch`, HAR recordings, Dev Proxy mocks.
//!
//! Sources: Microsoft's documentation of JSON batching; the HAR 1.2 format; recordings and mocks in public repositories.

use std::io;

use serde_json::{Value, json};

use super::written::Written;

/// The bodies of the calls of a batch that worked; those that failed are answers that failed.
pub(super) fn batch(document: &Value, out: &mut Written) -> io::Result<()> {
    for response in list(document, "responses") {
        let status = response.get("status").and_then(Value::as_i64).unwrap_or(0);
        match response.get("body") {
            Some(body @ Value::Object(object)) if (200..300).contains(&status) || object.contains_key("error") => {
                out.text(body)?
            }
            _ if (200..300).contains(&status) => {}
            _ => {
                let id = response.get("id").and_then(Value::as_str).unwrap_or_default();
                out.note(
                    "failed-call",
                    format!("The call {id:?} of the batch was answered with status {status}; it brought nothing."),
                );
            }
        }
    }
    Ok(())
}

/// The bodies that a browser received from Microsoft Graph.
pub(super) fn har(document: &Value, out: &mut Written) -> io::Result<()> {
    let none = Value::Null;
    for entry in list(document.get("log").unwrap_or(&none), "entries") {
        let url = entry.pointer("/request/url").and_then(Value::as_str).unwrap_or_default();
        let text = entry.pointer("/response/content/text").and_then(Value::as_str).unwrap_or_default();
        if !is_graph(url) || entry.pointer("/response/content/encoding").is_some() {
            continue;
        }
        if let Ok(body @ Value::Object(_)) = serde_json::from_str(text) {
            body_of(url, &body, out)?;
        }
    }
    Ok(())
}

/// The bodies that Dev Proxy answers with.
pub(super) fn dev_proxy(document: &Value, out: &mut Written) -> io::Result<()> {
    for mock in list(document, "mocks") {
        let url = mock.pointer("/request/url").and_then(Value::as_str).unwrap_or_default();
        if !is_graph(url) {
            continue;
        }
        match mock.pointer("/response/body") {
            Some(body @ Value::Object(_)) => body_of(url, body, out)?,
            Some(Value::Array(bodies)) => {
                bodies.iter().filter(|body| body.is_object()).try_for_each(|body| body_of(url, body, out))?
            }
            Some(Value::String(text)) => {
                if let Ok(body @ Value::Object(_)) = serde_json::from_str(text) {
                    body_of(url, &body, out)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Writes a body; where it does not say what it is of, the address it was asked for does.
fn body_of(url: &str, body: &Value, out: &mut Written) -> io::Result<()> {
    let path = url.split_once("/v1.0/").or_else(|| url.split_once("/beta/")).map(|(_, path)| path);
    let Some(path) = path.map(|path| path.split(['?', '#']).next().unwrap_or(path).trim_end_matches('/')) else {
        return Ok(());
    };
    let is_named = body.get("@odata.context").is_some() || body.get("error").is_some();
    if is_named || body.get("value").is_none() {
        return out.text(body);
    }
    let mut named = json!({ "@odata.context": format!("https://graph.microsoft.com/v1.0/$metadata#{path}") });
    if let (Value::Object(named), Value::Object(body)) = (&mut named, body) {
        named.extend(body.clone());
    }
    out.text(&named)
}

fn is_graph(url: &str) -> bool {
    url.starts_with("https://graph.microsoft.")
}

fn list<'a>(document: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    document.get(key).and_then(Value::as_array).into_iter().flatten()
}
