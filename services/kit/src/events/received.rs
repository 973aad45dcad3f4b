//! What surrounds a consumer, whichever bus brings the message: its span, its figures.

use tracing::Instrument;

use super::{
    Message,
    bus::{Consumer, DeliveryError},
};
use crate::{
    clock,
    context::{self, Context},
    trace,
};

/// Has `consumer` take `message`. Events that it causes in turn belong to the trace of that.
pub(super) async fn hand_over(consumer: &dyn Consumer, message: &Message) -> Result<(), DeliveryError> {
    let name = consumer.name();
    let span = tracing::info_span!(parent: None, "event", consumer = name, kind = %message.kind, id = %message.id);
    let traced = span.in_scope(|| trace::consume(name, &message.kind, message.trace.as_deref()));
    let context = Context { traceparent: message.trace.clone(), ..Context::default() };
    let outcome = context::scope(context, consumer.receive(message).instrument(traced).instrument(span)).await;
    count(name, message, &outcome);
    outcome
}

/// Kinds are those that the consumer wants, so they are few.
fn count(consumer: &'static str, message: &Message, outcome: &Result<(), DeliveryError>) {
    let told = match outcome {
        Ok(()) => "applied",
        Err(error) if error.is_away() => "away",
        Err(_) => "failed",
    };
    let kind = message.kind.clone();
    metrics::counter!("maru_events_handled_total", "consumer" => consumer, "kind" => kind, "outcome" => told)
        .increment(1);
    if outcome.is_ok()
        && let Some(occurred) = clock::parse_rfc3339(&message.occurred_at)
    {
        let millis = clock::to_millis(time::OffsetDateTime::now_utc()).saturating_sub(occurred);
        let delay = std::time::Duration::from_millis(u64::try_from(millis).unwrap_or_default());
        metrics::histogram!("maru_event_delay_seconds", "consumer" => consumer).record(delay);
    }
}
