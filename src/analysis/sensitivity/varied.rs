//! The inputs that are varied, and the values they go to.

use super::twins::{has_width, is_whole, name};
use super::{Moves, Step, percent};
use crate::error::Problem;
use crate::error::suggest::list;
use crate::formula::Path;
use crate::model::definition::{Body, Definition, DefinitionId};
use crate::model::{Draw, Model};
use crate::scenario::Quantity;
use crate::scenario::quantity::Range;

/// The probabilities of the low and the high value of what is uncertain.
const ENDS: [f64; 2] = [0.05, 0.95];

/// The same for people.
pub const SHOWN: [&str; 2] = ["5%", "95%"];

/// What may be varied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A quantity as a whole, which has this value.
    Quantity(DefinitionId, f64),
    /// One of the model's draws.
    Draw(usize),
}

/// An input with the values it goes to.
pub struct Varied {
    /// What is varied.
    target: Target,
    /// The quantity that it is, or is part of.
    pub definition: DefinitionId,
    /// Its name.
    pub path: String,
    /// Its value as the scenario stands.
    pub value: f64,
    /// Its low and its high value.
    pub ends: [f64; 2],
    /// What those are.
    pub moves: Moves,
}

/// What may be varied: all plain numbers and all that is uncertain, or only the `chosen` quantities.
///
/// # Errors
/// An input that the scenario does not have, that is computed or that changes from period to period.
pub fn candidates(model: &Model, chosen: &[Path]) -> Result<Vec<Target>, Problem> {
    if chosen.is_empty() {
        let number = |(id, definition): (DefinitionId, &Definition)| match &definition.body {
            Body::Quantity(quantity) => quantity.expression.literal().map(|value| Target::Quantity(id, value)),
            _ => None,
        };
        let numbers = model.definitions().iter().enumerate().filter_map(number);
        let draws = (0..model.draws().len()).filter(|draw| has_width(model, &model.draws()[*draw]));
        return Ok(numbers.chain(draws.map(Target::Draw)).collect());
    }
    let mut found = chosen.iter().map(|path| named(model, path)).collect::<Result<Vec<_>, _>>()?;
    let place = |target: &Target| match target {
        Target::Quantity(id, _) => *id,
        Target::Draw(draw) => model.draws()[*draw].definition,
    };
    found.sort_by_key(place);
    found.dedup();
    Ok(found)
}

/// The quantity of that name, or the draw that it is.
fn named(model: &Model, path: &Path) -> Result<Target, Problem> {
    let id = model.quantity(path)?;
    let Body::Quantity(quantity) = &model.definitions()[id].body else {
        return Err(Problem::nowhere(format!("{} is computed, so it cannot be varied", path.in_ticks())));
    };
    let whole = |draw: &Draw| {
        draw.definition == id && is_whole(quantity, draw.step) && !draw.each_period && !draw.for_each_event
    };
    if let Some(draw) = model.draws().iter().position(|draw| whole(draw) && has_width(model, draw)) {
        return Ok(Target::Draw(draw));
    }
    if quantity.expression.literal().is_none() && model.varies(id) {
        let message =
            format!("{} changes from period to period, so that it is not one number to be varied", path.in_ticks());
        return Err(Problem::nowhere(message).help("name what its formula is made of"));
    }
    let value = model.values().get(id, 0);
    let value =
        value.map_err(|reason| Problem::nowhere(format!("{} has no value to be varied: {reason}", path.in_ticks())))?;
    Ok(Target::Quantity(id, value))
}

/// Those that move, each with the values it goes to; the others are named in notes. Without a step, what is uncertain
/// goes to the ends of its own range.
pub fn movable(model: &Model, candidates: Vec<Target>, by: Option<Step>, notes: &mut Vec<String>) -> Vec<Varied> {
    let mut varied = Vec::new();
    let mut left_out = LeftOut::default();
    let (of_events, others): (Vec<Target>, Vec<Target>) = candidates
        .into_iter()
        .partition(|target| matches!(target, Target::Draw(draw) if is_of_events(&model.draws()[*draw])));
    left_out.events(model, &of_events);
    for place in others.into_iter().filter_map(|target| Place::new(model, target)) {
        match (place.target, by) {
            (Target::Draw(draw), _) if model.draws()[draw].each_period => left_out.anew.push(place.name),
            (Target::Draw(draw), None) => varied.extend(ranged(model, place, draw, &mut left_out)),
            (_, by) => varied.extend(stepped(model, place, by.unwrap_or(Step::TENTH), &mut left_out)),
        }
    }
    notes.extend(left_out.notes());
    varied
}

/// What does not move, or not as far as asked.
#[derive(Default)]
struct LeftOut {
    notes: Vec<String>,
    zero: Vec<String>,
    anew: Vec<String>,
    risks: Vec<String>,
}

/// Whether a draw is how often events happen, or what each of them costs.
fn is_of_events(draw: &Draw) -> bool {
    draw.is_of_events() || draw.for_each_event
}

impl LeftOut {
    /// Keeps the risks whose events are drawn.
    fn events(&mut self, model: &Model, targets: &[Target]) {
        for target in targets {
            let Target::Draw(draw) = target else { continue };
            let path = &model.definitions()[model.draws()[*draw].definition].path;
            let risk = Path::new(&path.segments()[..path.segments().len() - 1]).to_string();
            if !self.risks.contains(&risk) {
                self.risks.push(risk);
            }
        }
    }

