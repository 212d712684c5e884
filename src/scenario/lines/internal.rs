//! Internal prices of impact: what a unit of it costs in the firm's own books, as a cost line of its own.

use crate::error::suggest::list;
use crate::error::{Problem, Span};
use crate::formula::{NodeKind, Path};
use crate::scenario::Line;
use crate::scenario::keys::{self, Class, Group};
use crate::scenario::measures;
use crate::scenario::pricing::{Internal, Shape};
use crate::scenario::quantity::Range;
use crate::scenario::read::Reader;
use crate::scenario::tree::{Table, Value};

/// The key of an impact line that prices it.
const KEY: &str = "internal_price";

/// What the cost line of an impact line is called: `carbon_price` of `carbon`.
fn cost_name(impact: &str) -> String {
    format!("{impact}_price")
}

impl Reader<'_> {
    /// The cost lines of the impact lines that have an internal price. Among the costs, their names must be free.
    pub(in crate::scenario) fn internal_prices(&mut self, table: &Table, lines: &[Line]) -> Vec<Line> {
        let Some(Value::Table(impact)) = table.get(Group::Impact.key()).map(|entry| &entry.node.value) else {
            return Vec::new();
        };
        let mut costs = Vec::new();
        for line in lines.iter().filter(|line| line.group == Group::Impact) {
            let Some(Value::Table(written)) = impact.get(&line.name).map(|entry| &entry.node.value) else { continue };
            costs.extend(self.internal_price(written, line, lines));
        }
        costs
    }

    fn internal_price(&mut self, written: &Table, line: &Line, lines: &[Line]) -> Option<Line> {
        let entry = written.get(KEY)?;
        let path = line.path().child(KEY);
        let example = "internal_price = { price = 80, per = \"t\" }";
        let Value::Table(price) = &entry.node.value else {
            self.problems.push(
                Problem::at(entry.node.span, format!("{} must say per what", path.in_ticks()))
                    .label(format!("this is {}", entry.node.value.describe()))
                    .help(format!("write `{example}`: a price per tonne is a thousand times one per kilogram")),
            );
            return None;
        };
        self.only(price, keys::INTERNAL_PRICE, "an internal price", &path);
        for key in keys::names(keys::INTERNAL_PRICE).filter(|key| !price.contains_key(*key)) {
            self.problems.push(
                Problem::at(entry.key, format!("{} has no `{key}`", path.in_ticks()))
                    .help(format!("write `{example}`")),
            );
        }
        let quantity = self.quantity(price, "price", &path, Range::NotNegative);
        let per = self.text(price, "per", &path);
        let size = self.size(line, entry.key, price, per.as_deref());
        let name = cost_name(&line.name);
        let taken = lines.iter().find(|other| other.group == Group::Costs && other.name == name);
        if let Some(taken) = taken {
            self.problems.push(
                Problem::at(entry.key, format!("the internal price of {} has no name", line.path().in_ticks()))
                    .label(format!("its cost line is `costs.{name}`"))
                    .related(taken.span, "which stands here already")
                    .help("call one of the two otherwise; what is priced internally must not be counted twice"),
            );
            return None;
        }
        let internal = Internal { impact: line.path(), size: size?, price: quantity? };
        Some(Line {
            group: Group::Costs,
            name,
            span: entry.key,
            plan: None,
            shape: Shape::Internal(Box::new(internal)),
            class: Class::Other,
            schedule: None,
            variable: None,
            recurring: None,
            unit: per,
            covers: line.covers.clone(),
            note: line.note.clone(),
            source: line.source.clone(),
        })
    }

    /// How many units of the impact are priced at once.
    fn size(&mut self, line: &Line, key: Span, price: &Table, per: Option<&str>) -> Option<f64> {
        let Some(unit) = &line.unit else {
            let message = format!("{} has an internal price and no unit", line.path().in_ticks());
            self.problems.push(Problem::at(key, message).help("add what it is measured in: `unit = \"kg CO2e\"`"));
            return None;
        };
        let per = per?;
        let ratio = measures::ratio(unit, per);
        if ratio.is_none() {
            let span = price.get("per").map_or(key, |entry| entry.node.span);
            let known = measures::like(unit);
            self.problems.push(
                Problem::at(
                    span,
                    format!("{} is measured in `{unit}`, and its price is per `{per}`", line.path().in_ticks()),
                )
                .label("nothing is known of how many of the one make one of the other")
                .help(format!("write one of {}", list(known.iter().map(String::as_str)))),
            );
        }
        ratio
    }

    /// Refuses an internal price outside of impact.
    pub(super) fn only_impact_is_priced(&mut self, table: &Table, group: Group, path: &Path) {
        if let (Some(entry), false) = (table.get(KEY), group == Group::Impact) {
            self.problems.push(
                Problem::at(entry.key, format!("{} is money already, and has no internal price", path.in_ticks()))
                    .label("this is for the lines of `[impact]`")
                    .help("leave it out"),
            );
        }
    }

    /// Refuses the unit of an impact line whose amount a function yields in another one: kilograms told as tonnes.
    pub(super) fn unit_of_function(&mut self, table: &Table, line: &Line) {
        let (Shape::Amount(amount), Some(unit), Some(entry)) = (&line.shape, &line.unit, table.get("unit")) else {
            return;
        };
        let NodeKind::Call(function, _) = &amount.expression.root().kind else { return };
        let Some(ratio) =
            measures::ratio(unit, function.unit).filter(|ratio| !function.unit.is_empty() && *ratio != 1.0)
        else {
            return;
        };
        let (name, yields, path) = (function.name, function.unit, line.path());
        let convert = if ratio < 1.0 { format!("/ {}", 1.0 / ratio) } else { format!("* {ratio}") };
        self.problems.push(
            Problem::at(entry.node.span, format!("{} is in `{unit}`, and `{name}` yields {yields}", path.in_ticks()))
                .related(amount.span, format!("this is in {yields}"))
                .help(format!("write `unit = \"{yields}\"`, or `{convert}` behind the formula")),
        );
    }
}
