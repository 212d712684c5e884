//! Reports as bytes, one format a file. A renderer knows the report and nothing else.
//!
//! - [`Format`] is the one list of formats; names, file extensions and help are read off it.
//! - [`number`] is the one place that rounds, [`escape`] the one that makes foreign text safe to show.

pub mod escape;

mod chart;
mod csv;
#[cfg(test)]
mod findings;
mod github;
mod json;
mod junit;
mod layout;
mod markdown;
mod ndjson;
mod reasons;
pub mod rows;
mod sarif;
mod table;

use std::str::FromStr;

use crate::error::{Error, Problem, suggest};
use crate::report::{Audience, Heading, Report, Table, number};

/// Declares the formats: the variants, their list and what is known of each.
macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident {
        name: $name:literal, extensions: $extensions:expr, help: $help:literal, render: $render:expr
    })+) => {
        /// A format in which reports are written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Format {
            $($(#[$doc])* $variant,)+
        }

        impl Format {
            /// All formats, the default first.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            fn facts(self) -> Facts {
                match self {
                    $(Self::$variant => Facts { name: $name, extensions: $extensions, help: $help, render: $render },)+
                }
            }
        }
    };
}

formats! {
    /// Aligned columns for a terminal.
    Table {
        name: "table",
        extensions: &["txt"],
        help: "aligned columns for people",
        render: |reports, options| Ok(table::render(&for_people(reports), options))
    }
    /// One object per report.
    Json {
        name: "json",
        extensions: &["json"],
        help: "one object per report, every figure, stable keys",
        render: json::render
    }
    /// One table.
    Csv {
        name: "csv",
        extensions: &["csv"],
        help: "one table in full precision, for spreadsheets",
        render: csv::render
    }
    /// One table, an object a row.
    Ndjson {
        name: "ndjson",
        extensions: &["ndjson", "jsonl"],
        help: "one table, an object a line, for streams",
        render: ndjson::render
    }
    /// Pipe tables.
    Markdown {
        name: "markdown",
        extensions: &["md", "markdown"],
        help: "tables for documents and pull requests",
        render: |reports, options| Ok(markdown::render(&for_people(reports), options))
    }
    /// A test report.
    JUnit {
        name: "junit",
        extensions: &["xml"],
        help: "checks as a test report, for CI services",
        render: |reports, _| of_checks(reports, "junit", junit::render)
    }
    /// A log of code analysis.
    Sarif {
        name: "sarif",
        extensions: &["sarif"],
        help: "failed checks as findings of code analysis",
        render: |reports, _| of_checks(reports, "sarif", sarif::render)
    }
    /// Annotations in a workflow.
    GitHub {
        name: "github",
        extensions: &[],
        help: "failed checks as annotations of a GitHub workflow",
        render: |reports, _| of_checks(reports, "github", github::render)
    }
}

/// What is known of a format.
struct Facts {
    name: &'static str,
    extensions: &'static [&'static str],
    help: &'static str,
    render: fn(&[Report], &Options) -> Result<Vec<u8>, Error>,
}

impl Format {
    /// The name, as in `--format json`.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// What the format is good for, in one line.
    pub fn help(self) -> &'static str {
        self.facts().help
    }

    /// The extensions of its files, without the dot; the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        self.facts().extensions
    }

    /// The format of files with that extension (without the dot, in any case), if it is one of ours.
    pub fn from_extension(extension: &str) -> Option<Self> {
        let is_ours = |own: &&str| own.eq_ignore_ascii_case(extension);
        Self::ALL.iter().copied().find(|format| format.extensions().iter().any(is_ours))
    }
}

impl FromStr for Format {
    type Err = Error;

    /// The format of that name.
    ///
    /// # Errors
    ///
    /// If no format has it; the problem lists those that there are.
    fn from_str(name: &str) -> Result<Self, Error> {
        let names = || Self::ALL.iter().map(|format| format.name());
        Self::ALL.iter().copied().find(|format| format.name() == name).ok_or_else(|| {
            Problem::nowhere(format!("there is no format `{}`", escape::visible(name)))
                .help(format!("the formats are {}", suggest::list(names())))
                .maybe_help(suggest::did_you_mean(name, names()))
                .into()
        })
    }
}

