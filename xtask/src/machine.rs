//! What the figures were measured on.

use std::fs;

/// `2 cores of … with 24 GB of memory, release build`.
pub(crate) fn describe(build: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let value = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).map(str::to_owned);
        line.and_then(|line| line.split_once(':').map(|(_, value)| value.trim().to_owned()))
    };
    let model = value("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unknown processor".to_owned());
    let kilobytes = value("/proc/meminfo", "MemTotal").and_then(|text| text.trim_end_matches("kB").trim().parse().ok());
    let memory = kilobytes.unwrap_or(0_u64) / 1_000_000;
    format!("{cores} cores of {model} with {memory} GB of memory, {build}")
}
