//! Says what is being done and how long it took: a spinner on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

/// Does `work` under a spinner.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let spinner = spinner(what);
    let result = work();
    if let Some(spinner) = spinner {
        spinner.finish_and_clear();
    }
    finish(what, started, result.is_ok());
    result
}

/// Runs a program that shows its own progress, and fails when it fails.
pub(crate) fn command(what: &str, command: &mut Command) -> Result<()> {
    eprintln!("   {what} …");
    let started = Instant::now();
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start `{program}`"))?;
    finish(what, started, status.success());
    if !status.success() {
        bail!("{what}: `{program}` failed ({status})");
    }
    Ok(())
}

/// `1 m 23 s`, `4.5 s`, `120 ms`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{} ms", time.as_millis()),
        1..60 => format!("{:.1} s", time.as_secs_f64()),
        _ => format!("{} m {:02} s", seconds / 60, seconds % 60),
    }
}

/// Whether somebody is watching who likes moving things.
pub(crate) fn interactive() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("CI").is_none()
}

fn spinner(what: &str) -> Option<ProgressBar> {
    if !interactive() {
        return None;
    }
    let bar = ProgressBar::new_spinner().with_message(format!("{what} …"));
    if let Ok(style) = ProgressStyle::with_template(" {spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    Some(bar)
}

fn finish(what: &str, started: Instant, good: bool) {
    let mark = if good { '✓' } else { '✗' };
    eprintln!(" {mark} {what} ({})", duration(started.elapsed()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_millis(120)), "120 ms");
        assert_eq!(duration(Duration::from_millis(4_520)), "4.5 s");
        assert_eq!(duration(Duration::from_secs(83)), "1 m 23 s");
    }
}
