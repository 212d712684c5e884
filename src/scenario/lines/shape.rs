//! Reading how a line's amount comes about: which keys it says, which of them go together, and what is missing.

use crate::error::{Problem, Span};
use crate::formula::Path;
use crate::scenario::keys;
use crate::scenario::pricing::{Credits, Per, Pricing, Rate, Shape};
use crate::scenario::quantity::{Quantity, Range};
use crate::scenario::read::Reader;
use crate::scenario::schedule;
use crate::scenario::time::Time;
use crate::scenario::tree::{Entry, Table, Value};

use super::priced_by_users;

/// The keys that say what units cost. A line has one of them, or an amount.
pub const RATES: [&str; 4] = ["price", "tiers", "package", "share"];

/// The keys from which an amount is computed, besides those of [`RATES`].
pub const COMPUTING: [&str; 16] = [
    "units",
    "tiering",
    "free",
    "of",
    "credits",
    "fee",
    "transactions",
    "minimum",
    "maximum",
    "per",
    "milestones",
    "fees",
    "count",
    "reduction",
    "exchange",
    "granted_after",
];

/// Keys that do not go together, and what to do.
static CLASHES: &[(&str, &str, &str)] = &[
    ("price", "tiers", "keep `tiers`, each with its `price`, or keep `price`"),
    ("price", "package", "keep `package`, with the `price` of each, or keep `price`"),
    ("price", "share", "a share is a price: keep one of the two"),
    ("tiers", "package", "packages have one price: keep one of the two, or make each package a tier with a `fee`"),
    ("tiers", "share", "say the money as `units`, and in each tier `price = \"1%\"`"),
    ("package", "share", "keep one of the two"),
    ("tiers", "free", "say the free units as the first tier: `{ up_to = 100, price = 0 }`"),
    ("units", "of", "keep `units` with a `price`, or `of` with a `share`"),
    ("credits", "units", "what is earned are the credits that are used: leave `units` out"),
    ("credits", "tiers", CREDITS_HAVE_A_PRICE),
    ("credits", "package", CREDITS_HAVE_A_PRICE),
    ("credits", "share", CREDITS_HAVE_A_PRICE),
    ("credits", "free", "take them off what is used: `used = \"max(0, users * 80 - 1_000)\"`"),
    ("credits", "fee", CREDITS_ALONE),
    ("credits", "minimum", CREDITS_ALONE),
    ("credits", "maximum", CREDITS_ALONE),
    ("credits", "per", "say the credits of all users: `sold = \"users * 100\"`"),
    ("credits", "milestones", CREDITS_ALONE),
];

/// The keys that do not go with fees of offices, which say by themselves how much is due and when.
const NOT_WITH_FEES: [&str; 14] = [
    "units", "price", "tiers", "package", "share", "credits", "fee", "free", "minimum", "maximum", "per", "from",
    "until", "every",
];

const CREDITS_HAVE_A_PRICE: &str = "credits are sold at one price: keep `price`";
const CREDITS_ALONE: &str = "give it a line of its own beside that of the credits";

/// Keys that need another one, and what to do.
static NEEDS: &[(&str, &[&str], &str)] = &[
    ("share", &["of"], "add what it is a share of: `of = \"revenue.sales\"`, or less costs for a share of the net"),
    ("of", &["share"], "add how much of it is due: `share = \"30%\"`"),
    ("tiering", &["tiers"], "add `tiers = [{ up_to = 100, price = 1 }, { price = 0.5 }]`, or leave it out"),
    ("fee", &["transactions"], "add how many there are: `transactions = \"users * 3\"`"),
    ("transactions", &["fee"], "add what each costs: `fee = 0.10`"),
    ("credits", &["price"], "add what each credit costs: `price = 0.01`"),
    ("count", &["fees"], FEES),
    ("reduction", &["fees"], FEES),
    ("exchange", &["fees"], FEES),
    ("granted_after", &["fees"], FEES),
    ("per", &["units", "of"], "add what one user uses: `units = 250`"),
];

const FEES: &str = "add what is charged, such as `fees = \"cnipa.invention\"`, or leave it out";

