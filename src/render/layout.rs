//! Columns within a width: which stand beside each other, how wide each is, where text breaks.
//!
//! Numbers are never cut or broken. Text breaks first; where even that does not help, the columns are laid
//! out in bands below each other, each beginning with the first column again.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, Row, Width};
use unicode_width::UnicodeWidthStr;

use crate::report::{Cell, Table};

/// The spaces between two columns.
const GAP: usize = 2;

/// The width at which text breaks where none is set; as wide as a table cell can be laid out.
const WIDEST: usize = 10_000;

/// The width of a wide character, such as a Chinese one; text cannot be broken more narrowly.
const WIDE: usize = 2;

/// On which side a column's cells are aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// What is to be shown in a cell.
#[derive(Clone, Debug)]
pub enum Item {
    /// A number, which stays in one piece.
    Solid(String),
    /// Text that may break, and what is drawn before it.
    Flowing {
        /// The lines that lead to a step of a tree, else empty.
        guide: String,
        /// The text.
        text: String,
    },
}

/// A column to lay out.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands above; may be empty.
    pub title: String,
    /// The cells from top to bottom.
    pub items: Vec<Item>,
    /// Where they are aligned.
    pub side: Side,
}

/// Columns that stand beside each other, as lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The width of the widest line.
    pub width: usize,
    /// The lines of the titles; none if there are no titles.
    pub header: Vec<String>,
    /// The lines of each row.
    pub rows: Vec<Vec<String>>,
}

/// The cells of a table's column.
pub fn column_cells(table: &Table, at: usize) -> Vec<&Cell> {
    table.rows.iter().map(|row| row.cells.get(at).unwrap_or(&Cell::Empty)).collect()
}

/// The side of a column: right if it has a number, or lacks some and has no words.
pub fn side(cells: &[&Cell]) -> Side {
    let any = |is: fn(&Cell) -> bool| cells.iter().any(|cell| is(cell));
    let has_words = any(|cell| matches!(cell, Cell::Text(_) | Cell::Branch { .. }));
    let lacks_some = any(|cell| matches!(cell, Cell::Missing(_)));
    if any(|cell| cell.number().is_some()) || lacks_some && !has_words { Side::Right } else { Side::Left }
}

/// The columns within that width, in as many bands as it takes.
pub fn lay_out(columns: &[Column], width: Option<usize>) -> Vec<Band> {
    let width = width.unwrap_or(WIDEST).min(WIDEST);
    let least: Vec<_> = columns.iter().map(|column| column.least(width)).collect();
    bands(&least, width)
        .into_iter()
        .map(|band| {
            let columns: Vec<_> = band.iter().filter_map(|&at| columns.get(at)).collect();
            let least: Vec<_> = band.iter().filter_map(|&at| least.get(at).copied()).collect();
            draw(&columns, &widths(&columns, least, width))
        })
        .collect()
}

/// Text broken into lines of that width, the first behind `first`, the others behind `rest`.
pub fn hang(first: &str, rest: &str, text: &str, width: Option<usize>) -> Vec<String> {
    let width = width.unwrap_or(WIDEST).saturating_sub(first.width().max(rest.width()));
    let lines = broken(text, width).into_iter().enumerate();
    lines.map(|(at, line)| format!("{}{line}", if at == 0 { first } else { rest })).collect()
}

