//! Why there is no answer.

use std::{error::Error, sync::Arc};

use http_body_util::LengthLimitError;
use kit::ApiError;

/// Why a service gave no answer that could be used. Shared by all who waited for it.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It failed so often that it is left alone for a while.
    #[error("the service `{0}` is left alone for a while, after it failed repeatedly")]
    LeftAlone(&'static str),
    /// It took too long.
    #[error("the service took too long")]
    Late,
    /// The connection could not be made or broke, or what came over it was no HTTP.
    #[error("the service cannot be reached")]
    Broken(#[source] Arc<dyn Error + Send + Sync>),
    /// The answer is larger than what is read. Its service did answer.
    #[error("the answer is larger than what is read")]
    TooLarge,
    /// The answer was cut off.
    #[error("the answer cannot be read to its end")]
    Cut(#[source] Arc<dyn Error + Send + Sync>),
}

impl Failure {
    pub(super) fn broken(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Broken(Arc::new(cause))
    }

    /// Why a body that is read up to a limit could not be read.
    pub(super) fn unread(cause: axum::Error) -> Self {
        let mut next: Option<&(dyn Error + 'static)> = Some(&cause);
        while let Some(error) = next {
            if error.is::<LengthLimitError>() {
                return Self::TooLarge;
            }
            next = error.source();
        }
        Self::Cut(Arc::new(cause))
    }

    /// As metrics name it.
    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Self::LeftAlone(_) => "left_alone",
            Self::Late => "late",
            Self::TooLarge => "too_large",
            Self::Broken(_) | Self::Cut(_) => "broken",
        }
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self::unavailable(failure)
    }
}
