//! An order in which everything can be computed.

use crate::error::Problem;

use super::define::Definitions;
use super::definition::DefinitionId;
use super::resolve::references_now;

/// The definitions in an order in which each stands after what it needs.
///
/// # Errors
/// A definition that depends on itself, with every step of the way.
pub fn order(definitions: &Definitions) -> Result<Vec<DefinitionId>, Problem> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; definitions.all.len()];
    let mut order = Vec::with_capacity(marks.len());
    for start in 0..marks.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::Open;
        // The way from `start` to where the search stands, each with what it has still to visit.
        let mut way = vec![(start, references_now(definitions, start).into_iter())];
        while let Some((id, rest)) = way.last_mut() {
            let Some(next) = rest.next() else {
                marks[*id] = Mark::Done;
                order.push(*id);
                way.pop();
                continue;
            };
            match marks[next] {
                Mark::Done => {}
                Mark::New => {
                    marks[next] = Mark::Open;
                    way.push((next, references_now(definitions, next).into_iter()));
                }
                Mark::Open => {
                    let cycle: Vec<_> = way.iter().map(|(id, _)| *id).skip_while(|id| *id != next).collect();
                    return Err(cyclic(definitions, &cycle));
                }
            }
        }
    }
    Ok(order)
}

/// How many steps of a circle are told.
const STEPS_TOLD: usize = 20;

/// The problem of definitions that depend on each other in a circle.
fn cyclic(definitions: &Definitions, cycle: &[DefinitionId]) -> Problem {
    // Begin with what stands first in the file, so that the message does not depend on where the search began.
    let place = |id: &DefinitionId| definitions.all[*id].span.map_or((usize::MAX, 0), |span| (span.source, span.start));
    let first = (0..cycle.len()).min_by_key(|at| place(&cycle[*at])).unwrap_or(0);
    let ring: Vec<_> = (0..=cycle.len()).map(|step| cycle[(first + step) % cycle.len()]).collect();
    let name = |id: &DefinitionId| definitions.all[*id].path.to_string();
    // Whoever needs more than this many steps to see the circle sees it in the first and the last.
    let way = match ring.as_slice() {
        [first @ .., last] if first.len() > STEPS_TOLD => {
            let told = first[..STEPS_TOLD].iter().map(name).collect::<Vec<_>>().join(" → ");
            format!("{told} → … ({} more) → {}", first.len() - STEPS_TOLD, name(last))
        }
        all => all.iter().map(name).collect::<Vec<_>>().join(" → "),
    };
    let mut places = ring.windows(2).take(STEPS_TOLD).filter_map(|step| {
        let span = definitions.all[step[0]].span?;
        Some((span, format!("{} needs {}", name(&step[0]), name(&step[1]))))
    });
    let message = format!("`{}` depends on itself: {way}", name(&ring[0]));
    let problem = match places.next() {
        Some((span, label)) => Problem::at(span, message).label(label),
        None => Problem::nowhere(message),
    };
    places.fold(problem, |problem, (span, label)| problem.related(span, label)).help(
        "give one of them a value that does not need the others, or take one of the period before: `prev(x, first)`",
    )
}
