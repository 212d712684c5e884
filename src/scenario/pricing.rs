//! How a line's amount comes about: said outright, or from units and what they cost.

use crate::error::Span;
use crate::formula::Path;

use super::fees::Fees;
use super::quantity::Quantity;
use super::risks::Risk;

/// How a line's amount comes about.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Said outright.
    Amount(Quantity),
    /// Units times price.
    Product {
        /// How many are sold or bought; the users where the line does not say.
        units: Option<Quantity>,
        /// What each costs.
        price: Quantity,
    },
    /// Units at more than a plain price.
    Priced(Box<Pricing>),
    /// Credits that are paid when they are sold, and earned when they are used or lapse.
    Credits(Box<Credits>),
    /// Nothing but milestones.
    Milestones(Vec<Milestone>),
    /// What an impact line costs by its internal price.
    Internal(Box<Internal>),
    /// What an office charges, on dates of its own.
    Fees(Box<Fees>),
    /// What events cost that may happen or not.
    Risk(Box<Risk>),
}

/// The internal price of impact. It is a cost in the books, and no money is paid to anybody.
#[derive(Clone, Debug)]
pub struct Internal {
    /// The impact line.
    pub impact: Path,
    /// How many of its units are priced at once: 1,000 of kilograms, at a price per tonne.
    pub size: f64,
    /// What so many cost.
    pub price: Quantity,
}

/// What units cost, and what is added to it or bounds it.
#[derive(Clone, Debug)]
pub struct Pricing {
    /// What is priced: how many are sold or bought, or the money of which a share is due; the users where the line does
    /// not say.
    pub units: Option<Quantity>,
    /// How many of the units cost nothing.
    pub free: Option<Quantity>,
    /// What the units cost.
    pub rate: Rate,
    /// What each transaction costs besides, and how many there are.
    pub fee: Option<(Quantity, Quantity)>,
    /// The least that is due.
    pub minimum: Option<Quantity>,
    /// The most that is due.
    pub maximum: Option<Quantity>,
    /// Whose units and price these are.
    pub per: Per,
    /// What is due once, in periods of its own, and bounded by nothing.
    pub milestones: Vec<Milestone>,
}

/// What units cost.
#[derive(Clone, Debug)]
pub enum Rate {
    /// Each unit the same.
    Price(Quantity),
    /// A share of an amount of money.
    Share(Quantity),
    /// Whole packages of units, each at a price; one that is begun is charged.
    Package {
        /// How many units a package holds.
        size: Quantity,
        /// What a package costs.
        price: Quantity,
    },
    /// Prices by how many units there are.
    Tiers(Tiering, Vec<Tier>),
}

/// Which units a tier's price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tiering {
    /// Those that lie in the tier.
    Graduated,
    /// All, where the tier is the one that they reach.
    Volume,
}

impl Tiering {
    /// The names, in the order of the enumeration.
    pub const NAMES: [&'static str; 2] = ["graduated", "volume"];
}

/// Units from the end of the tier before, exclusive, to its own end, inclusive, and what they cost.
#[derive(Clone, Debug)]
pub struct Tier {
    /// Where it ends; the last tier has no end.
    pub up_to: Option<Quantity>,
    /// What a unit costs.
    pub price: Quantity,
    /// What is due once where the tier is reached.
    pub fee: Option<Quantity>,
    /// Where it stands.
    pub span: Span,
}

/// Whose units and price a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Those of all users together.
    All,
    /// Those of one user; every user pays the same.
    User,
}

/// Credits that are sold ahead of their use.
#[derive(Clone, Debug)]
pub struct Credits {
    /// How many are sold per period.
    pub sold: Quantity,
    /// How many would be used per period, if there are as many; the oldest first.
    pub used: Quantity,
    /// For how many periods a credit may be used, the one in which it is sold included; forever where it is not said.
    pub valid_for: Option<usize>,
    /// What each costs.
    pub price: Quantity,
}

/// What is due once.
#[derive(Clone, Debug)]
pub struct Milestone {
    /// How much.
    pub amount: Quantity,
    /// The periods in which it is due.
    pub at: Vec<usize>,
}

/// A shape without its quantities: shapes of one form differ in nothing but numbers and formulas.
#[derive(Debug, PartialEq)]
pub struct Form {
    quantities: Vec<String>,
    tiering: Option<Tiering>,
    per: Option<Per>,
    valid_for: Option<usize>,
    fees: Option<(&'static str, Option<usize>)>,
    milestones: Vec<Vec<usize>>,
    size: Option<f64>,
}

impl Shape {
    /// Its quantities, in the order in which they are computed.
    pub fn quantities(&self) -> Vec<&Quantity> {
        match self {
            Shape::Amount(amount) => vec![amount],
            Shape::Product { units, price } => units.iter().chain([price]).collect(),
            Shape::Priced(pricing) => pricing.quantities(),
            Shape::Credits(credits) => vec![&credits.sold, &credits.used, &credits.price],
            Shape::Milestones(milestones) => milestones.iter().map(|milestone| &milestone.amount).collect(),
            Shape::Internal(internal) => vec![&internal.price],
            Shape::Risk(risk) => risk.quantities(),
            Shape::Fees(fees) => fees.quantities(),
        }
    }

