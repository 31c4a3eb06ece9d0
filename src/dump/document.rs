//! Walking through a document: which list of which collection the bytes are in.
//!
//! The walk can stop behind any object and go on later with more bytes, or begin in the middle if its state there is
//! known. That is what lets a window of a megabyte, a pipe and several threads share one code.

mod event;
mod member;
mod state;
mod value;

use crate::json::{Scan, skip_space, skip_value};
use crate::tenant::schema::Collection;

pub(super) use event::{Event, Top};
use state::Frame;
pub(super) use state::{Loss, State};

/// How many bytes must be at hand before an object may be judged by its first keys alone.
pub(super) const PEEK: usize = 256 * 1024;

/// What takes the objects.
pub(super) trait Objects {
    /// Takes the object that begins at `at`, and returns the place behind it.
    fn take(&mut self, expected: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan>;
}

/// What an object is believed to be before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    /// The collection.
    pub collection: Collection,
    /// The document says so; otherwise the object before was one, and this one may tell something else.
    pub told: bool,
}

impl Expected {
    fn told(collection: Collection) -> Self {
        Self { collection, told: true }
    }

    fn guessed(collection: Collection) -> Self {
        Self { collection, told: false }
    }
}

/// How a walk ended.
#[derive(Debug)]
pub(super) struct Exit {
    /// How many bytes were used.
    pub(super) consumed: usize,
    /// The place of a byte that cannot stand there.
    pub(super) bad: Option<usize>,
}

/// A walk over some bytes of a document.
pub(super) struct Walk<'w, O> {
    pub(super) state: State,
    pub(super) events: Vec<Event>,
    /// The collection that the file's name suggests, for objects that do not tell.
    pub(super) suggested: Option<Collection>,
    /// No more bytes will come.
    pub(super) last: bool,
    /// See [`PEEK`].
    pub(super) peek: usize,
    /// Where one of the objects that come one after another began.
    pub(super) sample: Option<usize>,
    /// The shape of the top was told.
    pub(super) has_top: bool,
    pub(super) objects: &'w mut O,
}

