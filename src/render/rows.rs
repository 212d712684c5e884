//! Rows of numbers written while they are computed: as many as there are, in the memory of a few.

use crate::error::Error;
use crate::report::number;

use super::csv::header;
use super::{Format, ndjson};

/// Writes rows of numbers in a format of lines: the same bytes as a report that has them all in one table.
#[derive(Clone, Debug)]
pub struct Rows {
    header: Vec<u8>,
    /// What stands before each value of a row.
    before: Vec<String>,
    /// What stands in the place of a value that does not exist.
    missing: &'static str,
    /// What ends a row.
    end: &'static str,
}

impl Rows {
    /// The writer of rows with these columns; none where the format needs all rows at once.
    ///
    /// # Errors
    /// The names cannot be written, which does not happen.
    pub fn new(format: Format, columns: &[String]) -> Result<Option<Self>, Error> {
        Ok(match format {
            Format::Csv => {
                let before = (0..columns.len()).map(|at| if at == 0 { "" } else { "," }.to_owned()).collect();
                Some(Self { header: header(columns)?, before, missing: "", end: "\n" })
            }
            Format::Ndjson => {
                let before = ndjson::keys(columns.iter().map(String::as_str));
                Some(Self { header: Vec::new(), before, missing: "null", end: "}\n" })
            }
            _ => None,
        })
    }

    /// What stands before the first row.
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// Some rows, given by their columns.
    pub fn write(&self, columns: &[Vec<f64>]) -> Vec<u8> {
        let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
        let mut bytes = Vec::new();
        for row in 0..rows {
            for (before, column) in self.before.iter().zip(columns) {
                bytes.extend_from_slice(before.as_bytes());
                if column[row].is_finite() {
                    number::write_plain(column[row], &mut bytes);
                } else {
                    bytes.extend_from_slice(self.missing.as_bytes());
                }
            }
            bytes.extend_from_slice(self.end.as_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Options, render};
    use crate::report::{Cell, Column, Heading, Report, Row, Table};
    use pretty_assertions::assert_eq;
    use serde_json::Map;

    #[test]
    fn rows_are_the_bytes_of_a_report_that_holds_them() {
        let names = ["=a, \"b\"", "a", "a", "访客"].map(str::to_owned);
        let columns = [vec![1.0, -0.0, 1e300], vec![0.1 + 0.2, f64::NAN, 19.99 * 1000.0], vec![4e-6; 3], vec![-2.5; 3]];
        let cell = |value: f64| if value.is_nan() { Cell::Missing("none".to_owned()) } else { Cell::Number(value) };
        let rows = (0..3).map(|row| Row::plain(columns.iter().map(|column| cell(column[row])).collect()));
        let table = Table {
            key: "rows",
            title: String::new(),
            columns: names.iter().map(|name| Column::new(name, "")).collect(),
            rows: rows.collect(),
        };
        let report = Report { tables: vec![table], ..Report::new("sweep", Heading::default(), Map::new()) };
        for &format in Format::ALL {
            let Some(rows) = Rows::new(format, &names).unwrap() else { continue };
            let streamed = [rows.header(), &rows.write(&columns)].concat();
            let whole = render(std::slice::from_ref(&report), format, &Options::default()).unwrap();
            assert_eq!(String::from_utf8(streamed).unwrap(), String::from_utf8(whole).unwrap());
        }
        assert!(Rows::new(Format::Csv, &names).unwrap().is_some());
        assert!(Rows::new(Format::Ndjson, &names).unwrap().is_some());
        assert!(Rows::new(Format::Json, &names).unwrap().is_none());
    }
}
