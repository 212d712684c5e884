//! Which draws go together: the scenario's correlations as ties between columns of random numbers.
//!
//! A tie is a Gaussian copula: the columns' independent normal numbers are mixed by the Cholesky factor of their
//! correlation matrix, and turned back into uniform ones. The correlation of the normal numbers that gives the rank
//! correlation ρ is 2·sin(π·ρ/6) (Pearson 1907); the quantities keep their distributions.

use crate::error::{Problem, Span};
use crate::numeric::correlation::{cholesky, normal_of_rank};
use crate::numeric::normal;
use crate::scenario::{Correlation, Scenario};

use super::Model;
use super::definition::{Body, DefinitionId};

/// Draws that are correlated with each other, directly or through others.
#[derive(Clone, Debug)]
pub struct Tie {
    /// The draws, in the order of their names.
    pub draws: Vec<usize>,
    /// The correlation of their normal numbers, row by row.
    pub matrix: Vec<Vec<f64>>,
    /// The rows of its Cholesky factor.
    pub factor: Vec<Vec<f64>>,
    /// The pairs of draws that the scenario names, with their rank correlations.
    pub said: Vec<([usize; 2], f64)>,
}

/// Two draws of the model that the scenario correlates.
#[derive(Clone, Copy, Debug)]
struct Pair {
    draws: [usize; 2],
    rank: f64,
    span: Span,
}

/// The ties of a model's draws.
pub(super) fn ties(scenario: &Scenario, model: &Model, problems: &mut Vec<Problem>) -> Vec<Tie> {
    let mut pairs: Vec<Pair> = Vec::new();
    for correlation in &scenario.correlations {
        let Some(pair) = pair(scenario, model, correlation, problems) else { continue };
        let same = |other: &&Pair| other.draws == pair.draws || other.draws == [pair.draws[1], pair.draws[0]];
        match pairs.iter().find(same) {
            Some(first) => problems.push(
                Problem::at(pair.span, "these two are correlated twice")
                    .related(first.span, "the first time here")
                    .help("keep one of the two"),
            ),
            None => pairs.push(pair),
        }
    }
    let mut ties = Vec::new();
    let mut done = vec![false; model.flat.draws.len()];
    for start in pairs.iter().flat_map(|pair| pair.draws) {
        if !done[start] {
            let draws = connected(model, &pairs, start);
            for draw in &draws {
                done[*draw] = true;
            }
            match tie(&draws, &pairs) {
                Ok(tie) => ties.push(tie),
                Err(row) => problems.push(impossible(model, &draws[..=row], &pairs)),
            }
        }
    }
    ties
}

/// The draws of a correlation; none where one of them is certain because a case or an option says so.
fn pair(scenario: &Scenario, model: &Model, correlation: &Correlation, problems: &mut Vec<Problem>) -> Option<Pair> {
    let mut draws = Vec::with_capacity(2);
    let before = problems.len();
    for (path, span) in &correlation.between {
        match model.quantity(path) {
            Ok(id) => match (drawn_by(model, id).as_slice(), scenario.is_as_written()) {
                ([one], _) => draws.push(*one),
                // What is certain goes with nothing; a case or an option may make it so.
                ([], false) => {}
                (found, _) => problems.push(not_one(model, id, *span, found)),
            },
            Err(problem) => problems.push(Problem { span: Some(*span), ..problem }),
        }
    }
    let draws = <[usize; 2]>::try_from(draws).ok().filter(|_| problems.len() == before)?;
    let [first, second] = draws.map(|draw| &model.flat.draws[draw]);
    if draws[0] == draws[1] {
        problems
            .push(Problem::at(correlation.span, "a quantity is correlated with itself").help("name two quantities"));
        return None;
    }
    if let Some(loss) = [first, second].into_iter().find(|draw| draw.for_each_event) {
        problems.push(
            Problem::at(correlation.span, format!("`{}` is drawn anew for each event", loss.name))
                .label("what is drawn for each event goes with nothing else")
                .help("make the loss a formula over an input: `loss = \"inputs.loss\"`; it then holds in a whole draw"),
        );
        return None;
    }
    if first.each_period != second.each_period {
        let (anew, once) = if first.each_period { (first, second) } else { (second, first) };
        problems.push(
            Problem::at(
                correlation.span,
                format!("`{}` is drawn anew in each period, and `{}` is drawn once", anew.name, once.name),
            )
            .help("wrap both in `each_period(…)`, or none"),
        );
        return None;
    }
    Some(Pair { draws, rank: correlation.rank, span: correlation.span })
}

