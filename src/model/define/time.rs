//! What there is only where there are periods: the periods themselves, cumulative sums, cash and what is paid.

use super::{Definitions, is_cost_of_revenue, is_marketing, own, recurs};
use crate::error::Problem;
use crate::formula::{self, Expression, Path};
use crate::model::definition::{Body, DefinitionId, Unit};
use crate::model::metrics;
use crate::scenario::{Group, Scenario, Time};

impl Definitions {
    /// What there is only where there are periods.
    pub(super) fn time(&mut self, scenario: &Scenario, time: &Time, problems: &mut Vec<Problem>) {
        let periods = f64::from(u32::try_from(time.periods).unwrap_or(u32::MAX));
        let mut add = |name: &str, body: Body, unit: Unit| self.named(Path::from(name), body, unit, None);
        add("period", Body::Period, Unit::Number);
        add("periods", Body::Number(periods), Unit::Number);
        add("periods_per_year", Body::Number(f64::from(time.period.per_year())), Unit::Number);
        self.formula("year", "floor(period / periods_per_year)", Unit::Number, problems);
        self.sum_of("sums.recurring_revenue", recurs);
        self.sum_of("sums.cost_of_revenue", is_cost_of_revenue);
        self.sum_of("sums.marketing", is_marketing);
        self.sum_of("sums.variable_costs", |line| line.group == Group::Costs && line.variable == Some(true));
        if let Some(rate) = &time.discount_rate {
            self.quantity(rate, Unit::Share);
            let factor = "(1 + time.discount_rate) ^ (-period / periods_per_year)";
            self.formula("discount_factor", factor, Unit::Number, problems);
        }
        for (name, rate) in
            [("time.finance_rate", &time.finance_rate), ("time.reinvestment_rate", &time.reinvestment_rate)]
        {
            match rate {
                Some(rate) => {
                    self.quantity(rate, Unit::Share);
                }
                None if time.discount_rate.is_some() => self.formula(name, "time.discount_rate", Unit::Share, problems),
                None => {}
            }
        }
        self.formula("cumulative", "prev(cumulative, 0) + profit", Unit::Money, problems);
        self.cash_flow(problems);
        self.paid(problems);
        if let Some(opening) = &scenario.opening_cash {
            self.quantity(opening, Unit::Money);
            if let Some(written) = own("cash", formula::parse_number("prev(cash, cash.opening) + profit"), problems) {
                let expression = self.following("cash", &written);
                self.named(Path::new(["cash"]), Body::Formula(expression), Unit::Money, None);
            }
        }
    }

    /// The cash flow, where it is not the profit: what was paid ahead for credits came in before it is earned, and what
    /// was paid ahead for credits of others went out before it is a cost.
    fn cash_flow(&mut self, problems: &mut Vec<Problem>) {
        if self.owed.is_empty() {
            return;
        }
        let mut parts = Vec::with_capacity(self.owed.len() + 1);
        parts.extend(self.names.get(&Path::new(["profit"])).copied());
        for (group, owed) in self.owed.clone() {
            let text = match group {
                Group::Revenue => "owed - prev(owed, 0)",
                Group::Costs => "prev(owed, 0) - owed",
                Group::Risks | Group::Impact => continue,
            };
            let path = Path::new(owed.segments().iter().map(String::as_str).take(3).chain(["paid_ahead"]));
            let Some(expression) = own("paid_ahead", formula::parse_number(text), problems) else { continue };
            let expression = expression.renamed(|_| owed.clone());
            parts.push(self.named(path, Body::Formula(expression), Unit::Money, None));
        }
        self.named(Path::from(metrics::CASH_FLOW), Body::Sum(parts), Unit::Money, None);
    }

    /// What is paid, where it is not the cash flow: internal prices are costs in the books that nobody is paid.
    fn paid(&mut self, problems: &mut Vec<Problem>) {
        if self.internal.is_empty() {
            return;
        }
        let flow = self.flow();
        let mut parts: Vec<DefinitionId> = self.names.get(&flow).copied().into_iter().collect();
        parts.extend(&self.internal);
        self.named(Path::from(metrics::PAID), Body::Sum(parts), Unit::Money, None);
        let cumulative = format!("prev({0}, 0) + {1}", metrics::PAID_CUMULATIVE, metrics::PAID);
        self.formula(metrics::PAID_CUMULATIVE, &cumulative, Unit::Money, problems);
    }

    /// What of a period a project is judged by: its cash flow where that is not the profit.
    fn flow(&self) -> Path {
        Path::from(if self.owed.is_empty() { "profit" } else { metrics::CASH_FLOW })
    }

    /// A formula of the profit as one of what moves that metric, or that balance.
    pub(super) fn following(&self, name: &str, expression: &Expression) -> Expression {
        let is_paid = metrics::follows_payments(name) && !self.internal.is_empty();
        let flow = match name {
            _ if is_paid => Path::from(metrics::PAID),
            _ if metrics::follows_cash(name) => self.flow(),
            _ => return expression.clone(),
        };
        let cumulative = Path::from(metrics::PAID_CUMULATIVE);
        expression.renamed(|path| match path.single() {
            Some("profit") => flow.clone(),
            Some("cumulative") if is_paid => cumulative.clone(),
            _ => path.clone(),
        })
    }
}
