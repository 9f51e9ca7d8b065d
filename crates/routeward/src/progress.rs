//! How far a scan is, on standard error.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use routeward_engine::Progress;

/// Shorter scans show nothing.
const PATIENCE: Duration = Duration::from_millis(400);

/// A bar that appears after a while, and only for a person who watches.
pub(crate) struct Bar {
    drawn: ProgressBar,
    since: Instant,
    may_show: bool,
    is_shown: AtomicBool,
}

impl Bar {
    pub(crate) fn new(is_quiet: bool) -> Self {
        let may_show = !is_quiet && io::stderr().is_terminal() && env::var_os("CI").is_none();
        let drawn = ProgressBar::hidden();
        if may_show && let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
            drawn.set_style(style);
        }
        Self { drawn, since: Instant::now(), may_show, is_shown: AtomicBool::new(false) }
    }

    pub(crate) fn clear(&self) {
        self.drawn.finish_and_clear();
    }

    fn show(&self) {
        let is_due = self.may_show && self.since.elapsed() > PATIENCE;
        if is_due && !self.is_shown.swap(true, Ordering::Relaxed) {
            self.drawn.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Progress for Bar {
    fn begin(&self, phase: &'static str, steps: usize) {
        self.drawn.set_length(steps.max(1) as u64);
        self.drawn.set_position(0);
        self.drawn.set_message(phase);
        self.show();
    }

    fn step(&self) {
        self.drawn.inc(1);
        self.show();
    }
}