    /// As [`Shape::quantities`], to be changed.
    pub fn quantities_mut(&mut self) -> Vec<&mut Quantity> {
        match self {
            Shape::Amount(amount) => vec![amount],
            Shape::Product { units, price } => units.iter_mut().chain([price]).collect(),
            Shape::Priced(pricing) => pricing.quantities_mut(),
            Shape::Credits(credits) => {
                let Credits { sold, used, price, .. } = &mut **credits;
                vec![sold, used, price]
            }
            Shape::Milestones(milestones) => milestones.iter_mut().map(|milestone| &mut milestone.amount).collect(),
            Shape::Internal(internal) => vec![&mut internal.price],
            Shape::Risk(risk) => risk.quantities_mut(),
            Shape::Fees(fees) => fees.quantities_mut(),
        }
    }

    /// Whether what it says is said of one user.
    pub fn is_per_user(&self) -> bool {
        matches!(self, Shape::Priced(pricing) if pricing.per == Per::User)
    }

    /// What is due once.
    pub fn milestones(&self) -> &[Milestone] {
        match self {
            Shape::Milestones(milestones) => milestones,
            Shape::Priced(pricing) => &pricing.milestones,
            Shape::Amount(_)
            | Shape::Product { .. }
            | Shape::Credits(_)
            | Shape::Internal(_)
            | Shape::Risk(_)
            | Shape::Fees(_) => &[],
        }
    }

    /// What of it cannot be said quantity by quantity.
    pub fn form(&self) -> Form {
        let (tiering, per) = match self {
            Shape::Priced(pricing) => match &pricing.rate {
                Rate::Tiers(tiering, _) => (Some(*tiering), Some(pricing.per)),
                _ => (None, Some(pricing.per)),
            },
            _ => (None, None),
        };
        let quantities = match self {
            // An amount is called by the line's own name or by `amount`, as it is written.
            Shape::Amount(_) => Vec::new(),
            _ => self.quantities().iter().map(|quantity| quantity.path.to_string()).collect(),
        };
        let valid_for = match self {
            Shape::Credits(credits) => credits.valid_for,
            _ => None,
        };
        let fees = match self {
            Shape::Fees(fees) => Some((fees.schedule.name, fees.granted_after)),
            _ => None,
        };
        let milestones = self.milestones().iter().map(|milestone| milestone.at.clone()).collect();
        let size = match self {
            Shape::Internal(internal) => Some(internal.size),
            _ => None,
        };
        Form { quantities, tiering, per, valid_for, fees, milestones, size }
    }
}

impl Pricing {
    fn quantities(&self) -> Vec<&Quantity> {
        let mut found: Vec<&Quantity> = self.units.iter().chain(&self.free).collect();
        match &self.rate {
            Rate::Price(quantity) | Rate::Share(quantity) => found.push(quantity),
            Rate::Package { size, price } => found.extend([size, price]),
            Rate::Tiers(_, tiers) => {
                for Tier { up_to, price, fee, .. } in tiers {
                    found.extend(up_to.iter().chain([price]).chain(fee));
                }
            }
        }
        found.extend(self.fee.iter().flat_map(|(fee, transactions)| [fee, transactions]));
        found.extend(self.minimum.iter().chain(&self.maximum));
        found.extend(self.milestones.iter().map(|milestone| &milestone.amount));
        found
    }

    fn quantities_mut(&mut self) -> Vec<&mut Quantity> {
        let mut found: Vec<&mut Quantity> = self.units.iter_mut().chain(&mut self.free).collect();
        match &mut self.rate {
            Rate::Price(quantity) | Rate::Share(quantity) => found.push(quantity),
            Rate::Package { size, price } => found.extend([size, price]),
            Rate::Tiers(_, tiers) => {
                for Tier { up_to, price, fee, .. } in tiers {
                    found.extend(up_to.iter_mut().chain([price]).chain(fee));
                }
            }
        }
        found.extend(self.fee.iter_mut().flat_map(|(fee, transactions)| [fee, transactions]));
        found.extend(self.minimum.iter_mut().chain(&mut self.maximum));
        found.extend(self.milestones.iter_mut().map(|milestone| &mut milestone.amount));
        found
    }
}
