//! What is left to chance: the distributions in the formulas of a scenario.

use std::sync::{Arc, OnceLock};

use crate::dist::{self, Distribution, FAMILIES, Family, Wrong};
use crate::error::Problem;
use crate::formula::functions::Meaning;
use crate::formula::{Expression, NodeKind};
use crate::scenario::Quantity;

use super::chance::Count;
use super::definition::{Body, DefinitionId};
use super::node::NodeId;
use super::plan::{needed, reached};
use super::uniform::Uniform;
use super::{Flat, Model};

/// One value that is left to chance: a distribution in the formula of a quantity.
#[derive(Clone, Debug)]
pub struct Draw {
    /// The name by which its random numbers are chosen, which nothing else in the scenario changes: the quantity's path,
    /// with a number behind it from the second distribution of one formula on.
    pub name: String,
    /// The quantity.
    pub definition: DefinitionId,
    /// The step of the quantity's formula.
    pub step: usize,
    /// Whether it is drawn anew in each period.
    pub each_period: bool,
    /// Whether it is drawn anew for each event of a risk, so that no one value of it holds in a run.
    pub for_each_event: bool,
    /// Whether runs are given the random numbers themselves, from which events are drawn.
    pub(super) as_uniform: bool,
    /// The node that has its value.
    pub(super) node: NodeId,
    /// The nodes of its parameters.
    pub(super) parameters: Vec<NodeId>,
    /// The steps of its parameters in the formula.
    arguments: Vec<usize>,
    shape: Shape,
    /// The first distribution that was asked for, with its parameters: what it has computed for itself serves all runs.
    made: OnceLock<(Vec<f64>, Arc<dyn Distribution>)>,
}

/// A distribution without its parameters: a family, cut off any number of times.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    family: &'static Family,
    /// How many of the parameters are the family's; two for each cut follow.
    own: usize,
}

impl Shape {
    /// The distribution with these parameters.
    ///
    /// # Errors
    /// Parameters that make no sense, by the number of the one to blame.
    pub fn with(self, parameters: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
        let (own, bounds) = parameters.split_at(self.own.min(parameters.len()));
        let mut distribution = (self.family.make)(own)?;
        for (cut, bound) in bounds.chunks_exact(2).enumerate() {
            let before = self.own + 2 * cut;
            distribution = dist::truncated(distribution, bound[0], bound[1])
                .map_err(|wrong| Wrong { parameter: before + wrong.parameter, ..wrong })?;
        }
        Ok(distribution)
    }

    /// The mean with these parameters; NaN where they make no sense.
    pub fn mean(self, parameters: &[f64]) -> f64 {
        if parameters.iter().any(|value| !value.is_finite()) {
            return f64::NAN;
        }
        self.with(parameters).map_or(f64::NAN, |distribution| distribution.mean())
    }
}

/// A distribution as it stands in a formula: its shape and the steps of its parameters.
pub struct Written {
    shape: Shape,
    arguments: Vec<usize>,
    each_period: bool,
    /// The steps that are part of it and have no value of their own.
    pub inner: Vec<usize>,
}

/// Reads the distribution whose outermost call is that step of a formula.
pub fn written(expression: &Expression, step: usize) -> Option<Written> {
    let (mut at, mut each_period) = (step, false);
    let (mut inner, mut cuts) = (Vec::new(), Vec::new());
    loop {
        let NodeKind::Call(function, arguments) = &expression.nodes()[at].kind else { return None };
        match function.meaning {
            Meaning::Drawn(family) => {
                let own = arguments.len();
                let arguments = arguments.iter().copied().chain(cuts.into_iter().rev().flatten()).collect();
                return Some(Written { shape: Shape { family, own }, arguments, each_period, inner });
            }
            Meaning::Truncated => cuts.push([arguments[1], arguments[2]]),
            Meaning::EachPeriod => each_period = true,
            _ => return None,
        }
        at = arguments[0];
        inner.push(at);
    }
}

/// Which steps of a formula are part of a distribution around them.
pub fn inner_steps(expression: &Expression) -> Vec<bool> {
    let mut inner = vec![false; expression.nodes().len()];
    for node in expression.nodes() {
        if let NodeKind::Call(function, arguments) = &node.kind
            && matches!(function.meaning, Meaning::Truncated | Meaning::EachPeriod)
        {
            inner[arguments[0]] = true;
        }
    }
    inner
}

impl Written {
    /// The draw that it becomes in the formula of a quantity.
    pub fn draw(self, name: String, definition: DefinitionId, step: usize, steps: &[NodeId], node: NodeId) -> Draw {
        let Self { shape, arguments, each_period, .. } = self;
        let parameters = arguments.iter().map(|argument| steps[*argument]).collect();
        let (for_each_event, as_uniform) = (false, false);
        Draw {
            name,
            definition,
            step,
            each_period,
            for_each_event,
            as_uniform,
            node,
            parameters,
            arguments,
            shape,
            made: OnceLock::new(),
        }
    }

    /// Why it has no mean with the parameters that its steps have, as a clause.
    pub fn why(&self, value: impl Fn(usize) -> f64) -> String {
        let parameters: Vec<f64> = self.arguments.iter().map(|argument| value(*argument)).collect();
        match self.shape.with(&parameters) {
            Err(wrong) => wrong.reason,
            Ok(_) => "its mean is too large a number".to_owned(),
        }
    }

    /// Whether it is drawn anew in each period.
    pub fn each_period(&self) -> bool {
        self.each_period
    }

    /// The steps of its parameters.
    pub fn arguments(&self) -> &[usize] {
        &self.arguments
    }
}