impl<O: Objects> Walk<'_, O> {
    /// Walks as far as the bytes go.
    pub(super) fn run(&mut self, bytes: &[u8]) -> Exit {
        let mut at = 0;
        loop {
            at = skip_space(bytes, at);
            if at >= bytes.len() {
                return Exit { consumed: bytes.len(), bad: None };
            }
            match self.step(bytes, at) {
                Ok(next) => at = next,
                Err(Scan::NeedMore) => return Exit { consumed: at, bad: None },
                Err(Scan::Bad(place)) => return Exit { consumed: at, bad: Some(place) },
            }
        }
    }

    /// Goes on behind the byte, value or member at `at`.
    fn step(&mut self, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let byte = bytes[at];
        match self.state.frames.last().cloned() {
            Some(Frame::Objects(Some(expected))) => match byte {
                b'{' => self.stream(expected, bytes, at),
                b',' => Ok(at + 1),
                b']' => self.pop(at),
                _ => self.lost(expected.collection, bytes, at),
            },
            Some(Frame::Objects(None)) => match byte {
                b'{' => self.single(None, bytes, at),
                b',' => Ok(at + 1),
                b']' => self.pop(at),
                _ => skip_value(bytes, at),
            },
            Some(Frame::Ignored) => match byte {
                b',' => Ok(at + 1),
                b']' => self.pop(at),
                _ => skip_value(bytes, at),
            },
            Some(Frame::List(hint)) => match byte {
                b',' => Ok(at + 1),
                b']' => self.pop(at),
                _ => self.value(hint, bytes, at),
            },
            Some(Frame::Bundle) => match byte {
                b',' => Ok(at + 1),
                b'}' => self.pop(at),
                b'"' => self.bundle_member(bytes, at),
                _ => Err(Scan::Bad(at)),
            },
            Some(Frame::Page(page)) => match byte {
                b',' => Ok(at + 1),
                b'}' => self.pop(at),
                b'"' => self.page_member(page, bytes, at),
                _ => Err(Scan::Bad(at)),
            },
            Some(Frame::Top(last)) => match byte {
                b',' | 0x1e => Ok(at + 1), // a comma between lines, or the record separator of JSON text sequences
                0xEF if bytes[at..].starts_with(b"\xEF\xBB\xBF") => Ok(at + 3),
                b'{' if last.as_ref().is_some_and(|(_, key)| first_key(bytes, at) == Some(key)) => {
                    let Some((expected, _)) = last else { return Err(Scan::Bad(at)) };
                    self.stream(expected, bytes, at)
                }
                b'{' | b'[' => self.value(None, bytes, at),
                _ => Err(Scan::Bad(at)),
            },
            None => Err(Scan::Bad(at)),
        }
    }

    /// Objects of one collection, one after another, without a look at the state between them.
    fn stream(&mut self, expected: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let mut next = self.objects.take(expected, bytes, at)?;
        self.sample = Some(at);
        if matches!(self.state.frames.last(), Some(Frame::Objects(_))) {
            loop {
                let comma = skip_space(bytes, next);
                if bytes.get(comma) != Some(&b',') {
                    return Ok(comma);
                }
                let start = skip_space(bytes, comma + 1);
                if bytes.get(start) != Some(&b'{') {
                    return Ok(comma);
                }
                match self.objects.take(expected, bytes, start) {
                    Ok(end) => next = end,
                    Err(Scan::NeedMore) => return Ok(comma),
                    Err(bad) => return Err(bad),
                }
            }
        }
        Ok(next)
    }

    /// Something that stands where an object should: a text that ConvertTo-Json makes of an object that is too deep, a list.
    fn lost(&mut self, collection: Collection, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let end = skip_value(bytes, at)?;
        if self.events.last() != Some(&Event::Lost(collection)) {
            self.events.push(Event::Lost(collection));
        }
        Ok(end)
    }

    /// Leaves the innermost part, whose last byte is at `at`.
    fn pop(&mut self, at: usize) -> Result<usize, Scan> {
        if let Some(Frame::Page(page)) = self.state.frames.pop() {
            self.events.push(Event::Page(page.collection, page.chain()));
            if page.delta_link {
                self.events.push(Event::DeltaLink(page.collection));
            }
            if page.part {
                self.events.push(Event::Part(page.collection));
            }
        }
        Ok(at + 1)
    }
}

/// The first key of the object at `at`, with its quotes.
pub(super) fn first_key(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let key = skip_space(bytes, at + 1);
    if bytes.get(key) != Some(&b'"') {
        return None;
    }
    let end = skip_value(bytes, key).ok()?;
    Some(&bytes[key..end])
}

#[cfg(test)]
mod tests {
    use super::event::Chain;
    use super::*;

    /// Collects the objects' texts.
    #[derive(Default)]
    struct Texts(Vec<(Collection, String)>);

    impl Objects for Texts {
        fn take(&mut self, expected: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan> {
            let end = skip_value(bytes, at)?;
            self.0.push((expected.collection, String::from_utf8_lossy(&bytes[at..end]).into_owned()));
            Ok(end)
        }
    }

    type Walked = (Vec<(Collection, String)>, Vec<Event>, Option<usize>, bool);

    /// Walks through the text, handing it over in pieces that end at `cut`, `2 * cut`, ….
    fn walk(text: &str, cut: usize) -> Walked {
        let mut texts = Texts::default();
        let mut state = State::start();
        let (mut events, mut has_top) = (Vec::new(), false);
        let (mut from, mut to) = (0, cut.min(text.len()));
        loop {
            let last = to == text.len();
            let mut walk =
                Walk { state, events, suggested: None, last, peek: PEEK, sample: None, has_top, objects: &mut texts };
            let exit = walk.run(&text.as_bytes()[from..to]);
            (state, events, has_top) = (walk.state, walk.events, walk.has_top);
            from += exit.consumed;
            if exit.bad.is_some() || last {
                let whole = state.is_top() && from == text.len();
                return (texts.0, events, exit.bad, whole);
            }
            to = to.saturating_add(cut).min(text.len());
        }
    }

