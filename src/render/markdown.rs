//! Markdown (GitHub's): a heading, pipe tables, lists of reasons and notes.

use std::fmt::Write;

use crate::report::{Audience, Cell, Emphasis, Report, Table};

use super::escape::visible;
use super::layout::{self, Side};
use super::{Options, chosen, number, reasons, title};

/// The reports as Markdown, with the numbers as people read them.
pub fn render(reports: &[Report], options: &Options) -> Vec<u8> {
    let blocks: Vec<_> = reports.iter().flat_map(|report| blocks(report, options)).collect();
    let mut text = blocks.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text.into_bytes()
}

/// The parts of a report that blank lines separate.
fn blocks(report: &Report, options: &Options) -> Vec<String> {
    let mut blocks = Vec::new();
    let heading = title(report.heading());
    if !heading.is_empty() {
        blocks.push(format!("## {}", escaped(&heading)));
    }
    for table in chosen(report, options) {
        if !table.title.is_empty() {
            blocks.push(format!("### {}", escaped(&table.title)));
        }
        blocks.push(pipes(table));
    }
    let reasons = reasons::lines(report, options);
    blocks.extend(list("Undefined", &reasons));
    blocks.extend(list("Notes", &report.notes));
    blocks
}

/// A labelled list; nothing when empty.
fn list(label: &str, items: &[String]) -> Vec<String> {
    if items.is_empty() {
        return Vec::new();
    }
    let items: Vec<_> = items.iter().map(|item| format!("- {}", escaped(item))).collect();
    vec![format!("{label}:"), items.join("\n")]
}

/// A pipe table; numbers stand at the right.
fn pipes(table: &Table) -> String {
    let columns: Vec<_> =
        (0..table.columns.len()).filter(|&at| table.columns[at].audience != Audience::Machines).collect();
    let cells: Vec<_> = columns.iter().map(|&at| layout::column_cells(table, at)).collect();
    let texts: Vec<Vec<String>> = cells.iter().map(|cells| column(cells)).collect();

    let mut text = String::from("|");
    for &at in &columns {
        // Writing to a string does not fail.
        let _ = write!(text, " {} |", escaped(&table.columns[at].title));
    }
    text.push_str("\n|");
    for cells in &cells {
        text.push_str(match layout::side(cells) {
            Side::Left => " --- |",
            Side::Right => " ---: |",
        });
    }
    for (at, row) in table.rows.iter().enumerate() {
        text.push_str("\n|");
        for column in &texts {
            let _ = write!(text, " {} |", emphasized(column.get(at).map_or("", String::as_str), row.emphasis));
        }
    }
    text
}

/// The texts of a column's cells.
fn column(cells: &[&Cell]) -> Vec<String> {
    let numbers = number::column(cells);
    let text = |(cell, number): (&&Cell, Option<String>)| match cell {
        Cell::Text(text) => escaped(text),
        // Ordinary spaces would be run together.
        Cell::Branch { guide, text } => format!("{}{}", visible(guide).replace(' ', "\u{a0}"), escaped(text)),
        Cell::Missing(_) => number::MISSING.to_owned(),
        Cell::Empty | Cell::Money(_) | Cell::Count(_) | Cell::Share(_) | Cell::Number(_) => number.unwrap_or_default(),
    };
    cells.iter().zip(numbers).map(text).collect()
}

/// A cell's text, bold in a row that stands out.
fn emphasized(text: &str, emphasis: Emphasis) -> String {
    match emphasis {
        Emphasis::Strong if !text.is_empty() => format!("**{text}**"),
        Emphasis::Strong | Emphasis::Plain => text.to_owned(),
    }
}

/// Text that stays text: what Markdown would act on gets a backslash (`CommonMark` 0.31, section 2.4).
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (at, character) in visible(text).trim().char_indices() {
        let opens_a_list = at == 0 && matches!(character, '-' | '+');
        if opens_a_list || r"\`*_[]<>|&~#$".contains(character) {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::escaped;
    use crate::render::tests::{HOSTILE, report, small, text};
    use crate::render::{Format, Options};
    use pretty_assertions::assert_eq;

    #[test]
    fn a_report_is_a_document() {
        let expected = "\
## Smart\\\\n客服 · CNY

### Lines

|  | per month | share of cost |
| --- | ---: | --- |
| revenue | 100,000.00 |  |
| ├─\u{a0}data | 1,000,000.50 | ██ |
| └─\u{a0}=训练\\|\\*x\\* | 2,000,000.00 | ████ |
| **profit** | **-2,900,000.50** |  |
| **return rate** | **-97.14%** |  |
| irr | — |  |

### Break-even

|  |  |
| --- | ---: |
| break-even users | 35,000 |
| price of a token | 0.000004 |

Undefined:

- irr: it never pays

Notes:

- every range stands for its mean, which is what one number can say of it
";
        assert_eq!(text(&[report()], Format::Markdown, &Options::default()), expected);
    }

    #[test]
    fn what_markdown_acts_on_is_escaped() {
        assert_eq!(escaped(r"a|b\`*_[x](y)<b>"), r"a\|b\\\`\*\_\[x\](y)\<b\>");
        assert_eq!(escaped("two\nlines"), r"two\\nlines");
        assert_eq!(escaped("- item"), r"\- item");
        assert_eq!(escaped("&lt; ~~x~~ # $y$"), r"\&lt; \~\~x\~\~ \# \$y\$");
        assert_eq!(escaped("3 - 2"), "3 - 2");
    }

    #[test]
    fn no_name_adds_a_cell_or_a_line() {
        let plain = text(&[small("a", &[("x", 1.0)])], Format::Markdown, &Options::default());
        let bars = |text: &str| text.replace(r"\\", "").replace(r"\|", "").matches('|').count();
        for name in HOSTILE {
            let shown = text(&[small("a", &[(name, 1.0)])], Format::Markdown, &Options::default());
            assert_eq!(shown.lines().count(), plain.lines().count(), "{shown}");
            assert_eq!(bars(&shown), bars(&plain), "{shown}");
        }
    }

    #[test]
    fn several_reports_have_a_heading_each() {
        let shown = text(&[small("a", &[]), small("b", &[])], Format::Markdown, &Options::default());
        let table = "| Name | Value |\n| --- | --- |";
        assert_eq!(shown, format!("## a\n\n{table}\n\n## b\n\n{table}\n"));
    }
}
