//! What differs between two scenarios, as changes that can be made one by one.
//!
//! A quantity that both scenarios have is a change of its own. What cannot be said quantity by quantity is one change
//! as a whole: a line that only one of them has, or that comes about in another way or at other times; users as a
//! number here and as a stock there; the horizon, with which the schedules move; the money at hand. An input that
//! only one of them has is no change: it does nothing by itself, and comes along with the formulas that name it.

use std::collections::HashSet;

use crate::formula::{NodeKind, Path};
use crate::scenario::plans::Members;
use crate::scenario::prices::PRICES;
use crate::scenario::{Line, Quantity, Scenario, Shape, Time, Users};

/// Something that one scenario says differently from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A quantity that both have.
    Quantity(Path),
    /// A line as a whole.
    Line(Path),
    /// The users, and how their number comes about.
    Users,
    /// The horizon, and when lines are due.
    Time,
    /// The money at hand.
    Cash,
    /// Which prices a model has.
    Model(String),
}

impl Part {
    /// The dotted name of what differs.
    pub fn path(&self) -> Path {
        match self {
            Part::Quantity(path) | Part::Line(path) => path.clone(),
            Part::Users => Path::new(["users"]),
            Part::Time => Path::new(["time"]),
            Part::Cash => Path::new(["cash"]),
            Part::Model(name) => Path::new([PRICES, name]),
        }
    }
}

/// What differs between two scenarios, ordered by name, so that the order of the files makes no difference.
pub fn between(from: &Scenario, to: &Scenario) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut differs = |differs: bool, part: Part| {
        if differs {
            parts.push(part);
        }
    };
    differs(users_form(from) != users_form(to), Part::Users);
    let time_differs = time_form(from) != time_form(to);
    differs(time_differs, Part::Time);
    differs(from.opening_cash.is_some() != to.opening_cash.is_some(), Part::Cash);
    for (name, model) in &from.prices.models {
        let other = to.prices.models.get(name);
        differs(other.is_some_and(|other| other.form() != model.form()), Part::Model(name.clone()));
    }
    for line in from.lines.iter().chain(&to.lines) {
        let [one, other] = [from, to].map(|scenario| find_line(scenario, &line.path()));
        let same = match (one, other) {
            (Some(one), Some(other)) => {
                line_form(one) == line_form(other) && (time_differs || one.schedule == other.schedule)
            }
            _ => false,
        };
        differs(!same, Part::Line(line.path()));
    }
    let whole: Vec<Path> = parts.iter().filter(|part| **part != Part::Time).map(Part::path).collect();
    let (mut from, mut to) = (from.clone(), to.clone());
    let others = quantities(&mut to);
    for (path, quantity) in quantities(&mut from) {
        let Some((_, other)) = others.iter().find(|(other, _)| *other == path) else { continue };
        let said_as_a_whole = whole.iter().any(|whole| names_part_of(&path, &quantity.path, whole));
        if !said_as_a_whole && quantity.expression.to_string() != other.expression.to_string() {
            parts.push(Part::Quantity(path));
        }
    }
    parts.sort_by_key(|part| part.path().to_string());
    parts.dedup();
    parts
}

/// Whether a quantity belongs to what is said as a whole.
fn names_part_of(path: &Path, own: &Path, whole: &Path) -> bool {
    let subscription = Path::new(["revenue", "subscription"]);
    path.segments().starts_with(whole.segments()) || (own.single() == Some("price") && *whole == subscription)
}

/// The first scenario with the chosen changes made; none where that cannot be: a line that is due in a period which
/// there is not.
pub fn made(from: &Scenario, to: &Scenario, chosen: &[Part]) -> Option<Scenario> {
    let mut made = from.clone();
    made.cases.clear();
    let time_differs = time_form(from) != time_form(to);
    let timing = if chosen.contains(&Part::Time) { to } else { from };
    for part in chosen {
        match part {
            Part::Users => made.users.clone_from(&to.users),
            Part::Cash => made.opening_cash.clone_from(&to.opening_cash),
            Part::Model(name) => {
                made.prices
                    .models
                    .extend(to.prices.models.get_key_value(name).map(|(name, model)| (name.clone(), model.clone())));
            }
            Part::Time => made.time.clone_from(&to.time),
            Part::Line(path) => {
                made.lines.retain(|line| line.path() != *path);
                made.lines.extend(find_line(to, path).cloned());
            }
            Part::Quantity(_) => {}
        }
    }
    // An internal price goes with the impact that it prices.
    let impact: Vec<Path> = made.lines.iter().map(Line::path).collect();
    made.lines.retain(|line| !matches!(&line.shape, Shape::Internal(internal) if !impact.contains(&internal.impact)));
    // The prices of models that only one of the two names do nothing by themselves.
    for (name, model) in &to.prices.models {
        made.prices.models.entry(name.clone()).or_insert_with(|| model.clone());
    }
    // Sums must not depend on the order of the file.
    made.lines.sort_by_key(|line| line.path().to_string());
    if time_differs {
        for line in &mut made.lines {
            if let Some(timed) = find_line(timing, &line.path()) {
                line.schedule.clone_from(&timed.schedule);
            }
        }
    }
    set_quantities(&mut made, from, to, chosen);
    bring_inputs(&mut made, from, to);
    let periods = made.time.as_ref().map_or(0, |time| time.periods);
    let fits = |line: &Line| {
        let milestones = line.shape.milestones().iter().flat_map(|milestone| &milestone.at);
        line.schedule.as_ref().is_none_or(|due| due.len() == periods) && milestones.into_iter().all(|at| *at < periods)
    };
    made.lines.iter().all(fits).then_some(made)
}

