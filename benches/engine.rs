//! How long reading, compiling and running take.
//!
//! `cargo bench --bench engine`; the time of a whole process is measured by `benches/process.py`.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fmt::Write as _;
use std::hint::black_box;

use bizmodel::analysis::eval;
use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::scenario::Scenario;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A scenario of about ten thousand lines: inputs that build on each other and costs that use them.
fn large() -> String {
    let mut text = String::from("users = 1_000\nprice = 100\n[inputs]\nx0 = 1\n");
    for at in 1..5_000 {
        let _ = writeln!(text, "x{at} = \"x{} * 1.0001 + {at} / 7\"", at - 1);
    }
    text.push_str("[costs]\n");
    for at in 0..5_000 {
        let _ = writeln!(text, "line-{at} = \"x{at} + users * 0.5\"");
    }
    text
}

fn article(c: &mut Criterion) {
    let text = include_str!("../scenarios/customer-service.toml");
    c.bench_function("read and evaluate the smallest scenario", |b| {
        b.iter(|| {
            let scenario = Scenario::parse("s.toml", black_box(text)).unwrap();
            Model::compile(&scenario).unwrap().values().get(0, 0)
        });
    });
}

fn ten_thousand_lines(c: &mut Criterion) {
    let text = large();
    c.bench_function("read and evaluate 10,000 lines", |b| {
        b.iter(|| {
            let scenario = Scenario::parse("s.toml", black_box(&text)).unwrap();
            Model::compile(&scenario).unwrap().values().get(0, 0)
        });
    });
}

/// A scenario of a hundred years of months: users as a stock, and two hundred lines, some with schedules and some that
/// look back.
fn hundred_years() -> String {
    let mut text = String::from(
        "price = \"20 * growth(0.1%)\"\n[time]\nperiods = 1_200\nstart = \"2026-01\"\ndiscount_rate = \"8%\"\n\
         [users]\nstart = 1_000\njoins = \"50 + period / 10\"\nchurn = \"3%\"\n[cash]\nopening = 100_000\n[costs]\n",
    );
    for at in 0..199 {
        let _ = match at % 4 {
            0 => writeln!(text, "line_{at} = \"{at} + users * 0.01\""),
            1 => writeln!(text, "line_{at} = {{ amount = \"{at} * growth(0.1%)\", every = 12 }}"),
            2 => writeln!(text, "line_{at} = {{ units = \"users / 10\", price = \"max(1, {at} / 100)\" }}"),
            _ => writeln!(text, "line_{at} = \"prev(costs.line_{}, 0) / 2 + 1\"", at - 1),
        };
    }
    text
}

fn twelve_hundred_periods(c: &mut Criterion) {
    let text = hundred_years();
    let mut group = c.benchmark_group("1,200 periods of 200 lines");
    group.bench_function("read and compile", |b| {
        b.iter(|| Model::compile(&Scenario::parse("s.toml", black_box(&text)).unwrap()).unwrap());
    });
    let scenario = Scenario::parse("s.toml", &text).unwrap();
    let model = Model::compile(&scenario).unwrap();
    group.bench_function("evaluate", |b| b.iter(|| black_box(&model).values().get(0, 0)));
    group.bench_function("report", |b| b.iter(|| eval::report(&scenario, black_box(&model))));
    group.finish();
}

/// Twenty lines of one price each, and twenty lines charged in each of the other ways, over many values of the users. A
/// scenario of nothing but tiers must run at no less than half the speed of a flat one.
fn prices(c: &mut Criterion) {
    let tiers =
        "tiers = [{ up_to = 1e3, price = 4 }, { up_to = 2e3, price = 3 }, { up_to = 5e3, price = 2 }, { price = 1 }]";
    let users: Vec<f64> = (0..65_536).map(|lane| f64::from(lane) / 8.0).collect();
    let mut group = c.benchmark_group("65,536 lanes of 20 lines");
    group.throughput(Throughput::Elements(65_536));
    for (name, price) in [
        ("of one price", "price = 4".to_owned()),
        ("of four graduated tiers", tiers.to_owned()),
        ("of four volume tiers", format!("tiering = \"volume\"\n{tiers}")),
        ("in packages", "package = { size = 100, price = 350 }".to_owned()),
    ] {
        let mut text = String::from("users = 1_000\n[costs]\ndata = \"500 + users / 4\"\n");
        for line in 0..20 {
            let _ =
                writeln!(text, "[revenue.line{line}]\nunits = \"users * {}\"\n{price}", 1.0 + f64::from(line) / 8.0);
        }
        let model = Model::compile(&Scenario::parse("s.toml", &text).unwrap()).unwrap();
        let find = |name: &str| model.find(&Path::from(name)).unwrap();
        let varied = model.quantity(&Path::from("users")).unwrap();
        let plan = model.plan(&[varied], &[find("revenue"), find("profit"), find("return_rate")]);
        group.bench_function(name, |b| b.iter(|| plan.run(black_box(&[&users]))));
    }
    group.finish();
}

/// The second reference model without its draws: 36 periods of a plan in the lanes.
fn periods(c: &mut Criterion) {
    let scenario = Scenario::parse("m2.toml", include_str!("reference/m2.toml")).unwrap();
    let model = Model::compile(&scenario).unwrap();
    let wanted = ["profit", "npv", "return_rate", "funding_need"].map(|name| model.find(&Path::from(name)).unwrap());
    let drawn: Vec<usize> = (0..model.draws().len()).collect();
    let columns: Vec<Vec<f64>> = model
        .draws()
        .iter()
        .map(|draw| {
            let mut column: Vec<f64> = (0..4_096).map(|lane| (f64::from(lane) + 0.5) / 4_096.0).collect();
            model.distribution(draw, 0).unwrap().fill(&mut column);
            column
        })
        .collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let plan = model.plan_with_draws(&[], &drawn, &wanted);
    let mut group = c.benchmark_group("36 periods");
    group.throughput(Throughput::Elements(4_096));
    group.bench_function("of the second reference model", |b| b.iter(|| plan.run(black_box(&columns))));
    group.finish();
}

criterion_group!(benches, article, ten_thousand_lines, twelve_hundred_periods, prices, periods);
criterion_main!(benches);
