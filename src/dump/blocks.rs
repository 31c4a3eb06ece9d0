//! Reading a stream in blocks, by one thread or several, with the result of one.
//!
//! Inside a long list of objects a block is cut where the text `},{"<first key>"` stands. In valid JSON those bytes cannot lie
//! in a string, so the next block very likely begins with an object of the same list, and another thread may read it at once.
//! Blocks are committed in their order: if the block before did not end exactly there, in exactly that state, the work on this
//! one is thrown away and done again.

use std::io::{self, Read};

use parking_lot::{Condvar, Mutex};

use super::buffer::Buffer;
use super::document::{Event, Exit, Expected, Loss, Objects, PEEK, State, Walk, first_key};
use crate::json::Scan;
use crate::tenant::schema::Collection;

/// How much is read at a time, and how much must be at hand before an object is judged by its first keys.
#[derive(Clone, Copy)]
pub(super) struct Window {
    block: usize,
    peek: usize,
}

/// A block is large enough that locks do not matter, and small enough for the second-level cache.
pub(super) const WINDOW: Window = Window { block: 1 << 20, peek: PEEK };

/// Takes objects and makes something of them.
pub(super) trait Worker {
    /// What it makes of the objects of one block.
    type Batch: Send;

    /// The objects that follow stand in bytes that begin at this place of the source.
    fn begin(&mut self, offset: u64);

    /// Takes the object that begins at `at`, and returns the place behind it.
    ///
    /// # Errors
    ///
    /// If the bytes end inside the object, or something in it cannot stand where it does.
    fn take(&mut self, expected: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan>;

    /// What was made since the last call.
    fn finish(&mut self) -> Self::Batch;
}

/// How the reading of a source ended.
#[derive(Debug)]
pub(super) enum End {
    /// At its end.
    Whole,
    /// The bytes ended inside a value.
    Cut(Loss),
    /// The byte at this place cannot stand there.
    Bad(u64, Loss),
    /// It could not be read on.
    Io(io::Error, Loss),
}

struct Block {
    number: u64,
    offset: u64,
    bytes: Buffer,
    /// The state in which it is believed to begin.
    assumed: Option<State>,
    last: bool,
}

struct Feeder<'r> {
    reader: &'r mut (dyn Read + Send),
    block: usize,
    number: u64,
    offset: u64,
    /// What was read behind the last cut.
    carry: Vec<u8>,
    done: bool,
    failed: Option<io::Error>,
    /// The state and the first key of the list that the last committed block was in.
    hint: Option<(State, Vec<u8>)>,
    pool: Vec<Buffer>,
}

impl Feeder<'_> {
    fn next(&mut self) -> Option<Block> {
        if self.done {
            return None;
        }
        let mut bytes = self.pool.pop().unwrap_or_default();
        bytes.clear();
        bytes.extend(&self.carry);
        self.carry.clear();
        let wanted = self.block.saturating_sub(bytes.len()).max(self.block / 2);
        match bytes.fill(&mut self.reader, wanted) {
            Ok(read) => self.done = read < wanted,
            Err(error) => {
                self.failed = Some(error);
                self.done = true;
            }
        }
        let mut assumed = None;
        if let Some((state, key)) = &self.hint {
            assumed = Some(state.clone());
            if !self.done
                && let Some(cut) = find_cut(&bytes, key)
            {
                self.carry.extend_from_slice(&bytes[cut..]);
                bytes.truncate(cut);
            }
        }
        let block = Block { number: self.number, offset: self.offset, assumed, last: self.done, bytes };
        self.number += 1;
        self.offset += block.bytes.len() as u64;
        Some(block)
    }
}

/// The last place where an object with this first key begins behind another object.
fn find_cut(bytes: &[u8], key: &[u8]) -> Option<usize> {
    memchr::memmem::rfind_iter(bytes, key).find_map(|at| {
        let brace = bytes[..at].trim_ascii_end();
        let before = brace.strip_suffix(b"{")?.trim_ascii_end();
        let before = before.strip_suffix(b",").unwrap_or(before).trim_ascii_end();
        before.ends_with(b"}").then_some(brace.len() - 1)
    })
}

/// The committed state: what the next block must agree with.
struct Order<B, C> {
    next: u64,
    state: State,
    /// Bytes of the committed blocks that are not used yet: the beginning of an object or of a key.
    leftover: Vec<u8>,
    /// With how many bytes to walk again: what is larger than a block would else be walked from its start for every block of it.
    enough: usize,
    end: Option<End>,
    commit: C,
    batch: std::marker::PhantomData<B>,
}

