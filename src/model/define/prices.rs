//! What units cost that have more than a plain price: the formulas behind tiers, packages, shares, fees and bounds.
//!
//! Each step is a definition with a name of its own, so that it can be asked for, explained and varied as any other.

use crate::formula::Path;
use crate::scenario::pricing::{Per, Pricing, Rate, Tier, Tiering};

use super::lines::{Defining, Product};
use super::{Body, DefinitionId, Definitions, Unit};

/// A line's formula while it is put together, and what its names stand for.
struct Charge {
    text: String,
    names: Vec<(&'static str, Path)>,
}

impl Charge {
    fn name(&mut self, name: &'static str, path: Path) {
        self.names.push((name, path));
    }
}

impl Definitions {
    /// The amount of a line with more than a plain price.
    pub(super) fn priced(
        &mut self,
        line: &mut Defining<'_>,
        pricing: &Pricing,
    ) -> Option<(DefinitionId, Option<Product>)> {
        let units = self.units(line, pricing.units.as_ref())?;
        let counted = self.counted(line, pricing, units)?;
        let mut charge = self.rate(line, pricing, counted)?;
        if let Some((fee, transactions)) = &pricing.fee {
            self.quantity(fee, line.price_unit());
            self.quantity(transactions, Unit::Count);
            charge.text.push_str(" + fee * transactions");
            charge.name("fee", fee.path.clone());
            charge.name("transactions", transactions.path.clone());
        }
        for (name, bound) in [("minimum", &pricing.minimum), ("maximum", &pricing.maximum)] {
            let Some(bound) = bound else { continue };
            self.quantity(bound, line.unit.clone());
            charge.name(name, bound.path.clone());
        }
        charge.text = match (&pricing.minimum, &pricing.maximum) {
            (None, None) => charge.text,
            (Some(_), None) => format!("max({}, minimum)", charge.text),
            (None, Some(_)) => format!("min({}, maximum)", charge.text),
            (Some(_), Some(_)) => format!("clamp({}, minimum, maximum)", charge.text),
        };
        let mut product = match &pricing.rate {
            Rate::Share(_) => None,
            _ => Some(Product { units, price: None }),
        };
        if pricing.per == Per::User {
            let users = self.users(line)?;
            let path = line.path.child("per_user");
            let one = self.charge(line, path.clone(), &charge)?;
            let names = vec![("one", path), ("users", self.all[users].path.clone())];
            charge = Charge { text: "users * one".to_owned(), names };
            product = Some(Product { units: users, price: Some(one) });
        }
        let amount = self.with_milestones(line, pricing, &charge)?;
        Some((amount, product.filter(|_| pricing.milestones.is_empty())))
    }

    /// The units that cost something.
    fn counted(&mut self, line: &mut Defining<'_>, pricing: &Pricing, units: DefinitionId) -> Option<Path> {
        let units = self.all[units].path.clone();
        let Some(free) = &pricing.free else { return Some(units) };
        let unit = if matches!(pricing.rate, Rate::Share(_)) { line.unit.clone() } else { line.units_unit() };
        self.quantity(free, unit.clone());
        let path = line.path.child("billed");
        let names = [("units", units), ("free", free.path.clone())];
        self.template(line, (path.clone(), unit), "max(0, units - free)", &names)?;
        Some(path)
    }

    /// What the units cost.
    fn rate(&mut self, line: &mut Defining<'_>, pricing: &Pricing, counted: Path) -> Option<Charge> {
        let mut names = vec![("units", counted)];
        let text = match &pricing.rate {
            Rate::Price(price) => {
                let id = self.price(line, price);
                names.push(("price", self.all[id].path.clone()));
                "units * price"
            }
            Rate::Share(share) => {
                self.quantity(share, Unit::Share);
                names.push(("share", share.path.clone()));
                "units * share"
            }
            Rate::Package { size, price } => {
                self.quantity(size, line.units_unit());
                self.quantity(price, line.price_unit());
                names.push(("size", size.path.clone()));
                let packages = line.path.child("packages");
                self.template(line, (packages.clone(), Unit::Count), "packages(units, size)", &names)?;
                names.extend([("packages", packages), ("price", price.path.clone())]);
                "packages * price"
            }
            Rate::Tiers(tiering, tiers) => {
                let parts = self.tiers(line, *tiering, tiers, &names[0].1)?;
                let path = line.path.child(TIERS);
                self.named(path.clone(), Body::Sum(parts), line.unit.clone(), Some(line.span));
                names.push((TIERS, path));
                TIERS
            }
        };
        Some(Charge { text: text.to_owned(), names })
    }

