//! NDJSON (<https://github.com/ndjson/ndjson-spec>): one table, an object a line, for programs that read as they go.

use serde_json::Value;

use crate::error::Error;
use crate::report::{Audience, Cell, Report, Table, number};

use super::{Options, chosen, escape};

/// The chosen table of each report, or its first, row by row. The keys are those of the columns in CSV.
///
/// Rows of several reports say whose they are: `scenario` and `case` come first.
#[expect(clippy::unnecessary_wraps, reason = "the shape that all formats share")]
pub fn render(reports: &[Report], options: &Options) -> Result<Vec<u8>, Error> {
    let mut text = String::new();
    for report in reports {
        let Some(table) = chosen(report, options).first().copied() else { continue };
        let columns: Vec<usize> = (0..table.columns.len()).filter(|at| is_read(table, *at)).collect();
        let names = columns.iter().map(|at| table.columns[*at].key.as_str());
        let origin = if reports.len() > 1 { &["scenario", "case"][..] } else { &[] };
        let keys = keys(origin.iter().copied().chain(names));
        let heading = report.heading();
        let case = heading.case.as_deref().map_or_else(null, string);
        let origin = if reports.len() > 1 { vec![string(&heading.name), case] } else { Vec::new() };
        for row in table.rows.iter().filter(|row| row.audience != Audience::People) {
            let cells = columns.iter().map(|at| row.cells.get(*at).map_or_else(null, value));
            for (key, value) in keys.iter().zip(origin.iter().cloned().chain(cells)) {
                text.push_str(key);
                text.push_str(&value);
            }
            text.push_str("}\n");
        }
    }
    Ok(text.into_bytes())
}

/// What stands before each value of a row: `{"users":`, then `,"profit":`. A name that comes again is numbered, as no
/// value of an object may hide another.
pub(super) fn keys<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name));
        taken.extend(free);
    }
    let before = std::iter::once("{").chain(std::iter::repeat(","));
    before.zip(taken).map(|(before, name)| format!("{before}{}:", string(&name))).collect()
}

fn is_read(table: &Table, column: usize) -> bool {
    table.columns[column].audience != Audience::People
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Branch { text, .. } => string(text),
        Cell::Money(value) | Cell::Count(value) | Cell::Share(value) | Cell::Number(value) if value.is_finite() => {
            number::plain(*value)
        }
        _ => null(),
    }
}

fn string(text: &str) -> String {
    escape::json(&Value::from(text).to_string())
}

fn null() -> String {
    "null".to_owned()
}

#[cfg(test)]
mod tests {
    use crate::render::tests::{HOSTILE, report, small, text};
    use crate::render::{Format, Options};
    use crate::report::Column;
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    #[test]
    fn a_row_is_an_object() {
        let expected = r#"{"line":"revenue","unit":"CNY","value":100000}
{"line":"data","unit":"CNY","value":1000000.5}
{"line":"=训练|*x*","unit":"CNY","value":2000000}
{"line":"profit","unit":"CNY","value":-2900000.5}
{"line":"return rate","unit":"share","value":-0.971428571428571}
{"line":"irr","unit":"share","value":null}
"#;
        assert_eq!(text(&[report()], Format::Ndjson, &Options::default()), expected);
        let options = Options { table: Some("break_even".to_owned()), ..Options::default() };
        let chosen = text(&[report()], Format::Ndjson, &options);
        assert_eq!(chosen.lines().last(), Some(r#"{"path":"price of a token","users":4e-6}"#));
    }

    #[test]
    fn rows_of_several_reports_say_whose_they_are() {
        let mut reports = [small("a", &[("x", 1.0)]), small("b", &[("y", -2.0)])];
        reports[1].scenario.as_mut().unwrap().case = Some("worst".to_owned());
        let expected = "{\"scenario\":\"a\",\"case\":null,\"name\":\"x\",\"value\":1}\n\
            {\"scenario\":\"b\",\"case\":\"worst\",\"name\":\"y\",\"value\":-2}\n";
        assert_eq!(text(&reports, Format::Ndjson, &Options::default()), expected);
    }

    #[test]
    fn columns_of_one_name_are_both_kept() {
        let mut report = small("a", &[("x", 1.0)]);
        report.tables[0].columns[1] = Column::new("name", "");
        assert_eq!(text(&[report], Format::Ndjson, &Options::default()), "{\"name\":\"x\",\"name_2\":1}\n");
    }

    #[test]
    fn names_come_back_as_they_were() {
        for name in HOSTILE {
            let mut report = small(name, &[(name, 1.0)]);
            report.tables[0].columns[1] = Column::new(name, "");
            let read: Value = serde_json::from_str(&text(&[report], Format::Ndjson, &Options::default())).unwrap();
            assert_eq!((&read["name"], &read[name]), (&json!(name), &json!(1)), "{name:?}");
        }
    }
}