/// Reads everything; `commit` gets what the workers made, in the order of the source.
pub(super) fn read<W: Worker>(
    reader: &mut (dyn Read + Send),
    window: Window,
    threads: usize,
    suggested: Option<Collection>,
    worker: &(dyn Fn() -> W + Sync),
    commit: impl FnMut(W::Batch, Vec<Event>) + Send,
) -> End {
    let feeder = Mutex::new(Feeder {
        reader,
        block: window.block,
        number: 0,
        offset: 0,
        carry: Vec::new(),
        done: false,
        failed: None,
        hint: None,
        pool: Vec::new(),
    });
    let order = Mutex::new(Order {
        next: 0,
        state: State::start(),
        leftover: Vec::new(),
        enough: 0,
        end: None,
        commit,
        batch: std::marker::PhantomData,
    });
    let turn = Condvar::new();
    let run = || work(&feeder, &order, &turn, (window.peek, suggested), worker());
    if threads > 1 {
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(run);
            }
            run();
        });
    } else {
        run();
    }
    let order = order.into_inner();
    let feeder = feeder.into_inner();
    match (order.end, feeder.failed) {
        (Some(End::Bad(place, loss)), _) => End::Bad(place, loss),
        (_, Some(error)) => End::Io(error, order.state.loss()),
        (Some(end), None) => end,
        (None, None) => End::Whole,
    }
}

fn work<W: Worker, C: FnMut(W::Batch, Vec<Event>) + Send>(
    feeder: &Mutex<Feeder<'_>>,
    order: &Mutex<Order<W::Batch, C>>,
    turn: &Condvar,
    hints: (usize, Option<Collection>),
    mut worker: W,
) {
    loop {
        let Some(mut block) = feeder.lock().next() else { return };
        let ahead = block.assumed.take().map(|state| {
            let walked = walk(&mut worker, state.clone(), &block.bytes, block.offset, hints, block.last);
            (state, walked, worker.finish())
        });
        let mut order = order.lock();
        while order.next != block.number {
            turn.wait(&mut order);
        }
        order.next += 1;
        let at_hand = order.leftover.len() + block.bytes.len();
        if order.end.is_none() && !block.last && at_hand < order.enough {
            order.leftover.extend_from_slice(&block.bytes);
            feeder.lock().pool.push(block.bytes);
        } else if order.end.is_none() {
            let (walked, batch, bytes, offset) = match ahead {
                Some((state, walked, batch)) if state == order.state && order.leftover.is_empty() => {
                    (walked, batch, block.bytes, block.offset)
                }
                _ => {
                    let offset = block.offset - order.leftover.len() as u64;
                    let mut bytes = Buffer::default();
                    bytes.extend(&order.leftover);
                    bytes.extend(&block.bytes);
                    let walked = walk(&mut worker, order.state.clone(), &bytes, offset, hints, block.last);
                    let batch = worker.finish();
                    (walked, batch, bytes, offset)
                }
            };
            (order.commit)(batch, walked.events);
            order.state = walked.state;
            order.leftover = bytes[walked.exit.consumed..].to_vec();
            order.enough = order.leftover.len() * 2;
            if let Some(place) = walked.exit.bad {
                order.end = Some(End::Bad(offset + place as u64, order.state.loss()));
            } else if block.last && !(order.leftover.is_empty() && order.state.is_top()) {
                order.end = Some(End::Cut(order.state.loss()));
            }
            let hint = walked.sample.filter(|_| order.state.is_streaming()).and_then(|at| first_key(&bytes, at));
            let mut feeder = feeder.lock();
            feeder.hint = hint.map(|key| (order.state.clone(), key.to_vec()));
            feeder.done |= order.end.is_some();
            feeder.pool.push(bytes);
        }
        drop(order);
        turn.notify_all();
    }
}

struct Walked {
    exit: Exit,
    state: State,
    events: Vec<Event>,
    sample: Option<usize>,
}

fn walk<W: Worker>(
    worker: &mut W,
    state: State,
    bytes: &[u8],
    offset: u64,
    (peek, suggested): (usize, Option<Collection>),
    last: bool,
) -> Walked {
    worker.begin(offset);
    let mut objects = Taker(worker);
    let mut walk =
        Walk { state, events: Vec::new(), suggested, last, peek, sample: None, has_top: false, objects: &mut objects };
    let exit = walk.run(bytes);
    Walked { exit, state: walk.state, events: walk.events, sample: walk.sample }
}

