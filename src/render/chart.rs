//! A series drawn as columns above and below 0, for a look at its shape; the numbers stand in the tables.

use unicode_width::UnicodeWidthStr as _;

use crate::report::Chart;

use super::escape::visible;
use super::number;

/// The height in lines; each line shows two halves.
const HEIGHT: u16 = 8;

/// The widest drawing, so that few values do not become fields.
const WIDEST: usize = 72;

/// The drawing within a width; nothing where there is nothing to see, or no room for it.
pub fn lines(chart: &Chart, width: usize) -> Vec<String> {
    let finite = chart.values.iter().all(|value| value.is_finite());
    let low = chart.values.iter().copied().fold(0.0, f64::min);
    let high = chart.values.iter().copied().fold(0.0, f64::max);
    if !finite || chart.values.len() < 2 || low >= high {
        return Vec::new();
    }
    let [top, zero, bottom] = [high, 0.0, low].map(number::axis);
    let margin = [&top, &zero, &bottom].map(|text| text.width()).into_iter().max().unwrap_or(0) + 1;
    let Some(room) = width.checked_sub(margin + 1).filter(|room| *room >= 8) else { return Vec::new() };
    let columns = stretched(&chart.values, room.min(WIDEST));

    let half = (high - low) / f64::from(2 * HEIGHT);
    let mut lines = vec![visible(&chart.title)];
    for row in 0..HEIGHT {
        let middle_of = |half_row: u16| high - half * (f64::from(half_row) + 0.5);
        let (upper, lower) = (middle_of(2 * row), middle_of(2 * row + 1));
        let filled = |at: f64, value: f64| if at >= 0.0 { value >= at } else { value <= at };
        let body: String = columns
            .iter()
            .map(|value| match (filled(upper, *value), filled(lower, *value)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            })
            .collect();
        let holds_zero = upper + half / 2.0 >= 0.0 && lower - half / 2.0 < 0.0;
        let text = match row {
            0 => &top,
            _ if row + 1 == HEIGHT => &bottom,
            _ if holds_zero => &zero,
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
fn stretched(values: &[f64], room: usize) -> Vec<f64> {
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
        Chart { title: "Cumulative profit".to_owned(), values: values.to_vec(), ends: ["0".to_owned(), "7".to_owned()] }
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
