//! Remarks that the questions about uncertain inputs share.

use crate::formula::Path;
use crate::report::number;

/// That a metric has no value in some of the draws, but not in all: then that is the answer.
pub fn undefined(metric: &Path, share: f64) -> Option<String> {
    (share > 0.0 && share < 1.0).then(|| {
        format!("{} has no value in {} of the draws, which are left out", metric.in_ticks(), number::share(share))
    })
}
