//! The two reference models written by hand, each as one loop over the draws: the limit that the engine is measured
//! against. Draws, distributions and statistics are the library's; what is fused is the model.
//!
//!     cargo bench --bench fused -- m2 10000000 1

#![allow(unsafe_code, reason = "a function of more instructions is called where the processor was seen to have them")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::inline_always,
    clippy::cast_precision_loss,
    reason = "a program for one machine"
)]

use std::ops::Range;

use bizmodel::dist::{Distribution, FAMILIES};
use bizmodel::numeric::design::{BLOCK, Column, Design, Method};
use bizmodel::numeric::moments::Replicated;
use bizmodel::numeric::parallel;
use bizmodel::numeric::percentiles::{Collector, Part, Wanted, until};

const OUTPUTS: usize = 4;

type Run = fn(&[Vec<f64>], &mut [Vec<f64>; OUTPUTS]);

struct Model {
    inputs: Vec<(Column, Box<dyn Distribution>)>,
    run: Run,
}

/// Compiles a loop for the instructions that the processor may have, as the engine's are.
macro_rules! for_each_set {
    ($name:ident = $loop:ident) => {
        fn $name(inputs: &[Vec<f64>], outputs: &mut [Vec<f64>; OUTPUTS]) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                fn avx2(inputs: &[Vec<f64>], outputs: &mut [Vec<f64>; OUTPUTS]) {
                    $loop(inputs, outputs);
                }
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
                fn avx512(inputs: &[Vec<f64>], outputs: &mut [Vec<f64>; OUTPUTS]) {
                    $loop(inputs, outputs);
                }
                let has_avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
                if has_avx2 && is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512vl") {
                    // SAFETY: the processor was seen to have these instructions.
                    return unsafe { avx512(inputs, outputs) };
                }
                if has_avx2 {
                    // SAFETY: as above.
                    return unsafe { avx2(inputs, outputs) };
                }
            }
            $loop(inputs, outputs);
        }
    };
}

for_each_set!(run_1 = model_1_at_once);
for_each_set!(run_2 = model_2_at_once);

fn input(design: &Design, name: &str, family: &str, parameters: &[f64]) -> (Column, Box<dyn Distribution>) {
    let family = FAMILIES.iter().find(|found| found.name == family).unwrap();
    (design.column(name), (family.make)(parameters).unwrap())
}

fn model_1(design: &Design) -> Model {
    let inputs = vec![
        input(design, "customers", "to", &[800.0, 4000.0]),
        input(design, "fee", "triangular", &[60.0, 100.0, 150.0]),
        input(design, "ads", "normal", &[20_000.0, 5_000.0]),
        input(design, "data", "pert", &[0.8e6, 1e6, 1.5e6]),
        input(design, "training", "to", &[1.5e6, 3e6]),
        input(design, "operations", "uniform", &[3e5, 8e5]),
    ];
    Model { inputs, run: run_1 }
}

#[inline(always)]
fn model_1_at_once(inputs: &[Vec<f64>], outputs: &mut [Vec<f64>; OUTPUTS]) {
    let [revenues, costs, profits, rates] = outputs;
    for lane in 0..inputs[0].len() {
        let revenue = inputs[0][lane] * inputs[1][lane] * 12.0 + inputs[2][lane].max(0.0);
        let cost = inputs[3][lane] + inputs[4][lane] + inputs[5][lane];
        revenues[lane] = revenue;
        costs[lane] = cost;
        profits[lane] = revenue - cost;
        rates[lane] = (revenue - cost) / cost;
    }
}

fn model_2(design: &Design) -> Model {
    let inputs = vec![
        input(design, "start", "to", &[300.0, 1500.0]),
        input(design, "signups", "to", &[50.0, 250.0]),
        input(design, "churn", "beta", &[4.0, 76.0]),
        input(design, "fee", "triangular", &[60.0, 100.0, 150.0]),
        input(design, "calls", "to", &[2.0, 20.0]),
        input(design, "call_cost", "triangular", &[0.5, 1.5, 4.0]),
        input(design, "fixed", "normal", &[40_000.0, 8_000.0]),
        input(design, "growth", "normal", &[0.02, 0.01]),
        input(design, "data", "pert", &[0.8e6, 1e6, 1.5e6]),
        input(design, "training", "to", &[1.5e6, 3e6]),
    ];
    Model { inputs, run: run_2 }
}

/// Eight draws at a time stay in registers over all periods.
const LANES: usize = 8;

