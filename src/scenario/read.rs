//! From the tree to the scenario: every key known, every value of its kind, all problems collected.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::error::suggest::{did_you_mean, list};
use crate::error::{Error, Problem, Sources, Span};
use crate::formula::Path;
use crate::formula::constants::find_constant;

use super::keys::{self, Group, Key};
use super::overlay;
use super::plans::PLANS;
use super::prices::{self, Books, PRICES};
use super::quantity::{Quantity, Range};
use super::tree::{Node, Table, Value};
use super::{Case, Changes, Draft, Line, Scenario, Users};

/// Reads a document that has just been parsed, with changes laid over it.
pub fn scenario(document: Node, sources: Sources, changes: &Changes, books: Books) -> Result<Draft, Error> {
    let mut problems = Vec::new();
    let Value::Table(table) = document.value else { return Err(Error::new(sources, problems)) };
    if table.is_empty() {
        return Err(Error::new(sources, vec![empty(document.span)]));
    }
    let table = overlay::normalize(table, &mut problems);
    if !problems.is_empty() {
        return Err(Error::new(sources, problems));
    }
    Ok(laid_over(Arc::new(table), sources, changes, books))
}

/// Reads a normalized document with changes laid over it.
pub fn laid_over(document: Arc<Table>, mut sources: Sources, changes: &Changes, mut books: Books) -> Draft {
    let mut problems = Vec::new();
    let laid = overlay::lay(&document, &mut sources, changes, &mut problems);
    let known = problems.len();
    let book = prices::open(&laid, &mut books, &mut sources, &mut problems);
    let broken = if problems.len() > known { vec![Path::new([PRICES])] } else { Vec::new() };
    let mut reader = Reader { sources: &sources, problems, broken };
    let mut scenario = reader.scenario(&laid);
    scenario.cases = reader.cases(&document);
    reader.known_cases(&scenario);
    if !reader.broken.contains(&Path::new([PRICES])) {
        let used = scenario.models_in_use();
        reader.add_listed(&mut scenario.prices, &used, book.as_ref());
    }
    let Reader { problems, broken, .. } = reader;
    if scenario.name.is_empty() {
        scenario.name = sources.get(0).map(|source| stem(&source.name)).unwrap_or_default();
    }
    let (case, settings) = (changes.case.clone(), changes.settings.clone());
    Draft { scenario: Scenario { sources, case, broken, document, settings, books, ..scenario }, problems }
}

/// A file's name without its folder and extension.
fn stem(name: &str) -> String {
    if name == "-" {
        return "standard input".to_owned();
    }
    std::path::Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

const SMALLEST: &str = "the smallest scenario is `users = 1_000`, `price = 100` and `costs.operations = 50_000`; \
    `bizmodel init` offers others";

fn empty(span: Span) -> Problem {
    Problem::at(span, "the scenario is empty").label("nothing is earned and nothing is spent here").help(SMALLEST)
}

/// Reads tables and keeps what is wrong with them.
pub(super) struct Reader<'s> {
    pub(super) sources: &'s Sources,
    pub(super) problems: Vec<Problem>,
    pub(super) broken: Vec<Path>,
}

