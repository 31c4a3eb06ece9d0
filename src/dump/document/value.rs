//! What a value turns out to be where the document does not say it: a page, a bundle, a list, an error, or an object and of which
//! collection.

use super::event::{Event, Top};
use super::state::{Frame, Page, chain_of};
use super::{Expected, Objects, Walk, first_key};
use crate::dump::recognise::{Keys, Shape};
use crate::json::{Scan, skip_space, skip_value};
use crate::tenant::schema::Collection;

/// No export puts a page into a page into a page: what is deeper is passed over, since every level is looked through.
const DEEP: usize = 16;

impl<O: Objects> Walk<'_, O> {
    /// A value where a document, a page or an object of a collection may stand.
    pub(super) fn value(&mut self, hint: Option<Collection>, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        match bytes[at] {
            b'[' | b'{' if self.state.frames.len() > DEEP => {
                let end = skip_value(bytes, at)?;
                let collection = hint.or_else(|| self.state.collection());
                self.events.push(collection.map_or(Event::UnknownObject, Event::Lost));
                Ok(end)
            }
            b'[' => self.list(hint, bytes, at),
            b'{' => self.object(hint, bytes, at),
            _ => match hint {
                Some(collection) => self.lost(collection, bytes, at),
                None => skip_value(bytes, at),
            },
        }
    }

    /// A list: of pages, or of objects of one collection or of several.
    fn list(&mut self, hint: Option<Collection>, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let first = skip_space(bytes, at + 1);
        match bytes.get(first) {
            None => Err(Scan::NeedMore),
            Some(b'{') => {
                let keys = self.keys(bytes, first)?;
                match keys.shape() {
                    Shape::Page | Shape::Bundle | Shape::Error if hint.is_none() || keys.shape() == Shape::Page => {
                        self.top(Top::Pages);
                        self.state.frames.push(Frame::List(hint));
                    }
                    shape => {
                        self.top(Top::Objects);
                        let own = if let Shape::Object(collection) = shape { collection } else { None };
                        let expected = match hint {
                            Some(hint) if keys.told_apart(hint) == hint => Some(Expected::told(hint)),
                            Some(hint) => Some(Expected::guessed(keys.told_apart(hint))),
                            None => own.or(self.suggested).map(Expected::guessed),
                        };
                        self.section(expected.map(|expected| expected.collection));
                        self.state.frames.push(Frame::Objects(expected));
                    }
                }
                Ok(at + 1)
            }
            Some(_) => {
                self.top(Top::Objects);
                // An empty page of deleted users names users as its context; a tenant without users there is none.
                let collection = match (hint, self.suggested) {
                    (Some(Collection::Users), Some(Collection::DeletedUsers)) => self.suggested,
                    (hint, suggested) => hint.or(suggested),
                };
                self.section(collection);
                self.state.frames.push(Frame::Objects(collection.map(Expected::told)));
                Ok(at + 1)
            }
        }
    }

    /// An object: a page, a bundle, an error, or an object of a collection.
    fn object(&mut self, hint: Option<Collection>, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let keys = self.keys(bytes, at)?;
        match keys.shape() {
            Shape::Page => {
                self.top(Top::Pages);
                let collection = hint.or_else(|| keys.collection());
                let part = hint.is_none() && keys.is_part();
                let chain = keys.context().map_or(0, |context| chain_of(&context));
                self.state.frames.push(Frame::Page(Page { collection, part, chain, ..Page::default() }));
                Ok(at + 1)
            }
            Shape::Bundle if hint.is_none() => {
                self.top(Top::Bundle);
                self.state.frames.push(Frame::Bundle);
                Ok(at + 1)
            }
            Shape::Error => self.error(hint, bytes, at),
            Shape::Foreign(name) if hint.is_none() => {
                let end = skip_value(bytes, at)?;
                self.events.push(Event::Foreign(name));
                Ok(end)
            }
            _ => {
                self.top(Top::Objects);
                self.single(hint, bytes, at)
            }
        }
    }

    /// The answer to a call that failed.
    fn error(&mut self, hint: Option<Collection>, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let end = skip_value(bytes, at)?;
        let (code, message) = Keys::peek(&bytes[..end], at)?.error();
        self.events.push(Event::Error(hint.or(self.suggested), code, message));
        Ok(end)
    }

    /// One object that stands alone, or in a list of objects of several kinds.
    pub(super) fn single(&mut self, hint: Option<Collection>, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let keys = self.keys(bytes, at)?;
        if keys.shape() == Shape::Error {
            return self.error(hint, bytes, at);
        }
        let own = keys.collection();
        let expected = match hint {
            Some(hint) => Some(Expected::told(hint)),
            None => own.or(self.suggested).map(Expected::guessed),
        };
        let part = hint.is_none() && keys.is_part();
        let Some(expected) = expected else {
            let end = skip_value(bytes, at)?;
            self.events.push(Event::UnknownObject);
            return Ok(end);
        };
        let end = self.objects.take(expected, bytes, at)?;
        match hint {
            None if expected.collection == Collection::DeletedUsers => {
                self.events.push(Event::Alone(expected.collection));
            }
            _ => self.section(Some(expected.collection)),
        }
        if part {
            self.events.push(Event::Part(Some(expected.collection)));
        }
        self.sample = Some(at);
        if let Some(Frame::Top(last)) = self.state.frames.last_mut() {
            *last = first_key(bytes, at).filter(|_| !part).map(|key| (expected, key.to_vec()));
        }
        Ok(end)
    }

    /// The keys of the object at `at`, if enough of it is at hand to judge by them.
    fn keys<'b>(&self, bytes: &'b [u8], at: usize) -> Result<Keys<'b>, Scan> {
        let keys = Keys::peek(bytes, at)?;
        if !keys.is_complete() && !self.last && bytes.len() - at < self.peek {
            return Err(Scan::NeedMore);
        }
        Ok(keys)
    }

    /// Says that a collection begins, unless that was said last.
    fn section(&mut self, collection: Option<Collection>) {
        if let Some(collection) = collection
            && self.events.last() != Some(&Event::Section(collection))
        {
            self.events.push(Event::Section(collection));
        }
    }

    /// Says what the document is at its top.
    fn top(&mut self, top: Top) {
        // Only the first of them counts.
        if self.state.is_top() && !self.has_top {
            self.has_top = true;
            self.events.push(Event::Top(top));
        }
    }
}
