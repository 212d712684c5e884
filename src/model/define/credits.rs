//! Prepaid credits: money comes in when they are sold, and is earned when they are used or lapse.
//!
//! Credits are used in the order in which they were sold. Each that is held is worth the same: what is owed for all of
//! them, divided by their number (the weighted average), so that nothing is earned that was not paid, and in the end all
//! of it, also where the price changes.

use crate::formula::Path;
use crate::scenario::pricing::Credits;

use super::lines::{Defining, Product};
use super::{DefinitionId, Definitions, Unit};

impl Definitions {
    /// The amount that credits earn in a period.
    pub(super) fn credits(
        &mut self,
        line: &mut Defining<'_>,
        credits: &Credits,
    ) -> Option<(DefinitionId, Option<Product>)> {
        let base = line.path.child("credits");
        let price = self.price(line, &credits.price);
        let (count, money) = (line.units_unit(), line.unit.clone());
        let sold = self.quantity(&credits.sold, count.clone());
        self.all[sold].schedule = line.schedule;
        self.quantity(&credits.used, count.clone());
        let mut names = vec![
            ("sold", credits.sold.path.clone()),
            ("used", credits.used.path.clone()),
            ("price", self.all[price].path.clone()),
            ("amount", line.path.clone()),
        ];
        for name in ["ever_sold", "lapsed", "ever_earned", "earned", "held", "paid", "owed"] {
            names.push((name, base.child(name)));
        }
        let define = |definitions: &mut Self, line: &mut Defining<'_>, name: &str, unit: &Unit, text: &str| {
            definitions.template(line, (base.child(name), unit.clone()), text, &names)
        };
        define(self, line, "ever_sold", &count, "prev(ever_sold, 0) + sold")?;
        let lapses = self.lapsed(line, credits, &base)?;
        let used = "min(prev(ever_earned, 0) + used, ever_sold)";
        let ever_earned = if lapses { format!("max({used}, lapsed)") } else { used.to_owned() };
        define(self, line, "ever_earned", &count, &ever_earned)?;
        let earned = define(self, line, "earned", &count, "ever_earned - prev(ever_earned, 0)")?;
        define(self, line, "held", &count, "ever_sold - prev(ever_earned, 0)")?;
        define(self, line, "paid", &money, "sold * price")?;
        define(self, line, "owed", &money, "prev(owed, 0) + paid - amount")?;
        let text = "if(held > 0, (prev(owed, 0) + paid) * (earned / held), 0)";
        let amount = self.template(line, (line.path.clone(), money), text, &names)?;
        self.owed.push((line.line.group, base.child("owed")));
        Some((amount, Some(Product { units: earned, price: None })))
    }

    /// How many of all credits that were ever sold may be used no longer at the end of a period: those that were sold
    /// so many periods ago. Answers whether credits lapse.
    fn lapsed(&mut self, line: &mut Defining<'_>, credits: &Credits, base: &Path) -> Option<bool> {
        let periods = line.scenario.time.as_ref().map_or(1, |time| time.periods);
        // What is valid beyond the horizon does not lapse within it.
        let Some(valid_for) = credits.valid_for.filter(|valid_for| *valid_for <= periods) else { return Some(false) };
        let mut before = base.child("ever_sold");
        for ago in 1..valid_for {
            let path = base.child("ever_sold").child(&ago.to_string());
            let names = [("before", before)];
            self.template(line, (path.clone(), line.units_unit()), "prev(before, 0)", &names)?;
            before = path;
        }
        self.template(line, (base.child("lapsed"), line.units_unit()), "before", &[("before", before)])?;
        Some(true)
    }
}
