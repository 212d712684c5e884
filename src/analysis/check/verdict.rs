//! What is told of a condition that has been asked: what was expected, what was found, and the distance between them.

use crate::analysis::{layout, notes};
use crate::model::definition::Unit;
use crate::report::{Cell, number};
use crate::scenario::Scenario;

use super::part::{Over, Relation};

/// The two sides of a part that is decided, in the period that decides it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// The left side.
    pub found: f64,
    /// The right side.
    pub expected: f64,
    /// How they must compare.
    pub relation: Relation,
    /// What they are counted in.
    pub unit: Unit,
    /// The standard error of their difference, where it comes of draws.
    pub error: Option<f64>,
}

/// A part of a condition, decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// When it must hold.
    pub over: Over,
    /// Whether it holds; none where that is undefined.
    pub holds: Option<bool>,
    /// The period that decides.
    pub period: Option<usize>,
    /// The two sides, where it is a comparison of two values.
    pub figures: Option<Figures>,
    /// What the expectation is about, where that is not clear from the condition: the part's left side, or the part.
    pub subject: String,
}

impl Figures {
    /// How far the found value is from the expected one.
    pub fn difference(&self) -> f64 {
        self.found - self.expected
    }

    /// The difference as a fraction of the expected value, where that is not 0.
    pub fn relative(&self) -> Option<f64> {
        (self.expected != 0.0).then(|| self.difference() / self.expected.abs())
    }

    /// Whether chance may have decided: the two sides are within two standard errors of each other.
    pub fn is_close(&self) -> bool {
        self.error.is_some_and(|error| self.difference().abs() <= 2.0 * error)
    }

    /// `± 0.02%`, where the difference comes of draws.
    pub fn margin(&self) -> Option<String> {
        self.error.map(|error| format!("± {}", show(error, &self.unit)))
    }

    /// The standard error of the difference, in its unit.
    pub fn error_cell(&self) -> Option<Cell> {
        self.error.map(|error| layout::cell(&Ok(error), &self.unit))
    }

    /// The expected value and the found one as people read them; where rounding would make them the same although they
    /// are not, with all their digits.
    fn texts(&self) -> [String; 2] {
        let [expected, found] = [self.expected, self.found].map(|value| layout::cell(&Ok(value), &self.unit));
        match number::column(&[&expected, &found]).as_slice() {
            [Some(expected), Some(found)] if expected != found || self.difference() == 0.0 => {
                [expected.clone(), found.clone()]
            }
            _ => [self.expected, self.found].map(number::plain),
        }
    }

    /// `at least 80%`.
    pub fn expectation(&self) -> String {
        format!("{} {}", self.relation.words(), self.texts()[0])
    }

    /// The found value.
    pub fn finding(&self) -> String {
        let [_, found] = self.texts();
        found
    }

    /// `-3,400,000 (-97.14%)`; nothing where any other value would do.
    pub fn distance(&self) -> Option<String> {
        if self.relation == Relation::Unequal {
            return None;
        }
        let difference = self.difference();
        let sign = if difference > 0.0 { "+" } else { "" };
        if self.unit == Unit::Share {
            return Some(format!("{sign}{} points", number::share(difference).trim_end_matches('%')));
        }
        let relative = self.relative().map_or_else(String::new, |share| format!(" ({sign}{})", number::share(share)));
        Some(format!("{sign}{}{relative}", show(difference, &self.unit)))
    }
}

/// A number of that unit as people read it.
fn show(value: f64, unit: &Unit) -> String {
    match unit {
        Unit::Money => number::money(value),
        Unit::Count | Unit::Periods => number::count(value),
        Unit::Share => number::share(value),
        Unit::Number | Unit::Named(_) => number::number(value),
    }
}

impl Decided {
    /// What was expected, for people.
    pub fn expectation(&self) -> String {
        let subject = if self.subject.is_empty() { String::new() } else { format!("`{}` ", self.subject) };
        let what = self.figures.as_ref().map_or_else(|| "to hold".to_owned(), Figures::expectation);
        let when = match self.over {
            Over::Run => "",
            Over::Every => " in every period",
            Over::Some => " in some period",
        };
        format!("{subject}{what}{when}")
    }

