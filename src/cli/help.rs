//! `help`: of a command, or of the language of formulas.

use anyhow::bail;
use bizmodel::error::suggest::{did_you_mean, list};
use bizmodel::formula::functions::{self, Function, Meaning};
use std::fmt::Write as _;

use super::{Outcome, command, output};

/// Explain a command, or how formulas are written
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A command, `formulas`, `functions` or `distributions`
    topic: Option<String>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let text = match args.topic.as_deref() {
        None => command().render_long_help().to_string(),
        Some("formulas") => formulas(),
        Some("functions") => functions(&GROUPS),
        Some("distributions") => functions(&[DISTRIBUTIONS]),
        Some(name) => subcommand(name)?.render_long_help().to_string(),
    };
    Ok(Outcome::Text(text, output::Target::Stdout))
}

/// The command of that name, as it is reached from the shell.
pub fn subcommand(name: &str) -> anyhow::Result<clap::Command> {
    let mut whole = command();
    whole.build();
    if let Some(found) = whole.find_subcommand(name) {
        return Ok(found.clone().display_name(format!("bizmodel-{name}")));
    }
    let names: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).chain(TOPICS).collect();
    let suggestion = did_you_mean(name, names.iter().copied()).map(|text| format!("; {text}")).unwrap_or_default();
    bail!("there is no help on `{name}`{suggestion}; there is on {}", list(names.iter().copied()));
}

/// What there is help on besides the commands.
const TOPICS: [&str; 3] = ["formulas", "functions", "distributions"];

const GRAMMAR: &str = "\
A formula stands in quotes where a number may stand: `operations = \"50_000 + users * 0.02\"`.

Numbers      1_000  2.5e6  20k (thousand)  1.5M (million)  2B (billion)  3% (0.03)
Names        a bare name is an input: `visitors`; anything else is named in full: `costs.training.units`;
             a segment that is no plain word stands in quotes: `revenue.\"value-added\"`
Built in     users  price  revenue  cost  profit; the tables below list the others
Operators    from the loosest to the tightest:
             or   and   not   == != < <= > >=   + -   * /   - (before a number)   ^
Conditions   are not numbers: write if(users > 1_000, 0.8, 1)
Undefined    what cannot be computed (a division by zero, the logarithm of 0) has no value, and neither has what
             needs it; reports give the reason
";

/// Names that mean something where there are periods.
const OF_PERIODS: &[(&str, &str)] = &[
    ("period", "the number of the period, from 0"),
    ("periods", "how many periods there are"),
    ("year", "the number of the year, from 0: floor(period / periods_per_year)"),
    ("periods_per_year", "1, 4, 12 or 52"),
    ("discount_factor", "(1 + time.discount_rate) ^ (-period / periods_per_year)"),
    ("cumulative", "the profit up to the period and in it"),
    ("cash", "the cash at the end of the period, where `[cash] opening` is said"),
    ("sums.recurring_revenue", "the revenue lines that recur"),
    ("sums.cost_of_revenue", "the cost lines of class `inference` and `operations`"),
    ("sums.marketing", "the cost lines of class `marketing`"),
    ("sums.variable_costs", "the cost lines that are `variable`"),
];

/// The widest signature that its help stands beside, in characters; below a wider one it begins a line of its own.
const WIDEST: usize = 45;

/// Where the rest is found.
const CATALOG: &str = "
Constants, such as h100.flops, grid.france and pue.average, have a source each. `bizmodel catalog` lists them, and the
functions with their units, formulas, sources and examples; `bizmodel catalog h100` those that speak of it.
";

/// Whether a function belongs to a group of the list.
type Belongs = fn(&Function) -> bool;

/// The distributions, a group of their own.
const DISTRIBUTIONS: (&str, Belongs) = ("Distributions: values that are left to chance", Function::is_drawn);

/// The groups of the list.
const GROUPS: [(&str, Belongs); 7] = [
    ("Functions of every formula", |function| matches!(function.meaning, Meaning::Kernel(_) | Meaning::Fold(_))),
    ("Functions of what models take to train and to serve, and of the most that fines may be", |function| {
        matches!(function.meaning, Meaning::Formula(_))
    }),
    ("Functions where the scenario has `[time]`", |function| matches!(function.meaning, Meaning::Time(_))),
    DISTRIBUTIONS,
    ("Functions over all periods, for metrics and questions and not for the quantities of a scenario", |function| {
        function.over_periods()
    }),
    ("Functions over all draws of what is left to chance, for checks and `solve --until`", |function| {
        matches!(function.meaning, Meaning::OverDraws(_))
    }),
    ("Functions of another version of the scenario, for checks", |function| {
        matches!(function.meaning, Meaning::Against(_))
    }),
];

/// How wide the signatures are beside which their help stands.
fn width() -> usize {
    let short = functions::all().map(|function| function.signature().chars().count()).filter(|width| *width <= WIDEST);
    short.max().unwrap_or(0)
}

/// How formulas are written, and all that they know.
fn formulas() -> String {
    let mut text = format!("{GRAMMAR}\nNames where the scenario has `[time]`\n");
    let width = width();
    for (name, help) in OF_PERIODS {
        let _ = writeln!(text, "  {name:width$}  {help}");
    }
    text + "\n" + &functions(&GROUPS)
}

/// The functions of some groups.
fn functions(groups: &[(&str, Belongs)]) -> String {
    let mut text = String::new();
    let width = width();
    for (title, belongs) in groups {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{title}");
        for function in functions::all().filter(|function| belongs(function)) {
            let signature = function.signature();
            let gap = if signature.chars().count() > width { format!("\n  {:width$}", "") } else { String::new() };
            let _ = writeln!(text, "  {signature:width$}{gap}  {}", function.help);
        }
    }
    text.push_str(CATALOG);
    text
}

#[cfg(test)]
mod tests {
    use bizmodel::formula::Path;
    use bizmodel::model::Model;
    use bizmodel::scenario::{Changes, keys};

    use super::*;

    #[test]
    fn the_names_of_periods_are_those_of_a_model_with_periods() -> Result<(), bizmodel::error::Error> {
        let text = "users = 1\nprice = 1\n[time]\nperiods = 2\ndiscount_rate = 0\n[cash]\nopening = 0\n";
        let (_, model) = Model::load("s.toml", text.as_bytes(), &Changes::default())?;
        for (name, _) in OF_PERIODS {
            model.find_periodic(&Path::from(*name))?;
        }
        let listed: Vec<&str> = OF_PERIODS.iter().map(|(name, _)| *name).collect();
        assert!(keys::OF_TIME.iter().all(|name| listed.contains(name)));
        Ok(())
    }
}