/// The draws in a quantity's own formula.
fn drawn_by(model: &Model, id: DefinitionId) -> Vec<usize> {
    let all = model.flat.draws.iter().enumerate();
    all.filter(|(_, draw)| draw.definition == id).map(|(index, _)| index).collect()
}

fn not_one(model: &Model, id: DefinitionId, span: Span, found: &[usize]) -> Problem {
    let definition = &model.definitions.all[id];
    let path = definition.path.in_ticks();
    if found.is_empty() {
        let problem =
            Problem::at(span, format!("{path} has no distribution")).label("only what is uncertain can be correlated");
        return match &definition.body {
            Body::Quantity(quantity) => problem.related(quantity.span, "its value stands here"),
            _ => problem,
        };
    }
    Problem::at(span, format!("{path} has {} distributions", found.len()))
        .label("which of them is meant cannot be told")
        .help("give each an input of its own, and name that")
}

/// A draw and all that it is correlated with, directly or through others, in the order of their names.
fn connected(model: &Model, pairs: &[Pair], start: usize) -> Vec<usize> {
    let mut found = vec![start];
    let mut next = 0;
    while let Some(&draw) = found.get(next) {
        for pair in pairs.iter().filter(|pair| pair.draws.contains(&draw)) {
            for other in pair.draws {
                if !found.contains(&other) {
                    found.push(other);
                }
            }
        }
        next += 1;
    }
    // The order of the names, not of the file, so that the draws do not depend on where things stand.
    found.sort_by(|a, b| model.flat.draws[*a].name.cmp(&model.flat.draws[*b].name));
    found
}

/// The tie of these draws, or the row at which their correlations cannot hold together.
fn tie(draws: &[usize], pairs: &[Pair]) -> Result<Tie, usize> {
    let rank = |a: usize, b: usize| {
        let said = pairs.iter().find(|pair| pair.draws == [a, b] || pair.draws == [b, a]);
        said.map_or(0.0, |pair| normal_of_rank(pair.rank))
    };
    let row = |a: &usize| draws.iter().map(|b| if a == b { 1.0 } else { rank(*a, *b) }).collect::<Vec<f64>>();
    let matrix: Vec<Vec<f64>> = draws.iter().map(row).collect();
    let factor = cholesky(&matrix)?;
    let said = pairs.iter().filter(|pair| draws.contains(&pair.draws[0])).map(|pair| (pair.draws, pair.rank)).collect();
    Ok(Tie { draws: draws.to_vec(), matrix, factor, said })
}

/// The problem of correlations that contradict each other: those of the last of these draws with the others, and theirs.
fn impossible(model: &Model, draws: &[usize], pairs: &[Pair]) -> Problem {
    let name = |draw: usize| &model.flat.draws[draw].name;
    let within = |pair: &&Pair| pair.draws.iter().all(|draw| draws.contains(draw));
    let told = |pair: &Pair| format!("`{}` with `{}`: {}", name(pair.draws[0]), name(pair.draws[1]), pair.rank);
    let mut offending = pairs.iter().filter(within);
    let message = "these correlations cannot hold together";
    let problem = match offending.next() {
        Some(first) => Problem::at(first.span, message).label(told(first)),
        None => Problem::nowhere(message),
    };
    offending
        .fold(problem, |problem, pair| problem.related(pair.span, told(pair)))
        .help("what goes with one of two that go together goes with the other as well: bring the ranks nearer to 0")
        .help("pairs that are not said are taken as uncorrelated: say them as well")
}

impl Tie {
    /// Turns columns of independent uniform numbers into correlated ones: of all columns, those at these places, one for
    /// each of the draws.
    pub fn correlate(&self, all: &mut [Vec<f64>], places: &[usize]) {
        let mut columns: Vec<Vec<f64>> = places.iter().map(|at| std::mem::take(&mut all[*at])).collect();
        self.mix(&mut columns);
        for (at, column) in places.iter().zip(columns) {
            all[*at] = column;
        }
    }

    fn mix(&self, columns: &mut [Vec<f64>]) {
        for column in columns.iter_mut() {
            normal::quantiles(column);
        }
        // From the last to the first, as each needs those before it as they were.
        for (at, row) in self.factor.iter().enumerate().rev() {
            let (before, rest) = columns.split_at_mut(at);
            let Some(column) = rest.first_mut() else { continue };
            for value in column.iter_mut() {
                *value *= row[at];
            }
            for (other, weight) in before.iter().zip(row).filter(|(_, weight)| **weight != 0.0) {
                for (value, other) in column.iter_mut().zip(other.iter()) {
                    *value += weight * other;
                }
            }
            for value in column.iter_mut() {
                *value = normal::cdf(*value);
            }
        }
    }
}
