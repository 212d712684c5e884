//! All draws, taken in parts on all cores and put together in their order, in the memory of a few parts.

use std::ops::{ControlFlow, Range};

use indexmap::IndexMap;

use super::answer::{Chance, Statistics, percentile_name};
use super::asked::Asked;
use super::{Options, Progress, Watch};
use crate::analysis::draws::{self, Desk, Sampler};
use crate::error::Error;
use crate::numeric::design::{BLOCK, Design};
use crate::numeric::moments::Replicated;
use crate::numeric::percentiles::{self, Collector, Found, Wanted};
use crate::report::number;

/// The most blocks of one part, and how many parts are made of what lies between two narrowings where it is less.
const PART: u64 = 64;
const PARTS: u64 = 16;

/// With how many draws a run to a precision begins.
const FIRST: u64 = 1 << 14;

/// What all draws have told.
#[derive(Debug)]
pub struct Whole {
    /// How many draws were taken.
    pub samples: u64,
    /// Whether they are fewer than were asked for, because whoever asked had enough.
    pub stopped: bool,
    design: Design,
    /// Of each metric, then each condition.
    moments: Vec<Replicated>,
    /// Of each metric.
    found: Vec<Found>,
}

/// Takes all draws.
///
/// # Errors
/// A distribution that makes no sense, which compiling has refused already.
pub fn of(asked: &Asked, options: &Options, watch: Watch<'_>) -> Result<Whole, Error> {
    let simulation = asked.simulation(&asked.wanted())?;
    let most = options.design.samples;
    let run = |samples: u64, watch: Watch<'_>| {
        Run::new(Sampler::new(&simulation, Design { samples, ..options.design }), asked, options).finish(watch)
    };
    let Some(precision) = options.precision else { return Ok(run(most, watch)) };
    // Each round draws anew from the start: together they cost less than twice the last one, and every method of placing
    // the draws knows from the start how many there will be.
    let mut samples = FIRST.min(most);
    loop {
        let whole = run(samples, watch);
        if whole.stopped || samples == most || whole.excess(asked.metrics.len()) <= precision {
            return Ok(whole);
        }
        samples = samples.saturating_mul(2).min(most);
    }
}

/// Draws on their way.
struct Run<'a> {
    sampler: Sampler<'a>,
    wanted: usize,
    done: u64,
    moments: Vec<Replicated>,
    collectors: Vec<Collector>,
}

/// What some blocks have told.
struct Part {
    draws: u64,
    moments: Vec<Replicated>,
    percentiles: Vec<percentiles::Part>,
}

impl<'a> Run<'a> {
    fn new(sampler: Sampler<'a>, asked: &Asked, options: &Options) -> Self {
        let wanted = asked.metrics.len() + asked.conditions.len();
        let collector = |metric: usize| {
            let tail = asked.at_risk().any(|at_risk| at_risk == metric).then_some(1.0 - options.confidence);
            Collector::new(Wanted { shares: options.percentiles.clone(), tail })
        };
        let collectors = (0..asked.metrics.len()).map(collector).collect();
        Self { sampler, wanted, done: 0, moments: vec![Replicated::default(); wanted], collectors }
    }

    /// Takes all draws, or those up to where the watcher has had enough.
    fn finish(mut self, watch: Watch<'_>) -> Whole {
        let design = *self.sampler.design();
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
                return Whole { samples, stopped, design, moments: self.moments, found };
            }
            self.done = 0;
            self.moments = vec![Replicated::default(); self.wanted];
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
        let all = self.sampler.design().samples;
        let empty: Vec<percentiles::Part> = self.collectors.iter().map(Collector::part).collect();
        let (sampler, wanted) = (&self.sampler, self.wanted);
        let make = |blocks: Range<u64>| part(sampler, wanted, blocks, empty.clone());
        let (done, moments, collectors) = (&mut self.done, &mut self.moments, &mut self.collectors);
        let taken = draws::parts(blocks, length, make, |part: Part| {
            *done += part.draws;
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

/// Draws some blocks.
fn part(sampler: &Sampler<'_>, wanted: usize, blocks: Range<u64>, percentiles: Vec<percentiles::Part>) -> Part {
    let mut part = Part { draws: 0, moments: vec![Replicated::default(); wanted], percentiles };
    let mut desk = Desk::default();
    for block in blocks {
        let columns = sampler.block(block, &mut desk);
        part.draws += sampler.design().lanes(block) as u64;
        for (moments, column) in part.moments.iter_mut().zip(columns) {
            moments.add(Design::replicate(block), column);
        }
        for (percentiles, column) in part.percentiles.iter_mut().zip(columns) {
            percentiles.take(column);
        }
    }
    part
}

impl Whole {
    /// The largest standard error of a mean, as a part of the mean.
    fn excess(&self, metrics: usize) -> f64 {
        let part = |moments: &Replicated| {
            let (error, mean) = (moments.error(self.design.method)?, moments.whole().mean()?);
            Some(if error == 0.0 { 0.0 } else { error / mean.abs() })
        };
        self.moments.iter().take(metrics).filter_map(part).fold(0.0, f64::max)
    }

    /// What the draws of each metric are like.
    pub fn statistics(&self, options: &Options) -> Vec<Statistics> {
        let names = || options.percentiles.iter().map(|share| percentile_name(*share));
        let statistics = |(moments, found): (&Replicated, &Found)| {
            let whole = moments.whole();
            Statistics {
                mean: whole.mean(),
                error: moments.error(self.design.method),
                sd: whole.deviation(),
                low: whole.ends().map(|[low, _]| low),
                high: whole.ends().map(|[_, high]| high),
                defined: whole.defined(),
                percentiles: names().zip(found.percentiles.iter().copied()).collect(),
            }
        };
        self.moments.iter().zip(&self.found).map(statistics).collect()
    }

    /// How likely each condition is.
    pub fn chances(&self) -> Vec<Chance> {
        let chance = |moments: &Replicated| Chance {
            value: moments.whole().mean(),
            error: moments.error(self.design.method),
            defined: moments.whole().defined(),
        };
        self.moments.iter().skip(self.found.len()).map(chance).collect()
    }

    /// The value at risk and the mean loss beyond, of a metric of which less is worse.
    pub fn risk(&self, metric: usize, options: &Options) -> IndexMap<String, Option<f64>> {
        let percent = number::plain(options.confidence * 100.0);
        let tail = self.found.get(metric).and_then(|found| found.tail);
        let loss = |at: usize| tail.map(|tail| 0.0 - tail[at]);
        [(format!("var{percent}"), loss(0)), (format!("cvar{percent}"), loss(1))].into_iter().collect()
    }
}

/// A number of draws as a number.
#[expect(clippy::cast_precision_loss, reason = "fewer than 2^53")]
pub fn float(draws: u64) -> f64 {
    draws as f64
}
