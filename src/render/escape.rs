//! Text that came from a file, made safe to show: nothing in it can move a cursor, color a terminal,
//! break a line or turn the reading direction.

use std::fmt::Write;

/// Whether a character acts on what shows the text instead of being seen in it: the control characters
/// (C0, DEL, C1), the separators of lines and paragraphs, and the marks that turn the direction of writing
/// (Unicode Standard Annex 9, section 2).
///
/// The zero-width joiner is none of them: emoji are made with it.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with its hidden characters spelled out: `\n`, `\t`, `\u{1b}`.
///
/// A backslash stays as it is, so the result is for reading and not for reading back.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The text with its hidden characters as `\uXXXX`, the escape of JSON (RFC 8259, section 7).
pub fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(visible("a\nb\tc\rd\0e"), r"a\nb\tc\rd\u{0}e");
        assert_eq!(visible("\u{1b}[31m\u{7f}\u{9b}2J"), r"\u{1b}[31m\u{7f}\u{9b}2J");
        assert_eq!(visible("\u{202e}evil\u{2066}\u{200f}\u{2028}"), r"\u{202e}evil\u{2066}\u{200f}\u{2028}");
    }

    #[test]
    fn what_can_be_seen_stays() {
        for text in ["", "a|b \"c\" \\", "智能客服", "👩‍💻 é"] {
            assert_eq!(visible(text), text);
            assert_eq!(json(text), text);
        }
    }

    #[test]
    fn json_escapes_have_four_hexadecimal_digits() {
        assert_eq!(json("\u{7f}\u{9b}\u{202e}"), "\\u007f\\u009b\\u202e");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(text in any::<String>()) {
            prop_assert!(!visible(&text).chars().any(is_hidden));
            prop_assert!(!json(&text).chars().any(is_hidden));
        }
    }
}
