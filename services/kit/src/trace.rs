//! Spans that belong to one trace across processes: W3C trace context in and out.
//!
//! Spans that are exported have the level `DEBUG`, so that they cost nothing where no exporter was installed and
//! are not in every line of the log; there this does nothing but pass on the `traceparent` that a request
//! brought. Spans of the log are around them, since [`current`] sees the innermost.

use http::{HeaderMap, HeaderValue, Method, StatusCode};
use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, Status, TraceContextExt, TraceFlags, TraceId, TraceState},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::context::TRACEPARENT;

/// A span for a request that is answered here: a child of the span that `traceparent` names. `route` is a pattern,
/// never a path.
pub fn serve(method: &Method, route: &str, traceparent: Option<&str>) -> Span {
    let span = tracing::debug_span!(
        "serve",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method.as_str(),
        http.route = route,
        http.response.status_code = tracing::field::Empty,
    );
    adopt(&span, traceparent);
    span
}

/// Notes what a request of [`serve`] or [`call`] was answered.
pub fn answered(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
}

/// A span for an event that is handled here: it begins a trace of its own, linked to what caused the event.
pub fn consume(consumer: &str, kind: &str, traceparent: Option<&str>) -> Span {
    let span = tracing::debug_span!(
        "consume",
        otel.name = format!("{kind} {consumer}"),
        otel.kind = "consumer",
        messaging.destination.name = kind,
    );
    link(&span, traceparent);
    span
}

/// Makes `span`, which was not entered yet, a child of the span that `traceparent` names.
fn adopt(span: &Span, traceparent: Option<&str>) {
    if let Some(parent) = traceparent.and_then(parse) {
        // It fails where nothing is exported, and then there is nothing to adopt.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
}

/// Says that the span which `traceparent` names is what led to `span`, without being its parent: it may have
/// ended long ago.
fn link(span: &Span, traceparent: Option<&str>) {
    if let Some(cause) = traceparent.and_then(parse) {
        span.add_link(cause);
    }
}

/// `traceparent` of the current span; none where nothing is exported.
pub fn current() -> Option<String> {
    let span = Span::current();
    if span.is_disabled() {
        return None;
    }
    let context = span.context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid()
        .then(|| format!("00-{:032x}-{:016x}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags().to_u8()))
}

/// Id of the trace of `span`, for its log lines; none where nothing is exported.
pub fn id_of(span: &Span) -> Option<String> {
    if span.is_disabled() {
        return None;
    }
    let context = span.context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| span.trace_id().to_string())
}

/// A span for a call of another service. Run the call in it, and [`put`] it into the call's headers there.
pub fn call(service: &str, method: &Method) -> Span {
    tracing::debug_span!(
        "call",
        otel.name = format!("{method} {service}"),
        otel.kind = "client",
        peer.service = service,
        http.request.method = method.as_str(),
        http.response.status_code = tracing::field::Empty,
    )
}

/// Names the current span in the headers of a call, so that what answers it is its child.
pub fn put(headers: &mut HeaderMap) {
    if let Some(value) = current().and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(TRACEPARENT, value);
    }
}

/// `00-<trace>-<span>-<flags>`, in hexadecimal. Other versions begin the same.
pub(crate) fn parse(text: &str) -> Option<SpanContext> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let whole = version != "00" || parts.next().is_none();
    if !(whole && version != "ff" && hex(version, 2) && hex(trace, 32) && hex(span, 16) && hex(flags, 2)) {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn traces_are_told_from_noise() {
        assert!(parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").is_some_and(|span| span.is_sampled()));
        assert!(parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-more").is_some());
        for noise in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-zzf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert!(parse(noise).is_none(), "{noise}");
        }
    }
}
