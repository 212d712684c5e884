//! Which nodes of the periods can be computed for all periods at once, and which must take turns period by period.

use super::node::{Node, NodeId};

/// Nodes that are computed together, in the order in which they are computed within a period.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A node that needs nothing of its own past: all periods at once.
    Alone(NodeId),
    /// Nodes that need each other over time, such as a stock and its flows: one period after the other.
    Circle(Vec<NodeId>),
}

/// What is known of a node during the search.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    /// Found as the number of that order, and not yet in a block.
    Open(usize),
    Done,
}

/// The nodes that belong to periods in blocks, each after those that it needs: the strongly connected components of
/// the nodes and what they need of the same period or the one before (Tarjan, 1972), without recursion.
pub fn blocks(nodes: &[Node], outcome: &[bool]) -> Vec<Block> {
    let mut search =
        Search { nodes, marks: vec![Mark::New; nodes.len()], lowest: vec![0; nodes.len()], open: Vec::new() };
    let mut found = 0;
    let mut blocks = Vec::with_capacity(nodes.len());
    for start in (0..nodes.len()).filter(|id| !outcome[*id]) {
        if search.marks[start] != Mark::New {
            continue;
        }
        // The way from `start` to where the search stands, each with the number of inputs it has visited.
        let mut way = vec![(start, 0)];
        search.enter(start, &mut found);
        while let Some((id, visited)) = way.last_mut() {
            let id = *id;
            if let Some(&input) = nodes[id].inputs().get(*visited) {
                *visited += 1;
                match search.marks[input] {
                    Mark::New => {
                        search.enter(input, &mut found);
                        way.push((input, 0));
                    }
                    Mark::Open(order) => search.lowest[id] = search.lowest[id].min(order),
                    Mark::Done => {}
                }
                continue;
            }
            way.pop();
            if let Some((above, _)) = way.last() {
                search.lowest[*above] = search.lowest[*above].min(search.lowest[id]);
            }
            blocks.extend(search.leave(id));
        }
    }
    blocks
}

struct Search<'n> {
    nodes: &'n [Node],
    marks: Vec<Mark>,
    /// The first open node, by its order, that can be reached from each node.
    lowest: Vec<usize>,
    open: Vec<NodeId>,
}

impl Search<'_> {
    fn enter(&mut self, id: NodeId, found: &mut usize) {
        self.marks[id] = Mark::Open(*found);
        self.lowest[id] = *found;
        *found += 1;
        self.open.push(id);
    }

    /// The block that is complete now that all inputs of this node have been visited, if it is the block's first.
    fn leave(&mut self, id: NodeId) -> Option<Block> {
        if self.marks[id] != Mark::Open(self.lowest[id]) {
            return None;
        }
        let from = self.open.iter().rposition(|open| *open == id)?;
        let mut members = self.open.split_off(from);
        for member in &members {
            self.marks[*member] = Mark::Done;
        }
        if members.len() == 1 && !self.nodes[id].inputs().contains(&id) {
            return Some(Block::Alone(id));
        }
        // Within a period, nodes stand in the order in which they can be computed.
        members.sort_unstable();
        Some(Block::Circle(members))
    }
}

#[cfg(test)]
mod tests {
    use crate::formula::BinaryOperator::Add;

    use super::*;

    #[test]
    fn what_needs_its_own_past_is_a_circle_and_comes_after_what_it_needs() {
        // 0: the period; 1: the sum of 3 and 0 in the period before; 2: a quantity that names 1; 3: 2 + 0
        let nodes = [
            Node::Period,
            Node::Previous { first: 0, value: 3 },
            Node::Quantity(1),
            Node::Binary(Add, 2, 0),
            Node::Unary(crate::formula::UnaryOperator::Negate, 3),
        ];
        let found = blocks(&nodes, &[false; 5]);
        assert_eq!(found, [Block::Alone(0), Block::Circle(vec![1, 2, 3]), Block::Alone(4)]);
    }

    #[test]
    fn a_look_back_without_a_circle_takes_no_turns() {
        // 1 repeats 2 of the period before, and 2 needs nothing of 1.
        let nodes = [Node::Constant(1.0), Node::Previous { first: 0, value: 2 }, Node::Period];
        assert_eq!(blocks(&nodes, &[false; 3]), [Block::Alone(0), Block::Alone(2), Block::Alone(1)]);
        // A stock that nothing changes repeats itself.
        let stock = [Node::Constant(1.0), Node::Previous { first: 0, value: 1 }];
        assert_eq!(blocks(&stock, &[false; 2]), [Block::Alone(0), Block::Circle(vec![1])]);
    }
}
