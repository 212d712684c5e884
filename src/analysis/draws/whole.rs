//! All draws, taken in parts on all cores and put together in their order, in the memory of a few parts.

use std::ops::{ControlFlow, Range};

use super::{Blocks, parts};
use crate::numeric::design::{BLOCK, Design, REPLICATES};
use crate::numeric::moments::Replicated;
use crate::numeric::percentiles::{self, Collector, Found, Wanted};

/// The most blocks of one part, and how many parts are made of what lies between two narrowings where it is less.
const PART: u64 = 8;
const PARTS: u64 = 16;

/// How many of the first draws are kept where they are wished.
pub const FIRST: u64 = 1 << 16;

/// How far drawing has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// How many draws are done.
    pub done: u64,
    /// How many there will be.
    pub samples: u64,
}

/// Is told how far it has come, now and then, and says whether to go on.
pub type Watch<'w> = &'w mut dyn FnMut(Progress) -> ControlFlow<()>;

/// What is wanted of a column of outcomes besides its moments.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Nothing.
    Moments,
    /// Percentiles.
    Percentiles(Wanted),
    /// Percentiles, and the first draws themselves; for one column.
    FirstToo(Wanted),
    /// Percentiles, and those of each randomization for itself, which tell how far they may be off.
    Apart(Wanted),
}

/// What all draws have told.
#[derive(Debug)]
pub struct Whole {
    /// How many draws were taken.
    pub samples: u64,
    /// Whether they are fewer than were asked for, because whoever asked had enough.
    pub stopped: bool,
    /// How they were placed.
    pub design: Design,
    /// The moments of each column.
    pub moments: Vec<Replicated>,
    /// The first draws of the column of which they were wished.
    pub first: Vec<f64>,
    found: Vec<(Collects, Found)>,
    wishes: Vec<Wish>,
}

/// Which draws a collector takes: of a column, all or those of one randomization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Collects {
    column: usize,
    replicate: Option<usize>,
}

impl Whole {
    /// The percentiles of a column, where they were wished.
    pub fn found(&self, column: usize) -> Option<&Found> {
        let wanted = Collects { column, replicate: None };
        self.found.iter().find(|(collects, _)| *collects == wanted).map(|(_, found)| found)
    }

    /// The shares of the percentiles that were wished of a column.
    pub fn shares(&self, column: usize) -> &[f64] {
        match self.wishes.get(column) {
            Some(Wish::Percentiles(wanted) | Wish::FirstToo(wanted) | Wish::Apart(wanted)) => &wanted.shares,
            _ => &[],
        }
    }

    /// The percentiles of a column in each randomization, where they were wished.
    pub fn apart(&self, column: usize) -> impl Iterator<Item = &Found> {
        let is_part = move |collects: &Collects| collects.column == column && collects.replicate.is_some();
        self.found.iter().filter(move |(collects, _)| is_part(collects)).map(|(_, found)| found)
    }
}

/// Draws on their way.
struct Run<'a, B> {
    blocks: &'a B,
    wishes: &'a [Wish],
    collects: Vec<Collects>,
    done: u64,
    moments: Vec<Replicated>,
    collectors: Vec<Collector>,
    /// The first draws of a column.
    first: Vec<f64>,
}

/// What some blocks have told.
struct Part {
    draws: u64,
    moments: Vec<Replicated>,
    percentiles: Vec<percentiles::Part>,
    first: Vec<f64>,
}

/// Takes all draws, or those up to where the watcher has had enough; `wishes` has one for each column.
pub fn of(blocks: &impl Blocks, wishes: &[Wish], watch: Watch<'_>) -> Whole {
    let (mut collects, mut collectors) = (Vec::new(), Vec::new());
    for (column, wish) in wishes.iter().enumerate() {
        let (wanted, apart) = match wish {
            Wish::Moments => continue,
            Wish::Percentiles(wanted) | Wish::FirstToo(wanted) => (wanted, 0),
            Wish::Apart(wanted) => (wanted, REPLICATES),
        };
        for replicate in std::iter::once(None).chain((0..apart).map(Some)) {
            collects.push(Collects { column, replicate });
            collectors.push(Collector::new(wanted.clone()));
        }
    }
    let moments = vec![Replicated::default(); wishes.len()];
    Run { blocks, wishes, collects, done: 0, moments, collectors, first: Vec::new() }.finish(watch)
}

