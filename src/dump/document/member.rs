//! The members of a bundle and of a page: which of them hold objects, and what the others say about those.

use std::borrow::Cow;

use super::event::{Chain, Event};
use super::state::{Frame, Page, chain_of};
use super::{Objects, Walk};
use crate::dump::recognise;
use crate::json::{Raw, Scan, skip_space, skip_value};
use crate::tenant::schema::Collection;

impl<O: Objects> Walk<'_, O> {
    /// A member of a bundle: a collection under its name, or something beside them.
    pub(super) fn bundle_member(&mut self, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let (key, value) = self.key(bytes, at)?;
        if let Some(collection) = Collection::from_key(&key) {
            return match bytes[value] {
                b'[' | b'{' | b'"' => self.value(Some(collection), bytes, value),
                _ => skip_value(bytes, value),
            };
        }
        // A list with its next page named beside it, as in an expanded object.
        if let Some(collection) = key.strip_suffix("@odata.nextLink").and_then(Collection::from_key) {
            let end = skip_value(bytes, value)?;
            if !Raw::new(&bytes[value..end]).is_empty() {
                self.events.push(Event::Page(Some(collection), Chain { of: 0, goes_on: true }));
            }
            return Ok(end);
        }
        if key.eq_ignore_ascii_case("exportedAt") {
            let end = skip_value(bytes, value)?;
            if let Some(text) = Raw::new(&bytes[value..end]).text() {
                self.events.push(Event::ExportedAt(text.into_owned()));
            }
            return Ok(end);
        }
        let end = self.ignore(bytes, value)?;
        if !key.starts_with(['@', '$']) {
            self.events.push(Event::UnknownKey(key.into_owned()));
        }
        Ok(end)
    }

    /// A member of a page: its objects, or what it says about them.
    pub(super) fn page_member(&mut self, mut page: Page, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let (key, value) = self.key(bytes, at)?;
        let depth = self.state.frames.len();
        let end;
        if key.eq_ignore_ascii_case("value") && matches!(bytes[value], b'[' | b'{') {
            end = self.value(page.collection, bytes, value)?;
            // The page learns what its objects turned out to be.
            page.collection = self.state.collection().or(page.collection);
        } else {
            let is = |names: &[&str]| names.iter().any(|name| key.eq_ignore_ascii_case(name));
            end = self.ignore(bytes, value)?;
            let raw = Raw::new(&bytes[value..end]);
            if is(&["@odata.nextLink", "nextLink", "odata.nextLink"]) {
                page.next_link |= !raw.is_empty();
                page.delta_link |= raw.text().is_some_and(|link| recognise::is_of_changes(&link));
            } else if is(&["@odata.deltaLink"]) {
                page.delta_link = true;
            } else if is(&["@odata.context"])
                && let Some(context) = raw.text()
            {
                page.chain = chain_of(&context);
                page.delta_link |= recognise::is_of_changes(&context);
                if page.collection.is_none() {
                    page.collection = recognise::from_context(&context);
                    page.part = recognise::is_part(&context);
                }
            }
        }
        if let Some(frame) = self.state.frames.get_mut(depth - 1) {
            *frame = Frame::Page(page);
        }
        Ok(end)
    }

    /// The key at `at`, and the place of its value.
    fn key<'b>(&self, bytes: &'b [u8], at: usize) -> Result<(Cow<'b, str>, usize), Scan> {
        let end = skip_value(bytes, at)?;
        let key = Raw::new(&bytes[at..end]).text().ok_or(Scan::Bad(at))?;
        let colon = skip_space(bytes, end);
        match bytes.get(colon) {
            Some(b':') => {}
            Some(_) => return Err(Scan::Bad(colon)),
            None => return Err(Scan::NeedMore),
        }
        let value = skip_space(bytes, colon + 1);
        if value >= bytes.len() { Err(Scan::NeedMore) } else { Ok((key, value)) }
    }

    /// Something that nobody reads.
    fn ignore(&mut self, bytes: &[u8], value: usize) -> Result<usize, Scan> {
        if bytes[value] == b'[' {
            match skip_value(bytes, value) {
                // Too long for the bytes at hand: go through it element by element.
                Err(Scan::NeedMore) if bytes.len() - value >= self.peek => {
                    self.state.frames.push(Frame::Ignored);
                    return Ok(value + 1);
                }
                end => return end,
            }
        }
        skip_value(bytes, value)
    }
}
