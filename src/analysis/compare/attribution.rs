//! Why a metric moved: what each change between two scenarios contributes, by Shapley values over the changes.
//!
//! Every coalition of changes is a scenario between the two. Where a change is from one number to another, it is a
//! column of a compiled model and many coalitions are lanes of one run; where formulas, lines or the horizon change,
//! each combination of those is compiled. Changes that cannot be made one without the other (a formula that names a
//! line which only comes with another change) are joined into one.

use std::collections::HashMap;

use super::changes::{self, Part};
use crate::formula::Path;
use crate::model::Model;
use crate::numeric::shapley::{self, Failure, MOST_EXACT, MOST_SAMPLED};
use crate::scenario::Scenario;

/// How many orders are sampled where there are too many changes for all of them.
const ORDERS: usize = 2_000;

/// How many where each coalition has to be compiled.
const COMPILED_ORDERS: usize = 200;

/// The seed of the sample; which one does not matter, that it stays the same does.
const SEED: u64 = 1;

/// A change that is made as a whole: one part, or several that need each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The parts, ordered by name.
    pub parts: Vec<Part>,
}

/// What a change contributes.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    /// The contribution.
    pub value: f64,
    /// Its standard error, where it is known from a sample.
    pub error: Option<f64>,
}

/// The effects of changes on metrics.
#[derive(Debug)]
pub struct Attribution {
    /// The changes.
    pub changes: Vec<Change>,
    /// By metric, the effect of each change, or why none can be told.
    pub effects: Vec<Result<Vec<Effect>, String>>,
}

/// Explains how each metric came from its first value to its second; `ends` are the metrics' values in the two
/// scenarios.
pub fn attribute(from: &Scenario, to: &Scenario, metrics: &[Path], ends: [&[f64]; 2]) -> Attribution {
    let mut game = Game::new(from, to, metrics, ends);
    game.join_what_needs_each_other();
    let mut effects = game.effects();
    if game.is_broken {
        // Some combination still cannot be made: what is no number is then one change.
        game.join_all_but_numbers();
        effects = game.effects();
    }
    Attribution { changes: game.changes, effects }
}

/// The scenarios between two scenarios, and the metrics' values in them.
struct Game<'a> {
    from: &'a Scenario,
    to: &'a Scenario,
    metrics: &'a [Path],
    ends: [&'a [f64]; 2],
    changes: Vec<Change>,
    /// The metrics' values by coalition.
    known: HashMap<u64, Vec<f64>>,
    /// Whether some coalition could not be compiled.
    is_broken: bool,
}

