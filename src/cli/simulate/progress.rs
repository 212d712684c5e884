//! How far a long run has come, on standard error where a person looks on, and its end when that person has had enough.

use std::io::{IsTerminal as _, stderr};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bizmodel::analysis::simulate::{Progress, Watch};
use indicatif::{ProgressBar, ProgressStyle};

/// After what time a run is long.
const LONG: Duration = Duration::from_millis(500);

/// Watches over long runs; there is one of it in a program, since there is one Ctrl-C.
pub struct Watcher {
    interrupted: Arc<AtomicBool>,
}

impl Watcher {
    /// Listens for Ctrl-C from now on.
    pub fn new() -> Self {
        let interrupted = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&interrupted);
        // Where signals cannot be heard, Ctrl-C ends the program as usual.
        let _ = ctrlc::set_handler(move || {
            // Who asks twice does not want to wait for the numbers either; the thread that would end the program is at work.
            if heard.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED);
            }
        });
        Self { interrupted }
    }

    /// As [`Watcher::watch`], for what is done with the draws after an interrupt has ended the drawing; another one ends it.
    pub fn watch_anew<T>(&self, run: impl FnOnce(Watch<'_>) -> T) -> T {
        self.interrupted.store(false, Ordering::Relaxed);
        self.watch(run)
    }

    /// Runs something that can be watched: shows how far it has come once it takes long, and ends it on Ctrl-C.
    pub fn watch<T>(&self, run: impl FnOnce(Watch<'_>) -> T) -> T {
        let started = Instant::now();
        let mut bar: Option<ProgressBar> = None;
        let found = run(&mut |progress| {
            if bar.is_none() && started.elapsed() > LONG && stderr().is_terminal() {
                bar = Some(shown(&progress));
            }
            if let Some(bar) = &bar {
                bar.set_length(progress.samples);
                bar.set_position(progress.done);
            }
            if self.interrupted.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        found
    }
}

/// The exit status of a program that an interrupt ends.
const INTERRUPTED: i32 = 130;

fn shown(progress: &Progress) -> ProgressBar {
    let bar = ProgressBar::new(progress.samples);
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} draws, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
