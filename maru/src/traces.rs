//! Spans on their way to a collector: OTLP as protobuf over HTTP.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use anyhow::{Context, Result};
use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use tokio::runtime::Handle;
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter, registry::LookupSpan};

use crate::operation::Telemetry;

/// How long the collector may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Whose spans are exported. Those of libraries would say the same again, and those of the HTTP client would
/// be about exporting.
const OURS: [&str; 10] =
    ["analytics", "auth", "backend_bff", "blog", "content", "kit", "markdown", "maru", "page", "storage"];

/// Sends the spans of this process to the collector that the configuration names, if any.
///
/// # Errors
/// When no HTTP client can be made.
pub(crate) fn exporter(telemetry: &Telemetry, service: &str) -> Result<Option<SdkTracerProvider>> {
    let Some(endpoint) = &telemetry.otlp_endpoint else { return Ok(None) };
    let client = reqwest::Client::builder().timeout(PATIENCE).build().context("the exporter of traces")?;
    let sender = Sender { client, runtime: Handle::current(), failing: AtomicBool::new(false) };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(sender)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_timeout(PATIENCE)
        .build()
        .context("the exporter of traces")?;
    // By the id of the trace and nothing else: every process decides the same, and what a client says does not count.
    let sampler = Sampler::TraceIdRatioBased(telemetry.sample_ratio);
    let resource = Resource::builder_empty().with_service_name(service.to_owned()).build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_sampler(sampler);
    Ok(Some(provider.with_resource(resource).build()))
}

/// Turns spans of `tracing` into those that are exported.
pub(crate) fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let spans = filter::filter_fn(|meta: &Metadata<'_>| {
        let ours = OURS.contains(&meta.target().split("::").next().unwrap_or_default());
        // See `kit::trace`. Of events only what went wrong.
        ours && if meta.is_span() { *meta.level() == Level::DEBUG } else { *meta.level() <= Level::WARN }
    });
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("maru"))
        .with_location(false)
        .with_threads(false)
        .with_filter(spans.with_max_level_hint(LevelFilter::DEBUG))
}

/// Sends on our runtime: the exporter has a thread of its own, without one.
#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
    failing: AtomicBool,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(reqwest::Request::try_from(request)?).await?.error_for_status()?;
            let status = answer.status();
            let mut response = http::Response::new(answer.bytes().await?);
            *response.status_mut() = status;
            Ok::<_, reqwest::Error>(response)
        });
        let outcome = sent.await?.map_err(reqwest::Error::without_url);
        // Told once: a collector that is away would fill the log.
        match &outcome {
            Err(error) if !self.failing.swap(true, Ordering::Relaxed) => {
                tracing::warn!(%error, "traces cannot be sent to telemetry.otlp_endpoint; they are dropped until it answers");
            }
            Ok(_) if self.failing.swap(false, Ordering::Relaxed) => tracing::info!("traces are sent again"),
            _ => {}
        }
        Ok(outcome?)
    }
}
