//! Laying a partial scenario over a scenario: a case of the file, or a setting of the command line.
//!
//! Both sides are brought to one form first: a top-level `price` becomes the price of the line `subscription`, and a
//! bare line becomes a table with an `amount`, a bare check one with a `condition`. What is laid over changes what is there; it adds no input and no line,
//! so that a slip of the pen is an error and not a new cost.

mod put;

use std::borrow::Cow;

use crate::error::suggest::{did_you_mean, is_worth_searching, list, nearest};
use crate::error::{Problem, Source, Sources, Span};
use crate::formula::Path;

use super::Changes;
use super::keys::{self, Group};
use super::tree::{self, Entry, Node, Table, Value};
use put::{drop_replaced, put};

/// The line that a top-level `price` belongs to.
const PRICED: &str = "subscription";

/// Brings a table to the one form.
pub fn normalize(mut table: Table, problems: &mut Vec<Problem>) -> Table {
    for group in Group::ALL.into_iter().filter(|group| *group != Group::Risks) {
        if let Some(Entry { node: Node { value: Value::Table(lines), .. }, .. }) = table.get_mut(group.key()) {
            lines.values_mut().for_each(|line| spell_out(line, "amount"));
        }
    }
    if let Some(Entry { node: Node { value: Value::Table(checks), .. }, .. }) = table.get_mut("checks") {
        checks.values_mut().for_each(|check| spell_out(check, "condition"));
    }
    if let Some(price) = table.shift_remove("price") {
        place_price(&mut table, price, problems);
    }
    if let Some(Entry { node: Node { value: Value::Table(cases), .. }, .. }) = table.get_mut("cases") {
        for entry in cases.values_mut() {
            if let Value::Table(case) = &mut entry.node.value {
                *case = normalize(std::mem::take(case), problems);
            }
        }
    }
    table
}

/// A bare line is short for a table with an amount, and a bare check for one with a condition.
fn spell_out(item: &mut Entry, key: &str) {
    if !matches!(item.node.value, Value::Table(_)) {
        let value = std::mem::replace(&mut item.node.value, Value::Table(Table::with_capacity(1)));
        let inner = Entry { key: item.key, node: Node { value, span: item.node.span } };
        if let Value::Table(table) = &mut item.node.value {
            table.insert(key.to_owned(), inner);
        }
    }
}

fn place_price(table: &mut Table, price: Entry, problems: &mut Vec<Problem>) {
    let at = price.node.span;
    let empty = |key| Entry { key, node: Node { value: Value::Table(Table::new()), span: at } };
    let key = price.key;
    let revenue = table.entry(Group::Revenue.key().to_owned()).or_insert_with(|| empty(key));
    let Value::Table(revenue) = &mut revenue.node.value else { return };
    if !revenue.contains_key(PRICED) {
        revenue.shift_insert(0, PRICED.to_owned(), empty(key));
    }
    let Some(Entry { node: Node { value: Value::Table(line), .. }, .. }) = revenue.get_mut(PRICED) else { return };
    let twice = line.get("price").or_else(|| line.get("amount"));
    match twice {
        Some(other) => problems.push(
            Problem::at(key, "the subscription is priced twice")
                .label("once here")
                .related(other.key, "and once here")
                .help("`price` at the top is short for `[revenue.subscription] price`: keep one of the two"),
        ),
        None => {
            line.insert("price".to_owned(), price);
        }
    }
}

/// The document with the changes laid over it.
pub fn lay<'t>(
    document: &'t Table,
    sources: &mut Sources,
    changes: &Changes,
    problems: &mut Vec<Problem>,
) -> Cow<'t, Table> {
    if changes.case.is_none() && changes.settings.is_empty() {
        return Cow::Borrowed(document);
    }
    let mut laid = document.clone();
    laid.shift_remove("cases");
    if let Some(name) = &changes.case {
        match find_case(document, name) {
            Ok(case) => merge(&mut laid, case, document, problems),
            Err(problem) => problems.push(problem),
        }
    }
    for setting in &changes.settings {
        let source = sources.add(Source::new("--set", setting.as_str()));
        match read_setting(setting, source, document) {
            Ok(table) => merge(&mut laid, &normalize(table, problems), document, problems),
            Err(problem) => problems.push(problem),
        }
    }
    Cow::Owned(laid)
}

/// The items of the document that a case changes, with the case laid over them.
pub fn touched(document: &Table, case: &Table, problems: &mut Vec<Problem>) -> Table {
    let mut items = Table::new();
    for (key, entry) in case {
        let Some(base) = document.get(key) else { continue };
        let value = match (has_free_names(key), &base.node.value, &entry.node.value) {
            (true, Value::Table(section), Value::Table(over)) => Value::Table(only_named_in(over, section)),
            (_, value, _) => value.clone(),
        };
        items.insert(key.clone(), Entry { key: base.key, node: Node { value, span: base.node.span } });
    }
    // Schedules are read against the horizon, which holds for a case as well.
    if let (false, Some(time)) = (items.contains_key("time"), document.get("time")) {
        items.insert("time".to_owned(), time.clone());
    }
    merge(&mut items, case, document, problems);
    items
}

/// The entries of a section that `over` names as well, in the section's order.
fn only_named_in(over: &Table, section: &Table) -> Table {
    let mut named: Vec<_> = over.keys().filter_map(|name| section.get_full(name)).collect();
    named.sort_unstable_by_key(|(at, ..)| *at);
    named.into_iter().map(|(_, name, entry)| (name.clone(), entry.clone())).collect()
}