/// Sets the quantities that both scenarios have, wherever they stand in what was made.
fn set_quantities(made: &mut Scenario, from: &Scenario, to: &Scenario, chosen: &[Part]) {
    let (mut from, mut to) = (from.clone(), to.clone());
    let changed: Vec<(Path, Quantity)> = quantities(&mut to)
        .into_iter()
        .filter(|(path, _)| chosen.contains(&Part::Quantity(path.clone())))
        .map(|(path, quantity)| (path, quantity.clone()))
        .collect();
    // With the horizon come its rates; those that are changes of their own go back.
    let kept: Vec<(Path, Quantity)> = quantities(&mut from)
        .into_iter()
        .filter(|(path, _)| path.starts_with("time"))
        .map(|(path, quantity)| (path, quantity.clone()))
        .collect();
    for (path, slot) in quantities(made) {
        let said = changed.iter().chain(&kept).find(|(other, _)| *other == path);
        if let Some((_, quantity)) = said {
            slot.clone_from(quantity);
        }
    }
}

/// Adds the inputs that only one scenario has and that formulas name, and takes away those that none does.
fn bring_inputs(made: &mut Scenario, from: &Scenario, to: &Scenario) {
    let has = |scenario: &Scenario, path: &Path| scenario.inputs.iter().any(|input| input.path == *path);
    let one_sided =
        from.inputs.iter().chain(&to.inputs).filter(|input| !(has(from, &input.path) && has(to, &input.path)));
    let mut waiting: Vec<Quantity> = one_sided.cloned().collect();
    made.inputs.retain(|input| has(to, &input.path));
    loop {
        let named = names(made);
        let (wanted, rest): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|input| input.path.last().is_some_and(|name| named.contains(name)));
        if wanted.is_empty() {
            break;
        }
        made.inputs.extend(wanted);
        waiting = rest;
    }
}

/// The inputs that formulas name.
fn names(scenario: &Scenario) -> HashSet<String> {
    let nodes = scenario.quantities().flat_map(|quantity| quantity.expression.nodes());
    nodes
        .filter_map(|node| match &node.kind {
            NodeKind::Path(path) if path.single().is_some() || path.starts_with("inputs") => path.last(),
            _ => None,
        })
        .map(str::to_owned)
        .collect()
}

/// Every quantity under one name, whether a line is written in short or in full.
fn quantities(scenario: &mut Scenario) -> Vec<(Path, &mut Quantity)> {
    let mut found: Vec<(Path, &mut Quantity)> = Vec::new();
    let own = |quantity: &Quantity| quantity.path.clone();
    match &mut scenario.users {
        Some(Users::Quantity(users)) => found.push((own(users), users)),
        Some(Users::Stock { start, joins, churn, .. }) => {
            found.push((own(start), start));
            found.extend(joins.iter_mut().chain(churn).map(|quantity| (own(quantity), quantity)));
        }
        None => {}
    }
    found.extend(scenario.inputs.iter_mut().map(|input| (own(input), input)));
    for line in &mut scenario.lines {
        let path = line.path();
        found.extend(line.plan.iter_mut().map(Members::quantity_mut).map(|quantity| (own(quantity), quantity)));
        match &mut line.shape {
            Shape::Amount(amount) => found.push((path, amount)),
            shape => found.extend(shape.quantities_mut().into_iter().map(|quantity| (own(quantity), quantity))),
        }
    }
    if let Some(Time { discount_rate, finance_rate, reinvestment_rate, .. }) = &mut scenario.time {
        let rates = [discount_rate, finance_rate, reinvestment_rate].into_iter().flatten();
        found.extend(rates.map(|rate| (own(rate), rate)));
    }
    found.extend(scenario.opening_cash.iter_mut().map(|cash| (own(cash), cash)));
    found.extend(scenario.prices.quantities_mut().map(|price| (own(price), price)));
    found
}

/// The quantity of that name.
pub fn find_quantity(scenario: &Scenario, path: &Path) -> Option<Quantity> {
    let mut scenario = scenario.clone();
    quantities(&mut scenario).into_iter().find(|(own, _)| own == path).map(|(_, quantity)| quantity.clone())
}

/// The line of that name.
pub fn find_line<'s>(scenario: &'s Scenario, path: &Path) -> Option<&'s Line> {
    scenario.lines.iter().find(|line| line.path() == *path)
}

/// What of a line cannot be said quantity by quantity, its schedule aside.
fn line_form(line: &Line) -> impl PartialEq + use<> {
    (
        line.plan.as_ref().map(|plan| plan.quantity().path.clone()),
        line.shape.form(),
        matches!(line.shape, Shape::Amount(_)),
        line.class,
        line.variable,
        line.recurring,
    )
}

/// What of the users cannot be said quantity by quantity.
fn users_form(scenario: &Scenario) -> impl PartialEq + use<> {
    scenario.users.as_ref().map(|users| match users {
        Users::Quantity(_) => None,
        Users::Stock { joins, churn, .. } => Some((joins.is_some(), churn.is_some())),
    })
}

/// What of the horizon cannot be said quantity by quantity; what the periods are called moves no number.
fn time_form(scenario: &Scenario) -> impl PartialEq + use<> {
    scenario.time.as_ref().map(|time| {
        let rates = [&time.discount_rate, &time.finance_rate, &time.reinvestment_rate];
        (time.period, time.periods, rates.map(Option::is_some))
    })
}
