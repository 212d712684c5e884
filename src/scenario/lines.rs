//! Reading lines: revenue, costs and impact share one shape.

mod internal;
pub(super) mod shape;
mod tiers;

use crate::error::Problem;
use crate::error::suggest::{did_you_mean, list};
use crate::formula::Path;

use super::Line;
use super::keys::{self, Class, Group};
use super::plans::Members;
use super::quantity::Quantity;
use super::read::Reader;
use super::time::Time;
use super::tree::{Entry, Table, Value};

/// How far a sum of shares may lie above 1 and still be taken to be 1.
pub const ROUNDING: f64 = 1e-12;

/// The line whose price is `price` in every formula.
pub fn priced_by_users() -> Path {
    Path::new([Group::Revenue.key(), "subscription"])
}

impl Line {
    /// The line's quantities.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        self.plan.iter().map(Members::quantity).chain(self.shape.quantities())
    }
}

impl Reader<'_> {
    /// The lines of a group, in the order of the file.
    pub(super) fn lines(&mut self, table: &Table, group: Group, time: Option<&Time>) -> Vec<Line> {
        let Some((lines, path)) = self.section(table, group.key()) else { return Vec::new() };
        lines.iter().filter_map(|(name, entry)| self.line(group, &path, name, entry, time)).collect()
    }

    fn line(&mut self, group: Group, section: &Path, name: &str, entry: &Entry, time: Option<&Time>) -> Option<Line> {
        let path = section.child(name);
        let Value::Table(table) = &entry.node.value else { return None };
        self.only(table, keys::LINE, "a line", &path);
        self.only_impact_is_priced(table, group, &path);
        let shape = self.shape(table, &path, entry.key, time);
        if shape.is_none() {
            self.broken.push(path.clone());
        }
        let class = self.class(table, group, &path).unwrap_or_else(|| match group {
            Group::Costs if table.contains_key("fees") => Class::Ip,
            Group::Costs => Class::find(name).unwrap_or(Class::Other),
            _ => Class::Other,
        });
        let line = Line {
            group,
            name: name.to_owned(),
            span: entry.key,
            plan: None,
            shape: shape?,
            class,
            schedule: self.schedule(table, &path, time),
            variable: self.flag(table, "variable", Group::Costs, group, &path),
            recurring: self.flag(table, "recurring", Group::Revenue, group, &path),
            unit: self.text(table, "unit", &path),
            covers: self.covers(table, &path),
            note: self.text(table, "note", &path),
            source: self.text(table, "source", &path),
        };
        if group == Group::Impact {
            self.unit_of_function(table, &line);
        }
        Some(line)
    }

    /// Whether a key says `true` or `false`, which it may only on lines of one group.
    fn flag(&mut self, table: &Table, key: &str, meant: Group, group: Group, path: &Path) -> Option<bool> {
        if let (Some(entry), false) = (table.get(key), group == meant) {
            self.problems.push(
                Problem::at(entry.key, format!("`{path}` cannot be `{key}`"))
                    .label(format!("this is for the lines of `[{}]`", meant.key()))
                    .help("leave it out"),
            );
            return None;
        }
        self.boolean(table, key, path)
    }

    fn class(&mut self, table: &Table, group: Group, path: &Path) -> Option<Class> {
        let entry = table.get("class")?;
        if group != Group::Costs {
            self.problems.push(
                Problem::at(entry.key, format!("`{path}` is not a cost, so it has no class"))
                    .help("leave `class` out; it sorts the lines of `[costs]`"),
            );
            return None;
        }
        let word = self.text(table, "class", path)?;
        let class = Class::find(&word);
        if class.is_none() {
            self.problems.push(
                Problem::at(entry.node.span, format!("`{word}` is not a class of costs"))
                    .maybe_help(did_you_mean(&word, Class::NAMES))
                    .help(format!("the classes are {}", list(Class::NAMES))),
            );
        }
        class
    }
}