/// How to write, whatever the format; a format ignores what does not concern it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The columns of the terminal; none for unlimited.
    pub width: Option<usize>,
    /// Whether text may be set off by terminal codes.
    pub color: Color,
    /// The key of the only table to write. JSON is always whole.
    pub table: Option<String>,
}

/// Whether text may be set off by terminal codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    #[default]
    Never,
    /// Titles and results stand out.
    Always,
}

/// Writes the reports in a format, in their order. The last line ends with a line feed.
///
/// # Errors
///
/// If no report has the table that the options name; the problem lists the tables that there are.
pub fn render(reports: &[Report], format: Format, options: &Options) -> Result<Vec<u8>, Error> {
    if let Some(key) = &options.table {
        require_table(reports, key)?;
    }
    (format.facts().render)(reports, options)
}

/// The reports in a format that tells what checks found.
fn of_checks(reports: &[Report], format: &str, render: fn(&[Report]) -> String) -> Result<Vec<u8>, Error> {
    match reports.iter().find(|report| report.findings.is_empty()) {
        Some(report) => {
            Err(Problem::nowhere(format!("`{format}` shows what checks found, and `{}` checks nothing", report.kind))
                .help(format!("use it with `check`: `bizmodel check FILE --format {format}`"))
                .into())
        }
        None => Ok(render(reports).into_bytes()),
    }
}

/// The reports without the rows that are for machines alone.
fn for_people(reports: &[Report]) -> Vec<Report> {
    let mut reports = reports.to_vec();
    for table in reports.iter_mut().flat_map(|report| &mut report.tables) {
        table.rows.retain(|row| row.audience != Audience::Machines);
    }
    reports
}

/// Refuses a key that no table has.
fn require_table(reports: &[Report], key: &str) -> Result<(), Error> {
    let mut keys: Vec<_> = Vec::new();
    for table in reports.iter().flat_map(|report| &report.tables) {
        if !keys.contains(&table.key) {
            keys.push(table.key);
        }
    }
    if keys.contains(&key) {
        return Ok(());
    }
    let known = if keys.is_empty() {
        "this report has no tables".to_owned()
    } else {
        format!("the tables are {}", suggest::list(keys.iter().copied()))
    };
    Err(Problem::nowhere(format!("there is no table `{}`", escape::visible(key)))
        .help(known)
        .maybe_help(suggest::did_you_mean(key, keys))
        .into())
}

/// The report's tables that the options ask for.
fn chosen<'a>(report: &'a Report, options: &Options) -> Vec<&'a Table> {
    report.tables.iter().filter(|table| options.table.as_ref().is_none_or(|key| table.key == key)).collect()
}

