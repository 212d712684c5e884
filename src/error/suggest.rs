//! "Did you mean": the nearest of the names that are allowed.

/// The name among `allowed` that `found` most likely stands for, if any is near enough.
///
/// Nearness is the Jaro-Winkler similarity of the lower-case names (0 to 1); 0.8 admits one or two slips
/// in a word and refuses names that merely share letters.
pub fn nearest<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.8;
    let found = found.to_lowercase();
    allowed
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&found, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The sentence "did you mean `name`?", if any name is near enough.
pub fn did_you_mean<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(found, allowed).map(|name| format!("did you mean `{name}`?"))
}

/// Names joined for a sentence: `` `a`, `b`, `c` ``.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
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
}
