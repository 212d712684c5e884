//! Reading `[plans.NAME]`: who of the users is in which plan, and what a plan costs. A plan is a line of revenue whose
//! users are some of all users; whoever is in none is free.

use crate::error::{Problem, Span};
use crate::formula::Path;

use super::keys::{self, Class, Group};
use super::pricing::{Per, Pricing, Rate, Shape};
use super::quantity::{Quantity, Range};
use super::read::Reader;
use super::time::Time;
use super::tree::{Entry, Table, Value};
use super::{Line, lines};

/// The table of the plans.
pub const PLANS: &str = "plans";

/// The keys that say who is in a plan; a plan has one of them.
pub const MEMBERS: [&str; 2] = ["share", "conversion"];

/// The keys that say what a plan costs; a plan has one of them.
pub const PRICES: [&str; 3] = ["price", "tiers", "package"];

/// The keys that bound what one user pays by what they use.
const OF_USAGE: [&str; 3] = ["free", "minimum", "maximum"];

/// Who is in a plan.
#[derive(Clone, Debug)]
pub enum Members {
    /// This share of all users.
    Share(Quantity),
    /// Nobody in period 0, and then of those who are free in a period this share more in the next; who is in the plan is
    /// lost as all users are.
    Conversion(Quantity),
}

impl Members {
    /// How many there are: the share, or that of free users who join per period.
    pub fn quantity(&self) -> &Quantity {
        match self {
            Members::Share(quantity) | Members::Conversion(quantity) => quantity,
        }
    }

    /// As [`Members::quantity`], to be changed.
    pub fn quantity_mut(&mut self) -> &mut Quantity {
        match self {
            Members::Share(quantity) | Members::Conversion(quantity) => quantity,
        }
    }
}

