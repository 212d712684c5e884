//! How the answer of `check` is laid out.

use super::verdict::{Decided, Figures};
use super::{Checked, Checks, Drawn, Verdict};
use crate::analysis::layout;
use crate::numeric::design::Design;
use crate::report::{Answer, Cell, Column, Finding, Level, Place, Report, Row, Table};
use crate::scenario::checks::Severity;
use crate::scenario::{Check, Scenario};

/// The report on the checks of a scenario.
pub fn report(scenario: &Scenario, checks: &[&Check], verdicts: &[Verdict], drawn: Option<Design>) -> Report {
    let checked: Vec<_> = checks.iter().zip(verdicts).map(|(check, verdict)| told(scenario, check, verdict)).collect();
    let how_many = |ok: bool, level: Option<Level>| {
        let counted = |one: &&Checked| one.ok == ok && level.is_none_or(|level| one.level == level);
        checked.iter().filter(counted).count()
    };
    let rows = checks.iter().zip(verdicts).zip(&checked);
    let rows = rows.map(|((_, verdict), checked)| row(scenario, verdict, checked)).collect();
    let undefined = checks.iter().zip(verdicts).filter_map(|(check, verdict)| {
        let reason = verdict.holds.as_ref().err()?;
        Some((check.name.clone(), reason.clone()))
    });
    let undefined = undefined.collect();
    let note = |one: &Checked| Some(format!("{}: {}", one.name, one.note.as_ref()?));
    let notes = checked.iter().filter(|one| !one.ok).filter_map(note).collect();
    let findings = checked.iter().map(finding).collect();
    let answer = Checks {
        passed: how_many(true, None),
        failed: how_many(false, Some(Level::Fail)),
        warned: how_many(false, Some(Level::Warn)),
        draws: drawn.map(Drawn::of),
        checks: checked,
    };
    Report {
        undefined,
        notes,
        tables: vec![table(summary(&answer), rows, drawn)],
        answer: if answer.failed > 0 { Answer::No } else { Answer::Yes },
        findings,
        ..Report::new("check", layout::heading(scenario), layout::data(&answer))
    }
}

/// `2 of 3 checks hold, 1 fails`.
fn summary(answer: &Checks) -> String {
    let Checks { passed, failed, warned, checks, .. } = answer;
    let mut parts = vec![match (checks.len(), *passed) {
        (1, 1) => "the check holds".to_owned(),
        (all, passed) if all == passed => format!("all {all} checks hold"),
        (1, _) => "the check does not hold".to_owned(),
        (all, passed) => format!("{passed} of {all} checks hold"),
    }];
    if checks.len() > 1 && *failed > 0 {
        parts.push(if *failed == 1 { "1 fails".to_owned() } else { format!("{failed} fail") });
    }
    if *warned > 0 {
        parts.push(if *warned == 1 { "1 warns".to_owned() } else { format!("{warned} warn") });
    }
    let text = parts.join(", ");
    let first = text.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + text.get(1..).unwrap_or_default()
}

/// All that is told of a check.
fn told(scenario: &Scenario, check: &Check, verdict: &Verdict) -> Checked {
    let first = verdict.parts.first().filter(|_| verdict.holds.is_ok());
    let figures = first.and_then(|part| part.figures.as_ref());
    let label = |period: usize| scenario.time.as_ref().and_then(|time| time.labels.get(period).cloned());
    Checked {
        name: check.name.clone(),
        condition: check.condition.text.clone(),
        level: match check.severity {
            Severity::Fail => Level::Fail,
            Severity::Warn => Level::Warn,
        },
        ok: verdict.holds == Ok(true),
        found: figures.map(|figures| figures.found),
        expected: figures.map(|figures| figures.expected),
        relation: figures.map(|figures| figures.relation.symbol()),
        difference: figures.map(Figures::difference),
        relative: figures.and_then(Figures::relative),
        error: figures.and_then(|figures| figures.error),
        period: first.and_then(|part| part.period).and_then(label),
        message: message(scenario, verdict),
        case: scenario.case.clone(),
        note: check.note.clone(),
        place: place(scenario, check),
    }
}

