//! A series drawn as columns above and below 0, for a look at its shape; the numbers stand in the tables.

use unicode_width::UnicodeWidthStr as _;

use crate::report::{Chart, Drawing};

use super::escape::visible;
use super::number;

/// The height in lines; each line shows two halves.
const HEIGHT: u16 = 8;

/// The widest drawing, so that few values do not become fields.
const WIDEST: usize = 72;

/// The drawing within a width; nothing where there is nothing to see, or no room for it.
pub fn lines(chart: &Chart, width: usize) -> Vec<String> {
    match &chart.drawing {
        Drawing::Columns(values) => {
            drawn(chart, width, values, |value| [*value; 2], |line, value| column(line, *value))
        }
        Drawing::Fan(values) => drawn(chart, width, values, |value| [value[0], value[4]], fan),
    }
}

/// One line of a drawing: the middles of its upper and its lower half, which are half a line's height apart.
struct Line {
    upper: f64,
    lower: f64,
}

impl Line {
    /// Whether a value lies on the line.
    fn holds(&self, value: f64) -> bool {
        let quarter = (self.upper - self.lower) / 2.0;
        self.upper + quarter >= value && self.lower - quarter < value
    }
}

/// A column that reaches from 0 to its value.
fn column(line: &Line, value: f64) -> char {
    let filled = |at: f64| if at >= 0.0 { value >= at } else { value <= at };
    match (filled(line.upper), filled(line.lower)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

/// A wide range around a narrow one around a middle, and 0 where there is nothing else.
fn fan(line: &Line, [lowest, low, middle, high, highest]: &[f64; 5]) -> char {
    let overlaps = |from: f64, to: f64| from <= line.upper && to >= line.lower || line.holds(from) || line.holds(to);
    if line.holds(*middle) {
        '━'
    } else if overlaps(*low, *high) {
        '▓'
    } else if overlaps(*lowest, *highest) {
        '░'
    } else if line.holds(0.0) {
        '┈'
    } else {
        ' '
    }
}

fn drawn<T: Copy>(
    chart: &Chart,
    width: usize,
    values: &[T],
    ends: impl Fn(&T) -> [f64; 2],
    symbol: impl Fn(&Line, &T) -> char,
) -> Vec<String> {
    let finite = values.iter().all(|value| ends(value).iter().all(|end| end.is_finite()));
    let low = values.iter().map(|value| ends(value)[0]).fold(0.0, f64::min);
    let high = values.iter().map(|value| ends(value)[1]).fold(0.0, f64::max);
    if !finite || values.len() < 2 || low >= high {
        return Vec::new();
    }
    let [top, zero, bottom] = [high, 0.0, low].map(number::axis);
    let margin = [&top, &zero, &bottom].map(|text| text.width()).into_iter().max().unwrap_or(0) + 1;
    let Some(room) = width.checked_sub(margin + 1).filter(|room| *room >= 8) else { return Vec::new() };
    let columns = stretched(values, room.min(WIDEST));

    let half = (high - low) / f64::from(2 * HEIGHT);
    let mut lines = vec![visible(&chart.title)];
    for row in 0..HEIGHT {
        let middle_of = |half_row: u16| high - half * (f64::from(half_row) + 0.5);
        let line = Line { upper: middle_of(2 * row), lower: middle_of(2 * row + 1) };
        let body: String = columns.iter().map(|value| symbol(&line, value)).collect();
        let text = match row {
            0 => &top,
            _ if row + 1 == HEIGHT => &bottom,
            _ if line.holds(0.0) => &zero,
            _ => "",
        };
        let gap = " ".repeat(margin - 1 - text.width());
        lines.push(format!("{gap}{text} │{body}").trim_end().to_owned());
    }
    let [first, last] = chart.ends.each_ref().map(|end| visible(end));
    let between = columns.len().saturating_sub(first.width() + last.width());
    lines.push(format!("{}{first}{}{last}", " ".repeat(margin + 1), " ".repeat(between)));
    lines
}

/// The values repeated or thinned to fit about that many columns.
fn stretched<T: Copy>(values: &[T], room: usize) -> Vec<T> {
    if values.len() <= room {
        let each = room / values.len();
        return values.iter().flat_map(|value| std::iter::repeat_n(*value, each)).collect();
    }
    (0..room).map(|at| values[at * (values.len() - 1) / (room - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[f64]) -> Chart {
        of(Drawing::Columns(values.to_vec()))
    }

    fn of(drawing: Drawing) -> Chart {
        Chart { title: "Cumulative profit".to_owned(), drawing, ends: ["0".to_owned(), "7".to_owned()] }
    }

    #[test]
    fn losses_hang_below_zero_and_gains_stand_above() {
        let drawn = lines(&chart(&[-40.0, -30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 40.0]), 13);
        // 80 over 16 halves: 5 each; column by column 8, 6, 4, 2 halves below 0 and 2, 4, 8 above.
        assert_eq!(
            drawn,
            [
                "Cumulative profit",
                " 40 │       █",
                "    │       █",
                "    │      ██",
                "    │     ███",
                "  0 │████",
                "    │███",
                "    │██",
                "-40 │█",
                "     0      7",
            ]
        );
    }

    #[test]
    fn a_fan_widens_around_its_middle() {
        // 16 over 8 lines: each is 2 high, and holds its upper border but not its lower one. In period 8 the outer range
        // reaches from −8 to 8 and the inner one from −4 to 4; in period 1, from −1 to 1 and from −0.5 to 0.5.
        let fan = |spread: f64| [-2.0 * spread, -spread, 0.5, spread, 2.0 * spread];
        let drawn = lines(&of(Drawing::Fan((1..=8).map(|period| fan(f64::from(period) / 2.0)).collect())), 13);
        assert_eq!(
            drawn,
            [
                "Cumulative profit",
                " 8 │      ░░",
                "   │    ░░░░",
                "   │  ░░▓▓▓▓",
                "   │━━━━━━━━",
                " 0 │▓▓▓▓▓▓▓▓",
                "   │ ░░▓▓▓▓▓",
                "   │   ░░░░▓",
                "-8 │     ░░░",
                "    0      7",
            ]
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_left_out() {
        assert!(lines(&chart(&[0.0, 0.0]), 60).is_empty());
        assert!(lines(&chart(&[1.0]), 60).is_empty());
        assert!(lines(&chart(&[1.0, f64::NAN]), 60).is_empty());
        assert!(lines(&chart(&[1.0, 2.0]), 10).is_empty());
    }

    #[test]
    fn a_long_series_fits_the_width() {
        let values: Vec<f64> = (0..1_200).map(f64::from).collect();
        assert!(lines(&chart(&values), 60).iter().all(|line| line.width() <= 60));
    }
}
