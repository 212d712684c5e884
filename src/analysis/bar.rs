//! Bars drawn in text around an axis, for columns that people alone see.

/// How many characters a bar may reach to each side. With the axis a bar is one word of 15 characters, which a table
/// leaves in one piece.
const REACH: usize = 7;

/// How many characters long a bar from the left may be.
const WIDTH: usize = 2 * REACH + 1;

/// A space at which no table breaks a bar.
const SPACE: &str = "\u{a0}";

/// What a bar is drawn with.
pub const FULL: char = '█';

/// What the bar of the other kind is drawn with, where there are two.
pub const SHADED: char = '▒';

/// One side of a bar: its length and what it is drawn with.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// The length; what is not above 0 is not drawn.
    pub length: f64,
    /// What it is drawn with.
    pub fill: char,
}

/// A bar around an axis, where `longest` is the length of the longest arm of all bars.
pub fn draw(left: Arm, right: Arm, longest: f64) -> String {
    let (left_cells, right_cells) = (cells(left.length, longest), cells(right.length, longest));
    let arm = |arm: Arm, cells| arm.fill.to_string().repeat(cells);
    format!("{}{}│{}", SPACE.repeat(REACH - left_cells), arm(left, left_cells), arm(right, right_cells))
}

/// A bar to the left for what is below 0, to the right for what is above.
pub fn signed(value: f64, largest: f64) -> String {
    let arm = |length| Arm { length, fill: FULL };
    draw(arm(-value), arm(value), largest)
}

/// A bar from the left edge, for what is never below 0.
pub fn rightward(length: f64, longest: f64) -> String {
    FULL.to_string().repeat(reaching(length, longest, WIDTH))
}

/// A bar from the left in two parts, of which the first may be all: `part` of `whole`, where `longest` is the longest.
pub fn stacked(part: f64, whole: f64, longest: f64) -> String {
    let whole = reaching(whole, longest, WIDTH);
    let part = reaching(part, longest, WIDTH).min(whole);
    format!("{}{}", FULL.to_string().repeat(part), SHADED.to_string().repeat(whole - part))
}

/// How many characters long an arm is: at least one, where there is anything to see.
fn cells(length: f64, longest: f64) -> usize {
    reaching(length, longest, REACH)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to the reach")]
#[expect(clippy::cast_precision_loss, reason = "the reach is small")]
fn reaching(length: f64, longest: f64, reach: usize) -> usize {
    let share = length / longest;
    if share > 0.0 { ((share * reach as f64).round() as usize).clamp(1, reach) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: f64, largest: f64) -> String {
        signed(value, largest).replace(SPACE, ".")
    }

    #[test]
    fn bars_are_in_proportion_and_never_vanish() {
        assert_eq!(shown(7.0, 7.0), ".......│███████");
        assert_eq!(shown(-3.0, 7.0), "....███│");
        assert_eq!(shown(1e-9, 7.0), ".......│█");
    }

    #[test]
    fn a_bar_of_two_parts_is_no_longer_than_its_whole() {
        assert_eq!(stacked(0.5, 1.0, 1.0), "████████▒▒▒▒▒▒▒");
        assert_eq!(stacked(0.21, 0.2, 1.0), "███");
        assert_eq!(stacked(-0.01, 0.2, 1.0), "▒▒▒");
        assert_eq!(stacked(f64::NAN, f64::NAN, f64::NAN), "");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        for (value, largest) in [(0.0, 7.0), (0.0, 0.0), (f64::NAN, 7.0)] {
            assert_eq!(shown(value, largest), ".......│");
        }
    }
}