/// What was expected and what was found: of all parts that hold where the condition holds, of all that do not where it
/// does not.
fn message(scenario: &Scenario, verdict: &Verdict) -> String {
    let holds = match &verdict.holds {
        Err(reason) => return format!("cannot be decided: {reason}"),
        Ok(holds) => *holds,
    };
    let deciding = verdict.parts.iter().filter(|part| part.holds == Some(holds));
    let sentences: Vec<_> = deciding.map(|part| part.sentence(scenario)).collect();
    match (sentences.is_empty(), holds) {
        (false, _) => sentences.join("; "),
        (true, true) => "it holds".to_owned(),
        (true, false) => "it does not hold".to_owned(),
    }
}

/// Where a condition stands, if that is a file that an editor or a service can open.
fn place(scenario: &Scenario, check: &Check) -> Option<Place> {
    let span = check.condition.span;
    layout::place(scenario, span).filter(|place| span.source == 0 && place.file != "-")
}

fn finding(checked: &Checked) -> Finding {
    let note = checked.note.as_ref().filter(|_| !checked.ok).map_or_else(String::new, |note| format!("; {note}"));
    Finding {
        name: checked.name.clone(),
        condition: checked.condition.clone(),
        level: checked.level,
        ok: checked.ok,
        message: format!("{}{note}", checked.message),
        place: checked.place.clone(),
    }
}

fn table(title: String, rows: Vec<Row>, drawn: Option<Design>) -> Table {
    // Where nothing comes of draws, people look for no error.
    let error = if drawn.is_some() { Column::new("error", "± error") } else { Column::machine("error") };
    Table {
        key: "checks",
        title,
        columns: vec![
            Column::new("result", ""),
            Column::new("name", "check"),
            Column::new("condition", "condition"),
            Column::machine("level"),
            Column::people("expectation", "expected"),
            Column::people("finding", "found"),
            error,
            Column::people("distance", "distance"),
            Column::machine("found"),
            Column::machine("relation"),
            Column::machine("expected"),
            Column::machine("difference"),
            Column::machine("relative"),
            Column::machine("period"),
            Column::machine("reason"),
            Column::machine("note"),
            Column::machine("file"),
            Column::machine("line"),
        ],
        rows,
    }
}

fn row(scenario: &Scenario, verdict: &Verdict, checked: &Checked) -> Row {
    let decided = verdict.parts.first().filter(|_| verdict.holds.is_ok());
    let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
    let number = |value: Option<f64>| value.map_or(Cell::Empty, Cell::Number);
    let (expected, found) = match (decided, &verdict.holds) {
        (Some(decided), _) => (Cell::text(decided.expectation()), Cell::text(decided.finding(scenario))),
        (None, Err(reason)) => (Cell::Empty, Cell::Missing(reason.clone())),
        (None, Ok(_)) => (Cell::Empty, Cell::Empty),
    };
    let place = checked.place.as_ref();
    Row::plain(vec![
        Cell::text(match (checked.ok, checked.level) {
            (true, _) => "ok",
            (false, Level::Fail) => "FAILED",
            (false, Level::Warn) => "warn",
        }),
        Cell::text(&checked.name),
        Cell::text(&checked.condition),
        Cell::text(match checked.level {
            Level::Fail => "fail",
            Level::Warn => "warn",
        }),
        expected,
        found,
        decided.and_then(|decided| decided.figures.as_ref()).and_then(Figures::error_cell).unwrap_or(Cell::Empty),
        text(decided.and_then(distance)),
        number(checked.found),
        text(checked.relation.map(str::to_owned)),
        number(checked.expected),
        number(checked.difference),
        number(checked.relative),
        text(checked.period.clone()),
        text(verdict.holds.as_ref().err().cloned()),
        text(checked.note.clone()),
        text(place.map(|place| place.file.clone())),
        place.map_or(Cell::Empty, |place| Cell::Count(crate::model::count(place.line))),
    ])
}

fn distance(decided: &Decided) -> Option<String> {
    decided.figures.as_ref().and_then(Figures::distance)
}
