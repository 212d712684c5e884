//! What offices charge for patents and trademarks, as fees that are due on dates of their own: when it is filed, when it is
//! granted, and in later years. What attorneys charge is another line, and often the larger one.

use crate::error::suggest::{did_you_mean, list};
use crate::error::{Problem, Span};
use crate::formula::Path;

use super::pricing::Shape;
use super::quantity::{Quantity, Range};
use super::read::Reader;
use super::schedule::whole;
use super::tree::Table;
use super::{Line, Schedule, Time};

/// The fees of one office for one kind of right.
#[derive(Debug, PartialEq)]
pub struct FeeSchedule {
    /// Its name.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub help: &'static str,
    /// The currency of the fees.
    pub currency: &'static str,
    /// The fees, in the order in which they are due.
    pub fees: &'static [Fee],
    /// From when on the fees hold; empty where that is not known.
    pub as_of: &'static str,
    /// Where they come from.
    pub source: &'static str,
    /// What a careful reader should know; may be empty.
    pub remark: &'static str,
}

/// A fee.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fee {
    /// Its name.
    pub name: &'static str,
    /// How much it is.
    pub amount: f64,
    /// When it is due.
    pub due: Due,
    /// Whether a reduction applies to it.
    pub reducible: bool,
}

/// When a fee is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Due {
    /// When it is filed.
    Filing,
    /// When it is granted.
    Grant,
    /// So many years after it was granted.
    AfterGrant(f64),
    /// At the start of that year after filing, the first being 1; of the year in which it is granted, then; of years before
    /// that, never.
    Year(u32),
}

const fn fee(name: &'static str, amount: f64, due: Due) -> Fee {
    Fee { name, amount, due, reducible: false }
}

const fn reducible(name: &'static str, amount: f64, due: Due) -> Fee {
    Fee { name, amount, due, reducible: true }
}

/// The annuities of a Chinese invention; reductions end ten years after the grant, which is not modeled.
const fn year(number: u32, name: &'static str) -> Fee {
    let amount = match number {
        1..=3 => 900.0,
        4..=6 => 1_200.0,
        7..=9 => 2_000.0,
        10..=12 => 4_000.0,
        13..=15 => 6_000.0,
        _ => 8_000.0,
    };
    reducible(name, amount, Due::Year(number))
}

const fn uspto([filing, issue, third, seventh, eleventh]: [f64; 5]) -> [Fee; 5] {
    [
        fee("filing", filing, Due::Filing),
        fee("issue", issue, Due::Grant),
        fee("maintenance_1", third, Due::AfterGrant(3.5)),
        fee("maintenance_2", seventh, Due::AfterGrant(7.5)),
        fee("maintenance_3", eleventh, Due::AfterGrant(11.5)),
    ]
}

const CNIPA: &str = "CNIPA, schedule of patent fees";
const USPTO: &str = "USPTO fee schedule, as tabulated by Smith & Hopen (smithhopen.com)";
const UNCHECKED: &str = "not checked against its source; renewals are not included";