#[inline(always)]
fn model_2_at_once(inputs: &[Vec<f64>], outputs: &mut [Vec<f64>; OUTPUTS]) {
    let discounts: [f64; 36] = std::array::from_fn(|month| 1.12_f64.powf(-(month as f64) / 12.0));
    for start in (0..inputs[0].len()).step_by(LANES) {
        let at = |input: usize| -> [f64; LANES] {
            std::array::from_fn(|lane| inputs[input].get(start + lane).copied().unwrap_or(1.0))
        };
        let [mut users, mut joining, churn, fee] = [at(0), at(1), at(2), at(3)];
        let [calls, call_cost, fixed, growth, data, training] = [at(4), at(5), at(6), at(7), at(8), at(9)];
        let [mut cumulative, mut npv, mut cost, mut lowest] = [[0.0; LANES]; 4];
        for lane in 0..LANES {
            let invested = data[lane] + training[lane];
            (cumulative[lane], npv[lane], cost[lane]) = (-invested, -invested, invested);
            lowest[lane] = f64::INFINITY;
        }
        for discount in discounts {
            for lane in 0..LANES {
                let month = users[lane] * calls[lane] * call_cost[lane] + fixed[lane];
                let flow = users[lane] * fee[lane] - month;
                cost[lane] += month;
                cumulative[lane] += flow;
                npv[lane] += flow * discount;
                lowest[lane] = if cumulative[lane] < lowest[lane] { cumulative[lane] } else { lowest[lane] };
                users[lane] = users[lane] * (1.0 - churn[lane]) + joining[lane];
                joining[lane] *= 1.0 + growth[lane];
            }
        }
        let [profits, npvs, rates, lows] = &mut *outputs;
        for lane in 0..LANES.min(profits.len() - start) {
            profits[start + lane] = cumulative[lane];
            npvs[start + lane] = npv[lane];
            rates[start + lane] = cumulative[lane] / cost[lane];
            lows[start + lane] = lowest[lane];
        }
    }
}

struct Told {
    moments: [Replicated; OUTPUTS],
    percentiles: Vec<Part>,
}

fn draw(model: &Model, design: &Design, blocks: Range<u64>, percentiles: Vec<Part>) -> Told {
    let mut told = Told { moments: [Replicated::default(); OUTPUTS], percentiles };
    let mut columns = vec![vec![0.0; BLOCK]; model.inputs.len()];
    let mut outputs: [Vec<f64>; OUTPUTS] = std::array::from_fn(|_| vec![0.0; BLOCK]);
    for block in blocks {
        let lanes = design.lanes(block);
        for column in &mut outputs {
            column.resize(lanes, 0.0);
        }
        for (values, (column, distribution)) in columns.iter_mut().zip(&model.inputs) {
            values.resize(lanes, 0.0);
            column.fill(block, values);
            distribution.fill(values);
        }
        (model.run)(&columns, &mut outputs);
        for (at, column) in outputs.iter().enumerate() {
            told.moments[at].add(Design::replicate(block), column);
            told.percentiles[at].take(column);
        }
    }
    told
}

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|argument| argument != "--bench").collect();
    let number = |at: usize, usual: u64| arguments.get(at).map_or(usual, |text| text.parse().unwrap());
    let design = Design { method: Method::Sobol, seed: 1, samples: number(2, 1_000_000) };
    let model = if arguments.get(1).is_some_and(|name| name == "m1") { model_1(&design) } else { model_2(&design) };
    let run = || {
        let mut moments = [Replicated::default(); OUTPUTS];
        let wanted = Wanted { shares: vec![0.05, 0.5, 0.95], tail: None };
        let mut collectors: Vec<Collector> = (0..OUTPUTS).map(|_| Collector::new(wanted.clone())).collect();
        let mut done = 0;
        while done < design.samples {
            if done > 0 {
                collectors.iter_mut().for_each(Collector::narrow);
            }
            let end = until(done).min(design.samples);
            let (first, last) = (done / BLOCK as u64, end.div_ceil(BLOCK as u64));
            let empty: Vec<Part> = collectors.iter().map(Collector::part).collect();
            let parts = usize::try_from((last - first).div_ceil(64)).unwrap();
            let make = |part: usize| {
                let from = first + part as u64 * 64;
                draw(&model, &design, from..last.min(from + 64), empty.clone())
            };
            let joined: Result<(), ()> = parallel::in_order(parts, make, |told| {
                for (sum, part) in moments.iter_mut().zip(&told.moments) {
                    sum.join(part);
                }
                for (collector, part) in collectors.iter_mut().zip(told.percentiles) {
                    collector.join(part);
                }
                Ok(())
            });
            joined.unwrap();
            done = end;
        }
        for (moments, collector) in moments.iter().zip(collectors) {
            let whole = moments.whole();
            println!("{:?} {:?} {:?}", whole.mean(), whole.deviation(), collector.finish().unwrap().percentiles);
        }
    };
    parallel::on_threads(usize::try_from(number(3, 2)).unwrap(), run).unwrap();
}