impl<'a> Game<'a> {
    fn new(from: &'a Scenario, to: &'a Scenario, metrics: &'a [Path], ends: [&'a [f64]; 2]) -> Self {
        let changes = changes::between(from, to).into_iter().map(|part| Change { parts: vec![part] }).collect();
        Self { from, to, metrics, ends, changes, known: HashMap::new(), is_broken: false }
    }

    fn compiled(&self, chosen: impl Fn(usize) -> bool) -> Option<Model> {
        let chosen = self.changes.iter().enumerate().filter(|(at, _)| chosen(*at));
        let parts: Vec<Part> = chosen.flat_map(|(_, change)| change.parts.iter().cloned()).collect();
        Model::compile(&changes::made(self.from, self.to, &parts)?).ok()
    }

    /// The numbers before and after a change that is from one number to another.
    fn numbers(&self, change: &Change) -> Option<[f64; 2]> {
        let [Part::Quantity(path)] = change.parts.as_slice() else { return None };
        let number = |scenario| changes::find_quantity(scenario, path)?.expression.literal();
        Some([number(self.from)?, number(self.to)?])
    }

    /// Joins changes until each can be made alone, and each can be left out alone.
    fn join_what_needs_each_other(&mut self) {
        while let Some((first, second)) = self.needing_each_other() {
            match second {
                Some(second) => self.join(|at| at == first || at == second),
                None => return self.join_all_but_numbers(),
            }
        }
    }

    /// A change that cannot be made, or left out, without another, and that other, if one alone is enough.
    fn needing_each_other(&self) -> Option<(usize, Option<usize>)> {
        let compiles = |chosen: &dyn Fn(usize) -> bool| self.compiled(chosen).is_some();
        let others = |first| (0..self.changes.len()).filter(move |other| *other != first);
        for first in (0..self.changes.len()).filter(|at| self.numbers(&self.changes[*at]).is_none()) {
            if !compiles(&|at| at == first) {
                return Some((first, others(first).find(|other| compiles(&|at| at == first || at == *other))));
            }
            if !compiles(&|at| at != first) {
                return Some((first, others(first).find(|other| compiles(&|at| at != first && at != *other))));
            }
        }
        None
    }

    fn join_all_but_numbers(&mut self) {
        let is_number: Vec<bool> = self.changes.iter().map(|change| self.numbers(change).is_some()).collect();
        self.join(|at| !is_number[at]);
    }

    fn join(&mut self, chosen: impl Fn(usize) -> bool) {
        let (joined, mut kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.changes).into_iter().enumerate().partition(|(at, _)| chosen(*at));
        let first = joined.first().map_or(0, |(at, _)| *at);
        let mut parts: Vec<Part> = joined.into_iter().flat_map(|(_, change)| change.parts).collect();
        parts.sort_by_key(|part| part.path().to_string());
        kept.push((first, Change { parts }));
        kept.sort_by_key(|(at, _)| *at);
        self.changes = kept.into_iter().map(|(_, change)| change).collect();
        self.known.clear();
        self.is_broken = false;
    }

    fn effects(&mut self) -> Vec<Result<Vec<Effect>, String>> {
        (0..self.metrics.len()).map(|metric| self.effects_on(metric)).collect()
    }

    fn effects_on(&mut self, metric: usize) -> Result<Vec<Effect>, String> {
        let count = self.changes.len();
        if count > MOST_SAMPLED {
            return Err(format!("{count} changes are too many to tell apart; at most {MOST_SAMPLED} can be"));
        }
        let numbers = self.changes.iter().filter(|change| self.numbers(change).is_some()).count();
        let orders = if numbers == count { ORDERS } else { COMPILED_ORDERS };
        let mut values = |coalitions: &[u64]| self.values(coalitions, metric);
        let effects = if count <= MOST_EXACT {
            let effects = shapley::exact(count, &mut values);
            effects.map(|effects| effects.into_iter().map(|value| Effect { value, error: None }).collect())
        } else {
            let effects = shapley::sampled(count, orders, SEED, &mut values);
            let effect = |share: shapley::Share| Effect { value: share.value, error: Some(share.error) };
            effects.map(|effects| effects.into_iter().map(effect).collect())
        };
        effects.map_err(|failure| self.reason(failure))
    }

    fn reason(&self, failure: Failure) -> String {
        let Failure::Undefined { coalition } = failure else { return failure.to_string() };
        let names: Vec<String> = shapley::members(coalition)
            .filter_map(|at| self.changes.get(at))
            .flat_map(|change| change.parts.iter().map(|part| part.path().in_ticks()))
            .collect();
        match names.len() {
            0 => "it has no value in the first scenario".to_owned(),
            _ if coalition == self.everything() => "it has no value in the second scenario".to_owned(),
            1..=4 => format!("it has no value where only {} changed", names.join(", ")),
            count => format!("it has no value where only {count} of the quantities changed"),
        }
    }

    fn everything(&self) -> u64 {
        (0..self.changes.len()).fold(0, |all, at| all | 1 << at)
    }

    /// One metric's values in coalitions.
    fn values(&mut self, coalitions: &[u64], metric: usize) -> Vec<f64> {
        self.know(coalitions);
        coalitions.iter().map(|coalition| self.known.get(coalition).map_or(f64::NAN, |values| values[metric])).collect()
    }

    /// Computes the coalitions that are not known yet: those that differ by numbers alone in one run.
    fn know(&mut self, coalitions: &[u64]) {
        self.known.insert(0, self.ends[0].to_vec());
        self.known.insert(self.everything(), self.ends[1].to_vec());
        let columns: Vec<Option<[f64; 2]>> = self.changes.iter().map(|change| self.numbers(change)).collect();
        let compiled = columns.iter().enumerate().filter(|(_, column)| column.is_none());
        let compiled = compiled.fold(0, |mask, (at, _)| mask | 1_u64 << at);
        let mut groups: Vec<(u64, Vec<u64>)> = Vec::new();
        let mut places: HashMap<u64, usize> = HashMap::new();
        for coalition in coalitions.iter().filter(|coalition| !self.known.contains_key(coalition)) {
            let place = *places.entry(coalition & compiled).or_insert(groups.len());
            if place == groups.len() {
                groups.push((coalition & compiled, Vec::new()));
            }
            groups[place].1.push(*coalition);
        }
        for (made, lanes) in groups {
            let values = self.run(made, &columns, &lanes);
            self.is_broken |= values.is_none();
            for (lane, coalition) in lanes.iter().enumerate() {
                let of_lane = |metric: &Vec<f64>| metric.get(lane).or(metric.first()).copied().unwrap_or(f64::NAN);
                let values = values
                    .as_ref()
                    .map_or(vec![f64::NAN; self.metrics.len()], |metrics| metrics.iter().map(of_lane).collect());
                self.known.insert(*coalition, values);
            }
        }
    }

    /// The metrics' values, a column each, with some changes made and the numbers of others in lanes.
    fn run(&self, made: u64, numbers: &[Option<[f64; 2]>], lanes: &[u64]) -> Option<Vec<Vec<f64>>> {
        let model = self.compiled(|at| made >> at & 1 == 1)?;
        let mut varied = Vec::new();
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for (at, ends) in numbers.iter().enumerate() {
            let (Some([before, after]), Some(Part::Quantity(path))) = (ends, self.changes[at].parts.first()) else {
                continue;
            };
            // An input that no formula of this combination names is not in it.
            let Ok(id) = model.quantity(path) else { continue };
            varied.push(id);
            columns.push(lanes.iter().map(|lane| if lane >> at & 1 == 1 { *after } else { *before }).collect());
        }
        let wanted: Option<Vec<_>> = self.metrics.iter().map(|metric| model.find(metric).ok()).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        Some(model.plan(&varied, &wanted?).run(&columns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(text: &str) -> Scenario {
        Scenario::parse("s.toml", text).unwrap()
    }

    fn value(scenario: &Scenario, metric: &str) -> f64 {
        let model = Model::compile(scenario).unwrap();
        let id = model.find(&Path::from(metric)).unwrap();
        model.values().at(id, 0)
    }

    fn between(from: &Scenario, to: &Scenario, metric: &str) -> (Vec<String>, Result<Vec<Effect>, String>) {
        let ends = [from, to].map(|scenario| [value(scenario, metric)]);
        let found = attribute(from, to, &[Path::from(metric)], [&ends[0], &ends[1]]);
        let name =
            |change: &Change| change.parts.iter().map(|part| part.path().to_string()).collect::<Vec<_>>().join("+");
        (found.changes.iter().map(name).collect(), found.effects.into_iter().next().unwrap())
    }

    fn effects(from: &str, to: &str, metric: &str) -> Vec<(String, f64)> {
        let (names, effects) = between(&scenario(from), &scenario(to), metric);
        names.into_iter().zip(effects.unwrap().into_iter().map(|effect| effect.value)).collect()
    }

    fn told(effects: &[(String, f64)]) -> Vec<(&str, f64)> {
        effects.iter().map(|(name, effect)| (name.as_str(), *effect)).collect()
    }

    #[test]
    fn two_factors_share_what_they_bring_about_together() {
        // 1,000 × 100 → 1,100 × 110: users alone +10,000, price alone +10,000, and 1,000 together, half to each.
        let found = effects("users = 1_000\nprice = 100\n", "users = 1_100\nprice = 110\n", "profit");
        assert_eq!(told(&found), [("price", 10_500.0), ("users", 10_500.0)]);
    }

    #[test]
    fn a_scenario_does_not_differ_from_itself_however_it_is_written() {
        let one = "users = 1_000\nprice = 100\n[costs]\ndata = 5_000\noperations = \"users*3%\"\n";
        let other = "name = \"x\"\nusers = \"1k\"\nrevenue.subscription.price = 1e2\n[inputs]\nunused = 3\n[costs]\n\
            operations.amount = \"users * 0.03\"\ndata = { amount = 5_000, note = \"n\" }\n";
        assert_eq!(effects(one, other, "profit"), []);
    }

    #[test]
    fn the_order_of_the_file_makes_no_difference() {
        let from = "users = 10\nprice = 3\n[costs]\na = 0.1\nb = \"users * 0.2\"\nc = 0.3\n";
        let to = "users = 12\nprice = 4\n[costs]\na = 0.7\nb = \"users * 0.4\"\nd = 0.9\n";
        let turned = "price = 4\nusers = 12\n[costs]\nd = 0.9\nb = \"users * 0.4\"\na = 0.7\n";
        let found = effects(from, to, "return_rate");
        assert_eq!(found.len(), 6);
        assert_eq!(effects(from, turned, "return_rate"), found);
    }

    #[test]
    fn lines_formulas_and_inputs_come_and_go() {
        let from = "users = 10\nprice = 3\n[costs]\nold = 4\noperations = 5\n";
        let to = "users = 10\nprice = 3\n[inputs]\neach = 2\n[costs]\nnew = 7\noperations = \"users * each\"\n";
        // Without the old line +4, with the new one −7, and 20 instead of 5 for operations.
        let found = effects(from, to, "profit");
        assert_eq!(told(&found), [("costs.new", -7.0), ("costs.old", 4.0), ("costs.operations", -15.0)]);
    }

    #[test]
    fn changes_that_need_each_other_are_one() {
        let from = "users = 10\nprice = 3\n[costs]\nb = 1\n";
        let to = "users = 12\nprice = 3\n[costs]\na = { units = 2, price = 5 }\nb = \"costs.a.units * 3\"\n";
        // The new line costs 10 and the other rises from 1 to 6, which only the new line makes possible.
        let found = effects(from, to, "profit");
        assert_eq!(told(&found), [("costs.a+costs.b", -15.0), ("users", 6.0)]);
    }

    #[test]
    fn a_circle_between_two_ways_to_say_the_same_is_no_obstacle() {
        let from = "users = 10\nprice = \"users * 2\"\n";
        let to = "users = \"price / 2\"\nprice = 30\n";
        // 10 × 20 = 200 and 15 × 30 = 450; one formula without the other number would be a circle.
        assert_eq!(told(&effects(from, to, "profit")), [("price+users", 250.0)]);
    }

    #[test]
    fn schedules_move_with_the_horizon() {
        let from = "users = 10\nprice = 1\n[time]\nperiods = 2\n[costs]\ntraining = { amount = 5, at = 0 }\n";
        let to = "users = 10\nprice = 2\n[time]\nperiods = 3\n[costs]\ntraining = { amount = 5, at = [0, 2] }\n";
        // Price alone +20, the horizon alone +10 − 5, and 10 together.
        assert_eq!(told(&effects(from, to, "profit")), [("price", 25.0), ("time", 10.0)]);
        let later = "users = 10\nprice = 1\n[time]\nperiods = 3\n[costs]\ntraining = { amount = 5, at = 0 }\n\
            more = { amount = 7, at = 2 }\n";
        assert_eq!(told(&effects(from, later, "profit")), [("costs.more+time", 3.0)]);
    }

    #[test]
    fn what_has_no_value_on_the_way_is_not_told_apart() {
        let from = "revenue.licence = 9\ncosts.a = 1\ncosts.b = 0\n";
        let to = "revenue.licence = 9\ncosts.a = 0\ncosts.b = 1\n";
        let (_, effects) = between(&scenario(from), &scenario(to), "return_rate");
        assert_eq!(effects.unwrap_err(), "it has no value where only `costs.a` changed");
    }

    #[test]
    fn many_changes_are_sampled_and_still_add_up() {
        let lines = |each: &dyn Fn(usize) -> usize| {
            let lines: Vec<String> = (0..20).map(|at| format!("c{at} = {}", each(at))).collect();
            format!("users = 10\nprice = 30\n[costs]\n{}\n", lines.join("\n"))
        };
        let (from, to) = (scenario(&lines(&|at| at + 1)), scenario(&lines(&|at| 2 * at + 3)));
        for (metric, is_sum) in [("profit", true), ("return_rate", false)] {
            let effects = between(&from, &to, metric).1.unwrap();
            let sum: f64 = effects.iter().map(|effect| effect.value).sum();
            let difference = value(&to, metric) - value(&from, metric);
            assert!((sum - difference).abs() <= 1e-9 * difference.abs(), "{sum} {difference}");
            // A sum gives every change the same effect in every order: nothing is uncertain about it.
            assert!(effects.iter().all(|effect| effect.error.is_some_and(|error| (error < 1e-9) == is_sum)));
        }
    }

    #[test]
    fn the_effects_add_up_to_the_difference() {
        let from = scenario(include_str!("../../../scenarios/copilot.toml"));
        for case in ["launch", "quiet"] {
            let changes = crate::scenario::Changes { case: Some(case.to_owned()), settings: Vec::new() };
            let to = from.with(&changes).unwrap();
            for metric in ["profit", "return_rate", "cost_per_user", "lines.costs.marketing"] {
                let (names, effects) = between(&from, &to, metric);
                let sum: f64 = effects.unwrap().iter().map(|effect| effect.value).sum();
                let difference = value(&to, metric) - value(&from, metric);
                assert!((sum - difference).abs() <= 1e-9 * difference.abs(), "{case} {metric}: {sum} {difference}");
                assert_eq!(names.len(), 2);
            }
        }
    }
}
