//! The prices of a request by how long its input is.

use crate::error::Problem;
use crate::formula::Path;
use crate::formula::functions::Service;
use crate::formula::request::Rates;

use super::names::{TIERS, kind_of, threshold};
use super::{ModelPrices, Prices, price_path};

impl Prices {
    /// The prices of a request to the model that a name stands for, the lowest threshold first.
    ///
    /// # Errors
    /// What is wrong with the name, or what the model has no price of.
    pub fn rates(&self, service: Service, path: &Path) -> Result<Vec<Rates>, Problem> {
        let Some(name) = Self::model_of(path) else {
            return Err(Problem::nowhere(format!("{} is no model of the price book", path.in_ticks()))
                .help("name the model: `prices.\"gpt-4o\"`"));
        };
        let Some(model) = self.models.get(name) else { return Err(self.no_model(name)) };
        if service == Service::Standard && !model.tiers.is_empty() {
            return Ok(model.rates_of_tiers(name));
        }
        let needed = ["input", "output"].map(|kind| format!("{kind}{}", service.suffix()));
        match needed.into_iter().find(|figure| !model.has(figure)) {
            Some(missing) => Err(self.no_figure(name, &Path::new([missing]))),
            None => Ok(model.rates_above_thresholds(name, service)),
        }
    }
}

impl ModelPrices {
    /// The prices of tiers: each has its own, and those that it lacks are those of input and of output.
    fn rates_of_tiers(&self, name: &str) -> Vec<Rates> {
        let of_tier = |(at, (tier, above)): (usize, &(String, f64))| {
            let own = |kind: &str| Path::new([TIERS.1, tier, kind]);
            let or = |kind: &str, other: &str| {
                let said = Some(own(kind)).filter(|own| self.figures.contains_key(own));
                price_path(name, &said.unwrap_or_else(|| own(other)))
            };
            Rates {
                above: (at > 0).then_some(*above),
                input: price_path(name, &own("input")),
                cached: or("cache_read", "input"),
                written: or("cache_write", "input"),
                output: price_path(name, &own("output")),
                reasoning: or("reasoning", "output"),
            }
        };
        self.tiers.iter().enumerate().map(of_tier).collect()
    }

    /// The prices without a threshold, and those above each. What has no price above a threshold keeps the one below it;
    /// what has none at all is billed as input, or as output.
    fn rates_above_thresholds(&self, name: &str, service: Service) -> Vec<Rates> {
        let names = || self.figures.keys().filter_map(Path::single);
        let mut thresholds: Vec<f64> = names().filter_map(|figure| threshold(kind_of(figure)?.1, service)).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        // The latest price of each kind that is said, from the lowest threshold up.
        let mut said: [Option<Path>; 5] = Default::default();
        let mut rates = Vec::with_capacity(thresholds.len() + 1);
        for above in std::iter::once(None).chain(thresholds.into_iter().map(Some)) {
            for (said, kind) in said.iter_mut().zip(["input", "output", "cache_read", "cache_write", "reasoning"]) {
                let is_it = |figure: &&str| match (kind_of(figure), above) {
                    (Some((found, rest)), None) => found == kind && rest == service.suffix(),
                    (Some((found, rest)), Some(above)) => found == kind && threshold(rest, service) == Some(above),
                    (None, _) => false,
                };
                *said = names().find(is_it).map(|figure| price_path(name, &Path::new([figure]))).or(said.take());
            }
            let [Some(input), Some(output), cached, written, reasoning] = said.clone() else { return Vec::new() };
            // A price of cached tokens that is only that of input goes along with it.
            let of_cache = |own: Option<Path>| {
                own.filter(|own| above.is_none() || !self.as_input.contains(own)).unwrap_or_else(|| input.clone())
            };
            rates.push(Rates {
                above,
                cached: of_cache(cached),
                written: of_cache(written),
                reasoning: reasoning.unwrap_or_else(|| output.clone()),
                input,
                output,
            });
        }
        rates
    }
}
