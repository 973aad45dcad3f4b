//! Who is calling: a user with an access token, another service with the service token, or nobody.

mod keys;
mod revocations;
mod service;
mod verifier;
mod viewer;

use crate::{Secret, Shared};

pub use revocations::RevocationListener;
pub(crate) use revocations::follow;
pub use service::ServiceCaller;
pub use verifier::{InvalidKey, Verifier};
pub use viewer::{OptionalViewer, Viewer};

/// What the extractors need. A service's state offers it by `FromRef`.
#[derive(Clone, Debug)]
pub struct Access {
    verifier: Verifier,
    service_token: Secret,
}

impl From<&Shared> for Access {
    fn from(shared: &Shared) -> Self {
        Self { verifier: shared.verifier.clone(), service_token: shared.service_token.clone() }
    }
}

/// The credentials of an `Authorization` header of this scheme.
pub(crate) fn credentials<'a>(headers: &'a http::HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    let (given, credentials) = value.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
}