    fn objects(text: &str) -> Vec<(Collection, String)> {
        walk(text, text.len()).0
    }

    #[test]
    fn the_same_objects_come_out_of_every_container() {
        let user = r#"{"userPrincipalName":"a@b.example"}"#;
        let expected = [(Collection::Users, user.to_owned())];
        for text in [
            format!(r#"{{"users":[{user}]}}"#),
            format!(r#"{{"Users":{user}}}"#),
            format!(r#"{{"users":{{"value":[{user}]}}}}"#),
            format!(r#"{{"@odata.context":"x$metadata#users","value":[{user}]}}"#),
            format!(r#"{{"value":[{user}],"Count":1}}"#),
            format!(r#"{{"value":{user}}}"#),
            format!(r#"[{{"value":[{user}]}}]"#),
            format!(r#"[{user}]"#),
            user.to_owned(),
            format!("\u{feff}{user}\n"),
        ] {
            assert_eq!(objects(&text), expected, "{text}");
        }
        let two = format!("{user}\n{user}\r\n");
        assert_eq!(objects(&two).len(), 2, "NDJSON");
        let pages = format!(r#"{{"value":[{user}]}} {{"value":[{user}]}}"#);
        assert_eq!(objects(&pages).len(), 2, "concatenated pages");
    }

    #[test]
    fn pages_in_pages_are_walked_as_far_as_an_export_may_go() {
        let nested = |levels: usize| {
            let user = r#"[{"userPrincipalName":"a@b.example"}]"#;
            format!("{}{user}{}", r#"{"value":"#.repeat(levels), "}".repeat(levels))
        };
        let few = walk(&nested(4), usize::MAX);
        assert_eq!((few.0.len(), few.1.contains(&Event::UnknownObject)), (1, false));
        let many = walk(&nested(5_000), usize::MAX);
        assert_eq!((many.0.len(), many.1.contains(&Event::UnknownObject), many.3), (0, true, true));
    }

    #[test]
    fn a_document_in_pieces_is_the_document() {
        let text = r#"{"exportedAt":"2026-01-01T00:00:00Z","odd":[1,[2]],"users":[{"userPrincipalName":"a"},{"userPrincipalName":"b"}],
            "groups":{"value":[{"groupTypes":[]}],"@odata.nextLink":"x"},"contacts":{"error":{"code":"C","message":"M"}}}
            {"domains":[]} {"userPrincipalName":"c"} {"userPrincipalName":"d"}"#;
        let whole = walk(text, text.len());
        assert_eq!(whole.0.len(), 5);
        assert!(whole.1.contains(&Event::Page(Some(Collection::Groups), Chain { of: 0, goes_on: true })));
        assert!(whole.1.contains(&Event::Error(Some(Collection::Contacts), "C".into(), "M".into())));
        assert!(whole.3);
        for cut in 1..text.len() {
            assert_eq!(walk(text, cut), whole, "{cut}");
        }
    }

    #[test]
    fn a_cut_document_says_in_which_collection() {
        let text = r#"{"users":[{"userPrincipalName":"a"},{"userPrinc"#;
        let (objects, _, bad, whole) = walk(text, text.len());
        assert_eq!((objects.len(), bad, whole), (1, None, false));
    }

    #[test]
    fn a_byte_out_of_place_is_named() {
        for (text, place) in [("hello", 0), (r#"{"users":[{"a" 1}]}"#, 15), ("893", 0)] {
            assert_eq!(walk(text, text.len()).2, Some(place), "{text}");
        }
    }
}
