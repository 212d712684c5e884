//! Text for a terminal: aligned columns, few lines, nothing that a pipe would regret.

use crate::report::{Audience, Cell, Emphasis, Report, Table};

use super::escape::visible;
use super::layout::{self, Band, Column, Item};
use super::{Color, Options, chart, chosen, number, reasons, title};

/// The reports as text within the width of the options.
///
/// A value that does not exist is a dash, explained below the tables. Color sets titles and results in bold
/// and nothing else: a negative number has its sign, and not every loss is bad news.
pub fn render(reports: &[Report], options: &Options) -> Vec<u8> {
    let blocks: Vec<_> = reports.iter().flat_map(|report| blocks(report, options)).collect();
    let blocks: Vec<_> = blocks.iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n")).collect();
    let mut text = blocks.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text.into_bytes()
}

/// The parts of a report that blank lines separate, as lines.
fn blocks(report: &Report, options: &Options) -> Vec<Vec<String>> {
    let hang = |first: &str, text: &str| layout::hang(first, &" ".repeat(first.chars().count()), text, options.width);
    let heading = |text: &str| if text.is_empty() { Vec::new() } else { strong(hang("", text), options.color) };
    let mut blocks = vec![heading(&title(report.heading()))];
    for table in chosen(report, options) {
        let mut heading = heading(&visible(&table.title));
        for band in layout::lay_out(&columns(table), options.width) {
            let mut lines = std::mem::take(&mut heading);
            lines.extend(draw(band, table, options.color));
            blocks.push(lines);
        }
    }
    if let Some(width) = options.width.filter(|_| options.table.is_none()) {
        blocks.extend(report.charts.iter().map(|chart| chart::lines(chart, width)));
    }
    blocks.push(reasons::lines(report, options).iter().flat_map(|reason| hang("— ", reason)).collect());
    blocks.push(report.notes.iter().flat_map(|note| hang("note: ", &visible(note))).collect());
    blocks
}

/// The columns that people see.
fn columns(table: &Table) -> Vec<Column> {
    let shown = table.columns.iter().enumerate().filter(|(_, column)| column.audience != Audience::Machines);
    shown
        .map(|(at, column)| {
            let cells = layout::column_cells(table, at);
            Column { title: visible(&column.title), items: items(&cells), side: layout::side(&cells) }
        })
        .collect()
}

/// A column's cells as they are shown.
fn items(cells: &[&Cell]) -> Vec<Item> {
    let numbers = number::column(cells);
    let item = |(cell, number): (&&Cell, Option<String>)| match cell {
        Cell::Text(text) => Item::Flowing { guide: String::new(), text: visible(text) },
        Cell::Branch { guide, text } => Item::Flowing { guide: visible(guide), text: visible(text) },
        Cell::Missing(_) => Item::Solid(number::MISSING.to_owned()),
        Cell::Empty | Cell::Money(_) | Cell::Count(_) | Cell::Share(_) | Cell::Number(_) => {
            Item::Solid(number.unwrap_or_default())
        }
    };
    cells.iter().zip(numbers).map(item).collect()
}

/// A band with a rule below its header, and one above a result that follows ordinary rows, as above a sum.
fn draw(band: Band, table: &Table, color: Color) -> Vec<String> {
    let rule = "─".repeat(band.width);
    let mut lines = band.header;
    if !lines.is_empty() {
        lines.push(rule.clone());
    }
    let mut before = Emphasis::Strong;
    for (row, cells) in table.rows.iter().zip(band.rows) {
        match row.emphasis {
            Emphasis::Plain => lines.extend(cells),
            Emphasis::Strong => {
                if before == Emphasis::Plain {
                    lines.push(rule.clone());
                }
                lines.extend(strong(cells, color));
            }
        }
        before = row.emphasis;
    }
    lines
}

