//! What a complete business model speaks of, after the article that the tool begins from: "AI大模型创业：如何构建未来可持续的商业模式？"
//! (sections 3.1 and 3.2). A cost line covers the areas of its class; any line may say with `covers` what else it stands
//! for.

use crate::error::Problem;
use crate::error::suggest::{did_you_mean, list};
use crate::formula::Path;

use super::keys::Class;
use super::read::Reader;
use super::tree::{Table, Value};

/// One thing that a complete business model speaks of.
#[derive(Debug, PartialEq, Eq)]
pub struct Area {
    /// Its name, as `covers` has it.
    pub name: &'static str,
    /// The part of the business that it belongs to.
    pub part: &'static str,
    /// What is asked for.
    pub asks: &'static str,
    /// The classes of cost lines that cover it without saying so.
    pub classes: &'static [Class],
}

const fn area(name: &'static str, part: &'static str, asks: &'static str, classes: &'static [Class]) -> Area {
    Area { name, part, asks, classes }
}

/// All areas, in the order of the article.
pub static AREAS: &[Area] = &[
    area("data_acquisition", "data", "getting data: sources, licenses, scale", &[Class::Data]),
    area("data_processing", "data", "cleaning, labelling, noise and outliers", &[]),
    area("data_storage", "data", "keeping data, and keeping it safe", &[]),
    area("data_destruction", "data", "deleting data at the end of its life", &[]),
    area("training", "training", "training and fine-tuning the model", &[Class::Training]),
    area("deployment", "deployment", "running the service and answering users", &[Class::Inference, Class::Operations]),
    area("pricing_by_cost", "pricing", "a price that follows from what it costs", &[]),
    area("pricing_by_demand", "pricing", "users or units that depend on the price", &[]),
    area("pricing_by_value", "pricing", "a price by what it is worth to the customer", &[]),
    area("governance", "governance", "control, audits, compliance with laws", &[Class::Compliance]),
    area("privacy", "governance", "protecting people's data", &[]),
    area("ip", "intellectual property", "patents, trademarks, copyright", &[Class::Ip]),
    area("environment", "sustainability", "energy, carbon and other burdens", &[]),
    area("society", "sustainability", "what it does for people", &[]),
    area("marketing", "marketing", "winning users and being known", &[Class::Marketing]),
    area("feedback", "marketing", "listening to users and improving", &[]),
];

/// The areas' names.
pub const NAMES: [&str; 16] = {
    let mut names = [""; 16];
    let mut at = 0;
    while at < names.len() {
        names[at] = AREAS[at].name;
        at += 1;
    }
    names
};

impl Area {
    /// The area of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        AREAS.iter().find(|area| area.name == name)
    }
}

impl Reader<'_> {
    /// The areas that a line says it covers: one name or a list of names.
    pub(super) fn covers(&mut self, table: &Table, path: &Path) -> Vec<&'static Area> {
        let Some(entry) = table.get("covers") else { return Vec::new() };
        let items = match &entry.node.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![&entry.node],
        };
        let mut areas = Vec::new();
        for item in items {
            let area = match &item.value {
                Value::Text(name) => Area::find(name.trim()).ok_or_else(|| {
                    Problem::at(item.span, format!("`{name}` is not an area of a business model"))
                        .maybe_help(did_you_mean(name, NAMES))
                        .help(format!("the areas are {}", list(NAMES)))
                }),
                other => {
                    Err(Problem::at(item.span, format!("`{}` must be a name or a list of names", path.child("covers")))
                        .label(format!("this is {}", other.describe()))
                        .help(format!("the areas are {}", list(NAMES))))
                }
            };
            match area {
                Ok(area) => areas.push(area),
                Err(problem) => self.problems.push(problem),
            }
        }
        areas
    }
}
