//! Work on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does every piece of some work on so many threads, each of which takes the next piece; gives what comes out in the order of the
/// pieces.
pub(super) fn each<T: Sync, R: Send>(threads: usize, pieces: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads.min(pieces.len());
    if threads < 2 {
        return pieces.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(at) else { return done };
            done.push((at, work(piece)));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_pieces() {
        let pieces: Vec<u64> = (0..1000).collect();
        let slow_first = |piece: &u64| {
            if piece.is_multiple_of(100) {
                thread::yield_now();
            }
            piece * 2
        };
        let doubled: Vec<u64> = pieces.iter().map(|piece| piece * 2).collect();
        for threads in [1, 2, 7] {
            assert_eq!(each(threads, &pieces, slow_first), doubled, "{threads} threads");
        }
        assert!(each(4, &[], |piece: &u64| *piece).is_empty());
    }
}