impl Draw {
    /// The events of a risk in each period, by how often they happen.
    pub(super) fn of_events(
        name: String,
        definition: DefinitionId,
        count: Count,
        node: NodeId,
        often: NodeId,
    ) -> Option<Self> {
        let family = match count {
            Count::AtMostOne => "bernoulli",
            Count::Any => "poisson",
        };
        Some(Self {
            name,
            definition,
            step: 0,
            each_period: true,
            for_each_event: false,
            as_uniform: true,
            node,
            parameters: vec![often],
            arguments: Vec::new(),
            shape: Shape { family: FAMILIES.iter().find(|known| known.name == family)?, own: 1 },
            made: OnceLock::new(),
        })
    }

    /// Whether it is how often events of a risk happen.
    pub fn is_of_events(&self) -> bool {
        self.as_uniform
    }

    /// Its distribution with these parameters; none where they make no sense.
    pub(super) fn with(&self, parameters: &[f64]) -> Option<Box<dyn Distribution>> {
        let finite = parameters.iter().all(|value| value.is_finite());
        if finite { self.shape.with(parameters).ok() } else { None }
    }

    /// The family's name: `normal`.
    pub fn family(&self) -> &'static str {
        self.shape.family.name
    }

    /// The mean with these parameters; NaN where they make no sense.
    pub(super) fn mean(&self, parameters: &[f64]) -> f64 {
        self.shape.mean(parameters)
    }

    /// The distribution in a period, by the values of a run.
    pub(super) fn distribution(&self, uniform: &Uniform, period: usize) -> Result<Arc<dyn Distribution>, Wrong> {
        let parameters: Vec<f64> = self.parameters.iter().map(|node| uniform.at(*node, period)).collect();
        if let Some(parameter) = parameters.iter().position(|value| !value.is_finite()) {
            return Err(Wrong { parameter, reason: "it has no value".to_owned() });
        }
        if let Some((_, made)) = self.made.get().filter(|(known, _)| *known == parameters) {
            return Ok(made.clone());
        }
        let made: Arc<dyn Distribution> = Arc::from(self.shape.with(&parameters)?);
        // Another thread may have been first, and then its own stays.
        let _ = self.made.set((parameters, made.clone()));
        Ok(made)
    }
}

/// What is wrong with the distributions of a model, with their places.
pub(super) fn wrong(model: &Model) -> Vec<Problem> {
    let flat = &model.flat;
    if flat.draws.is_empty() {
        return Vec::new();
    }
    let drawn: Vec<NodeId> = flat.draws.iter().map(|draw| draw.node).collect();
    let uncertain = reached(model, &drawn);
    let parameters: Vec<NodeId> = flat.draws.iter().flat_map(|draw| draw.parameters.iter().copied()).collect();
    let needed = needed(model, &parameters, |_| false);
    let uniform = Uniform::of_nodes(model, |id| needed[id]);
    flat.draws.iter().filter_map(|draw| wrong_draw(model, draw, &uncertain, &uniform)).collect()
}

fn wrong_draw(model: &Model, draw: &Draw, uncertain: &[bool], uniform: &Uniform) -> Option<Problem> {
    let definition = &model.definitions.all[draw.definition];
    let Body::Quantity(quantity) = &definition.body else { return None };
    let text = |step: usize| quantity.expression.part(step);
    let at = |argument: usize| quantity.locate(&quantity.expression.nodes()[draw.arguments[argument]].span);
    for (argument, node) in draw.parameters.iter().enumerate() {
        let shown = text(draw.arguments[argument]);
        if uncertain[*node] {
            return Some(
                Problem::at(at(argument), format!("`{shown}` is uncertain itself"))
                    .label("the parameters of a distribution must be certain")
                    .help("compute with two distributions instead: `normal(100, 20) * normal(1, 0.1)`"),
            );
        }
        if model.flat.varies[*node] && !draw.each_period {
            return Some(
                Problem::at(at(argument), format!("`{shown}` has another value in each period"))
                    .label("this distribution is drawn once and holds over all periods")
                    .help(format!("to draw anew in each period, write `each_period({})`", text(draw.step)))
                    .help("or draw once and let it grow: `normal(100, 20) * growth(3%)`"),
            );
        }
    }
    let periods = if draw.each_period { model.flat.periods } else { 1 };
    let (period, wrong) = (0..periods).find_map(|period| Some((period, draw.distribution(uniform, period).err()?)))?;
    let node = draw.parameters.get(wrong.parameter).copied();
    let when = match node {
        Some(node) if model.flat.varies[node] => format!(" in period {period}"),
        _ => String::new(),
    };
    let place = draw.parameters.get(wrong.parameter).map_or(quantity.span, |_| at(wrong.parameter));
    Some(
        Problem::at(place, format!("`{}` makes no sense{when}", text(draw.step)))
            .label(wrong.reason)
            .maybe_help(signature(quantity, draw)),
    )
}

/// How the family is written.
fn signature(quantity: &Quantity, draw: &Draw) -> Option<String> {
    let family = draw.shape.family;
    let call = quantity.expression.nodes().iter().find_map(|node| match &node.kind {
        NodeKind::Call(function, _) if function.meaning == Meaning::Drawn(family) => Some(*function),
        _ => None,
    })?;
    Some(format!("`{}`: {}", call.signature(), family.help))
}

impl Flat {
    /// The mean of a draw with these parameters; NaN where they make no sense.
    pub(super) fn mean_of(&self, draw: usize, parameters: &[f64]) -> f64 {
        self.draws.get(draw).map_or(f64::NAN, |draw| draw.mean(parameters))
    }
}
