//! A whole answer of a service.

use std::sync::Arc;

use bytes::Bytes;
use contracts::problem::Problem;
use http::StatusCode;
use kit::ApiResult;
use serde::de::DeserializeOwned;

use super::address::Ticket;

/// A whole answer. Cheap to clone: those who asked together share it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    pub(super) ticket: Arc<Ticket>,
}

impl Answer {
    /// The body of a good answer; else the problem.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> ApiResult<T> {
        self.good()?;
        serde_json::from_slice(&self.body).map_err(|error| {
            self.ticket.spoil();
            tracing::error!(%error, "a service answered something unreadable");
            bad_gateway().into()
        })
    }

    /// The problem of an answer that is not good.
    pub(crate) fn good(&self) -> Result<(), Problem> {
        if self.status.is_success() {
            return Ok(());
        }
        match serde_json::from_slice::<Problem>(&self.body) {
            _ if self.status == StatusCode::SERVICE_UNAVAILABLE => Err(Problem::unavailable()),
            _ if self.status.is_server_error() => Err(bad_gateway()),
            Ok(problem) if problem.status == self.status.as_u16() => Err(problem),
            _ => {
                tracing::error!(status = %self.status, "a service answered without a problem document");
                Err(bad_gateway())
            }
        }
    }
}

fn bad_gateway() -> Problem {
    Problem::new(502, "bad_gateway", "Something behind this page failed").with_detail("Try again in a moment.")
}
