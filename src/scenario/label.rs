//! What periods are called: `2026-01`, `2026-Q1`, `2026`, and for weeks the date of their first day.

use jiff::Span;
use jiff::civil::Date;

use super::time::Period;

/// How a start is written for a period.
pub fn example(period: Period) -> &'static str {
    match period {
        Period::Week => "2026-01-05",
        Period::Month => "2026-01",
        Period::Quarter => "2026-Q1",
        Period::Year => "2026",
    }
}

/// The names of periods from a start on; none where the start cannot be read.
pub fn all(period: Period, start: &str, periods: usize) -> Option<Vec<String>> {
    let count = i64::try_from(periods).ok()?;
    match period {
        Period::Week => {
            let first = date(start)?;
            (0..count).map(|at| Some(first.checked_add(Span::new().weeks(at)).ok()?.to_string())).collect()
        }
        Period::Month => {
            let (year, month) = year_and_month(start)?;
            let first = year * 12 + month - 1;
            Some(
                (first..first + count)
                    .map(|at| format!("{:04}-{:02}", at.div_euclid(12), at.rem_euclid(12) + 1))
                    .collect(),
            )
        }
        Period::Quarter => {
            let first = quarter(start)?;
            Some(
                (first..first + count).map(|at| format!("{:04}-Q{}", at.div_euclid(4), at.rem_euclid(4) + 1)).collect(),
            )
        }
        Period::Year => {
            let first = year(start.split('-').next()?)?;
            Some((first..first + count).map(|at| format!("{at:04}")).collect())
        }
    }
}

fn year(text: &str) -> Option<i64> {
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn two_digits(text: &str, allowed: std::ops::RangeInclusive<i64>) -> Option<i64> {
    let value = (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())??;
    allowed.contains(&value).then_some(value)
}

/// `2026-01`, or a whole date in that month.
fn year_and_month(text: &str) -> Option<(i64, i64)> {
    if text.len() > 7 {
        let date = date(text)?;
        return Some((i64::from(date.year()), i64::from(date.month())));
    }
    let (y, m) = text.split_once('-')?;
    Some((year(y)?, two_digits(m, 1..=12)?))
}

/// `2026-Q1`, or a month or a date in that quarter; counted from year 0.
fn quarter(text: &str) -> Option<i64> {
    if let Some((y, q)) = text.split_once("-Q") {
        let number: i64 = q.parse().ok().filter(|number| (1..=4).contains(number))?;
        return Some(year(y)? * 4 + number - 1);
    }
    let (year, month) = year_and_month(text)?;
    Some(year * 4 + (month - 1) / 3)
}

fn date(text: &str) -> Option<Date> {
    // The library reads other forms too; one form keeps files alike.
    (text.len() == 10).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_run_over_the_end_of_the_year() {
        assert_eq!(all(Period::Month, "2026-11", 3).unwrap(), ["2026-11", "2026-12", "2027-01"]);
        assert_eq!(all(Period::Month, "2026-11-15", 1).unwrap(), ["2026-11"]);
    }

    #[test]
    fn quarters_years_and_weeks_have_names_of_their_own() {
        assert_eq!(all(Period::Quarter, "2026-Q4", 2).unwrap(), ["2026-Q4", "2027-Q1"]);
        assert_eq!(all(Period::Quarter, "2026-05", 1).unwrap(), ["2026-Q2"]);
        assert_eq!(all(Period::Year, "2026", 2).unwrap(), ["2026", "2027"]);
        // 2028 is a leap year: the week after 2028-02-28 begins on 2028-03-06.
        assert_eq!(all(Period::Week, "2028-02-28", 2).unwrap(), ["2028-02-28", "2028-03-06"]);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "2026", "2026-13", "26-01", "2026-1", "2026-02-30", "2026-01-01-01", "soon"] {
            assert_eq!(all(Period::Month, text, 1), None, "{text}");
        }
    }
}
