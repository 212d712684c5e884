//! How long reading, compiling and running take.
//!
//! `cargo bench --bench engine`; the time of a whole process is measured by `benches/process.py`.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fmt::Write as _;
use std::hint::black_box;

use bizmodel::model::Model;
use bizmodel::scenario::Scenario;
use criterion::{Criterion, criterion_group, criterion_main};

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

criterion_group!(benches, article, ten_thousand_lines);
criterion_main!(benches);
