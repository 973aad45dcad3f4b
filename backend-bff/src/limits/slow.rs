//! Clients that send a body too slowly.

use std::error::Error;

use axum::body::Body;
use http_body::Body as _;
use tower_http::timeout::{DeadlineBody, TimeoutBody, TimeoutError};

use super::TrafficLimits;

/// A body that ends with an error when its client pauses, or takes too long altogether.
pub(crate) fn bounded(limits: &TrafficLimits, is_upload: bool, body: Body) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let whole = if is_upload { limits.upload_body } else { limits.body };
    Body::new(DeadlineBody::new(whole, TimeoutBody::new(limits.body_pause, body)))
}

/// Whether a body could not be read because of that.
pub(crate) fn was_slow(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<TimeoutError>() {
            return true;
        }
        next = error.source();
    }
    false
}
