//! Load, by `wrk`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::packages::Need;
use crate::tools;

/// The program.
pub(super) const NEEDS: &[Need] =
    &[Need { package: "wrk", purpose: "the load", there: || tools::find("wrk").is_some() }];
/// Seconds before anything counts.
const WARM_UP: u32 = 2;
/// Connections, all busy all the time.
pub(super) const CONNECTIONS: u32 = 32;

/// What came of a load.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    pub(super) per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

impl Load {
    /// The median of each figure of several loads.
    pub(super) fn median(loads: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| {
            let mut all: Vec<f64> = loads.iter().map(figure).collect();
            all.sort_unstable_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or_default()
        };
        Self { per_second: of(|load| load.per_second), p50_ms: of(|load| load.p50_ms), p99_ms: of(|load| load.p99_ms) }
    }
}

/// What else there is to a load.
#[derive(Clone, Copy, Default)]
pub(super) struct Ask<'a> {
    /// One header more.
    pub(super) header: Option<&'a str>,
    /// Lua that chooses each request.
    pub(super) script: Option<&'a Path>,
}

/// Asks `url` from all connections for so many seconds, and for a while before anything counts.
pub(super) fn load(url: &str, ask: &Ask<'_>, seconds: u32) -> Result<Load> {
    once(url, ask, WARM_UP)?;
    once(url, ask, seconds)
}

fn once(url: &str, Ask { header, script }: &Ask<'_>, seconds: u32) -> Result<Load> {
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads", "1", "--connections"]).arg(CONNECTIONS.to_string());
    wrk.args(["--latency", "--duration"]).arg(format!("{seconds}s"));
    if let Some(header) = header {
        wrk.arg("--header").arg(header);
    }
    if let Some(script) = script {
        wrk.arg("--script").arg(script);
    }
    let said = tools::output(wrk.arg(url))?;
    if let Some(errors) = said.lines().find(|line| line.contains("Non-2xx") || line.contains("Socket errors")) {
        bail!("{url}: {}", errors.trim());
    }
    parse(&said).with_context(|| format!("wrk said something else than usual:\n{said}"))
}

fn parse(said: &str) -> Option<Load> {
    let value = |label: &str| said.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim);
    Some(Load {
        per_second: value("Requests/sec:")?.parse().ok()?,
        p50_ms: milliseconds(value("50%")?)?,
        p99_ms: milliseconds(value("99%")?)?,
    })
}

/// `1.25ms`, `640.00us`, `1.02s`.
fn milliseconds(text: &str) -> Option<f64> {
    for (unit, factor) in [("us", 0.001), ("ms", 1.0), ("s", 1000.0)] {
        if let Some(number) = text.strip_suffix(unit).and_then(|number| number.parse::<f64>().ok()) {
            return Some(number * factor);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_each_figure() {
        let load = |per_second, p50_ms, p99_ms| Load { per_second, p50_ms, p99_ms };
        let Load { per_second, p50_ms, p99_ms } =
            Load::median(&[load(1.0, 9.0, 4.0), load(3.0, 8.0, 6.0), load(2.0, 7.0, 5.0)]);
        assert_eq!([per_second, p50_ms, p99_ms], [2.0, 8.0, 5.0]);
    }

    #[test]
    fn what_wrk_says_is_read() {
        let said = "  Latency Distribution\n     50%  640.00us\n     99%    1.02s \nRequests/sec:  48123.45\n";
        let load = parse(said).expect("a load");
        assert!((load.per_second - 48_123.45).abs() < 0.01);
        assert!((load.p50_ms - 0.64).abs() < 1e-9 && (load.p99_ms - 1020.0).abs() < 1e-9);
        assert!(parse("Requests/sec: 1").is_none());
    }
}
