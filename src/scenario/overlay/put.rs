//! Laying one value over another, and what it takes the place of.

use crate::error::Problem;
use crate::formula::Path;
use crate::scenario::lines::shape::{COMPUTING, RATES};
use crate::scenario::plans;
use crate::scenario::tree::{Entry, Node, Table, Value};
use crate::scenario::{Group, risks};

/// The key that says a line's amount outright; all others from which an amount is computed exclude it.
const OUTRIGHT: &str = "amount";

/// Takes away what says the line's amount in another way.
pub(super) fn drop_replaced(section: &str, line: &mut Table, over: &Table) {
    if section == plans::PLANS {
        one_of(&plans::MEMBERS, line, over);
        one_of(&plans::PRICES, line, over);
        return;
    }
    if section == Group::Risks.key() {
        return one_of(&risks::OFTEN, line, over);
    }
    let says = |keys: &[&str]| keys.iter().any(|key| over.contains_key(*key));
    let mut replaced: Vec<&str> = Vec::new();
    if over.contains_key(OUTRIGHT) {
        replaced.extend(RATES.iter().chain(&COMPUTING));
    } else if says(&RATES) || says(&COMPUTING) {
        replaced.push(OUTRIGHT);
    }
    // One way of pricing takes the place of another, and what belongs to that one goes with it.
    if let Some(rate) = RATES.iter().find(|rate| over.contains_key(**rate)) {
        replaced.extend(RATES.iter().filter(|other| *other != rate));
        replaced.extend((*rate != "tiers").then_some("tiering"));
        replaced.push(if *rate == "share" { "units" } else { "of" });
    }
    for key in replaced.into_iter().filter(|key| !over.contains_key(*key)) {
        line.shift_remove(key);
    }
}

/// Takes away those of some keys that exclude each other whose place another one takes.
fn one_of(keys: &[&str], line: &mut Table, over: &Table) {
    if keys.iter().any(|key| over.contains_key(*key)) {
        line.retain(|key, _| over.contains_key(key) || !keys.contains(&key.as_str()));
    }
}

/// Lays a value over another: tables key by key, items of a list by their number, everything else as a whole.
pub(super) fn put(table: &mut Table, key: &str, over: &Entry, problems: &mut Vec<Problem>) {
    match (table.get_mut(key).map(|entry| &mut entry.node.value), &over.node.value) {
        (Some(Value::Table(below)), Value::Table(above)) => {
            above.iter().for_each(|(key, entry)| put(below, key, entry, problems));
        }
        (Some(Value::List(items)), Value::Table(above)) => {
            for (number, entry) in above {
                put_item(items, key, (number, entry), problems);
            }
        }
        (Some(_), _) => table[key].node = over.node.clone(),
        (None, _) => {
            table.insert(key.to_owned(), over.clone());
        }
    }
}

/// Lays a table over the item of a list.
fn put_item(items: &mut [Node], key: &str, (number, entry): (&str, &Entry), problems: &mut Vec<Problem>) {
    let count = items.len();
    let item = number.parse::<usize>().ok().and_then(|number| items.get_mut(number));
    match (item.map(|item| &mut item.value), &entry.node.value) {
        (Some(Value::Table(below)), Value::Table(above)) => {
            above.iter().for_each(|(key, entry)| put(below, key, entry, problems));
        }
        (Some(item), value) => *item = value.clone(),
        (None, _) => problems.push(
            Problem::at(entry.key, format!("there is no {}", Path::new([key, number]).in_ticks()))
                .label("only what the scenario has can be changed")
                .help(match count {
                    1 => format!("the only item of `{key}` is 0"),
                    _ => format!("the items of `{key}` are 0 to {}", count.saturating_sub(1)),
                })
                .help(format!("another list as a whole: `{key} = [{{ … }}, {{ … }}]`")),
        ),
    }
}