impl Reader<'_> {
    fn scenario(&mut self, table: &Table) -> Scenario {
        let earns_or_spends = [Group::Revenue.key(), PLANS, Group::Costs.key(), Group::Risks.key()];
        if !earns_or_spends.iter().any(|key| table.contains_key(*key)) {
            let span = table.first().map_or(Span::new(0, 0..0), |(_, entry)| entry.key);
            self.problems.push(
                Problem::at(span, "the scenario has neither revenue nor costs")
                    .label("nothing is earned and nothing is spent here")
                    .help(SMALLEST),
            );
        }
        self.items(table)
    }

    /// Reads whatever of a scenario is there; nothing is required.
    fn items(&mut self, table: &Table) -> Scenario {
        self.only(table, keys::SCENARIO, "a scenario", &Path::root());
        let text = |reader: &mut Self, key| reader.text(table, key, &Path::root());
        let time = self.time(table);
        let mut lines: Vec<Line> = Vec::new();
        for group in Group::ALL {
            if group == Group::Risks {
                lines.extend(self.risks(table, time.as_ref()));
                continue;
            }
            lines.extend(self.lines(table, group, time.as_ref()));
            if group == Group::Revenue {
                lines.extend(self.plans(table, time.as_ref()));
            }
        }
        let internal = self.internal_prices(table, &lines);
        let costs_end =
            lines.iter().position(|line| matches!(line.group, Group::Risks | Group::Impact)).unwrap_or(lines.len());
        lines.splice(costs_end..costs_end, internal);
        let currency = text(self, "currency");
        self.fee_currencies(&lines, currency.as_deref());
        Scenario {
            sources: Sources::new(),
            name: text(self, "name").unwrap_or_default(),
            description: text(self, "description"),
            currency,
            case: None,
            time,
            users: self.users(table),
            inputs: self.inputs(table),
            lines,
            prices: self.own_prices(table),
            opening_cash: self.opening_cash(table),
            checks: self.checks(table),
            correlations: self.correlations(table),
            cases: IndexMap::new(),
            broken: Vec::new(),
            document: Arc::default(),
            settings: Vec::new(),
            books: Books::default(),
        }
    }

    fn users(&mut self, table: &Table) -> Option<Users> {
        let entry = table.get("users")?;
        let Value::Table(stock) = &entry.node.value else {
            return self.quantity(table, "users", &Path::root(), Range::NotNegative).map(Users::Quantity);
        };
        let path = Path::new(["users"]);
        self.only(stock, keys::USERS, "`[users]`", &path);
        if !stock.contains_key("start") {
            self.broken.push(path.clone());
            self.problems.push(
                Problem::at(entry.key, "`[users]` does not say how many there are in period 0")
                    .help("add `start = 0`, or write `users = 1_000` at the top"),
            );
        }
        let start = self.quantity(stock, "start", &path, Range::NotNegative);
        for key in ["joins", "churn"] {
            self.needs_time(stock, key, &path, table);
        }
        let joins = self.quantity(stock, "joins", &path, Range::NotNegative);
        let churn = self.quantity(stock, "churn", &path, Range::Share);
        Some(Users::Stock { span: entry.key, start: start?, joins, churn })
    }

    fn opening_cash(&mut self, table: &Table) -> Option<Quantity> {
        let (cash, path) = self.section(table, "cash")?;
        self.only(cash, keys::CASH, "`[cash]`", &path);
        if cash.is_empty() {
            self.problems
                .push(Problem::at(table.get("cash")?.key, "`[cash]` says nothing").help("add `opening = 100_000`"));
        }
        self.needs_time(cash, "opening", &path, table);
        self.quantity(cash, "opening", &path, Range::Any)
    }

    /// Refuses a key that would change nothing, as the scenario has no periods.
    fn needs_time(&mut self, section: &Table, key: &str, path: &Path, scenario: &Table) {
        if let (Some(entry), false) = (section.get(key), scenario.contains_key("time")) {
            self.problems.push(
                Problem::at(entry.key, format!("`{}` needs periods", path.child(key)))
                    .label("the scenario has no `[time]`")
                    .help("add `[time]` with `periods = 36`, or leave it out"),
            );
        }
    }

    fn inputs(&mut self, table: &Table) -> Vec<Quantity> {
        let Some((inputs, path)) = self.section(table, "inputs") else { return Vec::new() };
        let mut quantities = Vec::new();
        for (name, entry) in inputs {
            if keys::BUILT_IN.contains(&name.as_str()) {
                self.problems.push(
                    Problem::at(entry.key, format!("an input may not be called `{name}`"))
                        .label("this name has a meaning of its own in every formula")
                        .help(format!(
                            "choose another name; these are taken: {}",
                            list(keys::BUILT_IN.iter().copied())
                        )),
                );
            } else if let Some(constant) = find_constant(&Path::new([name])) {
                self.problems.push(
                    Problem::at(entry.key, format!("an input may not be called `{name}`"))
                        .label(format!("this is a constant: {}", constant.help))
                        .help("choose another name; `bizmodel catalog` lists the constants"),
                );
            }
            quantities.extend(self.read(path.child(name), &entry.node, Range::Any));
        }
        quantities
    }

    /// Reads every case over the items that it changes, so that its problems are told before anyone asks for it.
    fn cases(&mut self, document: &Table) -> IndexMap<String, Case> {
        let Some((cases, path)) = self.section(document, "cases") else { return IndexMap::new() };
        let mut read = IndexMap::new();
        for (name, entry) in cases {
            let Value::Table(case) = &entry.node.value else {
                self.problems.push(
                    Problem::at(entry.node.span, format!("`{}` must be a table", path.child(name)))
                        .label(format!("this is {}", entry.node.value.describe()))
                        .help(format!("write `[cases.{name}]` and under it what differs: `users = 2_000`")),
                );
                continue;
            };
            let mut problems = Vec::new();
            let touched = overlay::touched(document, case, &mut problems);
            self.problems.append(&mut problems);
            let scenario = self.items(&touched);
            if let (true, Some(time)) = (case.contains_key("time"), &scenario.time) {
                self.schedules_of_case(document, name, time);
            }
            let case = Case {
                span: entry.key,
                quantities: scenario.quantities().cloned().collect(),
                checks: scenario.checks,
                description: scenario.description,
            };
            read.insert(name.clone(), case);
        }
        read
    }

    /// A table under a key, with its path.
    pub(super) fn section<'t>(&mut self, table: &'t Table, key: &str) -> Option<(&'t Table, Path)> {
        let entry = table.get(key)?;
        let path = Path::new([key]);
        match &entry.node.value {
            Value::Table(section) => Some((section, path)),
            other => {
                self.problems.push(
                    Problem::at(entry.node.span, format!("`{key}` must be a table"))
                        .label(format!("this is {}", other.describe()))
                        .help(format!("write `[{key}]` and under it a name and a value: `name = 1_000`")),
                );
                None
            }
        }
    }

    /// Refuses the keys of a table that are not known.
    pub(super) fn only(&mut self, table: &Table, allowed: &'static [Key], what: &str, path: &Path) {
        for (name, entry) in table {
            if allowed.iter().any(|key| key.name == name) {
                continue;
            }
            let misplaced = if path.is_root() { self.misplaced(name) } else { None };
            let problem = Problem::at(entry.key, format!("{what} has no key {}", Path::new([name]).in_ticks()))
                .maybe_help(misplaced.or_else(|| did_you_mean(name, keys::names(allowed))));
            self.problems.push(problem.help(format!("the keys are {}", list(keys::names(allowed)))));
        }
    }

    /// What to do with a name at the top that belongs into a table.
    #[expect(clippy::unused_self, reason = "reads as the other methods do")]
    fn misplaced(&self, name: &str) -> Option<String> {
        keys::Class::find(name).map(|_| format!("a cost goes under `[costs]`: `{name} = 1_000`"))
    }

    /// Whether a key says `true` or `false`.
    pub(super) fn boolean(&mut self, table: &Table, key: &str, path: &Path) -> Option<bool> {
        let entry = table.get(key)?;
        match &entry.node.value {
            Value::Boolean(value) => Some(*value),
            other => {
                self.problems.push(
                    Problem::at(entry.node.span, format!("`{}` must be `true` or `false`", path.child(key)))
                        .label(format!("this is {}", other.describe())),
                );
                None
            }
        }
    }

    /// The string under a key.
    pub(super) fn text(&mut self, table: &Table, key: &str, path: &Path) -> Option<String> {
        let entry = table.get(key)?;
        match &entry.node.value {
            Value::Text(text) => Some(text.clone()),
            other => {
                self.problems.push(
                    Problem::at(entry.node.span, format!("`{}` must be a string", path.child(key)))
                        .label(format!("this is {}", other.describe()))
                        .help("put it in quotes"),
                );
                None
            }
        }
    }

    /// The quantity under a key.
    pub(super) fn quantity(&mut self, table: &Table, key: &str, path: &Path, range: Range) -> Option<Quantity> {
        self.read(path.child(key), &table.get(key)?.node, range)
    }

    /// The quantity, or its problem kept.
    pub(super) fn read(&mut self, path: Path, node: &Node, range: Range) -> Option<Quantity> {
        let read = Quantity::read(path.clone(), node, range, self.sources);
        if read.is_err() {
            self.broken.push(path);
        }
        read.map_err(|problem| self.problems.push(problem)).ok()
    }
}

impl Scenario {
    /// Every quantity: users, inputs, and those of the lines, in the order of reports.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        let users = self.users.iter().flat_map(|users| match users {
            Users::Quantity(quantity) => [Some(quantity), None, None],
            Users::Stock { start, joins, churn, .. } => [Some(start), joins.as_ref(), churn.as_ref()],
        });
        let lines = self.lines.iter().flat_map(super::Line::quantities);
        let time = self.time.iter().flat_map(|time| [&time.discount_rate, &time.finance_rate, &time.reinvestment_rate]);
        let rest = time.flatten().chain(&self.opening_cash).chain(self.prices.quantities());
        users.flatten().chain(&self.inputs).chain(lines).chain(rest)
    }
}
