//! Answers out: the format, the place, and whether anyone is looking.

use indexmap::IndexSet;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use bizmodel::error::excerpt::{self, Style};
use bizmodel::render::{self, Color, Format};
use bizmodel::report::Report;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;

/// The options of every command that answers with a report.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// How to show the answer [default: the extension of --output, or table]
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    format: Option<Format>,

    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Show only this table of the answer; JSON is always whole
    #[arg(long, value_name = "KEY")]
    table: Option<String>,

    /// Write to a file, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Say nothing but the answer: no notes on standard error
    #[arg(long, short)]
    quiet: bool,
}

fn formats() -> impl clap::builder::TypedValueParser {
    PossibleValuesParser::new(names()).try_map(|name| name.parse::<Format>())
}

fn names() -> Vec<&'static str> {
    Format::ALL.iter().map(|format| format.name()).collect()
}

impl Args {
    /// The format that the options ask for.
    pub fn format(&self) -> anyhow::Result<Format> {
        if self.json {
            return Ok(Format::Json);
        }
        if let Some(format) = self.format {
            return Ok(format);
        }
        let Some(extension) = self.output.as_deref().and_then(Path::extension) else { return Ok(Format::Table) };
        let extension = extension.to_string_lossy();
        match Format::from_extension(&extension) {
            Some(format) => Ok(format),
            None => {
                bail!("no format has the extension `.{extension}`; say which one with --format {}", names().join("|"))
            }
        }
    }

    fn target(&self) -> Target {
        self.output.clone().map_or(Target::Stdout, Target::File)
    }
}

/// Where bytes go.
#[derive(Clone, Debug)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

impl Target {
    /// Writes all bytes. A reader of standard output who has seen enough is no failure.
    pub fn write(&self, bytes: &[u8]) -> anyhow::Result<()> {
        self.stream(|to| to.write_all(bytes))
    }

    /// Writes what is written, as [`Target::write`] does.
    pub fn stream(&self, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> anyhow::Result<()> {
        match self {
            Target::Stdout => {
                let mut stdout = io::stdout().lock();
                match write(&mut stdout).and_then(|()| stdout.flush()) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    written => written.context("cannot write to standard output"),
                }
            }
            Target::File(path) => write_file(path, write).with_context(|| format!("cannot write `{}`", path.display())),
        }
    }
}

/// Writes a file whole or not at all: to a neighbor first, which then takes its place.
fn write_file(path: &Path, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    // A link is followed, so that what it points to is replaced and not the link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.exists() && !path.is_file() {
        // A device or a pipe cannot be replaced, only written to.
        return write(&mut std::fs::File::create(path)?);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let permissions = std::fs::metadata(&path)
            .map_or_else(|_| std::fs::Permissions::from_mode(0o666), |metadata| metadata.permissions());
        builder.permissions(permissions);
    }
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no folder `{}`", folder.display())));
    }
    let mut file = builder.prefix(".bizmodel-").tempfile_in(folder)?;
    write(&mut file)?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Shows reports where and how the options say.
pub fn reports(reports: &[Report], args: &Args) -> anyhow::Result<()> {
    let format = args.format()?;
    let terminal = args.output.is_none() && io::stdout().is_terminal();
    let options = render::Options {
        width: if terminal { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) } else { None },
        color: if terminal && color_wanted() { Color::Always } else { Color::Never },
        table: args.table.clone(),
    };
    let bytes = render::render(reports, format, &options)?;
    args.target().write(&bytes)?;
    if [Format::Csv, Format::Ndjson].contains(&format) && !args.quiet {
        other_tables(reports, args);
        let notes: IndexSet<&String> = reports.iter().flat_map(|report| &report.notes).collect();
        notes.into_iter().for_each(|note| tell(&format!("note: {note}")));
    }
    Ok(())
}

/// An answer that is written while it is computed: writes it, and gives what is to be said of it.
pub type Writing = Box<dyn FnOnce(&mut dyn io::Write) -> io::Result<Vec<String>>>;

/// Writes an answer while it is computed, where the options say.
pub fn stream(writing: Writing, args: &Args) -> anyhow::Result<()> {
    let mut notes = Vec::new();
    args.target().stream(|to| {
        notes = writing(to)?;
        Ok(())
    })?;
    if !args.quiet {
        for note in notes {
            tell(&format!("note: {note}"));
        }
    }
    Ok(())
}

/// CSV and NDJSON hold one table; says which others there are.
fn other_tables(reports: &[Report], args: &Args) {
    let Some(report) = reports.first().filter(|report| args.table.is_none() && report.tables.len() > 1) else { return };
    let others: Vec<_> = report.tables[1..].iter().map(|table| format!("--table {}", table.key)).collect();
    tell(&format!("note: this is the table `{}`; for others: {}", report.tables[0].key, others.join(", ")));
}

/// Whether color may be shown where a terminal is (<https://no-color.org>).
fn color_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Says what went wrong, once.
pub fn complain(error: &anyhow::Error) {
    let style = if io::stderr().is_terminal() && color_wanted() { Style::Color } else { Style::Plain };
    match error.downcast_ref::<bizmodel::error::Error>() {
        Some(error) => tell(excerpt::draw(error, style).trim_end()),
        None => tell(&format!("error: {error:#}")),
    }
}

/// Talks to the person. Standard error may be closed; then nobody listens, and that is no failure.
pub fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
