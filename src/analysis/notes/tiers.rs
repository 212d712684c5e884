//! Remarks on prices by tier: totals that fall as usage rises, and bounds that do not rise.

use super::when;
use crate::analysis::layout;
use crate::model::{Model, Values};
use crate::report::number;
use crate::scenario::pricing::{Pricing, Rate, Tier, Tiering};
use crate::scenario::{Line, Quantity, Scenario, Shape};

/// The remarks on prices by tier.
pub fn of_tiers(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for line in model.lines().iter().map(|line| &line.line) {
        let Shape::Priced(pricing) = &line.shape else { continue };
        let Pricing { rate: Rate::Tiers(Tiering::Volume, tiers), .. } = &**pricing else { continue };
        let prices = Prices { scenario, model, values };
        notes.extend(prices.disorder(tiers));
        notes.extend(prices.fall(line, tiers));
    }
    notes
}

struct Prices<'a> {
    scenario: &'a Scenario,
    model: &'a Model,
    values: &'a Values<'a>,
}

impl Prices<'_> {
    fn value(&self, quantity: &Quantity, period: usize) -> Option<f64> {
        let id = self.model.quantity(&quantity.path).ok()?;
        Some(self.values.at(id, period)).filter(|value| value.is_finite())
    }

    /// What that many units come to at a tier's price.
    fn total(&self, tier: &Tier, units: f64, period: usize) -> Option<f64> {
        let fee = match &tier.fee {
            Some(fee) => self.value(fee, period)?,
            None => 0.0,
        };
        Some(units * self.value(&tier.price, period)? + fee)
    }

    /// The first place where one unit more lowers the total, in the first period in which there is one.
    fn fall(&self, line: &Line, tiers: &[Tier]) -> Option<String> {
        let mut falls = (0..self.model.periods()).map(|period| (period, self.falls(tiers, period)));
        let (period, falls) = falls.find(|(_, falls)| !falls.is_empty())?;
        let (at, units, below, above) = falls.first().copied()?;
        let place = layout::place(self.scenario, tiers[at].span);
        let place = place.map(|place| format!(", at {}:{}", place.file, place.line)).unwrap_or_default();
        let more = match falls.len() - 1 {
            0 => String::new(),
            1 => "; so at one more bound".to_owned(),
            more => format!("; so at {more} more bounds"),
        };
        Some(format!(
            "{} falls where its units rise above {}{place}: from {} to {}{}{more}",
            line.path().in_ticks(),
            number::count(units),
            number::number(below),
            number::number(above),
            when(self.scenario, period),
        ))
    }

    /// The tiers at whose beginning the total falls: the units there, and what they come to below and above.
    fn falls(&self, tiers: &[Tier], period: usize) -> Vec<(usize, f64, f64, f64)> {
        let mut falls = Vec::new();
        for (at, pair) in tiers.windows(2).enumerate() {
            let units = pair[0].up_to.as_ref().and_then(|up_to| self.value(up_to, period));
            let totals = |units| Some((self.total(&pair[0], units, period)?, self.total(&pair[1], units, period)?));
            if let Some((units, (below, above))) = units.and_then(|units| Some((units, totals(units)?)))
                && above < below
            {
                falls.push((at + 1, units, below, above));
            }
        }
        falls
    }

    /// The first bound that is not above the one before; bounds that are numbers are checked when they are read.
    fn disorder(&self, tiers: &[Tier]) -> Option<String> {
        let bounds: Vec<&Quantity> = tiers.iter().filter_map(|tier| tier.up_to.as_ref()).collect();
        (0..self.model.periods()).find_map(|period| {
            bounds.windows(2).find_map(|pair| {
                let (lower, upper) = (self.value(pair[0], period)?, self.value(pair[1], period)?);
                (upper <= lower).then(|| {
                    format!(
                        "{} is {}{}: it must be above {}, which is {}",
                        pair[1].path.in_ticks(),
                        number::number(upper),
                        when(self.scenario, period),
                        pair[0].path.in_ticks(),
                        number::number(lower),
                    )
                })
            })
        })
    }
}
