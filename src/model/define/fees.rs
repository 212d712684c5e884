//! Fees of offices: each in the periods in which it is due.

use crate::scenario::fees::Fees;

use super::lines::Defining;
use super::{Body, DefinitionId, Definitions, Unit};

impl Definitions {
    /// What is due of the fees in a period.
    pub(super) fn fees(&mut self, line: &mut Defining<'_>, fees: &Fees) -> DefinitionId {
        let time = line.scenario.time.as_ref();
        let periods = time.map_or(1, |time| time.periods);
        let units = [(&fees.count, line.units_unit()), (&fees.reduction, Unit::Share), (&fees.exchange, Unit::Number)];
        for (quantity, unit) in units {
            if let Some(quantity) = quantity {
                self.quantity(quantity, unit);
            }
        }
        let names = ["count", "reduction", "exchange"].map(|name| (name, line.path.child(name)));
        let filed = fees.filed(line.line.schedule.as_ref());
        let mut parts = Vec::new();
        for fee in fees.schedule.fees {
            let Some(after) = fees.due(fee, time) else { continue };
            let due: Vec<bool> = (0..periods).map(|period| filed.iter().any(|filed| filed + after == period)).collect();
            if !due.contains(&true) {
                continue;
            }
            let mut text = fee.amount.to_string();
            text.push_str(if fees.count.is_some() { " * count" } else { "" });
            text.push_str(if fee.reducible && fees.reduction.is_some() { " * (1 - reduction)" } else { "" });
            text.push_str(if fees.exchange.is_some() { " * exchange" } else { "" });
            let defined = (line.path.child(fee.name), line.unit.clone());
            let Some(part) = self.template(line, defined, &text, &names) else { continue };
            self.all[part].schedule = Some(self.schedule(due));
            parts.push(part);
        }
        self.named(line.path.clone(), Body::Sum(parts), line.unit.clone(), Some(line.span))
    }
}
