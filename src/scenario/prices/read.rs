//! Reading prices: what the scenario says of them, laid over what the price list says of the models that are used.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::error::suggest::{did_you_mean, list};
use crate::error::{Problem, Span};
use crate::formula::{Expression, Path};
use crate::scenario::keys;
use crate::scenario::quantity::{Quantity, Range};
use crate::scenario::read::Reader;
use crate::scenario::tree::{Entry, Table, Value};

use super::book::{Book, Figure};
use super::names::{KINDS, TIERS, is_money, is_well_formed, short};
use super::{EXCHANGE, FILE, ModelPrices, PRICES, Prices, price_path};

impl Reader<'_> {
    /// What the scenario itself says of prices; what the file says is added for the models that are used.
    pub(in crate::scenario) fn own_prices(&mut self, table: &Table) -> Prices {
        if let Some(Entry { key, node }) = table.get(PRICES)
            && !matches!(node.value, Value::Table(_))
        {
            self.problems.push(
                Problem::at(*key, "`prices` is the price book, a table")
                    .label(format!("this is {}", node.value.describe()))
                    .help("did you mean `price`, what each user pays?")
                    .help("write `[prices]` and under it `file = \"model_prices.json\"`"),
            );
            return Prices::default();
        }
        let Some((section, path)) = self.section(table, PRICES) else { return Prices::default() };
        self.text(section, FILE, &path);
        let exchange = self.quantity(section, EXCHANGE, &path, Range::Positive);
        let mut models = IndexMap::new();
        for (name, entry) in section.iter().filter(|(name, _)| ![FILE, EXCHANGE].contains(&name.as_str())) {
            let Value::Table(own) = &entry.node.value else {
                self.problems.push(
                    Problem::at(entry.key, format!("{} must be a table of prices", path.child(name).in_ticks()))
                        .maybe_help(did_you_mean(name, keys::names(keys::PRICES)))
                        .help("write `file = \"model_prices.json\"`, or a model with its prices per token:")
                        .help("`[prices.\"gpt-4o\"]` with `input = 2.5e-6` and `output = 10e-6`"),
                );
                continue;
            };
            let mut model = ModelPrices::default();
            self.own_figures(&path.child(name), own, &mut Vec::new(), &mut model);
            models.insert(name.clone(), model);
        }
        Prices { exchange, models, ..Prices::default() }
    }

    fn own_figures(&mut self, model: &Path, table: &Table, within: &mut Vec<String>, found: &mut ModelPrices) {
        for (name, Entry { node, .. }) in table {
            within.push(name.clone());
            if let Value::Table(inner) = &node.value {
                self.own_figures(model, inner, within, found);
            } else {
                let figure = Path::new(within.iter().map(String::as_str));
                let path = Path::new(model.segments().iter().chain(within.iter()).map(String::as_str));
                if let Some(quantity) = self.read(path, node, Range::NotNegative) {
                    found.figures.insert(figure, quantity);
                }
            }
            within.pop();
        }
    }

    /// Adds what the price list says of the models that are used.
    pub(in crate::scenario) fn add_listed(
        &mut self,
        prices: &mut Prices,
        used: &HashSet<String>,
        book: Option<&(Arc<Book>, usize)>,
    ) {
        let own: Vec<String> = prices.models.keys().cloned().collect();
        let mut names: Vec<&String> = used.iter().filter(|name| !own.contains(name)).collect();
        names.sort_unstable();
        let names: Vec<String> = own.iter().chain(names).cloned().collect();
        if let Some((book, _)) = book {
            prices.file = Some(book.source.name.clone());
            prices.book = Some(Arc::clone(book));
        }
        for name in names {
            let listed = book.and_then(|(book, source)| Some((book.figures(&name)?, *source)));
            let said = prices.models.shift_remove(&name).unwrap_or_default();
            if listed.is_none() && !used.contains(&name) {
                let span = said.figures.values().next().map(|quantity| quantity.span);
                let problem = prices.no_model(&name).label("no formula names it, and it is in no price list");
                self.problems.push(Problem { span, ..problem });
                continue;
            }
            if listed.is_none() && said.figures.is_empty() {
                continue;
            }
            let mut model = ModelPrices::default();
            if let Some((figures, source)) = listed {
                self.add_figures(&name, &figures, source, prices.exchange.is_some(), &mut model);
            }
            self.lay_own(&name, said, &mut model);
            add_cached(&name, &mut model);
            prices.models.insert(name, model);
        }
    }

    /// The figures of a price list.
    fn add_figures(&mut self, name: &str, figures: &[Figure], source: usize, exchanged: bool, model: &mut ModelPrices) {
        let mut tiers: IndexMap<String, Vec<f64>> = IndexMap::new();
        for Figure { keys, value, place } in figures {
            let span = Span::new(source, place.clone());
            if let ([first, tier, range, _], Some(bound)) = (&keys[..], value)
                && (first == TIERS.0 && range == "range")
            {
                tiers.entry(tier.clone()).or_default().push(*bound);
                continue;
            }
            let figure = Path::new(keys.iter().map(|key| short(key)));
            let last = figure.last().unwrap_or_default();
            let path = price_path(name, &figure);
            let known = self.problems.len();
            match value {
                Some(value) if is_money(last) && (*value < 0.0 || !value.is_finite()) => self.problems.push(
                    Problem::at(span, format!("the price {} must be 0 or more", path.in_ticks()))
                        .help(format!("say it in the scenario: `{path} = …`")),
                ),
                Some(value) => {
                    let span_in_text = 0..place.len();
                    let expression = if exchanged && is_money(last) {
                        Expression::multiple(*value, Path::new([PRICES, EXCHANGE]), span_in_text)
                    } else {
                        Expression::number(*value, span_in_text)
                    };
                    let quantity = Quantity::listed(path, expression, span);
                    model.figures.insert(figure, quantity);
                }
                None if is_money(last) && self.sources.text(span) != "null" => self.problems.push(
                    Problem::at(span, format!("the price {} must be a number", path.in_ticks()))
                        .help("in the format of LiteLLM, a price that is not known is left out"),
                ),
                None => {}
            }
            if self.problems.len() > known {
                self.broken.push(Path::new([PRICES, name]));
            }
        }
        model.tiers = tiers.into_iter().filter_map(|(tier, range)| Some((tier, *range.first()?))).collect();
        model.tiers.retain(|(tier, _)| {
            ["input", "output"].iter().all(|kind| model.figures.contains_key(&Path::new([TIERS.1, tier, kind])))
        });
        model.tiers.sort_by(|a, b| a.1.total_cmp(&b.1));
    }

    /// Lays what the scenario says over what the price list says.
    fn lay_own(&mut self, name: &str, own: ModelPrices, model: &mut ModelPrices) {
        for (figure, quantity) in own.figures {
            if !model.figures.contains_key(&figure) && !figure.single().is_some_and(is_well_formed) {
                let known: Vec<String> = model.names();
                let kinds = KINDS.iter().map(|(_, short)| *short);
                let wanted = figure.to_string();
                self.problems.push(
                    Problem::at(quantity.span, format!("`{name}` has no price {}", figure.in_ticks()))
                        .maybe_help(did_you_mean(&wanted, known.iter().map(String::as_str).chain(kinds.clone())))
                        .help(format!(
                            "the prices are {}, and these followed by `_batch` or by `_above_200k`",
                            list(kinds)
                        )),
                );
                continue;
            }
            model.figures.insert(figure, quantity);
        }
    }
}

/// Without a price of their own, cached tokens are billed as input.
fn add_cached(name: &str, model: &mut ModelPrices) {
    let Some(input) = model.figures.get(&Path::new(["input"])).map(|input| input.span) else { return };
    for kind in ["cache_read", "cache_write"] {
        let figure = Path::new([kind]);
        if !model.figures.contains_key(&figure) {
            let expression = Expression::path(price_path(name, &Path::new(["input"])));
            let quantity = Quantity::listed(price_path(name, &figure), expression, input);
            model.as_input.push(quantity.path.clone());
            model.figures.insert(figure, quantity);
        }
    }
}
