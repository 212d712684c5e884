//! Reading lists under a line: tiers of prices, and milestones.

use crate::error::{Problem, Span};
use crate::formula::Path;
use crate::scenario::keys;
use crate::scenario::pricing::{Milestone, Rate, Tier, Tiering};
use crate::scenario::quantity::{Quantity, Range};
use crate::scenario::read::Reader;
use crate::scenario::time::Time;
use crate::scenario::tree::{Node, Table, Value};

const TIERS: &str = "tiers = [{ up_to = 100, price = 1 }, { price = 0.5 }]";
const MILESTONES: &str = "milestones = [{ at = 0, amount = 50_000 }, { at = 6, amount = 20_000 }]";

impl Reader<'_> {
    /// Prices by tier.
    pub(super) fn tiers(&mut self, line: &Table, path: &Path) -> Option<Rate> {
        let tiering = match self.word(line, "tiering", path, &Tiering::NAMES) {
            Some("volume") => Tiering::Volume,
            _ => Tiering::Graduated,
        };
        let items = self.listed_tables(line, "tiers", path, TIERS)?;
        let mut tiers = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let path = path.child("tiers").child(&at.to_string());
            let Value::Table(table) = &item.value else { continue };
            self.only(table, keys::TIER, "a tier", &path);
            self.open_end(table, item.span, &path, at + 1 == items.len());
            if !table.contains_key("price") {
                self.problems.push(
                    Problem::at(item.span, format!("{} has no `price`", path.in_ticks()))
                        .help("add what each unit in it costs; `price = 0` where they are free"),
                );
            }
            let up_to = self.quantity(table, "up_to", &path, Range::Positive);
            let price = self.quantity(table, "price", &path, Range::NotNegative);
            let fee = self.quantity(table, "fee", &path, Range::NotNegative);
            tiers.extend(price.map(|price| Tier { up_to, price, fee, span: item.span }));
        }
        self.rising(path, &tiers);
        (tiers.len() == items.len()).then_some(Rate::Tiers(tiering, tiers))
    }

    /// The last tier has no end, and every other one has.
    fn open_end(&mut self, tier: &Table, at: Span, path: &Path, last: bool) {
        match (tier.get("up_to"), last) {
            (Some(entry), true) => self.problems.push(
                Problem::at(entry.key, format!("{} is the last tier, and it ends", path.in_ticks()))
                    .label("what do units beyond cost?")
                    .help("leave `up_to` out, or add a tier without one behind it: `{ price = 0.1 }`"),
            ),
            (None, false) => self.problems.push(
                Problem::at(at, format!("{} has no end, and another tier follows", path.in_ticks()))
                    .help("add the last unit in it, such as `up_to = 100`; only the last tier has no end"),
            ),
            _ => {}
        }
    }

    /// Refuses bounds that do not rise, as far as they are numbers.
    fn rising(&mut self, path: &Path, tiers: &[Tier]) {
        let value = |bound: &Quantity| bound.expression.literal();
        let bounds: Vec<&Quantity> = tiers.iter().filter_map(|tier| tier.up_to.as_ref()).collect();
        for pair in bounds.windows(2) {
            if let (Some(lower), Some(upper)) = (value(pair[0]), value(pair[1]))
                && upper <= lower
            {
                self.problems.push(
                    Problem::at(pair[1].span, format!("the tiers of {} do not rise", path.in_ticks()))
                        .label(format!("{upper} is not above {lower}"))
                        .related(pair[0].span, "where the tier before ends")
                        .help("give the tiers in the order of their `up_to`, each above the one before"),
                );
            }
        }
    }

    /// What is due once; none where nothing is said, or something else than a list.
    pub(super) fn milestones(&mut self, line: &Table, path: &Path, time: Option<&Time>) -> Option<Vec<Milestone>> {
        let items = self.listed_tables(line, "milestones", path, MILESTONES)?;
        let mut milestones = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let path = path.child("milestones").child(&at.to_string());
            let Value::Table(table) = &item.value else { continue };
            self.only(table, keys::MILESTONE, "a milestone", &path);
            for key in keys::names(keys::MILESTONE).filter(|key| !table.contains_key(*key)) {
                self.problems.push(
                    Problem::at(item.span, format!("{} has no `{key}`", path.in_ticks()))
                        .help(format!("write `{MILESTONES}`")),
                );
            }
            let due = self.schedule(table, &path, time);
            let amount = self.quantity(table, "amount", &path, Range::Any);
            milestones.extend(due.zip(amount).map(|(due, amount)| Milestone { amount, at: periods(&due) }));
        }
        (milestones.len() == items.len()).then_some(milestones)
    }

    /// The items of a list of tables, at least one.
    fn listed_tables<'t>(&mut self, line: &'t Table, key: &str, path: &Path, example: &str) -> Option<&'t [Node]> {
        let entry = line.get(key)?;
        let path = path.child(key).in_ticks();
        let (at, found) = match &entry.node.value {
            Value::List(items) => match items.iter().find(|item| !matches!(item.value, Value::Table(_))) {
                None if !items.is_empty() => return Some(items),
                None => (entry.node.span, "an empty list"),
                Some(item) => (item.span, item.value.describe()),
            },
            other => (entry.node.span, other.describe()),
        };
        self.problems.push(
            Problem::at(at, format!("{path} must be a list of tables"))
                .label(format!("this is {found}"))
                .help(format!("write `{example}`")),
        );
        None
    }
}

/// The periods in which a schedule is due.
fn periods(due: &[bool]) -> Vec<usize> {
    due.iter().enumerate().filter(|(_, due)| **due).map(|(at, _)| at).collect()
}
