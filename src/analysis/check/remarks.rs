//! What a reader of the verdicts must know of how the numbers came about.

use super::Verdict;
use super::verdict::Figures;
use crate::analysis::draws;
use crate::analysis::notes;
use crate::analysis::over_draws::Estimates;
use crate::model::Model;
use crate::numeric::design::Design;
use crate::report::number;
use crate::scenario::Check;

/// The remarks: that means were taken, what is of how many draws, what counts a part of them only, and which verdicts
/// chance may have brought about.
pub fn of(
    model: &Model,
    estimates: &Estimates,
    checks: &[&Check],
    verdicts: &[Verdict],
    drawn: Option<Design>,
) -> impl Iterator<Item = String> {
    let mut remarks: Vec<String> = Vec::new();
    let means = notes::of_means(model);
    match (drawn, means) {
        (None, means) => remarks.extend(means),
        (Some(_), None) => remarks.push(
            "nothing is uncertain, so that all draws are the same; a range is written `\"800 to 1200\"`".to_owned(),
        ),
        (Some(design), Some(_)) => {
            remarks.push(format!(
                "what looks over draws is of {} ({}, seed {}); all else takes what is uncertain at its mean",
                draws::in_words(design.samples),
                design.method.name(),
                design.seed
            ));
            remarks.extend(notes::of_draws(model, design));
            for (text, _) in estimates.all().filter(|(_, estimate)| estimate.apart.is_empty()) {
                remarks.push(format!("nothing uncertain reaches `{text}`: it is the same in all draws"));
            }
        }
    }
    for (text, estimate) in estimates.all().filter(|(_, estimate)| estimate.defined < 1.0) {
        let share = number::share(estimate.defined);
        // Of what holds or not, what has no value does not.
        let is_probability = estimate.finest > 0.0;
        remarks.push(if is_probability {
            format!("`{text}` is of all draws; its condition has a value in {share} of them, and does not hold in the others")
        } else {
            format!("`{text}` counts the {share} of the draws that have a value")
        });
    }
    for (check, verdict) in checks.iter().zip(verdicts) {
        let figures = verdict.parts.iter().filter_map(|part| part.figures.as_ref());
        if figures.clone().any(Figures::is_close) {
            remarks.push(format!(
                "{}: within two standard errors of the bound, so that more draws may decide otherwise; take more with \
                 `--samples`",
                check.name
            ));
        }
    }
    remarks.into_iter()
}