struct Taker<'w, W>(&'w mut W);

impl<W: Worker> Objects for Taker<'_, W> {
    fn take(&mut self, expected: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        self.0.take(expected, bytes, at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::skip_value;

    #[derive(Default)]
    struct Places {
        offset: u64,
        places: Vec<(Collection, u64, usize)>,
    }

    impl Worker for Places {
        type Batch = Vec<(Collection, u64, usize)>;

        fn begin(&mut self, offset: u64) {
            self.offset = offset;
        }

        fn take(&mut self, expected: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan> {
            let end = skip_value(bytes, at)?;
            self.places.push((expected.collection, self.offset + at as u64, end - at));
            Ok(end)
        }

        fn finish(&mut self) -> Self::Batch {
            std::mem::take(&mut self.places)
        }
    }

    type Read = (Vec<(Collection, u64, usize)>, Vec<Event>, String);

    fn read_in(window: Window, text: &str, threads: usize) -> Read {
        let (mut all, mut told) = (Vec::new(), Vec::new());
        let mut bytes = text.as_bytes();
        let end = read(&mut bytes, window, threads, None, &Places::default, |batch, events| {
            all.extend(batch);
            told.extend(
                events
                    .into_iter()
                    .filter(|event| !matches!(event, Event::Section(_) | Event::Alone(_) | Event::Top(_))),
            );
        });
        (all, told, format!("{end:?}"))
    }

    fn read_all(text: &str, threads: usize) -> (Vec<(Collection, u64, usize)>, String) {
        let (all, _, end) = read_in(WINDOW, text, threads);
        (all, end)
    }

    /// A tenant larger than several blocks, with lists inside its objects that begin like the objects themselves.
    fn tenant(separator: &str) -> String {
        let users: Vec<_> = (0..9000)
            .map(|n| format!("{{\"id\":\"u{n}\",\"pad\":\"{}\",\"manager\":{{\"id\":\"x\"}}}}", "p".repeat(n % 500)))
            .collect();
        let groups: Vec<_> = (0..300)
            .map(|n| {
                let members: Vec<_> =
                    (0..200).map(|m| format!("{{\"id\":\"m{n}-{m}\",\"displayName\":\"{m}\"}}")).collect();
                format!("{{\"id\":\"g{n}\",\"members\":[{}]}}", members.join(","))
            })
            .collect();
        let join = |list: &[String]| list.join(separator);
        format!("{{\"users\":[{}],\"groups\":[{}],\"domains\":[{{\"id\":\"a\"}}]}}", join(&users), join(&groups))
    }

    #[test]
    fn threads_give_what_one_thread_gives() {
        for separator in [",", ",\n    "] {
            let text = tenant(separator);
            let one = read_all(&text, 1);
            assert_eq!(one.0.len(), 9301);
            assert_eq!(one.1, "Whole");
            for (_, offset, length) in &one.0 {
                let object = &text[*offset as usize..*offset as usize + length];
                assert!(object.starts_with("{\"id\":") && object.ends_with('}'), "{object}");
            }
            for threads in 2..4 {
                assert_eq!(read_all(&text, threads), one, "{threads} threads");
            }
        }
    }

    #[test]
    fn lines_of_objects_are_read_by_several_threads_as_well() {
        let lines: String = (0..20_000)
            .map(|n| format!("{{\"id\":\"{n}\",\"userPrincipalName\":\"u{n}\",\"pad\":\"{}\"}}\n", "p".repeat(150)))
            .collect();
        let one = read_all(&lines, 1);
        assert_eq!((one.0.len(), one.1.as_str()), (20_000, "Whole"));
        assert_eq!(read_all(&lines, 2), one);
    }

    #[test]
    fn an_object_larger_than_a_block_is_read() {
        let text = format!("{{\"users\":[{{\"id\":\"{}\"}},{{\"id\":\"b\"}}]}}", "x".repeat(5 * WINDOW.block));
        assert_eq!(read_all(&text, 2).0.len(), 2);
    }

    /// Counts the bytes that it was shown.
    struct Shown<'c>(&'c std::sync::atomic::AtomicUsize);

    impl Worker for Shown<'_> {
        type Batch = ();

        fn begin(&mut self, _: u64) {}

        fn take(&mut self, _: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan> {
            self.0.fetch_add(bytes.len() - at, std::sync::atomic::Ordering::Relaxed);
            skip_value(bytes, at)
        }

        fn finish(&mut self) {}
    }

    #[test]
    fn an_object_of_many_blocks_is_not_walked_for_each_of_them() {
        let text = format!("{{\"users\":[{{\"id\":\"{}\"}}]}}", "x".repeat(100 * 4096));
        let window = Window { block: 4096, peek: 1024 };
        for threads in [1, 2] {
            let shown = std::sync::atomic::AtomicUsize::new(0);
            read(&mut text.as_bytes(), window, threads, None, &|| Shown(&shown), |(), _| {});
            let times = shown.into_inner() / text.len();
            assert!((1..6).contains(&times), "{times} times with {threads} threads");
        }
    }

    #[test]
    fn a_cut_stream_keeps_what_came_before() {
        let text = tenant(",");
        let (objects, end) = read_all(&text[..text.len() / 3], 2);
        assert!(objects.len() > 1000);
        assert_eq!(end, "Cut(One(Users))");
        let broken = text.replacen(",{\"id\":\"u8000\"", " oops {\"id\":\"u8000\"", 1);
        let (objects, end) = read_all(&broken, 2);
        assert_eq!(objects.len(), 8000);
        assert!(end.starts_with("Bad("), "{end}");
    }

    /// Objects of random size, some of which hold lists that look like the list they stand in.
    fn any_objects(keys: &'static str) -> impl Strategy<Value = Vec<serde_json::Value>> {
        let object = (0..40usize, 0..4usize, any::<bool>()).prop_map(move |(pad, inner, first)| {
            let list: Vec<_> =
                (0..inner).map(|n| serde_json::json!({"id": n, keys: "inner", "},{\"id\"": "},{\"id\":1"})).collect();
            let pad = "p\\\"{[".repeat(pad);
            if first {
                serde_json::json!({"id": "x", keys: "x", "list": list, "pad": pad})
            } else {
                serde_json::json!({"pad": pad, "list": list, "id": "x", keys: "x"})
            }
        });
        proptest::collection::vec(object, 0..12)
    }

    /// A document, and whether what is in it can be told from a few bytes.
    fn any_document() -> impl Strategy<Value = (String, bool)> {
        let parts = (any_objects("userPrincipalName"), any_objects("skuPartNumber"), 0..6u8, any::<bool>());
        parts.prop_map(|(users, skus, shape, pretty)| {
            let skus: Vec<_> = skus.into_iter().map(|mut sku| {
                sku["consumedUnits"] = 1.into();
                sku
            }).collect();
            let write = |value: &serde_json::Value| {
                if pretty { serde_json::to_string_pretty(value).unwrap().replace('\n', "\r\n") } else { value.to_string() }
            };
            let page = |list: &[serde_json::Value], name: &str| serde_json::json!({"@odata.context": format!("$metadata#{name}"), "value": list, "@odata.nextLink": "x"});
            let text = match shape {
                0 => write(&serde_json::json!({"users": users, "subscribedSkus": skus})),
                1 => write(&serde_json::json!({"users": page(&users, "users"), "skus": [page(&skus, "subscribedSkus"), page(&[], "subscribedSkus")]})),
                2 => format!("{}\n{}", write(&page(&users, "users")), write(&page(&skus, "subscribedSkus"))),
                3 => write(&serde_json::Value::Array(users.into_iter().chain(skus).collect())),
                4 => users.iter().chain(&skus).map(|object| format!("{object}\n")).collect(),
                _ => write(&serde_json::json!([page(&users, "users"), page(&skus, "subscribedSkus")])),
            };
            (text, !matches!(shape, 3 | 4))
        })
    }

    proptest! {
        #[test]
        fn blocks_of_any_size_and_any_number_of_threads_give_the_same((text, tells) in any_document(), block in 2..400usize, cut in 0.0..1.0f64, whole: bool) {
            let mut end = text.len();
            if !whole {
                end = (end as f64 * cut) as usize;
                while !text.is_char_boundary(end) { end -= 1 }
            }
            let text = &text[..end];
            let expected = read_in(WINDOW, text, 1);
            for threads in 1..4 {
                prop_assert_eq!(&read_in(Window { block, peek: PEEK }, text, threads), &expected, "{} threads", threads);
                if tells {
                    let peeking = read_in(Window { block, peek: 150 }, text, threads);
                    prop_assert_eq!(&peeking, &expected, "{} threads, peeking", threads);
                }
            }
        }
    }
}