/// Text broken into lines of that width, between words where it can be.
fn broken(text: &str, width: usize) -> Vec<String> {
    if text.width() <= width {
        return vec![text.to_owned()];
    }
    let mut table = comfy_table::Table::new();
    table.load_style(NOTHING).add_row([text]).set_constraints([absolute(width.max(WIDE))]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// A constraint to a width.
fn absolute(width: usize) -> ColumnConstraint {
    ColumnConstraint::Absolute(Width::Fixed(u16::try_from(width).unwrap_or(u16::MAX)))
}

/// The guide of a step's further lines: the branches that go on below go on, the one that leads here ends.
fn continued(guide: &str) -> String {
    let line = |character| match character {
        '├' | '│' => '│',
        _ => ' ',
    };
    guide.chars().map(line).collect()
}

impl Item {
    /// The width on one line.
    fn natural(&self) -> usize {
        match self {
            Self::Solid(text) => text.width(),
            Self::Flowing { guide, text } => guide.width() + text.width(),
        }
    }

    /// The width below which it may not be pressed, where words may be broken that are longer than `word`.
    fn least(&self, word: usize) -> usize {
        match self {
            Self::Solid(text) => text.width(),
            Self::Flowing { guide, text } => guide.width() + narrowest(text, word),
        }
    }

    /// The lines within that width.
    fn lines(&self, width: usize) -> Vec<String> {
        match self {
            Self::Solid(text) => vec![text.clone()],
            Self::Flowing { guide, text } => hang(guide, &continued(guide), text, Some(width)),
        }
    }
}

impl Column {
    fn natural(&self) -> usize {
        self.items.iter().map(Item::natural).chain([self.title.width()]).max().unwrap_or(0)
    }

    /// The least width, where the table may be `width` wide.
    fn least(&self, width: usize) -> usize {
        // A word of a third of the page, or one that leaves room for a number of 14 characters beside it, is not long;
        // beyond 24 characters, the length of the longer names of lines, a break is bearable on any page.
        let word = (width / 3).max(width.saturating_sub(14 + GAP)).clamp(4, 24);
        let title = narrowest(&self.title, word);
        // An empty column still takes one place.
        self.items.iter().map(|item| item.least(word)).chain([title]).fold(1, usize::max)
    }
}

/// The least width of a text in which words are broken that are longer than `word`.
fn narrowest(text: &str, word: usize) -> usize {
    let longest = text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0);
    longest.min(word).max(WIDE).min(text.width())
}

/// Which columns stand beside each other, given their least widths: as many as fit, after the first again.
fn bands(least: &[usize], width: usize) -> Vec<Vec<usize>> {
    let Some(&label) = least.first() else { return Vec::new() };
    let mut bands = vec![vec![0]];
    let mut used = label;
    for (at, &needed) in least.iter().enumerate().skip(1) {
        let is_started = bands.last().is_some_and(|band| band.len() > 1);
        if is_started && used + GAP + needed > width {
            bands.push(vec![0]);
            used = label;
        }
        if let Some(band) = bands.last_mut() {
            band.push(at);
        }
        used += GAP + needed;
    }
    bands
}

/// The widths of a band's columns: from the least, the narrowest that wants more grows until all is given.
fn widths(columns: &[&Column], mut widths: Vec<usize>, width: usize) -> Vec<usize> {
    let natural: Vec<_> = columns.iter().map(|column| column.natural()).collect();
    let taken = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    for _ in taken..width {
        let growing = widths.iter_mut().zip(&natural).filter(|(width, natural)| **width < **natural);
        match growing.min_by_key(|(width, _)| **width) {
            Some((width, _)) => *width += 1,
            None => break,
        }
    }
    widths
}

/// The columns at those widths. Cells are broken beforehand, so that each line is a row of its own and
/// the rows can be told apart in what is drawn.
fn draw(columns: &[&Column], widths: &[usize]) -> Band {
    let has_header = columns.iter().any(|column| !column.title.is_empty());
    let titles = columns.iter().zip(widths).map(|(column, &width)| hang("", "", &column.title, Some(width)));
    let header = has_header.then(|| titles.collect::<Vec<_>>());
    let count = columns.iter().map(|column| column.items.len()).max().unwrap_or(0);
    let cells = (0..count).map(|at| {
        let lines = |column: &Column, width| column.items.get(at).map(|item| item.lines(width)).unwrap_or_default();
        columns.iter().zip(widths).map(|(column, &width)| lines(column, width)).collect::<Vec<_>>()
    });
    let rows: Vec<_> = header.into_iter().chain(cells).collect();

    let mut table = comfy_table::Table::new();
    table.load_style(NOTHING);
    let heights: Vec<_> = rows.iter().map(|row| row.iter().map(Vec::len).max().unwrap_or(0)).collect();
    for (row, &height) in rows.iter().zip(&heights) {
        for line in 0..height {
            table.add_row(Row::from(row.iter().map(|cell| cell.get(line).map_or("", String::as_str))));
        }
    }
    for (at, column) in columns.iter().enumerate() {
        let lines = rows.iter().filter_map(|row| row.get(at)).flatten();
        let width = lines.map(|line| line.width()).max().unwrap_or(0);
        let gap = if at == 0 { 0 } else { GAP };
        if let Some(drawn) = table.column_mut(at) {
            drawn.set_padding((u16::try_from(gap).unwrap_or(0), 0)).set_constraint(absolute(gap + width));
            drawn.set_cell_alignment(match column.side {
                Side::Left => CellAlignment::Left,
                Side::Right => CellAlignment::Right,
            });
        }
    }

    let mut lines = table.lines().map(|line| line.trim_end().to_owned());
    let mut rows: Vec<Vec<String>> = heights.iter().map(|&height| lines.by_ref().take(height).collect()).collect();
    let header = if has_header { rows.remove(0) } else { Vec::new() };
    let width = header.iter().chain(rows.iter().flatten()).map(|line| line.width()).max().unwrap_or(0);
    Band { width, header, rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(title: &str, words: &[&str]) -> Column {
        let flowing = |text: &&str| Item::Flowing { guide: String::new(), text: (*text).to_owned() };
        Column { title: title.to_owned(), items: words.iter().map(flowing).collect(), side: Side::Left }
    }

    fn numbers(title: &str, numbers: &[&str]) -> Column {
        let items = numbers.iter().map(|text| Item::Solid((*text).to_owned())).collect();
        Column { title: title.to_owned(), items, side: Side::Right }
    }

    /// All lines of a band, header first.
    fn lines(band: &Band) -> Vec<&str> {
        band.header.iter().chain(band.rows.iter().flatten()).map(String::as_str).collect()
    }

    #[test]
    fn text_breaks_before_numbers_do() {
        let columns = [words("", &["cost of the service", "profit"]), numbers("per month", &["3,500,000", "-1"])];
        let wide = lay_out(&columns, None);
        assert_eq!(
            lines(&wide[0]),
            ["                     per month", "cost of the service  3,500,000", "profit                      -1"]
        );
        let narrow = lay_out(&columns, Some(20));
        assert_eq!(
            lines(&narrow[0]),
            ["         per month", "cost of  3,500,000", "the", "service", "profit          -1"]
        );
        assert_eq!(narrow[0].rows[0].len(), 3);
        assert_eq!(narrow[0].width, 18);
    }

    #[test]
    fn columns_that_do_not_fit_go_below_with_the_first_again() {
        let columns = [
            words("Month", &["1", "2"]),
            numbers("Revenue", &["1,000,000", "2,000,000"]),
            numbers("Cost", &["3,000,000", "4,000,000"]),
        ];
        let bands = lay_out(&columns, Some(20));
        assert_eq!(bands.len(), 2);
        assert_eq!(lines(&bands[0]), ["Month    Revenue", "1      1,000,000", "2      2,000,000"]);
        assert_eq!(lines(&bands[1]), ["Month       Cost", "1      3,000,000", "2      4,000,000"]);
        assert_eq!(lay_out(&columns, Some(27)).len(), 1);
    }

    #[test]
    fn a_narrow_first_column_has_its_place() {
        let columns = |name| [words("", &[name]), numbers("", &["12345678"]), numbers("", &["123456"])];
        // 1 + 2 + 8 + 2 + 6 = 19; one more for the space, which cannot be broken off.
        assert_eq!(lay_out(&columns(""), Some(19)).len(), 1);
        assert_eq!(lay_out(&columns(""), Some(18)).len(), 2);
        assert_eq!(lay_out(&columns(" a"), Some(20)).len(), 1);
        assert_eq!(lay_out(&columns(" a"), Some(19)).len(), 2);
    }

    #[test]
    fn wide_characters_count_twice() {
        let columns = [words("", &["智能客服", "ab"]), numbers("", &["1", "2"])];
        assert_eq!(lines(&lay_out(&columns, None)[0]), ["智能客服  1", "ab        2"]);
        assert_eq!(lines(&lay_out(&columns, Some(7))[0]), ["智能  1", "客服", "ab    2"]);
    }

    #[test]
    fn a_broken_step_keeps_its_branches() {
        let step = |guide: &str| Item::Flowing { guide: guide.to_owned(), text: "units times price".to_owned() };
        let column =
            Column { title: String::new(), items: vec![step("├─ "), step("│  └─ ")], side: Side::Left };
        let band = &lay_out(&[column], Some(16))[0];
        assert_eq!(lines(band), ["├─ units times", "│  price", "│  └─ units", "│     times", "│     price"]);
    }

    #[test]
    fn a_column_of_numbers_or_of_nothing_but_gaps_is_on_the_right() {
        let missing = Cell::Missing(String::new());
        let word = Cell::text("x");
        assert_eq!(side(&[&Cell::Number(1.0), &word]), Side::Right);
        assert_eq!(side(&[&missing, &Cell::Empty]), Side::Right);
        assert_eq!(side(&[&missing, &word]), Side::Left);
        assert_eq!(side(&[&Cell::Empty]), Side::Left);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_at_any_width(
            names in prop::collection::vec("[a-z客👩 ]{0,12}", 1..4),
            values in prop::collection::vec("-?[0-9]{1,9}", 1..6),
            width in 0_usize..80,
        ) {
            let mut columns = vec![words("", &names.iter().map(String::as_str).collect::<Vec<_>>())];
            let rows = names.len();
            columns.extend(values.iter().map(|value| numbers("", &vec![value.as_str(); rows])));
            let bands = lay_out(&columns, Some(width));

            let shown: Vec<_> = bands.iter().flat_map(lines).collect();
            for value in &values {
                let count = shown.iter().flat_map(|line| line.split(' ')).filter(|word| word == value).count();
                prop_assert!(count >= rows, "{value} in {shown:#?}");
            }
            let is_letter = |c: &char| !c.is_whitespace() && !c.is_ascii_digit() && *c != '-';
            let letters = |text: &str| text.chars().filter(is_letter).collect::<String>();
            for band in &bands {
                prop_assert_eq!(letters(&lines(band).concat()), letters(&names.concat()));
            }
            let widest = columns[1..].iter().map(Column::natural).max().unwrap_or(0);
            let unavoidable = columns[0].least(width) + GAP + widest;
            for line in shown {
                prop_assert!(line.width() <= width.max(unavoidable), "{line:?} at {width}");
            }
        }
    }
}
