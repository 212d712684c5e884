//! What a request to a model costs: calls of `request_cost` with the prices of the model that they name put in.
//!
//! Prices may depend on how long the input of a request is. All of a request is billed at the prices that its whole
//! input reaches (volume pricing), and a threshold is reached only above it, as `LiteLLM` bills (`_get_token_base_cost`
//! of version 1.109.1): `price(input) = prices above the highest threshold t with input > t`.

use super::expression::{Expression, Node, NodeId, NodeKind};
use super::functions::{Function, Meaning, REQUEST, Service, find};
use super::path::Path;

/// The names of a model's prices for requests whose input is longer than a threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// The threshold, in tokens; none for the lowest prices.
    pub above: Option<f64>,
    /// The price of a token of input.
    pub input: Path,
    /// The price of one that is read from the cache.
    pub cached: Path,
    /// The price of one that is written to the cache.
    pub written: Path,
    /// The price of a token of output.
    pub output: Path,
    /// The price of one of reasoning.
    pub reasoning: Path,
}

impl Rates {
    /// The prices in the order in which they are told.
    pub fn paths(&self) -> [&Path; 5] {
        [&self.input, &self.cached, &self.written, &self.output, &self.reasoning]
    }
}

/// A call that prices a request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'e> {
    /// How the request is sent.
    pub service: Service,
    /// The name of the model.
    pub path: &'e Path,
    /// The step that is the call.
    pub call: NodeId,
    /// The step that is the model.
    pub model: NodeId,
}

/// The calls that price a request.
pub fn requests(expression: &Expression) -> impl Iterator<Item = Request<'_>> {
    calls(expression).filter_map(|(service, call, model)| match &expression.nodes()[model].kind {
        NodeKind::Path(path) => Some(Request { service, path, call, model }),
        _ => None,
    })
}

/// The steps that stand in the place of a model and name nothing.
pub fn without_model(expression: &Expression) -> impl Iterator<Item = NodeId> {
    let models = calls(expression).map(|(.., model)| model);
    models.filter(|model| !matches!(expression.nodes()[*model].kind, NodeKind::Path(_)))
}

fn calls(expression: &Expression) -> impl Iterator<Item = (Service, NodeId, NodeId)> {
    expression.nodes().iter().enumerate().filter_map(|(step, node)| match &node.kind {
        NodeKind::Call(Function { meaning: Meaning::Request(service), .. }, arguments) => {
            Some((*service, step, *arguments.first()?))
        }
        _ => None,
    })
}

/// The formula with prices put into the calls that price a request; those whose prices are not known stay. `rates` gives
/// a model's prices, the lowest threshold first.
pub fn priced(expression: &Expression, rates: impl Fn(Service, &Path) -> Option<Vec<Rates>>) -> Option<Expression> {
    let known: Vec<(NodeId, NodeId, Vec<Rates>)> = requests(expression)
        .filter_map(|request| Some((request.call, request.model, rates(request.service, request.path)?)))
        .filter(|(_, _, rates)| !rates.is_empty())
        .collect();
    if known.is_empty() {
        return None;
    }
    let mut nodes: Vec<Node> = Vec::with_capacity(expression.nodes().len() + known.len() * 40);
    let mut places = vec![NodeId::MAX; expression.nodes().len()];
    for (step, node) in expression.nodes().iter().enumerate() {
        if known.iter().any(|(_, model, _)| *model == step) {
            continue;
        }
        let kind = match (&node.kind, known.iter().find(|(call, ..)| *call == step)) {
            (NodeKind::Call(_, arguments), Some((_, _, rates))) => {
                let given: Vec<NodeId> = arguments[1..].iter().map(|argument| places[*argument]).collect();
                let mut call = Call { nodes: &mut nodes, of: node };
                call.request(&given, rates)
            }
            (kind, _) => kind.moved(|step| places[step]),
        };
        nodes.push(Node { kind, span: node.span.clone() });
        places[step] = nodes.len() - 1;
    }
    Some(Expression::of_nodes(nodes))
}

/// The steps that take the place of a call.
struct Call<'a> {
    nodes: &'a mut Vec<Node>,
    of: &'a Node,
}

impl Call<'_> {
    fn push(&mut self, kind: NodeKind) -> NodeId {
        self.nodes.push(Node { kind, span: self.of.span.clone() });
        self.nodes.len() - 1
    }

    /// The request at the prices that its input reaches.
    fn request(&mut self, given: &[NodeId], rates: &[Rates]) -> NodeKind {
        let (input, output) = (given[0], given[1]);
        let reached: Vec<Option<NodeId>> = rates.iter().map(|rates| self.exceeds(input, rates.above?)).collect();
        // What is left out is none, and needs no price.
        let tokens = [Some(input), given.get(2).copied(), given.get(3).copied(), Some(output), given.get(4).copied()];
        let mut arguments = Vec::with_capacity(2 * tokens.len());
        for (which, tokens) in tokens.into_iter().enumerate() {
            if let Some(tokens) = tokens {
                arguments.extend([tokens, self.price(which, rates, &reached)]);
            } else {
                let none = self.push(NodeKind::Number(0.0));
                arguments.extend([none, none]);
            }
        }
        NodeKind::Call(&REQUEST, arguments)
    }

    fn exceeds(&mut self, input: NodeId, above: f64) -> Option<NodeId> {
        let function = find("exceeds")?;
        let bound = self.push(NodeKind::Number(above));
        Some(self.push(NodeKind::Call(function, vec![input, bound])))
    }

    /// One of the prices, by the thresholds that are reached.
    fn price(&mut self, which: usize, rates: &[Rates], reached: &[Option<NodeId>]) -> NodeId {
        let mut path = rates[0].paths()[which];
        let mut price = self.push(NodeKind::Path(path.clone()));
        for (rates, reached) in rates.iter().zip(reached).skip(1) {
            let above = rates.paths()[which];
            if let (Some(reached), Some(select), true) = (*reached, find("if"), above != path) {
                let higher = self.push(NodeKind::Path(above.clone()));
                price = self.push(NodeKind::Call(select, vec![reached, higher, price]));
                path = above;
            }
        }
        price
    }
}
