//! A collector of traces: what an OpenTelemetry collector understands, it understands.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, routing::post};
use bytes::Bytes;
use kit::testing::eventually;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;

/// A span as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    /// Whose it is.
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) parent: String,
    /// Traces that it is linked to.
    pub(crate) links: Vec<String>,
}

type Spans = Arc<Mutex<Vec<Span>>>;

/// Listens as long as the test runs.
pub(crate) struct Collector {
    pub(crate) url: String,
    spans: Spans,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let spans = Spans::default();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/traces", post(take)).with_state(spans.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { url, spans }
    }

    /// Waits until a span arrived that is the wanted one.
    pub(crate) async fn find(&self, what: &str, wanted: impl Fn(&Span) -> bool) -> Span {
        eventually(&format!("{what} among the spans"), async || {
            self.spans.lock().unwrap().iter().find(|span| wanted(span)).cloned()
        })
        .await
    }

    /// All that arrived until now, as text.
    pub(crate) fn text(&self) -> String {
        format!("{:#?}", self.spans.lock().unwrap())
    }
}

async fn take(State(spans): State<Spans>, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    for group in request.resource_spans {
        let service = format!("{:?}", group.resource);
        let arrived = group.scope_spans.into_iter().flat_map(|scope| scope.spans).map(|span| Span {
            service: service.clone(),
            // With all that it says, so that a test can look for what it must not say.
            name: format!("{} {:?}", span.name, span.attributes),
            trace: hex(&span.trace_id),
            id: hex(&span.span_id),
            parent: hex(&span.parent_span_id),
            links: span.links.iter().map(|link| hex(&link.trace_id)).collect(),
        });
        spans.lock().unwrap().extend(arrived);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