impl Reader<'_> {
    /// The plans, in the order of the file, as lines of revenue.
    pub(super) fn plans(&mut self, table: &Table, time: Option<&Time>) -> Vec<Line> {
        let Some((plans, path)) = self.section(table, PLANS) else { return Vec::new() };
        let revenue = match table.get(Group::Revenue.key()).map(|entry| &entry.node.value) {
            Some(Value::Table(lines)) => lines,
            _ => &Table::new(),
        };
        let mut read = Vec::with_capacity(plans.len());
        for (name, entry) in plans {
            if let Some(line) = revenue.get(name) {
                self.problems.push(
                    Problem::at(
                        entry.key,
                        format!("{} has the name of a line of revenue", path.child(name).in_ticks()),
                    )
                    .related(line.key, "which stands here")
                    .help("a plan is a line of revenue itself: give one of the two another name"),
                );
            }
            read.extend(self.plan(&path.child(name), name, entry, time));
        }
        self.shares(&read);
        read
    }

    fn plan(&mut self, path: &Path, name: &str, entry: &Entry, time: Option<&Time>) -> Option<Line> {
        let Value::Table(table) = &entry.node.value else {
            self.problems.push(
                Problem::at(entry.node.span, format!("{} must be a table", path.in_ticks()))
                    .label(format!("this is {}", entry.node.value.describe()))
                    .help(format!("write `[{path}]` and under it `share = \"3%\"` and `price = 20`")),
            );
            return None;
        };
        self.only(table, keys::PLAN, "a plan", path);
        let members = self.members(table, path, entry.key, time);
        let shape = self.plan_shape(table, path, entry.key);
        if members.is_none() || shape.is_none() {
            self.broken.push(path.clone());
        }
        Some(Line {
            group: Group::Revenue,
            name: name.to_owned(),
            span: entry.key,
            plan: Some(members?),
            shape: shape?,
            class: Class::Other,
            schedule: None,
            variable: None,
            recurring: None,
            unit: self.text(table, "unit", path),
            covers: self.covers(table, path),
            note: self.text(table, "note", path),
            source: self.text(table, "source", path),
        })
    }

    fn members(&mut self, table: &Table, path: &Path, key: Span, time: Option<&Time>) -> Option<Members> {
        let [share, conversion] = MEMBERS.map(|key| self.quantity(table, key, path, Range::Share));
        let problem = match MEMBERS.map(|key| table.get(key)) {
            [Some(_), None] => return share.map(Members::Share),
            [None, Some(_)] if time.is_some() || self.broken.contains(&Path::new(["time"])) => {
                return conversion.map(Members::Conversion);
            }
            [None, Some(entry)] => {
                Problem::at(entry.key, format!("{} needs periods", path.child("conversion").in_ticks()))
                    .label("the scenario has no `[time]`")
                    .help("add `[time]` with `periods = 36`, or say which share of all users it is: `share = \"3%\"`")
            }
            [Some(share), Some(conversion)] => {
                Problem::at(conversion.key, format!("{} says twice who is in it", path.in_ticks()))
                    .label("once as the share of free users who join it per period")
                    .related(share.key, "and once as a share of all users")
                    .help("keep one of the two")
            }
            [None, None] => Problem::at(key, format!("{} does not say who is in it", path.in_ticks()))
                .help("add `share = \"3%\"`, of all users")
                .help("or `conversion = \"3%\"`, of those who are free, per period"),
        };
        self.problems.push(problem);
        None
    }

    fn plan_shape(&mut self, table: &Table, path: &Path, key: Span) -> Option<Shape> {
        let known = self.problems.len();
        // The share of users is no price.
        let prices: Table =
            table.iter().filter(|(key, _)| *key != "share").map(|(key, entry)| (key.clone(), entry.clone())).collect();
        self.clashes(&prices, path);
        self.needs(&prices, path);
        if !PRICES.iter().any(|key| table.contains_key(*key)) {
            self.problems.push(
                Problem::at(key, format!("{} has no price", path.in_ticks()))
                    .help("add what each of its users pays per period, such as `price = 20`"),
            );
        }
        let usage = self.quantity(table, "usage", path, Range::NotNegative);
        if let (false, Some(entry)) = (table.contains_key("usage"), OF_USAGE.iter().find_map(|key| table.get(*key))) {
            self.problems.push(
                Problem::at(entry.key, format!("{} does not say what a user uses", path.in_ticks()))
                    .label("this is of one user's usage")
                    .help("add what one user uses per period, such as `usage = 250`"),
            );
        }
        let rate = if self.problems.len() == known { self.unit_rate(&prices, path) } else { None };
        let [free, minimum, maximum] = OF_USAGE.map(|key| self.quantity(table, key, path, Range::NotNegative));
        self.limits(path, minimum.as_ref(), maximum.as_ref());
        let per = if usage.is_some() { Per::User } else { Per::All };
        let shape = match rate? {
            Rate::Price(price) if usage.is_none() => Shape::Product { units: None, price },
            rate => Shape::Priced(Box::new(Pricing {
                units: usage,
                free,
                rate,
                fee: None,
                minimum,
                maximum,
                per,
                milestones: Vec::new(),
            })),
        };
        (self.problems.len() == known).then_some(shape)
    }

    /// Refuses shares that sum above 1, as far as they are numbers.
    fn shares(&mut self, plans: &[Line]) {
        let mut sum = 0.0;
        let mut first: Option<&Quantity> = None;
        for plan in plans {
            let Some(Members::Share(quantity)) = &plan.plan else { continue };
            let Some(share) = quantity.expression.literal() else { continue };
            sum += share;
            if sum <= 1.0 + lines::ROUNDING {
                first = first.or(Some(quantity));
                continue;
            }
            let whole = format!("the shares of the plans sum to {}%", (sum * 1e8).round() / 1e6);
            let problem = Problem::at(quantity.span, whole)
                .label("here they pass 100%")
                .help("let them sum to at most 100%; whoever is in no plan is free");
            self.problems.push(match first {
                Some(first) => problem.related(first.span, "the first of them"),
                None => problem,
            });
            return;
        }
    }
}