    /// What was found, for people: `-500 in period 3 (2026-04)`.
    pub fn finding(&self, scenario: &Scenario) -> String {
        let when = self.period.map_or_else(String::new, |period| notes::when(scenario, period));
        let found = match (&self.figures, self.holds) {
            (Some(figures), _) => figures.finding(),
            (None, Some(true)) => "that it does".to_owned(),
            (None, Some(false)) => "that it does not".to_owned(),
            (None, None) => "nothing that decides it".to_owned(),
        };
        let nearest = if self.over == Over::Some && self.holds == Some(false) && self.figures.is_some() {
            " at the nearest"
        } else {
            ""
        };
        format!("{found}{nearest}{when}")
    }

    /// The whole in a sentence: `expected at least 0, found -500, off by -500`.
    pub fn sentence(&self, scenario: &Scenario) -> String {
        let distance = self.figures.as_ref().filter(|_| self.holds == Some(false)).and_then(Figures::distance);
        let distance = distance.map_or_else(String::new, |distance| format!(", off by {distance}"));
        let margin = self.figures.as_ref().and_then(Figures::margin);
        let margin = margin.map_or_else(String::new, |margin| format!(" ({margin})"));
        let close = match self.figures.as_ref().filter(|figures| figures.is_close()) {
            Some(_) => ", which is within two standard errors",
            None => "",
        };
        format!("expected {}, found {}{margin}{distance}{close}", self.expectation(), self.finding(scenario))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(found: f64, relation: Relation, expected: f64, unit: Unit) -> Figures {
        Figures { found, expected, relation, unit, error: None }
    }

    #[test]
    fn a_distance_is_told_in_the_unit_and_as_a_fraction_of_what_is_expected() {
        // 90 is 10 below 100, a tenth of it; of −50, −60 is 10 below, a fifth of 50.
        let short = figures(90.0, Relation::AtLeast, 100.0, Unit::Money);
        assert_eq!(short.distance().as_deref(), Some("-10 (-10.00%)"));
        let lower = figures(-60.0, Relation::AtLeast, -50.0, Unit::Money);
        assert_eq!(lower.distance().as_deref(), Some("-10 (-20.00%)"));
        // Nothing is a fraction of 0, and shares differ by points.
        assert_eq!(figures(5.0, Relation::More, 0.0, Unit::Count).distance().as_deref(), Some("+5"));
        assert_eq!(figures(0.25, Relation::More, 0.5, Unit::Share).distance().as_deref(), Some("-25.00 points"));
        assert_eq!(figures(5.0, Relation::Unequal, 5.0, Unit::Count).distance(), None);
    }

    #[test]
    fn chance_may_have_decided_within_two_standard_errors() {
        let found = |found: f64| Figures { error: Some(0.01), ..figures(found, Relation::AtLeast, 0.8, Unit::Share) };
        assert_eq!([0.779, 0.785, 0.815, 0.821].map(|value| found(value).is_close()), [false, true, true, false]);
        assert_eq!(found(0.9).margin().as_deref(), Some("± 1.00%"));
        let certain = figures(0.8, Relation::AtLeast, 0.8, Unit::Share);
        assert_eq!((certain.is_close(), certain.margin()), (false, None));
    }

    #[test]
    fn rounding_does_not_hide_that_a_check_failed() {
        let near = figures(99.999, Relation::AtLeast, 100.0, Unit::Money);
        assert_eq!((near.expectation(), near.finding()), ("at least 100".to_owned(), "99.999".to_owned()));
        let apart = figures(99.5, Relation::AtLeast, 100.0, Unit::Money);
        assert_eq!((apart.expectation(), apart.finding()), ("at least 100.00".to_owned(), "99.50".to_owned()));
        let nearer = figures(0.499_999, Relation::AtLeast, 0.5, Unit::Share);
        assert_eq!((nearer.expectation(), nearer.finding()), ("at least 0.5".to_owned(), "0.499999".to_owned()));
    }
}
