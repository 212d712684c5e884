//! The scenario as its author wrote it: named quantities and lines, in the order of the file, each with its place.
//!
//! ```text
//! bytes → text → tree (places kept) → case and options laid over → Scenario
//! ```
//!
//! Reading answers with all problems of the file at once. What the quantities' names mean is not asked here:
//! that is [`crate::model`]'s question.

pub mod areas;
pub mod checks;
mod correlations;
pub mod fees;
pub mod files;
pub mod keys;
mod label;
mod lines;
mod measures;
mod overlay;
pub mod plans;
pub mod prices;
pub mod pricing;
pub mod quantity;
mod read;
pub mod risks;
mod schedule;
pub mod schema;
mod text;
pub mod time;
mod tree;

use std::sync::Arc;

use indexmap::IndexMap;

use crate::error::{Error, Problem, Source, Sources, Span};
use crate::formula::Path;
pub use areas::Area;
pub use checks::{Check, Condition};
pub use correlations::Correlation;
use files::{Files, NoFiles};
pub use keys::{Class, Group};
use plans::{Members, PLANS};
use prices::Books;
pub use prices::Prices;
pub use pricing::Shape;
pub use quantity::{Quantity, Range};
pub use schedule::Schedule;
pub use time::{Period, Time};

/// One business, as written in one file, with a case and options laid over it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The texts it was read from: the file first, then the options.
    pub sources: Sources,
    /// What it is called; the source's name where the file does not say.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// The currency of all its money.
    pub currency: Option<String>,
    /// The case that is laid over it, if any.
    pub case: Option<String>,
    /// The horizon; without it there is one period.
    pub time: Option<Time>,
    /// The users, where the scenario speaks of users.
    pub users: Option<Users>,
    /// The free names, in the order of the file.
    pub inputs: Vec<Quantity>,
    /// The lines: revenue, then costs, risks and impact, each in the order of the file.
    pub lines: Vec<Line>,
    /// What models cost, as far as formulas ask for it.
    pub prices: Prices,
    /// The money at hand before period 0.
    pub opening_cash: Option<Quantity>,
    /// The cases that the file offers, in its order.
    pub cases: IndexMap<String, Case>,
    /// What must hold, in the order of the file.
    pub checks: Vec<Check>,
    /// Which uncertain quantities go together, in the order of the file.
    pub correlations: Vec<Correlation>,
    /// What could not be read, so that it is not reported a second time as unknown; empty in a scenario that was read.
    pub(crate) broken: Vec<Path>,
    /// The document without case and options, for laying others over it.
    document: Arc<tree::Table>,
    /// The options that are laid over it.
    settings: Vec<String>,
    /// The price lists that were read.
    books: Books,
}

/// A case that the file offers.
#[derive(Clone, Debug)]
pub struct Case {
    /// Where its name stands.
    pub span: Span,
    /// What it is about.
    pub description: Option<String>,
    /// The quantities it changes.
    pub quantities: Vec<Quantity>,
    /// The checks it changes.
    pub checks: Vec<Check>,
}

/// A named part of revenue, costs, risks or impact.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is part of.
    pub group: Group,
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Who pays it, where it is a plan.
    pub plan: Option<Members>,
    /// How its amount comes about.
    pub shape: Shape,
    /// What kind of cost it is; `other` outside of costs.
    pub class: Class,
    /// When it is due; in every period where the line does not say.
    pub schedule: Option<Schedule>,
    /// Whether the line says that it grows with each user.
    pub variable: Option<bool>,
    /// Whether the line says that it recurs.
    pub recurring: Option<bool>,
    /// What its units are counted in; of an impact line, what it is measured in.
    pub unit: Option<String>,
    /// What else it stands for than its class says.
    pub covers: Vec<&'static Area>,
    /// A remark of the author.
    pub note: Option<String>,
    /// Where its figures come from.
    pub source: Option<String>,
}

impl Line {
    /// The line's dotted name: `costs.training`.
    pub fn path(&self) -> Path {
        Path::new([if self.plan.is_some() { PLANS } else { self.group.key() }, &self.name])
    }
}

/// How many users there are.
#[derive(Clone, Debug)]
pub enum Users {
    /// Said outright, the same in every period unless the formula says otherwise.
    Quantity(Quantity),
    /// A stock that flows change: `users(t + 1) = users(t) · (1 − churn(t)) + joins(t)`.
    Stock {
        /// Where the table stands.
        span: Span,
        /// The users of period 0.
        start: Quantity,
        /// Those who join in a period.
        joins: Option<Quantity>,
        /// The share of users lost in a period.
        churn: Option<Quantity>,
    },
}

/// What is laid over a file before it is read: first the case, then the settings in their order.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The name of a case in the file.
    pub case: Option<String>,
    /// Settings of the form `path=value`.
    pub settings: Vec<String>,
}

impl Scenario {
    /// Reads a scenario from the bytes of a file.
    ///
    /// # Errors
    /// All that is wrong with the file, the case and the settings, in the order of the file. What its names stand for
    /// is not asked; [`Model::load`](crate::model::Model::load) asks that as well.
    pub fn read(name: &str, bytes: &[u8], changes: &Changes) -> Result<Self, Error> {
        Self::read_with(name, bytes, changes, Arc::new(NoFiles))
    }

    /// As [`Scenario::read`], of a scenario that may name other files.
    ///
    /// # Errors
    /// As [`Scenario::read`], and what is wrong with those files.
    pub fn read_with(name: &str, bytes: &[u8], changes: &Changes, files: Arc<dyn Files>) -> Result<Self, Error> {
        Self::draft(name, bytes, changes, files)?.finish()
    }

    /// Reads what can be read of a file, and tells what is wrong with the rest.
    pub(crate) fn draft(name: &str, bytes: &[u8], changes: &Changes, files: Arc<dyn Files>) -> Result<Draft, Error> {
        let text = text::decode(name, bytes)?;
        let mut sources = Sources::new();
        let source = sources.add(Source::new(name, text));
        let text = sources.get(source).map_or("", |source| &*source.text);
        let (document, problems) = tree::parse(text, source);
        if !problems.is_empty() {
            return Err(Error::new(sources, problems));
        }
        read::scenario(document, sources, changes, Books::new(files))
    }

    /// Reads a scenario from a text, as it stands.
    ///
    /// # Errors
    /// All that is wrong with the text.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        Self::read(name, text.as_bytes(), &Changes::default())
    }

    /// The same file with other changes laid over it, in place of those it has.
    ///
    /// # Errors
    /// All that is wrong with the case and the settings.
    pub fn with(&self, changes: &Changes) -> Result<Self, Error> {
        let mut sources = Sources::new();
        if let Some(file) = self.sources.get(0) {
            sources.add(file.clone());
        }
        read::laid_over(Arc::clone(&self.document), sources, changes, self.books.clone()).finish()
    }

    /// Whether nothing is laid over the file.
    pub fn is_as_written(&self) -> bool {
        self.case.is_none() && self.settings.is_empty()
    }

    /// The changes that are laid over the file.
    pub fn changes(&self) -> Changes {
        Changes { case: self.case.clone(), settings: self.settings.clone() }
    }
}

/// What could be read of a scenario, and what is wrong with the rest.
pub(crate) struct Draft {
    /// What could be read.
    pub scenario: Scenario,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Draft {
    /// The scenario, if nothing is wrong.
    pub fn finish(self) -> Result<Scenario, Error> {
        if self.problems.is_empty() { Ok(self.scenario) } else { Err(Error::new(self.scenario.sources, self.problems)) }
    }
}
