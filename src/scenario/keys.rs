//! Every key that a scenario may have, with its help: the reader, its errors and the JSON Schema are derived from here.

mod prices;

use super::areas;
use super::fees;
use super::pricing::Tiering;
use super::risks::Kind;
use super::time::Period;
pub use prices::{CREDITS, INTERNAL_PRICE, MILESTONE, PACKAGE, PLAN, PRICES, TIER};

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// The key as written.
    pub name: &'static str,
    /// What may stand behind it.
    pub value: Form,
    /// What it is for, in one sentence.
    pub help: &'static str,
}

/// What may stand behind a key.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A string.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
    /// One of some words, or a list of them.
    Words(&'static [&'static str]),
    /// A number or a formula.
    Quantity,
    /// A number or a formula, or a table of these keys.
    QuantityOr(&'static [Key]),
    /// A table of these keys.
    Table(&'static [Key]),
    /// A whole number, 1 or more.
    Whole,
    /// `true` or `false`.
    Boolean,
    /// A period, by its number or its label.
    Period,
    /// A period or a list of periods.
    Periods,
    /// The label of a period, such as `2026-01`.
    Label,
    /// A table of quantities under free names.
    Quantities,
    /// A table of lines under free names.
    Lines(Group),
    /// A table of plans of these keys under free names.
    Plans(&'static [Key]),
    /// A table of these keys, and of models with their prices under free names.
    Prices(&'static [Key]),
    /// A table of risks of these keys under free names.
    Risks(&'static [Key]),
    /// A table of partial scenarios under free names.
    Cases,
    /// A table of checks under free names: a condition, or a table of these keys.
    Checks(&'static [Key]),
    /// A condition, such as `profit > 0`.
    Condition,
    /// A list of tables of these keys.
    Tables(&'static [Key]),
    /// A list of tables of these keys; in a case, some of its items by their number.
    Items(&'static [Key]),
    /// A list of two names.
    Pair,
    /// A number between −1 and 1.
    Rank,
}

/// What a line is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// What is earned.
    Revenue,
    /// What is spent.
    Costs,
    /// What may go wrong, and what it then costs.
    Risks,
    /// What is done that is not money: energy, carbon, people helped.
    Impact,
}

impl Group {
    /// The groups in the order of reports.
    pub const ALL: [Group; 4] = [Group::Revenue, Group::Costs, Group::Risks, Group::Impact];

    /// The table's key in the file.
    pub fn key(self) -> &'static str {
        match self {
            Group::Revenue => "revenue",
            Group::Costs => "costs",
            Group::Risks => "risks",
            Group::Impact => "impact",
        }
    }
}

/// What kind of cost a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Acquiring and preparing data.
    Data,
    /// Training and fine-tuning models.
    Training,
    /// Running the service.
    Operations,
    /// Computing answers for users.
    Inference,
    /// Meeting laws and standards.
    Compliance,
    /// Protecting intellectual property.
    Ip,
    /// Winning users.
    Marketing,
    /// Salaries and contractors.
    People,
    /// Anything else.
    Other,
}

impl Class {
    /// The classes' names, in the order of the enumeration.
    pub const NAMES: [&'static str; 9] =
        ["data", "training", "operations", "inference", "compliance", "ip", "marketing", "people", "other"];

    const ALL: [Class; 9] = [
        Class::Data,
        Class::Training,
        Class::Operations,
        Class::Inference,
        Class::Compliance,
        Class::Ip,
        Class::Marketing,
        Class::People,
        Class::Other,
    ];

    /// The class of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::NAMES.iter().position(|known| *known == name).map(|at| Self::ALL[at])
    }

    /// The class's name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

const fn key(name: &'static str, value: Form, help: &'static str) -> Key {
    Key { name, value, help }
}

/// The keys at the top of a scenario.
pub static SCENARIO: &[Key] = &[
    key("name", Form::Text, "What the scenario is called in reports."),
    key("description", Form::Text, "What it is about, in a sentence or two."),
    key("currency", Form::Text, "The currency of all money, such as `USD`; nothing is converted."),
    key("time", Form::Table(TIME), "The horizon; without it there is one period and no time."),
    key("users", Form::QuantityOr(USERS), "How many users there are (N), or how their number grows."),
    key("price", Form::Quantity, "What each user pays per period (S); short for `[revenue.subscription] price`."),
    key("inputs", Form::Quantities, "Free names for use in formulas."),
    key("revenue", Form::Lines(Group::Revenue), "What is earned, line by line."),
    key("plans", Form::Plans(PLAN), "Plans that some of the users pay for; the others are free."),
    key("prices", Form::Prices(PRICES), "The price book: what models cost per token, from a file or said here."),
    key("costs", Form::Lines(Group::Costs), "What is spent, line by line."),
    key("risks", Form::Risks(RISK), "What may go wrong, how often, and what it then costs."),
    key("impact", Form::Lines(Group::Impact), "What is done that is not money: energy, carbon, people helped."),
    key("cash", Form::Table(CASH), "The money at hand."),
    key("correlations", Form::Tables(CORRELATION), "Which uncertain quantities go together, as `[[correlations]]`."),
    key("cases", Form::Cases, "Partial scenarios laid over this one with `--case NAME`."),
    key("checks", Form::Checks(CHECK), "What must hold, asked by `bizmodel check`: conditions under free names."),
];

/// The keys of a correlation.
pub static CORRELATION: &[Key] = &[
    key("between", Form::Pair, "The names of the two quantities, such as `inputs.visitors`."),
    key("rank", Form::Rank, "Their rank correlation (Spearman), above -1 and below 1."),
];

/// The keys of a check.
pub static CHECK: &[Key] = &[
    key("condition", Form::Condition, "What must hold, such as `profit > 0` or `all(cash >= 0)`."),
    key(
        "level",
        Form::Word(&["fail", "warn"]),
        "Whether a check that fails fails the command (`fail`) or is told only.",
    ),
    key("case", Form::Text, "The case in which it must hold; without it, the scenario as it stands."),
    key("cases", Form::Word(&["all"]), "`all`: it must hold in every case, and in the scenario as it stands."),
    key("note", Form::Text, "What to do or to know where it fails."),
];

/// The keys of a risk.
pub static RISK: &[Key] = &[
    key("kind", Form::Word(&Kind::NAMES), "What kind of risk it is; a risk named like a kind is of that kind."),
    key("probability", Form::Quantity, "The probability that it happens in a year; without `[time]`, at all."),
    key("rate", Form::Quantity, "How many events there are per year on average; without `[time]`, in all."),
    key("loss", Form::Quantity, "What one event costs; a range is drawn anew for each event."),
    key("deductible", Form::Quantity, "What of each loss is paid before an insurance pays."),
    key("limit", Form::Quantity, "The loss up to which an insurance pays; what is above is paid oneself."),
    key("cap", Form::Quantity, "The most that one event can cost, such as `\"gdpr_cap(12 * revenue)\"`."),
    key("from", Form::Period, "The first period in which it may happen."),
    key("until", Form::Period, "The last period in which it may happen."),
    key("note", Form::Text, "A remark for whoever reads the scenario."),
    key("source", Form::Text, "Where the figures come from."),
];

/// The keys of `[time]`.
pub static TIME: &[Key] = &[
    key("period", Form::Word(&Period::NAMES), "How long a period is; `month` where left out."),
    key("periods", Form::Whole, "How many periods there are, from 1 to 1,200."),
    key("start", Form::Label, "What the first period is called, such as `2026-01`; the others follow."),
    key("discount_rate", Form::Quantity, "The rate per year, effective, at which later money is worth less."),
    key(
        "finance_rate",
        Form::Quantity,
        "The rate per year of borrowed money, for MIRR; `discount_rate` where left out.",
    ),
    key(
        "reinvestment_rate",
        Form::Quantity,
        "The rate per year of money earned, for MIRR; `discount_rate` where left out.",
    ),
];

/// The keys of `[users]`.
pub static USERS: &[Key] = &[
    key("start", Form::Quantity, "How many users there are in period 0."),
    key("joins", Form::Quantity, "How many join in each period, and are billed from the next."),
    key("churn", Form::Quantity, "The share of users lost per period."),
];

/// The keys of `[cash]`.
pub static CASH: &[Key] = &[key("opening", Form::Quantity, "The money at hand before period 0.")];

/// The keys of a line that say when it is due.
pub static SCHEDULE: [&str; 4] = ["at", "from", "until", "every"];

/// The keys of a line.
pub static LINE: &[Key] = &[
    key("amount", Form::Quantity, "The line's amount per period."),
    key("units", Form::Quantity, "How many are sold or bought per period; `users` where left out."),
    key("price", Form::Quantity, "What each unit costs."),
    key("tiers", Form::Items(TIER), "Prices by how many units there are, tier by tier."),
    key(
        "tiering",
        Form::Word(&Tiering::NAMES),
        "`graduated`: the units of each tier at its price; `volume`: all units at the price of the tier they reach.",
    ),
    key("package", Form::Table(PACKAGE), "Whole packages of units, each at a price; one that is begun is charged."),
    key("free", Form::Quantity, "How many of the units cost nothing."),
    key("share", Form::Quantity, "The share that is due of what `of` says, such as `\"30%\"`."),
    key("of", Form::Quantity, "What the share is of: a gross amount, or what is left of it after costs."),
    key("credits", Form::Table(CREDITS), "Prepaid credits: paid when sold, earned when used or lapsed."),
    key("fee", Form::Quantity, "What each transaction costs, besides the price or the share."),
    key("transactions", Form::Quantity, "How many transactions there are, each at the `fee`."),
    key("minimum", Form::Quantity, "The least that is due per period."),
    key("maximum", Form::Quantity, "The most that is due per period."),
    key("per", Form::Word(&["user"]), "`user`: all that is said is of one user, and every user pays it."),
    key("milestones", Form::Items(MILESTONE), "What is due once, each in its own period, besides the rest."),
    key("internal_price", Form::Table(INTERNAL_PRICE), "Of impact: what it costs in one's own books, as a cost line."),
    key("fees", Form::Word(&fees::NAMES), "What an office charges for a patent or a trademark, on dates of its own."),
    key("count", Form::Quantity, "How many there are, each at the `fees`; 1 where left out."),
    key("reduction", Form::Quantity, "What an applicant is let off of the `fees` that can be reduced."),
    key("exchange", Form::Quantity, "What one unit of the currency of the `fees` costs in that of the scenario."),
    key("granted_after", Form::Whole, "How many periods after filing (`at`) it is granted; two years where left out."),
    key("class", Form::Word(&Class::NAMES), "What kind of cost it is; a line named like a class has that class."),
    key(
        "at",
        Form::Periods,
        "The period, or the list of periods, in which the line is due; every period where left out.",
    ),
    key("from", Form::Period, "The first period in which the line recurs."),
    key("until", Form::Period, "The last period in which the line recurs."),
    key("every", Form::Whole, "After how many periods the line recurs: 12 for once a year of months."),
    key("variable", Form::Boolean, "Whether the cost grows with each user, for the contribution margin."),
    key(
        "recurring",
        Form::Boolean,
        "Whether the revenue counts as recurring, for MRR; it does if due in every period.",
    ),
    key("covers", Form::Words(&areas::NAMES), "What else the line stands for, as `bizmodel review` asks."),
    key("unit", Form::Text, "What the units are counted in, such as `H100-hour`."),
    key("note", Form::Text, "A remark for whoever reads the scenario."),
    key("source", Form::Text, "Where the figures come from."),
];

/// The names of some keys.
pub fn names(keys: &'static [Key]) -> impl Iterator<Item = &'static str> {
    keys.iter().map(|key| key.name)
}

/// The names that mean something in every formula, so that an input may not take them.
pub static BUILT_IN: &[&str] = &[
    "users",
    "price",
    "period",
    "periods",
    "periods_per_year",
    "year",
    "discount_factor",
    "revenue",
    "cost",
    "profit",
    "cumulative",
    "cash",
];

/// Those of them that mean something only where there are periods.
pub static OF_TIME: &[&str] =
    &["period", "periods", "periods_per_year", "year", "discount_factor", "cumulative", "cash"];