    fn notes(self) -> Vec<String> {
        let Self { mut notes, zero, anew, risks } = self;
        if !risks.is_empty() {
            let names = list(risks.iter().map(String::as_str));
            notes.push(format!(
                "the events of {names} are drawn one by one and left out, but for how often they happen; `--global` ranks them"
            ));
        }
        let are = |names: &[String]| if names.len() == 1 { "is" } else { "are" };
        let names = |names: &[String]| list(names.iter().map(String::as_str));
        if !zero.is_empty() {
            let (names, are) = (names(&zero), are(&zero));
            notes.push(format!("a percentage does not move what is 0: {names} {are} left out"));
        }
        if !anew.is_empty() {
            let (names, are) = (names(&anew), are(&anew));
            notes.push(format!("{names} {are} drawn anew in each period and left out; `--global` ranks what is"));
        }
        notes
    }
}

/// A target with its surroundings.
struct Place<'m> {
    target: Target,
    definition: DefinitionId,
    name: String,
    value: f64,
    quantity: &'m Quantity,
}

impl<'m> Place<'m> {
    fn new(model: &'m Model, target: Target) -> Option<Self> {
        let (definition, value, name) = match target {
            Target::Quantity(id, value) => (id, value, model.definitions()[id].path.to_string()),
            Target::Draw(draw) => {
                let draw = &model.draws()[draw];
                let mean = model.distribution(draw, 0).map_or(f64::NAN, |distribution| distribution.mean());
                (draw.definition, mean, name(model, draw))
            }
        };
        let Body::Quantity(quantity) = &model.definitions()[definition].body else { return None };
        Some(Self { target, definition, name, value, quantity })
    }

    /// The values that make sense; all of them where it is but a part of a quantity's formula.
    fn range(&self, model: &Model) -> Range {
        match self.target {
            Target::Draw(draw) if !is_whole(self.quantity, model.draws()[draw].step) => Range::Any,
            _ => self.quantity.range,
        }
    }

    fn varied(self, ends: [f64; 2], moves: Moves) -> Varied {
        let Self { target, definition, name, value, .. } = self;
        Varied { target, definition, path: name, value, ends, moves }
    }
}

/// An input that goes down and up by a part of its value.
fn stepped(model: &Model, place: Place<'_>, by: Step, left_out: &mut LeftOut) -> Option<Varied> {
    let (name, value, range) = (&place.name, place.value, place.range(model));
    if value == 0.0 {
        left_out.zero.push(name.clone());
        return None;
    }
    let mut ends = [value - value.abs() * by.0, value + value.abs() * by.0];
    if range == Range::Share && value <= 1.0 && ends[1] > 1.0 {
        ends[1] = 1.0;
        left_out.notes.push(format!("`{name}` goes up to 100% only: it is a share"));
    }
    if ends[0] < ends[1] && ends.iter().all(|end| end.is_finite() && range.contains(*end)) {
        return Some(place.varied(ends, Moves::Step));
    }
    let (step, must) = (percent(by.0), range.describe());
    left_out.notes.push(format!("`{name}` is left out: varied by {step} it would not be {must}"));
    None
}

/// What is uncertain, which goes to the ends of its own range.
fn ranged(model: &Model, place: Place<'_>, draw: usize, left_out: &mut LeftOut) -> Option<Varied> {
    let (name, range) = (&place.name, place.range(model));
    let distribution = model.distribution(&model.draws()[draw], 0).ok()?;
    let ends = ENDS.map(|probability| distribution.quantile(probability));
    if ends[0] >= ends[1] {
        left_out.notes.push(format!("`{name}` is left out: its {} and {} points are the same", SHOWN[0], SHOWN[1]));
        return None;
    }
    if ends.iter().all(|end| end.is_finite() && range.contains(*end)) {
        return Some(place.varied(ends, Moves::Range));
    }
    left_out.notes.push(format!(
        "`{name}` is left out: at its {} or {} point it would not be {}",
        SHOWN[0],
        SHOWN[1],
        range.describe()
    ));
    None
}

/// The metric at both ends of each input, all in one run.
pub fn run(model: &Model, varied: &[Varied], metric: DefinitionId) -> Vec<[f64; 2]> {
    if varied.is_empty() {
        return Vec::new();
    }
    let lanes = varied.len() * 2;
    let column = |(at, varied): (usize, &Varied)| {
        let mut column = vec![varied.value; lanes];
        column[2 * at..2 * at + 2].copy_from_slice(&varied.ends);
        column
    };
    let columns: Vec<Vec<f64>> = varied.iter().enumerate().map(column).collect();
    let (mut quantities, mut draws) = (Vec::new(), Vec::new());
    let (mut of_quantities, mut of_draws): (Vec<&[f64]>, Vec<&[f64]>) = (Vec::new(), Vec::new());
    for (varied, column) in varied.iter().zip(&columns) {
        match varied.target {
            Target::Quantity(id, _) => {
                quantities.push(id);
                of_quantities.push(column);
            }
            Target::Draw(draw) => {
                draws.push(draw);
                of_draws.push(column);
            }
        }
    }
    of_quantities.extend(of_draws);
    let found = model.plan_with_draws(&quantities, &draws, &[metric]).run(&of_quantities).swap_remove(0);
    found.chunks_exact(2).map(|ends| [ends[0], ends[1]]).collect()
}