/// The line above a report: the scenario's name, its currency and its case.
fn title(heading: &Heading) -> String {
    let parts = [Some(&heading.name), heading.currency.as_ref(), heading.case.as_ref()];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.map(|part| escape::visible(part)).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Answer, Cell, Column, Row};
    use pretty_assertions::assert_eq;
    use serde_json::{Map, json};

    /// One report that has a bit of everything: a tree, all kinds of numbers, what is missing, every audience.
    pub(in crate::render) fn report() -> Report {
        let columns = vec![
            Column::new("line", ""),
            Column::machine("unit"),
            Column::new("value", "per month"),
            Column::people("bar", "share of cost"),
        ];
        let branch = |guide: &str, text: &str| Cell::Branch { guide: guide.to_owned(), text: text.to_owned() };
        let rows = vec![
            Row::plain(vec![Cell::text("revenue"), Cell::text("CNY"), Cell::Money(100_000.0), Cell::Empty]),
            Row::plain(vec![branch("├─ ", "data"), Cell::text("CNY"), Cell::Money(1_000_000.5), Cell::text("██")]),
            Row::plain(vec![
                branch("└─ ", "=训练|*x*"),
                Cell::text("CNY"),
                Cell::Money(2_000_000.0),
                Cell::text("████"),
            ]),
            Row::strong(vec![Cell::text("profit"), Cell::text("CNY"), Cell::Money(-2_900_000.5), Cell::Empty]),
            Row::strong(vec![Cell::text("return rate"), Cell::text("share"), Cell::Share(-34.0 / 35.0), Cell::Empty]),
            Row::plain(vec![
                Cell::text("irr"),
                Cell::text("share"),
                Cell::Missing("it never pays".to_owned()),
                Cell::Empty,
            ]),
        ];
        let lines = Table { key: "lines", title: "Lines".to_owned(), columns, rows };
        let columns = vec![Column::new("path", ""), Column::new("users", "")];
        let rows = vec![
            Row::plain(vec![Cell::text("break-even users"), Cell::Count(35_000.0)]),
            Row::plain(vec![Cell::text("price of a token"), Cell::Number(0.000_004)]),
        ];
        let even = Table { key: "break_even", title: "Break-even".to_owned(), columns, rows };
        let data = json!({
            "profit": -2_900_000.5, "revenue": 100_000.0, "irr": null, "sum": 0.1 + 0.2, "seed": u64::MAX,
            "lines": { "=训练|*x*": 2_000_000.0 }, "series": [1.0, 1e21, 4e-6],
        });
        Report {
            kind: "eval",
            scenario: Some(Heading { name: "Smart\n客服".to_owned(), currency: Some("CNY".to_owned()), case: None }),
            data: match data {
                serde_json::Value::Object(map) => map,
                _ => Map::new(),
            },
            undefined: vec![("irr".to_owned(), "it never pays".to_owned())],
            notes: vec!["every range stands for its mean, which is what one number can say of it".to_owned()],
            tables: vec![lines, even],
            charts: Vec::new(),
            answer: Answer::Yes,
            findings: Vec::new(),
        }
    }

    /// A report of one table of texts and numbers, under the given name.
    pub(in crate::render) fn small(name: &str, rows: &[(&str, f64)]) -> Report {
        let rows = rows.iter().map(|(text, value)| Row::plain(vec![Cell::text(*text), Cell::Number(*value)])).collect();
        let columns = vec![Column::new("name", "Name"), Column::new("value", "Value")];
        Report {
            kind: "sweep",
            scenario: Some(Heading { name: name.to_owned(), currency: None, case: None }),
            data: Map::new(),
            undefined: Vec::new(),
            notes: Vec::new(),
            tables: vec![Table { key: "rows", title: String::new(), columns, rows }],
            charts: Vec::new(),
            answer: Answer::Yes,
            findings: Vec::new(),
        }
    }

    /// Names that someone could have made to do harm.
    pub(in crate::render) const HOSTILE: [&str; 12] = [
        "a|b",
        "\"",
        "two\nlines",
        "=cmd|' /C calc'!A0",
        "\u{1b}[31m",
        "\u{9b}31m",
        "\u{202e}gnp.exe",
        "智能客服",
        "👩‍💻",
        "",
        "<b>`[x](javascript:y)",
        "@SUM(1)\t",
    ];

    /// The reports as text.
    pub(in crate::render) fn text(reports: &[Report], format: Format, options: &Options) -> String {
        String::from_utf8(render(reports, format, options).unwrap()).unwrap()
    }

    /// The one problem of an error.
    fn only(mut error: Error) -> Problem {
        assert_eq!(error.problems.len(), 1);
        error.problems.remove(0)
    }

    #[test]
    fn names_and_extensions_find_their_format() {
        for &format in Format::ALL {
            assert_eq!(format.name().parse().ok(), Some(format));
            assert!(!format.help().is_empty());
            for extension in format.extensions() {
                assert_eq!(Format::from_extension(&extension.to_uppercase()), Some(format));
            }
        }
        assert_eq!(Format::from_extension("md"), Some(Format::Markdown));
        assert_eq!(Format::from_extension("xls"), None);
    }

    #[test]
    fn an_unknown_format_is_told_the_known_ones() {
        let problem = only("jsom".parse::<Format>().unwrap_err());
        assert_eq!(problem.message, "there is no format `jsom`");
        assert_eq!(
            problem.help,
            [
                "the formats are `table`, `json`, `csv`, `ndjson`, `markdown`, `junit`, `sarif`, `github`",
                "did you mean `json`?"
            ]
        );
    }

    #[test]
    fn an_unknown_table_is_refused_by_every_format() {
        let options = Options { table: Some("break_evn".to_owned()), ..Options::default() };
        for &format in Format::ALL {
            let problem = only(render(&[report()], format, &options).unwrap_err());
            assert_eq!(problem.message, "there is no table `break_evn`");
            assert_eq!(problem.help, ["the tables are `lines`, `break_even`", "did you mean `break_even`?"]);
        }
    }

    /// The formats that show any report, and not what checks found.
    fn general() -> impl Iterator<Item = Format> {
        Format::ALL.iter().copied().filter(|format| render(&[report()], *format, &Options::default()).is_ok())
    }

    #[test]
    fn formats_of_checks_show_nothing_else() {
        let names: Vec<_> = general().map(Format::name).collect();
        assert_eq!(names, ["table", "json", "csv", "ndjson", "markdown"]);
        let problem = only(render(&[report()], Format::JUnit, &Options::default()).unwrap_err());
        assert_eq!(problem.message, "`junit` shows what checks found, and `eval` checks nothing");
        assert_eq!(problem.help, ["use it with `check`: `bizmodel check FILE --format junit`"]);
        for format in [Format::JUnit, Format::Sarif, Format::GitHub] {
            assert!(render(&[findings::report("a", None)], format, &Options::default()).is_ok());
        }
    }

    #[test]
    fn no_report_is_an_empty_text() {
        for format in general() {
            assert_eq!(text(&[], format, &Options::default()), "");
        }
    }

    #[test]
    fn every_number_is_in_every_format_that_shows_its_table() {
        let report = report();
        for table in &report.tables {
            let options = Options { table: Some(table.key.to_owned()), ..Options::default() };
            let texts = |format| text(std::slice::from_ref(&report), format, &options);
            let machines = [texts(Format::Csv), texts(Format::Ndjson)];
            let people = [texts(Format::Table), texts(Format::Markdown)];
            for at in 0..table.columns.len() {
                let cells = layout::column_cells(table, at);
                for (cell, human) in cells.iter().zip(number::column(&cells)) {
                    let (Some(value), Some(human)) = (cell.number(), human) else { continue };
                    for text in &machines {
                        assert!(text.contains(&number::plain(value)), "{value} in\n{text}");
                    }
                    for text in &people {
                        assert!(text.contains(&human), "{human} in\n{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_hidden_reaches_the_output() {
        for name in HOSTILE {
            let mut report = small(name, &[(name, 1.0)]);
            report.tables[0].title = name.to_owned();
            report.tables[0].columns[1] = Column::new(name, name);
            report.tables[0].rows[0].cells.push(Cell::Missing(name.to_owned()));
            report.tables[0].columns.push(Column::new("z", name));
            report.undefined.push((name.to_owned(), name.to_owned()));
            report.notes.push(name.to_owned());
            report.data.insert(name.to_owned(), json!(name));
            for format in general() {
                for width in [None, Some(0), Some(1), Some(20), Some(80)] {
                    let options = Options { width, ..Options::default() };
                    let shown = text(std::slice::from_ref(&report), format, &options);
                    assert!(!shown.replace('\n', "").chars().any(escape::is_hidden), "{format:?} of {name:?}: {shown}");
                }
            }
            let mut checked = findings::report(name, Some(name));
            checked.findings = vec![findings::finding(name)];
            for format in [Format::JUnit, Format::Sarif, Format::GitHub] {
                let shown = text(std::slice::from_ref(&checked), format, &Options::default());
                assert!(!shown.replace('\n', "").chars().any(escape::is_hidden), "{format:?} of {name:?}: {shown}");
            }
        }
    }
}
