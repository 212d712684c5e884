//! CSV (RFC 4180, with line feeds): one table in full precision.

use std::fmt::Display;

use ::csv::WriterBuilder;

use crate::error::{Error, Problem};
use crate::report::{Audience, Cell, Heading, Report, Table};

use super::escape::visible;
use super::{Options, chosen, number};

/// The chosen table of each report, or its first, as one rectangle with one header.
///
/// Several reports get a column that says whose row it is. Where their columns differ, the header is all of
/// them in the order of their first appearance, and a field is empty where a report has no such column.
pub fn render(reports: &[Report], options: &Options) -> Result<Vec<u8>, Error> {
    let tables: Vec<_> =
        reports.iter().filter_map(|report| Some((report.heading(), *chosen(report, options).first()?))).collect();
    let origin = Origin::of(reports);
    let keys = all_keys(tables.iter().map(|(_, table)| *table));
    if keys.is_empty() {
        return Ok(Vec::new());
    }

    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let origins = origin.header().iter().map(|&name| name.to_owned());
    writer.write_record(origins.chain(keys.iter().map(|key| field(key.name)))).map_err(unwritable)?;
    for (heading, table) in tables {
        let places = places(table, &keys);
        for row in table.rows.iter().filter(|row| row.audience != Audience::People) {
            let cells =
                places.iter().map(|place| place.and_then(|place| row.cells.get(place)).map_or_else(String::new, text));
            writer.write_record(origin.fields(heading).into_iter().chain(cells)).map_err(unwritable)?;
        }
    }
    writer.into_inner().map_err(unwritable)
}

/// The first line of a table of these columns.
pub(super) fn header(columns: &[String]) -> Result<Vec<u8>, Error> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(columns.iter().map(|name| field(name))).map_err(unwritable)?;
    writer.into_inner().map_err(unwritable)
}

/// The columns that tell the rows of several reports apart.
enum Origin {
    /// One report: nothing to tell apart.
    Alone,
    /// Several scenarios.
    Scenario,
    /// Several scenarios, some with a case laid over.
    ScenarioAndCase,
}

impl Origin {
    fn of(reports: &[Report]) -> Self {
        match reports {
            [] | [_] => Self::Alone,
            _ if reports.iter().any(|report| report.heading().case.is_some()) => Self::ScenarioAndCase,
            _ => Self::Scenario,
        }
    }

    fn header(&self) -> &'static [&'static str] {
        match self {
            Self::Alone => &[],
            Self::Scenario => &["scenario"],
            Self::ScenarioAndCase => &["scenario", "case"],
        }
    }

    fn fields(&self, heading: &Heading) -> Vec<String> {
        let name = field(&heading.name);
        match self {
            Self::Alone => Vec::new(),
            Self::Scenario => vec![name],
            Self::ScenarioAndCase => vec![name, field(heading.case.as_deref().unwrap_or_default())],
        }
    }
}

/// A column's name, and how many of the same name stand before it in the same table: names that come from
/// a scenario can repeat, and no column may swallow another.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key<'a> {
    name: &'a str,
    before: usize,
}

/// The table's columns for machines: their keys and their places among all columns.
fn keys(table: &Table) -> Vec<(Key<'_>, usize)> {
    let columns = table.columns.iter().enumerate().filter(|(_, column)| column.audience != Audience::People);
    let mut found: Vec<(Key<'_>, usize)> = Vec::new();
    for (place, column) in columns {
        let name = column.key.as_str();
        let before = found.iter().filter(|(key, _)| key.name == name).count();
        found.push((Key { name, before }, place));
    }
    found
}

/// The keys of all tables, each once.
fn all_keys<'a>(tables: impl Iterator<Item = &'a Table>) -> Vec<Key<'a>> {
    let mut all = Vec::new();
    for (key, _) in tables.flat_map(keys) {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    all
}

/// Where the table has each of the keys.
fn places(table: &Table, wanted: &[Key<'_>]) -> Vec<Option<usize>> {
    let own = keys(table);
    wanted.iter().map(|wanted| own.iter().find(|(key, _)| key == wanted).map(|(_, place)| *place)).collect()
}

/// A cell's text; nothing where it has no value.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Missing(_) => String::new(),
        Cell::Text(text) | Cell::Branch { text, .. } => field(text),
        Cell::Money(value) | Cell::Count(value) | Cell::Share(value) | Cell::Number(value) => number::plain(*value),
    }
}

/// Foreign text as a field: hidden characters spelled out, and an apostrophe before what a spreadsheet would
/// take for a formula (OWASP, "CSV Injection"; the wide forms of the signs count in East Asian settings).
fn field(text: &str) -> String {
    let shown = visible(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{shown}")
    } else {
        shown
    }
}

/// A record that was refused, which writing to memory does not cause.
fn unwritable(error: impl Display) -> Error {
    Problem::nowhere(format!("the table cannot be written as CSV: {error}")).into()
}

#[cfg(test)]
mod tests {
    use super::field;
    use crate::render::tests::{HOSTILE, report, small, text};
    use crate::render::{Format, Options};
    use crate::report::Column;
    use pretty_assertions::assert_eq;

    fn csv(reports: &[crate::report::Report]) -> String {
        text(reports, Format::Csv, &Options::default())
    }

    #[test]
    fn the_first_table_is_written_in_full_precision() {
        let expected = "\
line,unit,value
revenue,CNY,100000
data,CNY,1000000.5
'=训练|*x*,CNY,2000000
profit,CNY,-2900000.5
return rate,share,-0.971428571428571
irr,share,
";
        assert_eq!(csv(&[report()]), expected);
    }

    #[test]
    fn another_table_can_be_chosen() {
        let options = Options { table: Some("break_even".to_owned()), ..Options::default() };
        let expected = "path,users\nbreak-even users,35000\nprice of a token,4e-6\n";
        assert_eq!(text(&[report()], Format::Csv, &options), expected);
    }

    #[test]
    fn several_reports_share_one_header() {
        let mut reports = [small("a", &[("x", 1.0)]), small("=b", &[("y", -2.0)])];
        assert_eq!(csv(&reports), "scenario,name,value\na,x,1\n'=b,y,-2\n");
        reports[1].scenario.as_mut().unwrap().case = Some("worst".to_owned());
        assert_eq!(csv(&reports), "scenario,case,name,value\na,,x,1\n'=b,worst,y,-2\n");
    }

    #[test]
    fn different_columns_stand_side_by_side() {
        let mut reports = [small("a", &[("x", 1.0)]), small("b", &[("y", 2.0)])];
        reports[1].tables[0].columns[1] = Column::new("other", "");
        assert_eq!(csv(&reports), "scenario,name,value,other\na,x,1,\nb,y,,2\n");
    }

    #[test]
    fn columns_of_one_name_are_both_kept() {
        let mut report = small("a", &[("x", 1.0)]);
        report.tables[0].columns[1] = Column::new("name", "");
        assert_eq!(csv(&[report]), "name,name\nx,1\n");
    }

    #[test]
    fn a_text_is_never_a_formula_and_a_number_is_never_changed() {
        for name in HOSTILE {
            let written = csv(&[small("a", &[(name, -1.0)])]);
            let mut reader = ::csv::Reader::from_reader(written.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r']), "{written}");
            assert_eq!(&record[1], "-1");
        }
        assert_eq!(field("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(field("\t=1"), r"'\t=1");
        assert_eq!(field("-5"), "'-5");
        assert_eq!(field("＝1"), "'＝1");
        assert_eq!(field("a=b"), "a=b");
    }
}
