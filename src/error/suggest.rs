//! "Did you mean": the nearest of the names that are allowed.

/// The name among `allowed` that `found` most likely stands for, if any is near enough.
///
/// Nearness is the Jaro-Winkler similarity of the lower-case names (0 to 1); 0.8 admits one or two slips
/// in a word and refuses names that merely share letters. Of equally near names it is the first of the alphabet.
pub fn nearest<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.8;
    let found = found.to_lowercase();
    allowed
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&found, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

/// The sentence "did you mean `name`?", if any name is near enough.
pub fn did_you_mean<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(found, allowed).map(|name| format!("did you mean `{name}`?"))
}

/// Whether looking for the nearest of so many names still pays, when so many problems have been told already.
///
/// A file in which every line is wrong would else be searched as often as it has lines, only for the suggestions in
/// messages that nobody reads to the end.
pub fn is_worth_searching(names: usize, told: usize) -> bool {
    const COMPARISONS: usize = 2_000_000;
    names.saturating_mul(told) <= COMPARISONS
}

/// Names joined for a sentence: `` `a`, `b`, `c` ``; of very many, the first and how many more there are.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 30;
    let mut names = names.into_iter();
    let shown = names.by_ref().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names.count() {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized_and_a_stranger_is_not() {
        let allowed = ["data", "training", "operations"];
        assert_eq!(nearest("operatoins", allowed), Some("operations"));
        assert_eq!(nearest("Training", allowed), Some("training"));
        assert_eq!(nearest("zebra", allowed), None);
    }

    #[test]
    fn of_equally_near_names_the_first_of_the_alphabet_is_meant_whatever_their_order() {
        assert_eq!(nearest("cost", ["costb", "costa"]), Some("costa"));
        assert_eq!(nearest("cost", ["costa", "costb"]), Some("costa"));
    }

    #[test]
    fn a_long_list_is_cut() {
        let names: Vec<String> = (0..32).map(|at| at.to_string()).collect();
        let shown = list(names.iter().map(String::as_str));
        assert!(shown.starts_with("`0`, `1`") && shown.ends_with("`29` and 2 more"), "{shown}");
        assert_eq!(list(["a", "b"]), "`a`, `b`");
    }

    #[test]
    fn a_slip_is_searched_for_in_any_file_and_thousands_only_in_small_ones() {
        assert!(is_worth_searching(1_000_000, 0) && is_worth_searching(100, 10_000));
        assert!(!is_worth_searching(1_000_000, 100));
    }
}
