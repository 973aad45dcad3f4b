//! Reading request bodies.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use contracts::problem::Problem;
use http_body_util::BodyExt;

use crate::limits;

/// How much of a body that is too large is still read, so that the client gets to see the answer
/// instead of a broken connection.
const DRAIN_LIMIT: usize = 32 << 20;

/// The whole body, or 413 when it has more than `limit` bytes.
pub(crate) async fn read(mut body: Body, limit: usize) -> Result<Bytes, Problem> {
    let mut whole = BytesMut::new();
    let mut seen = 0usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unreadable(&error))?;
        let Ok(data) = frame.into_data() else { continue };
        seen += data.len();
        if seen <= limit {
            whole.extend_from_slice(&data);
        } else if seen > DRAIN_LIMIT {
            break;
        } else {
            whole.clear();
        }
    }
    if seen > limit { Err(too_large(limit)) } else { Ok(whole.freeze()) }
}

/// Reads a body that is refused and keeps nothing of it, so that the client gets to see why; 408 when it was sent too
/// slowly.
pub(crate) async fn drain(mut body: Body) -> Result<(), Problem> {
    let mut seen = 0usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unreadable(&error))?;
        seen += frame.data_ref().map_or(0, Bytes::len);
        if seen > DRAIN_LIMIT {
            break;
        }
    }
    Ok(())
}

/// 408 when the client sent too slowly, else 400.
pub(crate) fn unreadable(error: &(dyn std::error::Error + 'static)) -> Problem {
    if limits::was_slow(error) {
        Problem::new(408, "slow_body", "The body took too long to arrive").with_detail("Send it again.")
    } else {
        Problem::new(400, "unreadable_body", "The body could not be read")
    }
}

/// 413.
pub(crate) fn too_large(limit: usize) -> Problem {
    Problem::new(413, "too_large", "The body is too large")
        .with_detail(format!("At most {} bytes are taken here.", limit))
}
