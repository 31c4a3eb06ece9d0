//! Walking through a document: which list of which collection the bytes are in.
//!
//! The walk can stop behind any object and go on later with more bytes, or begin in the middle if its state there is
//! known. That is what lets a window of a megabyte, a pipe and several threads share one code.

use super::recognise::{self, Keys, Shape};
use crate::json::{Raw, Scan, skip_space, skip_value};
use crate::tenant::schema::Collection;

/// How many bytes must be at hand before an object may be judged by its first keys alone.
pub(super) const PEEK: usize = 256 * 1024;

/// No export puts a page into a page into a page: what is deeper is passed over, since every level is looked through.
const DEEP: usize = 16;

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

/// What suffers if a document ends in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// None of the collections that were begun.
    None,
    /// This one.
    One(Collection),
    /// Any of those in the document.
    Any,
}

/// Something that a document says about itself, in the order in which it stands there.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    /// A collection begins, or an object of it stands alone.
    Section(Collection),
    /// An object of it stands alone, and may stand among others.
    Alone(Collection),
    /// Something stands where objects of it should.
    Lost(Collection),
    /// A page of it holds changes only.
    DeltaLink(Option<Collection>),
    /// The call for it failed: code and message.
    Error(Option<Collection>, String, String),
    /// A page of it was read.
    Page(Option<Collection>, Chain),
    /// What was read is not all of it, though nothing is missing where it stands: a single object, or the members of something.
    Part(Option<Collection>),
    /// When the export was made.
    ExportedAt(String),
    /// A key of a bundle that names no collection.
    UnknownKey(String),
    /// Objects that are of no known kind.
    UnknownObject,
    /// The format of another tool.
    Foreign(&'static str),
    /// The shape of the document's top.
    Top(Top),
}

/// The answers to one question, page after page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    /// The hash of the context that its pages share; 0 where they have none.
    pub(super) of: u64,
    /// Another page follows.
    pub(super) goes_on: bool,
}

/// What a document is at its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Top {
    /// Collections under their names.
    Bundle,
    /// Pages, one or more.
    Pages,
    /// Objects, in a list or one after another.
    Objects,
}

/// Where in a document the walk is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    frames: Vec<Frame>,
}

#[derive(Clone, Debug, PartialEq)]
enum Frame {
    /// Values one after another: the top, and what the object before was, with its first key.
    Top(Option<(Expected, Vec<u8>)>),
    /// A list of pages, or of what tells for itself.
    List(Option<Collection>),
    /// The members of a bundle.
    Bundle,
    /// The members of a page.
    Page(Page),
    /// A list of objects; of no collection: each tells for itself.
    Objects(Option<Expected>),
    /// A list that nobody reads.
    Ignored,
}

/// A page, as far as it was read: its own members say more than its objects, and stand in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Page {
    collection: Option<Collection>,
    next_link: bool,
    delta_link: bool,
    part: bool,
    chain: u64,
}

impl State {
    /// The beginning of a document; the collection is what its file's name suggests.
    pub(super) fn start() -> Self {
        Self { frames: vec![Frame::Top(None)] }
    }

    /// Whether objects of one collection come one after another from here on.
    pub(super) fn is_streaming(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Objects(Some(_)) | Frame::Top(Some(_))))
    }

    /// The innermost collection.
    fn collection(&self) -> Option<Collection> {
        self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Objects(expected) => expected.map(|expected| expected.collection),
            Frame::Page(page) => page.collection,
            Frame::List(collection) => *collection,
            Frame::Top(last) => last.as_ref().map(|(expected, _)| expected.collection),
            Frame::Bundle | Frame::Ignored => None,
        })
    }

    /// What suffers if the document ends here.
    pub(super) fn loss(&self) -> Loss {
        let one = |collection: Option<Collection>| collection.map_or(Loss::Any, Loss::One);
        match self.frames.iter().rev().find(|frame| !matches!(frame, Frame::Ignored)) {
            Some(Frame::Bundle) => Loss::None,
            Some(Frame::Objects(Some(expected))) if expected.told => Loss::One(expected.collection),
            Some(Frame::Page(page)) => one(page.collection),
            Some(Frame::List(collection)) => one(*collection),
            Some(Frame::Objects(_) | Frame::Top(_) | Frame::Ignored) | None => Loss::Any,
        }
    }

    /// Whether the document may end here.
    pub(super) fn is_top(&self) -> bool {
        self.frames.len() == 1
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

    fn pop(&mut self, at: usize) -> Result<usize, Scan> {
        if let Some(Frame::Page(page)) = self.state.frames.pop() {
            // A page of changes goes on with no list, and ends none.
            let of = if page.delta_link { page.chain ^ OF_CHANGES } else { page.chain };
            self.events.push(Event::Page(page.collection, Chain { of, goes_on: page.next_link }));
            if page.delta_link {
                self.events.push(Event::DeltaLink(page.collection));
            }
            if page.part {
                self.events.push(Event::Part(page.collection));
            }
        }
        Ok(at + 1)
    }

    fn keys<'b>(&self, bytes: &'b [u8], at: usize) -> Result<Keys<'b>, Scan> {
        let keys = Keys::peek(bytes, at)?;
        if !keys.is_complete() && !self.last && bytes.len() - at < self.peek {
            return Err(Scan::NeedMore);
        }
        Ok(keys)
    }

    /// A value where a document, a page or an object of a collection may stand.
    fn value(&mut self, hint: Option<Collection>, bytes: &[u8], at: usize) -> Result<usize, Scan> {
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

    fn error(&mut self, hint: Option<Collection>, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let end = skip_value(bytes, at)?;
        let (code, message) = Keys::peek(&bytes[..end], at)?.error();
        self.events.push(Event::Error(hint.or(self.suggested), code, message));
        Ok(end)
    }

    /// One object that stands alone, or in a list of objects of several kinds.
    fn single(&mut self, hint: Option<Collection>, bytes: &[u8], at: usize) -> Result<usize, Scan> {
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

    fn section(&mut self, collection: Option<Collection>) {
        if let Some(collection) = collection
            && self.events.last() != Some(&Event::Section(collection))
        {
            self.events.push(Event::Section(collection));
        }
    }

    fn top(&mut self, top: Top) {
        // Only the first of them counts.
        if self.state.is_top() && !self.has_top {
            self.has_top = true;
            self.events.push(Event::Top(top));
        }
    }

    /// The key at `at`, and the place of its value.
    fn key<'b>(&self, bytes: &'b [u8], at: usize) -> Result<(std::borrow::Cow<'b, str>, usize), Scan> {
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

    fn bundle_member(&mut self, bytes: &[u8], at: usize) -> Result<usize, Scan> {
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

    fn page_member(&mut self, mut page: Page, bytes: &[u8], at: usize) -> Result<usize, Scan> {
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

/// What sets pages of changes apart from those of the list under the same context.
const OF_CHANGES: u64 = 0x5bd1_e995_9d1b_54a5;

fn chain_of(context: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(context.as_bytes())
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
