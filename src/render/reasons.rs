//! Why values are missing, each reason once.

use std::collections::HashMap;

use crate::report::{Audience, Cell, Report, Row, Table};

use super::escape::visible;
use super::{Options, chosen};

/// More names than these are counted instead of listed: one reason can empty a column of many periods.
const NAMED: usize = 4;

/// The lines `name, name: reason` for everything that has no value: first the report's own list, then cells
/// that it does not explain. Where one table is asked for, only that table's cells are explained.
pub fn lines(report: &Report, options: &Options) -> Vec<String> {
    let listed = by_reason(report.undefined.iter().map(|(name, reason)| (name.clone(), reason.as_str())));
    let in_cells = by_reason(chosen(report, options).into_iter().flat_map(missing_cells));
    let is_whole = options.table.is_none();
    let shown = listed.iter().filter(|group| is_whole || in_cells.has(group.reason));
    let others = in_cells.iter().filter(|group| !listed.has(group.reason));
    shown.chain(others).map(Group::line).collect()
}

/// One reason and what it holds for.
struct Group<'a> {
    reason: &'a str,
    /// The first names, each once.
    names: Vec<String>,
    /// How many further names there are.
    more: usize,
}

/// The groups in the order of their first appearance.
#[derive(Default)]
struct Groups<'a> {
    groups: Vec<Group<'a>>,
    places: HashMap<&'a str, usize>,
}

impl<'a> Groups<'a> {
    fn iter(&self) -> impl Iterator<Item = &Group<'a>> {
        self.groups.iter()
    }

    fn has(&self, reason: &str) -> bool {
        self.places.contains_key(reason)
    }
}

impl Group<'_> {
    fn line(&self) -> String {
        let names: Vec<_> = self.names.iter().map(|name| visible(name)).collect();
        let reason = visible(self.reason);
        match (names.join(", "), self.more) {
            (names, 0) if names.is_empty() => reason,
            (names, 0) => format!("{names}: {reason}"),
            (names, more) => format!("{names} and {more} more: {reason}"),
        }
    }
}

/// Each reason with the names it holds for.
fn by_reason<'a>(entries: impl Iterator<Item = (String, &'a str)>) -> Groups<'a> {
    let mut found = Groups::default();
    for (name, reason) in entries {
        let place = *found.places.entry(reason).or_insert(found.groups.len());
        if place == found.groups.len() {
            found.groups.push(Group { reason, names: Vec::new(), more: 0 });
        }
        let group = &mut found.groups[place];
        if name.is_empty() || group.names.contains(&name) {
            continue;
        }
        if group.names.len() < NAMED {
            group.names.push(name);
        } else {
            group.more += 1;
        }
    }
    found
}

/// The missing cells that people see: the row's first text with the column's title, and the reason.
fn missing_cells(table: &Table) -> impl Iterator<Item = (String, &str)> {
    table.rows.iter().flat_map(|row| {
        let label = label(table, row);
        seen(table, row).filter_map(move |(title, cell)| match cell {
            Cell::Missing(reason) => Some((format!("{label} {title}").trim().to_owned(), reason.as_str())),
            _ => None,
        })
    })
}

/// The first text that people see in a row.
fn label<'a>(table: &'a Table, row: &'a Row) -> &'a str {
    let text = seen(table, row).find_map(|(_, cell)| match cell {
        Cell::Text(text) | Cell::Branch { text, .. } => Some(text.as_str()),
        _ => None,
    });
    text.unwrap_or_default()
}

/// The cells that people see, each with its column's title.
fn seen<'a>(table: &'a Table, row: &'a Row) -> impl Iterator<Item = (&'a str, &'a Cell)> {
    let cells = table.columns.iter().zip(&row.cells).filter(|(column, _)| column.audience != Audience::Machines);
    cells.map(|(column, cell)| (column.title.as_str(), cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::{report, small};
    use crate::report::Column;

    fn missing(reason: &str) -> Cell {
        Cell::Missing(reason.to_owned())
    }

    #[test]
    fn a_reason_is_told_once_under_the_name_of_the_report() {
        assert_eq!(lines(&report(), &Options::default()), ["irr: it never pays"]);
    }

    #[test]
    fn a_cell_that_the_report_does_not_explain_is_named_by_its_row_and_column() {
        let mut report = small("a", &[("May", 1.0)]);
        report.tables[0].rows[0].cells[1] = missing("no users");
        assert_eq!(lines(&report, &Options::default()), ["May Value: no users"]);
        report.tables[0].columns[0] = Column::machine("name");
        assert_eq!(lines(&report, &Options::default()), ["Value: no users"]);
        report.tables[0].columns[1] = Column::machine("value");
        assert!(lines(&report, &Options::default()).is_empty());
    }

    #[test]
    fn many_names_of_one_reason_are_counted() {
        let mut report = small("a", &[]);
        report.undefined = "bcdefg".chars().map(|name| (name.to_string(), "no cost".to_owned())).collect();
        assert_eq!(lines(&report, &Options::default()), ["b, c, d, e and 2 more: no cost"]);
    }

    #[test]
    fn a_chosen_table_brings_its_own_reasons_only() {
        let options = |key: &str| Options { table: Some(key.to_owned()), ..Options::default() };
        assert_eq!(lines(&report(), &options("lines")), ["irr: it never pays"]);
        assert!(lines(&report(), &options("break_even")).is_empty());
    }
}
