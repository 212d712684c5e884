//! Work on all cores whose results are taken in their order.

use std::ops::Range;
use std::sync::Mutex;

use rayon::prelude::*;

/// How many parts each core makes in a round: enough that no core waits long for another at its end.
const PARTS_PER_CORE: usize = 64;

/// Makes `count` parts on all cores and takes each in its order, holding only those of two rounds at a time: while the
/// parts of one are taken, those of the next are made.
///
/// # Errors
/// The first that taking a part meets; no further part is taken.
pub fn in_order<T: Send, E>(
    count: usize,
    make: impl Fn(usize) -> T + Sync,
    take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    in_order_at(count, |(): &mut (), part| make(part), take)
}

/// As [`in_order`], where each core makes its parts at a desk of its own.
///
/// # Errors
/// The first that taking a part meets; no further part is taken.
pub fn in_order_at<D: Default + Send, T: Send, E>(
    count: usize,
    make: impl Fn(&mut D, usize) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let held = rayon::current_num_threads().saturating_mul(PARTS_PER_CORE).max(1);
    let places = |from: usize| from..count.min(from.saturating_add(held));
    let desks: Vec<Mutex<D>> = (0..rayon::current_num_threads()).map(|_| Mutex::default()).collect();
    let at_desk =
        |part: usize| match rayon::current_thread_index().and_then(|core| desks.get(core)).map(Mutex::try_lock) {
            Some(Ok(mut desk)) => make(&mut desk, part),
            // A part within a part of the same core, or a core from elsewhere.
            _ => make(&mut D::default(), part),
        };
    // One by one, so that at the end of a round no core waits for longer than a part takes.
    let made_of = |wanted: Range<usize>| wanted.into_par_iter().with_max_len(1).map(at_desk).collect::<Vec<T>>();
    let mut next = places(0);
    let mut parts = made_of(next.clone());
    while !parts.is_empty() {
        next = places(next.end);
        let mut following = Vec::new();
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| following = made_of(next.clone()));
            parts.drain(..).try_for_each(&mut take)
        })?;
        parts = following;
    }
    Ok(())
}

/// Runs something on that many threads of its own.
///
/// # Errors
/// The threads cannot be had, with the reason.
pub fn on_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> Result<T, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| error.to_string())?;
    Ok(pool.install(run))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_taken_in_their_order() {
        for count in [0, 1, 7, 1_000] {
            let mut taken = Vec::new();
            let make = |part: usize| {
                // The first parts take longest, so that they would come last.
                std::hint::black_box((0..(count - part) * 100).sum::<usize>());
                part
            };
            let done: Result<(), ()> = in_order(count, make, |part| {
                taken.push(part);
                Ok(())
            });
            assert_eq!(done, Ok(()));
            assert_eq!(taken, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_error_ends_it() {
        let mut taken = Vec::new();
        let done = in_order(
            1_000,
            |part| part,
            |part| {
                taken.push(part);
                if part == 3 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!((done, taken), (Err("full"), vec![0, 1, 2, 3]));
    }
}
