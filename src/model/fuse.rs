//! Sums of tiers as one step of a plan: what takes three steps for each tier becomes one loop for each.
//!
//! Only the steps are joined and not what they compute, so that the values are the same to the bit.

use std::collections::{HashMap, HashSet};

use crate::formula::BinaryOperator::{Add, Multiply};
use crate::numeric::kernel::{self, Kernel};
use crate::numeric::parts::Part;

use super::node::{Node, NodeId};

/// A sum of parts of one value, each at a price.
#[derive(Clone, Debug)]
pub struct Sum<P> {
    /// The value whose parts are priced.
    pub units: P,
    /// The parts, at least two.
    pub terms: Vec<Term<P>>,
}

/// A part of a value at a price.
#[derive(Clone, Copy, Debug)]
pub struct Term<P> {
    /// Which part.
    pub part: Part,
    /// Its bounds; the one that it has twice where it has one.
    pub bounds: [P; 2],
    /// The price.
    pub price: P,
}

impl<P: Copy> Sum<P> {
    /// The same sum with its values in other places.
    pub fn map<Q>(&self, mut place: impl FnMut(P) -> Q) -> Sum<Q> {
        let units = place(self.units);
        let mut term =
            |term: &Term<P>| Term { part: term.part, bounds: term.bounds.map(&mut place), price: place(term.price) };
        Sum { units, terms: self.terms.iter().map(&mut term).collect() }
    }
}

/// The sums whose units are columns and whose bounds and prices are not.
#[derive(Debug, Default)]
pub struct Sums {
    /// The sums, by their node.
    pub found: HashMap<NodeId, Sum<NodeId>>,
    /// The nodes that are of no use besides.
    pub joined: HashSet<NodeId>,
}

/// Finds the sums among the needed nodes; `lanes` tells which nodes are columns.
pub fn sums(nodes: &[Node], needed: &[bool], lanes: &[bool], wanted: &[NodeId]) -> Sums {
    let mut uses = vec![0_usize; nodes.len()];
    let inputs = nodes.iter().zip(needed).filter(|(_, needed)| **needed).map(|(node, _)| node.inputs());
    for id in wanted {
        uses[*id] += 1;
    }
    for inputs in inputs {
        for id in inputs.iter() {
            uses[*id] += 1;
        }
    }
    let mut sums = Sums::default();
    // From the last on, so that the longest sum is found before those that it begins with.
    for id in (0..nodes.len()).rev().filter(|id| needed[*id] && lanes[*id]) {
        let sum = if sums.joined.contains(&id) { None } else { sum(nodes, &uses, lanes, id) };
        if let Some((sum, joined)) = sum {
            sums.found.insert(id, sum);
            sums.joined.extend(joined);
        }
    }
    sums
}

fn sum(nodes: &[Node], uses: &[usize], lanes: &[bool], root: NodeId) -> Option<(Sum<NodeId>, Vec<NodeId>)> {
    let (mut terms, mut joined, mut units) = (Vec::new(), Vec::new(), None);
    let mut at = root;
    loop {
        let (rest, last) = match nodes[at] {
            Node::Binary(Add, rest, last) => (Some(rest), last),
            _ => (None, at),
        };
        let (found, term, part) = term(nodes, last)?;
        let uniform = [term.bounds[0], term.bounds[1], term.price].iter().all(|id| !lanes[*id]);
        let fits =
            uniform && lanes[found] && *units.get_or_insert(found) == found && uses[last] == 1 && uses[part] == 1;
        if !fits {
            return None;
        }
        terms.push(term);
        joined.extend([last, part]);
        match rest {
            Some(rest) if uses[rest] == 1 => at = rest,
            Some(_) => return None,
            None => break,
        }
        joined.push(at);
    }
    terms.reverse();
    (terms.len() > 1).then_some((Sum { units: units?, terms }, joined))
}

/// A part of a value at a price, with the value and the node of the part.
fn term(nodes: &[Node], id: NodeId) -> Option<(NodeId, Term<NodeId>, NodeId)> {
    let Node::Binary(Multiply, inside, price) = nodes[id] else { return None };
    let Node::Call(kernel, inputs) = &nodes[inside] else { return None };
    let part = PARTS.iter().find(|(known, _)| known == kernel)?.1;
    let bounds = match inputs[..] {
        [_, bound] => [bound; 2],
        [_, low, high] => [low, high],
        _ => return None,
    };
    Some((inputs[0], Term { part, bounds, price }, inside))
}

/// The parts by the kernels that compute them.
const PARTS: [(Kernel, Part); 5] = [
    (Kernel::Two(kernel::min), Part::UpTo),
    (Kernel::Three(kernel::part_between), Part::Between),
    (Kernel::Two(kernel::part_above), Part::Above),
    (Kernel::Three(kernel::if_between), Part::AllBetween),
    (Kernel::Two(kernel::if_above), Part::AllAbove),
];