/// The schedules, in the order in which they are listed.
pub static SCHEDULES: &[FeeSchedule] = &[
    FeeSchedule {
        name: "cnipa.invention",
        help: "a patent for an invention in China",
        currency: "CNY",
        fees: &[
            reducible("filing", 900.0, Due::Filing),
            fee("publication", 50.0, Due::Filing),
            reducible("examination", 2_500.0, Due::Filing),
            year(1, "year_1"),
            year(2, "year_2"),
            year(3, "year_3"),
            year(4, "year_4"),
            year(5, "year_5"),
            year(6, "year_6"),
            year(7, "year_7"),
            year(8, "year_8"),
            year(9, "year_9"),
            year(10, "year_10"),
            year(11, "year_11"),
            year(12, "year_12"),
            year(13, "year_13"),
            year(14, "year_14"),
            year(15, "year_15"),
            year(16, "year_16"),
            year(17, "year_17"),
            year(18, "year_18"),
            year(19, "year_19"),
            year(20, "year_20"),
        ],
        as_of: "2025",
        source: CNIPA,
        remark: "an eligible applicant (taxable income below 1M, for one) has a reduction of 85%, two or more of 70%; which \
                 fees it applies to is not checked against its source: here all but the publication",
    },
    FeeSchedule {
        name: "cnipa.trademark",
        help: "a trademark in China, online, per class of up to ten items",
        currency: "CNY",
        fees: &[fee("filing", 270.0, Due::Filing)],
        as_of: "",
        source: "CNIPA, schedule of trademark fees",
        remark: UNCHECKED,
    },
    FeeSchedule {
        name: "uspto.patent.large",
        help: "a utility patent in the United States, of a large company; filing with search and examination",
        currency: "USD",
        fees: &uspto([2_000.0, 1_290.0, 2_150.0, 4_040.0, 8_280.0]),
        as_of: "2025-01-19",
        source: USPTO,
        remark: "",
    },
    FeeSchedule {
        name: "uspto.patent.small",
        help: "a utility patent in the United States, of a small company; filing with search and examination",
        currency: "USD",
        fees: &uspto([800.0, 516.0, 860.0, 1_616.0, 3_312.0]),
        as_of: "2025-01-19",
        source: USPTO,
        remark: "",
    },
    FeeSchedule {
        name: "uspto.patent.micro",
        help: "a utility patent in the United States, of a micro entity; filing with search and examination",
        currency: "USD",
        fees: &uspto([400.0, 258.0, 430.0, 808.0, 1_656.0]),
        as_of: "2025-01-19",
        source: USPTO,
        remark: "80% off the fees of a large company, as for most fees; not checked fee by fee",
    },
    FeeSchedule {
        name: "uspto.trademark",
        help: "a trademark in the United States, base application, per class",
        currency: "USD",
        fees: &[fee("filing", 350.0, Due::Filing)],
        as_of: "2025-01-18",
        source: "USPTO, trademark fees",
        remark: UNCHECKED,
    },
];

/// The schedules' names.
pub const NAMES: [&str; 6] = [
    "cnipa.invention",
    "cnipa.trademark",
    "uspto.patent.large",
    "uspto.patent.small",
    "uspto.patent.micro",
    "uspto.trademark",
];

/// How many years after filing it is granted, where nothing else is said: an assumption.
const YEARS_TO_GRANT: usize = 2;

/// The fees of a line.
#[derive(Clone, Debug)]
pub struct Fees {
    /// What is charged.
    pub schedule: &'static FeeSchedule,
    /// Where its name stands.
    pub span: Span,
    /// How many there are, each at these fees.
    pub count: Option<Quantity>,
    /// What is taken off the fees that can be reduced.
    pub reduction: Option<Quantity>,
    /// What a unit of the fees' currency costs in that of the scenario.
    pub exchange: Option<Quantity>,
    /// How many periods after filing it is granted, where the line says so.
    pub granted_after: Option<usize>,
}

impl Fees {
    /// Its quantities, in the order in which they are computed.
    pub fn quantities(&self) -> Vec<&Quantity> {
        self.count.iter().chain(&self.reduction).chain(&self.exchange).collect()
    }

    /// As [`Fees::quantities`], to be changed.
    pub fn quantities_mut(&mut self) -> Vec<&mut Quantity> {
        self.count.iter_mut().chain(&mut self.reduction).chain(&mut self.exchange).collect()
    }

    /// The periods in which one is filed: those that the line lists, or the first.
    pub fn filed(&self, schedule: Option<&Schedule>) -> Vec<usize> {
        let listed = |due: &Schedule| due.iter().enumerate().filter(|(_, due)| **due).map(|(at, _)| at).collect();
        schedule.map_or_else(|| vec![0], listed)
    }

    /// How many periods after filing it is granted.
    pub fn granted_after(&self, time: Option<&Time>) -> usize {
        self.granted_after.unwrap_or_else(|| YEARS_TO_GRANT * per_year(time))
    }

