//! Reading `[[correlations]]`: which uncertain quantities go together.

use crate::error::{Problem, Span};
use crate::formula::Path;

use super::keys;
use super::read::Reader;
use super::tree::{Node, Table, Value};

/// Two quantities whose draws go together.
#[derive(Clone, Debug)]
pub struct Correlation {
    /// The names of the quantities, each with its place.
    pub between: [(Path, Span); 2],
    /// Their rank correlation (Spearman), above −1 and below 1.
    pub rank: f64,
    /// Where the entry stands.
    pub span: Span,
}

const EXAMPLE: &str = "write `[[correlations]]` and under it `between = [\"inputs.visitors\", \"inputs.conversion\"]` \
    and `rank = -0.4`";

impl Reader<'_> {
    /// The correlations, in the order of the file.
    pub(super) fn correlations(&mut self, table: &Table) -> Vec<Correlation> {
        let Some(entry) = table.get("correlations") else { return Vec::new() };
        let Value::List(items) = &entry.node.value else {
            self.problems.push(
                Problem::at(entry.node.span, "`correlations` must be a list of tables")
                    .label(format!("this is {}", entry.node.value.describe()))
                    .help(EXAMPLE),
            );
            return Vec::new();
        };
        items.iter().filter_map(|item| self.correlation(item)).collect()
    }

    fn correlation(&mut self, item: &Node) -> Option<Correlation> {
        let path = Path::new(["correlations"]);
        let Value::Table(table) = &item.value else {
            self.problems.push(
                Problem::at(item.span, "a correlation must be a table")
                    .label(format!("this is {}", item.value.describe()))
                    .help(EXAMPLE),
            );
            return None;
        };
        self.only(table, keys::CORRELATION, "a correlation", &path);
        for key in keys::names(keys::CORRELATION).filter(|key| !table.contains_key(*key)) {
            self.problems.push(Problem::at(item.span, format!("a correlation does not say `{key}`")).help(EXAMPLE));
        }
        let between = table.get("between").and_then(|entry| self.between(&entry.node));
        let rank = table.get("rank").and_then(|entry| self.rank(&entry.node));
        Some(Correlation { between: between?, rank: rank?, span: item.span })
    }

    fn between(&mut self, node: &Node) -> Option<[(Path, Span); 2]> {
        let names = match &node.value {
            Value::List(items) => items.iter().map(|item| self.named(item)).collect::<Option<Vec<_>>>()?,
            _ => Vec::new(),
        };
        let found = <[_; 2]>::try_from(names).map_err(|_| {
            Problem::at(node.span, "`between` must be a list of two names")
                .help("write `between = [\"inputs.visitors\", \"inputs.conversion\"]`; a third quantity takes an entry of its own")
        });
        found.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn named(&mut self, item: &Node) -> Option<(Path, Span)> {
        let named = match &item.value {
            Value::Text(text) => Path::parse_option(text.trim()).map_err(|error| {
                let mut problem = Problem::at(item.span, error.message).label(error.label);
                problem.help = error.help;
                problem
            }),
            other => Err(Problem::at(item.span, "`between` must be a list of two names")
                .label(format!("this is {}", other.describe()))),
        };
        named.map(|path| (path, item.span)).map_err(|problem| self.problems.push(problem)).ok()
    }

    fn rank(&mut self, node: &Node) -> Option<f64> {
        let problem = match node.value {
            Value::Number(rank) if rank > -1.0 && rank < 1.0 => return Some(rank),
            Value::Number(rank) if rank.abs() == 1.0 => Problem::at(node.span, "a rank correlation must be between -1 and 1")
                .label("this is perfect: the one follows from the other")
                .help("say the one as a formula of the other instead"),
            Value::Number(rank) => Problem::at(node.span, "a rank correlation must be between -1 and 1")
                .label(format!("{rank} is not"))
                .help("1 would be: always high together; -1: the one high where the other is low; 0: nothing to do with each other"),
            ref other => Problem::at(node.span, "`rank` must be a number between -1 and 1")
                .label(format!("this is {}", other.describe()))
                .help("write `rank = -0.4`"),
        };
        self.problems.push(problem);
        None
    }
}
