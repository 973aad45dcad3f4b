//! How many tests passed and failed, read from what the test runners print.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// A count of tests. A step that is no test runner counts as one test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Passed.
    pub(super) passed: u32,
    /// Failed.
    pub(super) failed: u32,
}

impl Tally {
    /// A step that went well.
    pub(super) const PASSED: Self = Self { passed: 1, failed: 0 };
    /// A step that went wrong.
    pub(super) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// Both together.
    pub(super) fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }

    /// `good` or `FAILED`.
    pub(super) fn verdict(self) -> &'static str {
        if self.failed == 0 { "good" } else { "FAILED" }
    }

    /// Adds what a line of cargo's test harness (`test result: ok. 3 passed; 0 failed; …`) or of
    /// Playwright's list reporter (`  3 passed (4.0s)`) says.
    fn read(&mut self, line: &str) {
        let line = line.trim().trim_start_matches("test result: ok. ").trim_start_matches("test result: FAILED. ");
        for part in line.split(';') {
            let mut words = part.split_whitespace();
            let count = words.next().and_then(|word| word.parse::<u32>().ok());
            match (count, words.next()) {
                (Some(count), Some("passed")) => self.passed += count,
                (Some(count), Some("failed")) => self.failed += count,
                _ => return,
            }
        }
    }
}

/// Runs a test runner, shows what it prints and counts.
pub(super) fn count(command: &mut Command) -> Result<Tally> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{program}`"))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line?;
            println!("{line}");
            tally.read(&line);
        }
    }
    let status = child.wait()?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(line));
        tally
    }

    #[test]
    fn both_runners_are_understood() {
        let cargo = read(&[
            "test a_test ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored",
        ]);
        assert_eq!(cargo, Tally { passed: 5, failed: 1 });
        let playwright =
            read(&["  ✓  1 reading › a post (1.2s)", "  1 failed", "    [chromium] › x.spec.ts", "  7 passed (12.3s)"]);
        assert_eq!(playwright, Tally { passed: 7, failed: 1 });
    }
}