    /// In how many periods after filing a fee is due; none where it never is.
    pub fn due(&self, fee: &Fee, time: Option<&Time>) -> Option<usize> {
        let (grant, year) = (self.granted_after(time), per_year(time));
        match fee.due {
            Due::Filing => Some(0),
            Due::Grant => Some(grant),
            // Half years are told in half periods of a year: the period in which the date lies.
            Due::AfterGrant(years) => Some(grant + whole_periods(years, year)),
            Due::Year(number) => {
                let number = usize::try_from(number).unwrap_or(usize::MAX);
                let (starts, ends) = ((number - 1).saturating_mul(year), number.saturating_mul(year));
                (ends > grant).then_some(starts.max(grant))
            }
        }
    }
}

fn per_year(time: Option<&Time>) -> usize {
    time.map_or(1, |time| usize::try_from(time.period.per_year()).unwrap_or(1))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a few years")]
fn whole_periods(years: f64, per_year: usize) -> usize {
    (years * per_year as f64).floor() as usize
}

impl Reader<'_> {
    /// The fees of a line.
    pub(super) fn fees(&mut self, table: &Table, path: &Path) -> Option<Shape> {
        let entry = table.get("fees")?;
        let count = self.quantity(table, "count", path, Range::NotNegative);
        let reduction = self.quantity(table, "reduction", path, Range::Share);
        let exchange = self.quantity(table, "exchange", path, Range::Positive);
        let granted_after = table.get("granted_after").and_then(|entry| {
            let found = whole(&entry.node).filter(|periods| *periods >= 1);
            if found.is_none() {
                self.problems.push(
                    Problem::at(entry.node.span, "`granted_after` must be a whole number of periods, 1 or more")
                        .help("`granted_after = 24` with a period of a month is two years"),
                );
            }
            found
        });
        let word = self.text(table, "fees", path)?;
        let Some(schedule) = SCHEDULES.iter().find(|schedule| schedule.name == word) else {
            self.problems.push(
                Problem::at(entry.node.span, format!("there is no schedule of fees `{word}`"))
                    .maybe_help(did_you_mean(&word, NAMES))
                    .help(format!("the schedules are {}; `bizmodel catalog fees` tells what they charge", list(NAMES))),
            );
            return None;
        };
        if let (Some(reduction), false) = (&reduction, schedule.fees.iter().any(|fee| fee.reducible)) {
            self.problems.push(
                Problem::at(reduction.span, format!("the fees of `{word}` have no reduction"))
                    .help("leave it out; the fees of small and micro entities are schedules of their own"),
            );
        }
        let span = entry.node.span;
        Some(Shape::Fees(Box::new(Fees { schedule, span, count, reduction, exchange, granted_after })))
    }

    /// Refuses fees in another currency than the scenario's, where the line does not say what that costs.
    pub(super) fn fee_currencies(&mut self, lines: &[Line], currency: Option<&str>) {
        let Some(currency) = currency else { return };
        for line in lines {
            let Shape::Fees(fees) = &line.shape else { continue };
            let FeeSchedule { name, currency: charged, .. } = fees.schedule;
            if *charged != currency && fees.exchange.is_none() {
                self.problems.push(
                    Problem::at(fees.span, format!("the fees of `{name}` are in {charged}"))
                        .label(format!("the scenario counts in {currency}, and nothing is converted"))
                        .help(format!(
                            "say what one {charged} costs in {currency}: `exchange = \"inputs.rate\"`, or a number"
                        )),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_schedules_and_every_schedule_has_a_source() {
        assert_eq!(SCHEDULES.iter().map(|schedule| schedule.name).collect::<Vec<_>>(), NAMES);
        for schedule in SCHEDULES {
            assert!(!schedule.source.is_empty() && schedule.fees.iter().all(|fee| fee.amount > 0.0));
            assert!(!schedule.as_of.is_empty() || !schedule.remark.is_empty(), "{}", schedule.name);
        }
        // 900 + 50 + 2,500 when filed.
        let filed = SCHEDULES[0].fees.iter().filter(|fee| fee.due == Due::Filing).map(|fee| fee.amount);
        assert_eq!(filed.sum::<f64>(), 3_450.0);
        // 3 · (900 + 1,200 + 2,000 + 4,000 + 6,000) + 5 · 8,000 over twenty years.
        let years = SCHEDULES[0].fees.iter().filter(|fee| matches!(fee.due, Due::Year(_))).map(|fee| fee.amount);
        assert_eq!(years.sum::<f64>(), 82_300.0);
    }
}
