//! How draws are taken: the options of every command that takes some.

use anyhow::anyhow;
use bizmodel::formula;
use bizmodel::numeric::design::{Design, Method};
use bizmodel::numeric::parallel;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// The options of every command that takes draws.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// How many draws: `10k`, `1M` [default: 262,144]
    #[arg(long, value_name = "COUNT", value_parser = count, verbatim_doc_comment, allow_negative_numbers = true)]
    samples: Option<u64>,

    /// The seed of the random numbers; the same seed gives the same draws
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = seed, allow_negative_numbers = true)]
    seed: u64,

    /// How the draws are placed: a randomized Sobol sequence, Latin hypercubes, or plain random numbers
    #[arg(long, value_name = "METHOD", default_value = "sobol", value_parser = method())]
    method: Method,

    /// How many threads to use [default: one for each core]
    #[arg(long, value_name = "COUNT", value_parser = threads, allow_negative_numbers = true)]
    threads: Option<u16>,
}

impl Args {
    /// The design that the options ask for.
    pub fn design(&self, usual: u64) -> Design {
        Design { method: self.method, seed: self.seed, samples: self.samples.unwrap_or(usual) }
    }

    /// Runs something on as many threads as the options ask for.
    ///
    /// # Errors
    /// The threads cannot be had.
    pub fn on_threads<T: Send>(&self, run: impl FnOnce() -> T + Send) -> anyhow::Result<T> {
        match self.threads {
            None => Ok(run()),
            Some(threads) => parallel::on_threads(usize::from(threads), run)
                .map_err(|reason| anyhow!("cannot start {threads} threads: {reason}")),
        }
    }
}

/// The most draws: a day and more of work, and few enough that all counts are exact.
const MOST: f64 = 1e12;

fn count(text: &str) -> Result<u64, String> {
    let value = formula::parse_number(text).ok().and_then(|expression| expression.literal());
    let whole = value.filter(|value| value.fract() == 0.0 && (1.0..=MOST).contains(value));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number within bounds")]
    whole.map(|value| value as u64).ok_or_else(|| "write a whole number from 1 to 1,000B, such as `1M`".to_owned())
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("write a whole number from 0 to {}", u64::MAX))
}

fn threads(text: &str) -> Result<u16, String> {
    let found = text.parse().ok().filter(|threads| *threads > 0);
    found.ok_or_else(|| format!("write a whole number from 1 to {}", u16::MAX))
}

fn method() -> impl TypedValueParser<Value = Method> {
    let names = PossibleValuesParser::new(Method::ALL.iter().map(|method| method.name()));
    names.try_map(|name| Method::ALL.into_iter().find(|method| method.name() == name).ok_or("there is no such method"))
}