fn find_case<'t>(document: &'t Table, name: &str) -> Result<&'t Table, Problem> {
    let Some(Value::Table(cases)) = document.get("cases").map(|entry| &entry.node.value) else {
        return Err(Problem::nowhere(format!("there is no case `{name}`: the scenario has no cases"))
            .help(format!("add `[cases.{name}]` and under it what differs")));
    };
    match cases.get(name).map(|entry| &entry.node.value) {
        Some(Value::Table(case)) => Ok(case),
        _ => Err(Problem::nowhere(format!("there is no case `{name}`"))
            .maybe_help(did_you_mean(name, cases.keys().map(String::as_str)))
            .help(format!("the cases are {}", list(cases.keys().map(String::as_str))))),
    }
}

/// Whether the names under a key are the author's own.
fn has_free_names(key: &str) -> bool {
    let free = |form| {
        use keys::Form::{Checks, Lines, Plans, Quantities, Risks};
        matches!(form, Quantities | Lines(_) | Plans(_) | Risks(_) | Checks(_))
    };
    keys::SCENARIO.iter().any(|known| known.name == key && free(known.value))
}

/// Lays one table over another; `document` tells which names exist.
fn merge(laid: &mut Table, over: &Table, document: &Table, problems: &mut Vec<Problem>) {
    for (key, entry) in over {
        if key == "cases" {
            problems.push(
                Problem::at(entry.key, "a case cannot hold cases").help("write each case as `[cases.NAME]` of its own"),
            );
            continue;
        }
        match (&entry.node.value, has_free_names(key)) {
            (Value::Table(items), true) => merge_section(laid, key, items, document, problems),
            _ => put(laid, key, entry, problems),
        }
    }
}

fn merge_section(laid: &mut Table, key: &str, over: &Table, document: &Table, problems: &mut Vec<Problem>) {
    let known = match document.get(key).map(|entry| &entry.node.value) {
        Some(Value::Table(known)) => known,
        _ => &Table::new(),
    };
    let Some(Entry { node: Node { value: Value::Table(section), .. }, .. }) = laid.get_mut(key) else {
        for (name, entry) in over {
            problems.push(unknown(key, name, entry.key, known, problems.len()));
        }
        return;
    };
    for (name, entry) in over {
        let Some(item) = section.get_mut(name) else {
            problems.push(unknown(key, name, entry.key, known, problems.len()));
            continue;
        };
        match (&mut item.node.value, &entry.node.value) {
            (Value::Table(line), Value::Table(over)) => {
                drop_replaced(key, line, over);
                over.iter().for_each(|(key, entry)| put(line, key, entry, problems));
            }
            _ => item.node = entry.node.clone(),
        }
    }
}

fn unknown(section: &str, name: &str, at: Span, known: &Table, told: usize) -> Problem {
    let path = Path::new([section, name]);
    Problem::at(at, format!("the scenario has no {}", path.in_ticks()))
        .label("only what the scenario has can be changed")
        .maybe_help(
            is_worth_searching(known.len(), told)
                .then(|| nearest(name, known.keys().map(String::as_str)))
                .flatten()
                .map(|near| format!("did you mean {}?", Path::new([section, near]).in_ticks())),
        )
        .help(if known.is_empty() {
            format!("the scenario has nothing under `[{section}]`; what is new belongs there")
        } else {
            format!("`[{section}]` has {}; what is new belongs there", list(known.keys().map(String::as_str)))
        })
}

/// The table that a setting `path=value` of the command line stands for.
fn read_setting(setting: &str, source: usize, document: &Table) -> Result<Table, Problem> {
    let whole = Span::new(source, 0..setting.len());
    let Some(equals) = setting.find('=') else {
        return Err(Problem::at(whole, "this setting has no value")
            .help("write `--set path=value`, such as `--set users=2_000` or `--set costs.training.price=3`"));
    };
    let (name, text) = (&setting[..equals], &setting[equals + 1..]);
    let key = Span::new(source, 0..equals);
    let path = Path::parse_option(name.trim()).map_err(|error| {
        let mut problem = Problem::at(key, error.message).label(error.label);
        problem.help = error.help;
        problem.help("write a dotted name, such as `costs.training.price`")
    })?;
    if text.trim().is_empty() {
        return Err(Problem::at(whole, format!("the setting of {} has no value", path.in_ticks()))
            .help("write a number or a formula behind the `=`"));
    }
    let path = full_path(path, key, document)?;
    let value = tree::parse_value(text, source, equals + 1).unwrap_or_else(|| Node {
        value: Value::Text(text.to_owned()),
        span: Span::new(source, equals + 1..setting.len()),
    });
    let mut entry = Entry { key, node: value };
    for segment in path.segments().iter().skip(1).rev() {
        let table = Table::from_iter([(segment.clone(), entry)]);
        entry = Entry { key, node: Node { value: Value::Table(table), span: whole } };
    }
    Ok(path.first().map(|first| Table::from_iter([(first.to_owned(), entry)])).unwrap_or_default())
}

/// A bare name that is no key of a scenario is an input, as in formulas.
fn full_path(path: Path, at: Span, document: &Table) -> Result<Path, Problem> {
    let Some(first) = path.first() else { return Ok(path) };
    if keys::names(keys::SCENARIO).any(|key| key == first) {
        return Ok(path);
    }
    let inputs: Vec<&str> = match document.get("inputs").map(|entry| &entry.node.value) {
        Some(Value::Table(inputs)) => inputs.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    if path.single().is_some_and(|name| inputs.contains(&name)) {
        return Ok(Path::new(["inputs", first]));
    }
    let mut names: Vec<&str> = keys::names(keys::SCENARIO).collect();
    names.extend(inputs);
    Err(Problem::at(at, format!("the scenario has no {}", path.in_ticks()))
        .maybe_help(did_you_mean(first, names))
        .help("name an input, or give the full path, such as `costs.training.price`"))
}