impl<B: Blocks> Run<'_, B> {
    fn finish(mut self, watch: Watch<'_>) -> Whole {
        let design = *self.blocks.design();
        let mut samples = design.samples;
        let mut stopped = false;
        loop {
            if self.pass(samples, watch).is_break() {
                // What was done is answered, and no further draws are waited for.
                (samples, stopped) = (self.done, true);
            }
            let found: Option<Vec<Found>> =
                self.collectors.iter().map(|collector| collector.clone().finish()).collect();
            if let Some(found) = found {
                let found = self.collects.into_iter().zip(found).collect();
                let wishes = self.wishes.to_vec();
                return Whole { samples, stopped, design, moments: self.moments, first: self.first, found, wishes };
            }
            self.done = 0;
            self.first.clear();
            self.moments = vec![Replicated::default(); self.wishes.len()];
            self.collectors = self.collectors.iter().map(Collector::anew).collect();
        }
    }

    fn pass(&mut self, samples: u64, watch: Watch<'_>) -> ControlFlow<()> {
        while self.done < samples {
            let end = percentiles::until(self.done).min(samples);
            if self.done > 0 {
                self.collectors.iter_mut().for_each(Collector::narrow);
            }
            self.stretch(end, watch)?;
        }
        ControlFlow::Continue(())
    }

    /// Takes the draws up to `end`, between two narrowings.
    fn stretch(&mut self, end: u64, watch: Watch<'_>) -> ControlFlow<()> {
        let size = BLOCK as u64;
        let blocks = self.done / size..end.div_ceil(size);
        let length = ((blocks.end - blocks.start) / PARTS).clamp(1, PART);
        let all = self.blocks.design().samples;
        let empty: Vec<percentiles::Part> = self.collectors.iter().map(Collector::part).collect();
        let (source, columns, collects) = (self.blocks, self.wishes.len(), &self.collects);
        let kept = self.wishes.iter().position(|wish| matches!(wish, Wish::FirstToo(_)));
        let make = |desk: &mut B::Desk, blocks: Range<u64>| {
            let moments = vec![Replicated::default(); columns];
            let part = Part { draws: 0, moments, percentiles: empty.clone(), first: Vec::new() };
            drawn(source, blocks, desk, collects, kept, part)
        };
        let (done, moments, collectors) = (&mut self.done, &mut self.moments, &mut self.collectors);
        let first = &mut self.first;
        let taken = parts(blocks, length, make, |part: Part| {
            *done += part.draws;
            first.extend(part.first);
            for (moments, found) in moments.iter_mut().zip(&part.moments) {
                moments.join(found);
            }
            for (collector, found) in collectors.iter_mut().zip(part.percentiles) {
                collector.join(found);
            }
            match watch(Progress { done: *done, samples: all }) {
                ControlFlow::Continue(()) => Ok(()),
                ControlFlow::Break(()) => Err(()),
            }
        });
        if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// Draws some blocks into an empty part.
fn drawn<B: Blocks>(
    source: &B,
    blocks: Range<u64>,
    desk: &mut B::Desk,
    collects: &[Collects],
    kept: Option<usize>,
    mut part: Part,
) -> Part {
    for block in blocks {
        let columns = source.block(block, desk);
        let replicate = Design::replicate(block);
        part.draws += source.design().lanes(block) as u64;
        if let Some(column) = kept.filter(|_| block < FIRST / BLOCK as u64).and_then(|kept| columns.get(kept)) {
            part.first.extend_from_slice(column);
        }
        for (moments, column) in part.moments.iter_mut().zip(columns) {
            moments.add(replicate, column);
        }
        for (percentiles, collects) in part.percentiles.iter_mut().zip(collects) {
            if collects.replicate.is_none_or(|wanted| wanted == replicate)
                && let Some(column) = columns.get(collects.column)
            {
                percentiles.take(column);
            }
        }
    }
    part
}

/// A number of draws as a number.
#[expect(clippy::cast_precision_loss, reason = "fewer than 2^53")]
pub fn float(draws: u64) -> f64 {
    draws as f64
}