impl Reader<'_> {
    /// How a line's amount comes about; what does not go together is told, and nothing is read then.
    pub(super) fn shape(&mut self, table: &Table, path: &Path, key: Span, time: Option<&Time>) -> Option<Shape> {
        let known = self.problems.len();
        self.clashes(table, path);
        if let Some(entry) = table.get("amount") {
            // A bare line is an amount without a key of its own.
            let name = if entry.key == key { path.clone() } else { path.child("amount") };
            let amount = self.read(name, &entry.node, Range::Any);
            self.priced(table, path, time);
            return amount.map(Shape::Amount).filter(|_| self.problems.len() == known);
        }
        if table.contains_key("fees") {
            return self.fees(table, path).filter(|_| self.problems.len() == known);
        }
        if self.problems.len() == known {
            self.missing(table, path, key);
        }
        if table.contains_key("credits") {
            return self.credits(table, path, time).filter(|_| self.problems.len() == known);
        }
        let milestones_alone = table.contains_key("milestones") && !says_price(table);
        if milestones_alone {
            return self.milestones(table, path, time).map(Shape::Milestones);
        }
        self.priced(table, path, time).filter(|_| self.problems.len() == known)
    }

    /// Tells keys that do not go together.
    pub(in crate::scenario) fn clashes(&mut self, table: &Table, path: &Path) {
        let path = path.in_ticks();
        if let (Some(amount), Some(other)) = (table.get("amount"), first_computing(table)) {
            let (name, entry) = other;
            let what =
                if ["units", "price"].contains(&name) { "units or a price".to_owned() } else { format!("`{name}`") };
            self.problems.push(
                Problem::at(amount.key, format!("{path} has an amount and also {what}"))
                    .label("the amount is said outright here")
                    .related(entry.key, "and computed from here")
                    .help("keep `amount`, or keep `units` and `price`"),
            );
            return;
        }
        if let Some(fees) = table.get("fees") {
            for (name, entry) in NOT_WITH_FEES.iter().filter_map(|name| Some((name, table.get(*name)?))) {
                self.problems.push(
                    Problem::at(entry.key, format!("{path} has `fees` and also `{name}`"))
                        .label("fees say by themselves how much is due and when")
                        .related(fees.key, "they stand here")
                        .help("keep `fees`, with `at` for when it is filed, and give the rest a line of its own"),
                );
            }
        }
        for (one, other, help) in CLASHES {
            if let (Some(first), Some(second)) = (table.get(*one), table.get(*other)) {
                self.problems.push(
                    Problem::at(second.key, format!("{path} has `{one}` and also `{other}`"))
                        .label(format!("this does not go with `{one}`"))
                        .related(first.key, "which stands here")
                        .help(*help),
                );
            }
        }
    }

    /// Tells keys without those that they need.
    pub(in crate::scenario) fn needs(&mut self, table: &Table, path: &Path) {
        for (name, needed, help) in NEEDS {
            let Some(entry) = table.get(*name) else { continue };
            if !needed.iter().any(|needed| table.contains_key(*needed)) {
                let needed = needed[0];
                self.problems.push(
                    Problem::at(entry.key, format!("{} has `{name}` and no `{needed}`", path.in_ticks())).help(*help),
                );
            }
        }
    }

    /// Tells keys without those that they need, and a line that says no amount at all.
    fn missing(&mut self, table: &Table, path: &Path, key: Span) {
        let before = self.problems.len();
        self.needs(table, path);
        if says_price(table) || table.contains_key("credits") || self.problems.len() > before {
            return;
        }
        let problem = match (table.get("units"), first_computing(table)) {
            (Some(entry), _) => Problem::at(entry.key, format!("{} has units and no price", path.in_ticks()))
                .help("add what each unit costs, such as `price = 2.5`"),
            (None, Some(("milestones", _))) => return,
            (None, Some((name, entry))) => {
                Problem::at(entry.key, format!("{} has `{name}` and no price", path.in_ticks()))
                    .help("add what each unit costs, such as `price = 2.5`")
            }
            (None, None) => Problem::at(key, format!("{} says no amount", path.in_ticks()))
                .help("add `amount = 1_000`, or `units` and `price`"),
        };
        self.problems.push(problem);
    }

    fn priced(&mut self, table: &Table, path: &Path, time: Option<&Time>) -> Option<Shape> {
        let optional = |reader: &mut Self, key| reader.quantity(table, key, path, Range::NotNegative);
        let units = optional(self, "units");
        let of = self.quantity(table, "of", path, Range::Any);
        let free = optional(self, "free");
        let rate = self.rate(table, path);
        let per_transaction = optional(self, "fee").zip(optional(self, "transactions"));
        let (minimum, maximum) = (optional(self, "minimum"), optional(self, "maximum"));
        self.limits(path, minimum.as_ref(), maximum.as_ref());
        let per = if self.word(table, "per", path, &["user"]).is_some() { Per::User } else { Per::All };
        let milestones = self.milestones(table, path, time).unwrap_or_default();
        let plain = free.is_none() && per_transaction.is_none() && minimum.is_none() && maximum.is_none();
        Some(match rate? {
            Rate::Price(price) if plain && per == Per::All && milestones.is_empty() => Shape::Product { units, price },
            rate => {
                let units = units.or(of);
                Shape::Priced(Box::new(Pricing {
                    units,
                    free,
                    rate,
                    fee: per_transaction,
                    minimum,
                    maximum,
                    per,
                    milestones,
                }))
            }
        })
    }

    fn rate(&mut self, table: &Table, path: &Path) -> Option<Rate> {
        if table.contains_key("share") {
            return self.quantity(table, "share", path, Range::Share).map(Rate::Share);
        }
        self.unit_rate(table, path)
    }

    /// What units cost.
    pub(in crate::scenario) fn unit_rate(&mut self, table: &Table, path: &Path) -> Option<Rate> {
        if let Some(entry) = table.get("price") {
            let name = if *path == priced_by_users() { Path::new(["price"]) } else { path.child("price") };
            return self.read(name, &entry.node, Range::NotNegative).map(Rate::Price);
        }
        if let Some(entry) = table.get("package") {
            return self.package(entry, &path.child("package"));
        }
        self.tiers(table, path)
    }

    fn package(&mut self, entry: &Entry, path: &Path) -> Option<Rate> {
        let table = self.inner(entry, path, keys::PACKAGE, "a package", "package = { size = 100, price = 5 }")?;
        for key in keys::names(keys::PACKAGE).filter(|key| !table.contains_key(*key)) {
            self.problems.push(
                Problem::at(entry.key, format!("{} has no `{key}`", path.in_ticks()))
                    .help("write `package = { size = 100, price = 5 }`"),
            );
        }
        let size = self.quantity(table, "size", path, Range::Positive);
        let price = self.quantity(table, "price", path, Range::NotNegative);
        Some(Rate::Package { size: size?, price: price? })
    }

    fn credits(&mut self, table: &Table, line: &Path, time: Option<&Time>) -> Option<Shape> {
        let example = "credits = { sold = \"users * 100\", used = \"users * 80\" }";
        let (entry, path) = (table.get("credits")?, line.child("credits"));
        let credits = self.inner(entry, &path, keys::CREDITS, "prepaid credits", example)?;
        for key in ["sold", "used"].into_iter().filter(|key| !credits.contains_key(*key)) {
            self.problems.push(
                Problem::at(entry.key, format!("{} does not say how many are {key}", path.in_ticks()))
                    .help(format!("write `{example}`")),
            );
        }
        let sold = self.quantity(credits, "sold", &path, Range::NotNegative);
        let used = self.quantity(credits, "used", &path, Range::NotNegative);
        let price = self.quantity(table, "price", line, Range::NotNegative);
        let valid_for = self.validity(credits, &path, time);
        Some(Shape::Credits(Box::new(Credits { sold: sold?, used: used?, valid_for, price: price? })))
    }

    fn validity(&mut self, credits: &Table, path: &Path, time: Option<&Time>) -> Option<usize> {
        let entry = credits.get("valid_for")?;
        let periods = schedule::whole(&entry.node).filter(|periods| *periods >= 1);
        let problem = match (periods, time) {
            (Some(periods), Some(_)) => return Some(periods),
            (None, _) => Problem::at(entry.node.span, "`valid_for` must be a whole number of periods, 1 or more")
                .help("`valid_for = 12` with a period of a month is a year"),
            (Some(_), None) => Problem::at(entry.key, format!("{} needs periods", path.child("valid_for").in_ticks()))
                .label("the scenario has no `[time]`")
                .help("add `[time]` with `periods = 36`, or leave it out"),
        };
        if time.is_some() || !self.broken.contains(&Path::new(["time"])) {
            self.problems.push(problem);
        }
        None
    }

    /// A table under a key of a line.
    fn inner<'t>(
        &mut self,
        entry: &'t Entry,
        path: &Path,
        allowed: &'static [keys::Key],
        what: &str,
        example: &str,
    ) -> Option<&'t Table> {
        let Value::Table(table) = &entry.node.value else {
            self.problems.push(
                Problem::at(entry.node.span, format!("{} must be a table", path.in_ticks()))
                    .label(format!("this is {}", entry.node.value.describe()))
                    .help(format!("write `{example}`")),
            );
            return None;
        };
        self.only(table, allowed, what, path);
        Some(table)
    }

    /// Refuses a least amount above the most.
    pub(in crate::scenario) fn limits(&mut self, path: &Path, minimum: Option<&Quantity>, maximum: Option<&Quantity>) {
        let (Some(minimum), Some(maximum)) = (minimum, maximum) else { return };
        if let (Some(least), Some(most)) = (minimum.expression.literal(), maximum.expression.literal())
            && least > most
        {
            self.problems.push(
                Problem::at(maximum.span, format!("{} has a `maximum` below its `minimum`", path.in_ticks()))
                    .label(format!("{most} is less than {least}"))
                    .related(minimum.span, "the least that is due")
                    .help("the amount is held between the two: let `maximum` be the larger one"),
            );
        }
    }
}

fn says_price(table: &Table) -> bool {
    RATES.iter().any(|key| table.contains_key(*key))
}

/// The first key, in the order of the table of keys, from which an amount is computed.
fn first_computing(table: &Table) -> Option<(&'static str, &Entry)> {
    keys::names(keys::LINE)
        .filter(|key| RATES.contains(key) || COMPUTING.contains(key))
        .find_map(|key| table.get(key).map(|entry| (key, entry)))
}
