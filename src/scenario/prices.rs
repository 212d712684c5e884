//! The price book: `[prices]`, with a price list in a file, prices of one's own, and what the models' prices are called.
//!
//! A price is unknown where neither the file nor the scenario says it, which is not 0. Only of cached tokens an absent
//! price means something: they are billed at the price of input.

mod book;
mod books;
mod names;
mod rates;
mod read;

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::error::Problem;
use crate::error::suggest::{did_you_mean, list, nearest};
use crate::formula::{Expression, Node, NodeKind, Path};

use super::Scenario;
use super::quantity::Quantity;
use book::Book;
pub use books::{Books, open};
use names::{is_money, is_well_formed, short};

/// The key of the price book, with which the names of all prices begin.
pub const PRICES: &str = "prices";

/// The price book of a scenario, as far as it is used.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// What people call the file, where there is one.
    pub file: Option<String>,
    /// How much of the scenario's currency a US dollar is.
    pub exchange: Option<Quantity>,
    /// The models that are used, with their prices.
    pub models: IndexMap<String, ModelPrices>,
    /// The price list.
    book: Option<Arc<Book>>,
}

/// The prices of a model, and what else is known of it in numbers.
#[derive(Clone, Debug, Default)]
pub struct ModelPrices {
    /// The figures, under their names within the model: `input`, `tiers.0.input`, `max_input_tokens`.
    pub figures: IndexMap<Path, Quantity>,
    /// Of tiered prices, the numbers of the tiers and above how many tokens of input each holds, from the lowest.
    tiers: Vec<(String, f64)>,
    /// The prices of cached tokens that nothing says, so that they are those of input.
    as_input: Vec<Path>,
}

const FILE: &str = "file";
const EXCHANGE: &str = "exchange";

/// The name of a model's price in formulas.
fn price_path(model: &str, figure: &Path) -> Path {
    Path::new([PRICES, model].into_iter().chain(figure.segments().iter().map(String::as_str)))
}

impl ModelPrices {
    fn has(&self, figure: &str) -> bool {
        self.figures.contains_key(&Path::new([figure]))
    }

    /// What of it cannot be said price by price.
    pub fn form(&self) -> impl PartialEq + use<> {
        let mut figures: Vec<Path> = self.figures.keys().cloned().collect();
        figures.sort_unstable();
        (figures, self.tiers.clone(), self.as_input.clone())
    }

    /// The names of its figures, for a sentence.
    fn names(&self) -> Vec<String> {
        self.figures.keys().map(ToString::to_string).collect()
    }
}

impl Quantity {
    /// Whether it is money: a price, and not a limit of a model.
    pub fn is_price(&self) -> bool {
        self.path.starts_with(PRICES) && self.path.last().is_some_and(is_money)
    }
}

impl Prices {
    /// Its quantities.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        self.exchange.iter().chain(self.models.values().flat_map(|model| model.figures.values()))
    }

    /// As [`Prices::quantities`], to be changed.
    pub fn quantities_mut(&mut self) -> impl Iterator<Item = &mut Quantity> {
        self.exchange.iter_mut().chain(self.models.values_mut().flat_map(|model| model.figures.values_mut()))
    }

    /// The model that a name stands for: `prices."gpt-4o"`.
    pub fn model_of(path: &Path) -> Option<&str> {
        match path.segments() {
            [first, model] if first == PRICES => Some(model),
            _ => None,
        }
    }

    /// Why a name that begins with `prices` stands for nothing.
    pub fn unknown(&self, path: &Path) -> Problem {
        match path.segments() {
            [_, model, figure @ ..] if !figure.is_empty() && self.models.contains_key(model) => {
                self.no_figure(model, &Path::new(figure))
            }
            [_, model] if self.models.contains_key(model) => {
                Problem::nowhere(format!("{} is a model, and a number is wanted", path.in_ticks())).help(format!(
                    "name a price such as `{path}.input`, or price a request: `request_cost({path}, 1_000, 500)`"
                ))
            }
            [_, model, ..] => self.no_model(model),
            _ => Problem::nowhere("the price book is no number").help("name a price: `prices.\"gpt-4o\".input`"),
        }
    }

    fn no_model(&self, name: &str) -> Problem {
        let path = Path::new([PRICES, name]);
        let own = format!("or say its prices yourself: `[{path}]` with `input` and `output`, per token");
        let (Some(file), Some(book)) = (&self.file, &self.book) else {
            return Problem::nowhere(format!("there are no prices of `{name}`"))
                .help("add `[prices]` with `file = \"model_prices.json\"`, a price list in the format of LiteLLM")
                .help(own);
        };
        if book.has(name) {
            return Problem::nowhere(format!("no formula of the scenario uses the prices of `{name}`"))
                .help("only the prices that are used can be asked for");
        }
        let near = nearest(name, book.names());
        let near = near.map(|near| format!("did you mean {}?", Path::new([PRICES, near]).in_ticks()));
        Problem::nowhere(format!("`{file}` has no model `{name}`")).maybe_help(near).help(own)
    }

    fn no_figure(&self, name: &str, figure: &Path) -> Problem {
        let Some(model) = self.models.get(name) else { return self.no_model(name) };
        let path = price_path(name, figure);
        let names = model.names();
        let known = figure.single().map(short).filter(|short| model.has(short));
        let near = known.as_deref().map(|short| format!("it is called `{short}` here"));
        let wanted = figure.to_string();
        let is_price = figure.single().is_some_and(is_well_formed);
        let near = near.or_else(|| did_you_mean(&wanted, names.iter().map(String::as_str)).filter(|_| !is_price));
        let wrong = Problem::nowhere(format!("the price {} is unknown", path.in_ticks())).maybe_help(near);
        let has = format!("the prices of `{name}` are {}", list(names.iter().map(String::as_str)));
        let wrong = if names.is_empty() { wrong } else { wrong.help(has) };
        wrong.maybe_help(is_price.then(|| format!("an unknown price is not 0; say it: `{path} = …`")))
    }
}

impl Scenario {
    /// The models of the price book that formulas name.
    pub(super) fn models_in_use(&self) -> HashSet<String> {
        let cases = || self.cases.values();
        let quantities = self.quantities().chain(cases().flat_map(|case| &case.quantities));
        let checks = self.checks.iter().chain(cases().flat_map(|case| &case.checks));
        let expressions = quantities.map(|quantity| &quantity.expression);
        let nodes = expressions.chain(checks.map(|check| &check.condition.expression)).flat_map(Expression::nodes);
        let model = |node: &Node| match &node.kind {
            NodeKind::Path(path) if path.starts_with(PRICES) => path.segments().get(1).cloned(),
            _ => None,
        };
        nodes.filter_map(model).collect()
    }
}
