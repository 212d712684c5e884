//! The price lists of a scenario: each file is read once, however often the scenario is.

use std::sync::Arc;

use crate::error::{Problem, Source, Sources, Span};
use crate::scenario::files::{File, Files, NoFiles};
use crate::scenario::text;
use crate::scenario::tree::{Table, Value};

use super::book::{self, Book};
use super::{FILE, PRICES};

/// Price lists that were read, and how others are.
#[derive(Clone, Debug)]
pub struct Books {
    files: Arc<dyn Files>,
    read: Vec<(String, Arc<Book>)>,
}

impl Books {
    /// No price list yet.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self { files, read: Vec::new() }
    }

    /// The price list of that file, which is named at that place; its text becomes one of the sources.
    fn open(&mut self, name: &str, named: Span, sources: &mut Sources) -> Result<(Arc<Book>, usize), Problem> {
        if let Some((_, book)) = self.read.iter().find(|(known, _)| known == name) {
            return Ok((Arc::clone(book), sources.add(book.source.clone())));
        }
        let File { name: shown, bytes } = self.files.read(name).map_err(|reason| {
            Problem::at(named, reason)
                .help("a path begins at the folder of the scenario, or where you are for standard input")
        })?;
        let text = text::decode(&shown, &bytes).map_err(|_| {
            Problem::at(named, format!("`{shown}` is not UTF-8 text")).help("the prices are read from a JSON file")
        })?;
        match Book::read(Source::new(shown.clone(), text)) {
            Ok(book) => {
                let book = Arc::new(book);
                self.read.push((name.to_owned(), Arc::clone(&book)));
                let source = sources.add(book.source.clone());
                Ok((book, source))
            }
            Err(wrong) => {
                let (source, at, what) = *wrong;
                let source = sources.add(source);
                Err(book::wrong(&shown, source, at, &what, named))
            }
        }
    }
}

impl Default for Books {
    fn default() -> Self {
        Self::new(Arc::new(NoFiles))
    }
}

/// The price list that a document names, if any, and the number of its source.
pub fn open(
    table: &Table,
    books: &mut Books,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<(Arc<Book>, usize)> {
    let Value::Table(prices) = &table.get(PRICES)?.node.value else { return None };
    let file = &prices.get(FILE)?.node;
    let Value::Text(name) = &file.value else { return None };
    books.open(name, file.span, sources).map_err(|problem| problems.push(problem)).ok()
}