    /// What each tier costs. Of graduated tiers, each prices the units in it; of volume tiers, the one that the units
    /// reach prices all of them. A tier's fee is due where there are units beyond the end of the tier before.
    fn tiers(
        &mut self,
        line: &mut Defining<'_>,
        tiering: Tiering,
        tiers: &[Tier],
        units: &Path,
    ) -> Option<Vec<DefinitionId>> {
        let mut parts = Vec::with_capacity(tiers.len());
        let mut lower: Option<Path> = None;
        let whole = line.span;
        for (at, tier) in tiers.iter().enumerate() {
            line.span = tier.span;
            let path = line.path.child("tiers").child(&at.to_string());
            let mut names = vec![("units", units.clone()), ("price", tier.price.path.clone())];
            self.quantity(&tier.price, line.price_unit());
            names.extend(lower.take().map(|lower| ("lower", lower)));
            if let Some(up_to) = &tier.up_to {
                self.quantity(up_to, line.units_unit());
                names.push(("upper", up_to.path.clone()));
                lower = Some(up_to.path.clone());
            }
            if let Some(fee) = &tier.fee {
                self.quantity(fee, line.price_unit());
                names.push(("fee", fee.path.clone()));
            }
            let inside = path.child("units");
            let text = units_in_tier(tiering, at > 0, tier.up_to.is_some());
            self.template(line, (inside.clone(), line.units_unit()), text, &names)?;
            names.push(("inside", inside));
            let text = match (tiering, &tier.fee) {
                (_, None) => "inside * price",
                (Tiering::Graduated, Some(_)) if at > 0 => "inside * price + if(exceeds(units, lower), fee, 0)",
                (_, Some(_)) => "inside * price + if(inside > 0, fee, 0)",
            };
            parts.push(self.template(line, (path, line.unit.clone()), text, &names)?);
        }
        line.span = whole;
        Some(parts)
    }

    /// The amount: what recurs, when the line is due, and what is due once.
    fn with_milestones(&mut self, line: &mut Defining<'_>, pricing: &Pricing, charge: &Charge) -> Option<DefinitionId> {
        let once = self.milestones(line, &pricing.milestones);
        let path = if once.is_empty() { line.path.clone() } else { line.path.child("recurring") };
        let charge = self.charge(line, path, charge)?;
        self.all[charge].schedule = line.schedule;
        if once.is_empty() {
            return Some(charge);
        }
        let parts = [charge].into_iter().chain(once).collect();
        Some(self.named(line.path.clone(), Body::Sum(parts), line.unit.clone(), Some(line.span)))
    }

    /// What is due, under that name.
    fn charge(&mut self, line: &mut Defining<'_>, path: Path, charge: &Charge) -> Option<DefinitionId> {
        if charge.text != TIERS {
            return self.template(line, (path, line.unit.clone()), &charge.text, &charge.names);
        }
        // A sum of tiers and nothing else is what is due itself.
        let id = self.names.remove(&line.path.child(TIERS))?;
        self.all[id].path = path.clone();
        self.names.insert(path, id);
        Some(id)
    }
}

/// The sum of the tiers in a formula, and in the name of its definition.
const TIERS: &str = "tiers";

/// The formula of the units that a tier prices, by whether a tier stands before it and whether it ends.
fn units_in_tier(tiering: Tiering, begins: bool, ends: bool) -> &'static str {
    match (tiering, begins, ends) {
        (_, false, false) => "units",
        (Tiering::Graduated, false, true) => "min(units, upper)",
        (Tiering::Graduated, true, true) => "part_between(units, lower, upper)",
        (Tiering::Graduated, true, false) => "part_above(units, lower)",
        (Tiering::Volume, false, true) => "if_between(units, 0, upper)",
        (Tiering::Volume, true, true) => "if_between(units, lower, upper)",
        (Tiering::Volume, true, false) => "if_above(units, lower)",
    }
}
