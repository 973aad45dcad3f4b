//! Log lines: text for people at a terminal, JSON for machines. Beside them, spans for a collector.

use std::io::{self, IsTerminal};

use anyhow::{Context, Result};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, layer::SubscriberExt, reload, util::SubscriberInitExt};

use crate::{
    config::{Log, LogFormat},
    operation::Telemetry,
    traces,
};

/// What was started: to change the level, and to send what was not sent yet.
pub(crate) struct Logging {
    filter: reload::Handle<EnvFilter, Registry>,
    exporter: Option<SdkTracerProvider>,
}

/// Starts logging to the standard error.
///
/// # Errors
/// When `log.level` is not understood, or logging was started before.
pub(crate) fn start(log: &Log) -> Result<()> {
    start_serving(log, &Telemetry::default(), "maru").map(drop)
}

/// The same for a process that serves: its spans are exported as those of `service`, where the configuration
/// says where to.
///
/// # Errors
/// When `log.level` is not understood, the exporter cannot be made, or logging was started before.
pub(crate) fn start_serving(log: &Log, telemetry: &Telemetry, service: &str) -> Result<Logging> {
    let (filter, handle) = reload::Layer::new(filter(&log.level)?);
    let text = match log.format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let lines = fmt::layer().with_writer(io::stderr);
    let lines = if text {
        lines.with_ansi(io::stderr().is_terminal()).with_target(false).boxed()
    } else {
        lines.json().flatten_event(true).boxed()
    };
    let exporter = traces::exporter(telemetry, service)?;
    let spans = exporter.as_ref().map(traces::layer);
    let started = tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).try_init();
    started.map_err(|error| anyhow::anyhow!("logging could not be started: {error}"))?;
    Ok(Logging { filter: handle, exporter })
}

fn filter(level: &str) -> Result<EnvFilter> {
    EnvFilter::try_new(level).with_context(|| {
        format!(
            "log.level = {level:?} is refused; allowed is error, warn, info, debug, trace, or directives such as \
             info,blog=debug"
        )
    })
}

impl Logging {
    /// Logs at another level from now on.
    ///
    /// # Errors
    /// When the level is not understood; then the old one stays.
    pub(crate) fn set_level(&self, level: &str) -> Result<()> {
        self.filter.reload(filter(level)?).context("the level of the log cannot be changed")
    }

    /// Sends the spans that wait.
    pub(crate) async fn finish(self) {
        let Some(exporter) = self.exporter else { return };
        // It waits for its own thread, which waits for the runtime.
        let sent = tokio::task::spawn_blocking(move || exporter.shutdown_with_timeout(traces::PATIENCE)).await;
        if !matches!(sent, Ok(Ok(()))) {
            tracing::warn!("some spans were not sent to the collector");
        }
    }
}