/// The lines in bold, where color is wanted (ECMA-48, select graphic rendition).
fn strong(lines: Vec<String>, color: Color) -> Vec<String> {
    match color {
        Color::Never => lines,
        Color::Always => lines.into_iter().map(|line| format!("\u{1b}[1m{line}\u{1b}[0m")).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::tests::{HOSTILE, report, small, text};
    use crate::render::{Color, Format, Options};
    use pretty_assertions::assert_eq;
    use unicode_width::UnicodeWidthStr;

    fn at(width: Option<usize>) -> String {
        text(&[report()], Format::Table, &Options { width, ..Options::default() })
    }

    const WIDE: &str = "\
Smart\\n客服 · CNY

Lines
                  per month  share of cost
──────────────────────────────────────────
revenue          100,000.00
├─ data        1,000,000.50  ██
└─ =训练|*x*   2,000,000.00  ████
──────────────────────────────────────────
profit        -2,900,000.50
return rate         -97.14%
irr                       —

Break-even
break-even users    35,000
price of a token  0.000004

— irr: it never pays

note: every range stands for its mean, which is what one number can say of it
";

    #[test]
    fn a_report_is_read_from_top_to_bottom() {
        assert_eq!(at(None), WIDE);
        assert_eq!(at(Some(80)), WIDE);
        let note = "note: every range stands for its mean, which is what one\n      number can say of it\n";
        let (tables, _) = WIDE.split_once("note:").unwrap();
        assert_eq!(at(Some(60)), format!("{tables}{note}"));
    }

    #[test]
    fn forty_columns_break_titles_and_notes() {
        let expected = "\
Smart\\n客服 · CNY

Lines
                  per month  share of
                             cost
─────────────────────────────────────
revenue          100,000.00
├─ data        1,000,000.50  ██
└─ =训练|*x*   2,000,000.00  ████
─────────────────────────────────────
profit        -2,900,000.50
return rate         -97.14%
irr                       —

Break-even
break-even users    35,000
price of a token  0.000004

— irr: it never pays

note: every range stands for its mean,
      which is what one number can say
      of it
";
        assert_eq!(at(Some(40)), expected);
    }

    #[test]
    fn twenty_columns_keep_numbers_whole_and_put_columns_below_each_other() {
        let shown = at(Some(20));
        let tables: Vec<_> = shown.split("\n\n").collect();
        assert_eq!(tables[1].lines().next(), Some("Lines"));
        assert!(tables[1].contains("\n└─ =训练|   2,000,000.00\n   *x*\n"), "{shown}");
        assert!(tables[2].contains("\n└─ =训练|  ████\n   *x*\n"), "{shown}");
        assert!(shown.lines().all(|line| line.width() <= 24), "{shown}");
    }

    #[test]
    fn no_width_and_no_name_is_too_much() {
        for name in HOSTILE {
            for width in 0..40 {
                let options = Options { width: Some(width), ..Options::default() };
                let shown = text(&[small(name, &[(name, 1234.5)])], Format::Table, &options);
                assert!(shown.contains("1,234.5"), "{shown}");
                assert!(shown.lines().all(|line| line == line.trim_end()), "{shown}");
            }
        }
    }

    #[test]
    fn results_and_titles_are_bold_in_color() {
        let shown = text(&[report()], Format::Table, &Options { color: Color::Always, ..Options::default() });
        let bold: Vec<_> = shown.lines().filter(|line| line.contains('\u{1b}')).collect();
        let expected = [
            "\u{1b}[1mSmart\\n客服 · CNY\u{1b}[0m",
            "\u{1b}[1mLines\u{1b}[0m",
            "\u{1b}[1mprofit        -2,900,000.50\u{1b}[0m",
            "\u{1b}[1mreturn rate         -97.14%\u{1b}[0m",
            "\u{1b}[1mBreak-even\u{1b}[0m",
        ];
        assert_eq!(bold, expected);
        assert_eq!(shown.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), WIDE);
    }

    #[test]
    fn reports_are_separated_by_a_blank_line() {
        let reports = [small("a", &[("x", 1.0)]), small("b", &[("y", 20.5)])];
        let expected = "\
a

Name  Value
───────────
x         1

b

Name  Value
───────────
y      20.5
";
        assert_eq!(text(&reports, Format::Table, &Options::default()), expected);
    }

    #[test]
    fn a_chosen_table_stands_alone() {
        let options = Options { table: Some("break_even".to_owned()), ..Options::default() };
        let shown = text(&[report()], Format::Table, &options);
        assert!(shown.contains("Break-even\nbreak-even users    35,000\n"), "{shown}");
        assert!(!shown.contains("Lines") && !shown.contains("it never pays"), "{shown}");
    }
}
