//! The user who calls.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use contracts::{auth::Claims, module::Role, problem::Problem};
use http::request::Parts;

use super::{Access, credentials};
use crate::{ApiError, ApiResult};

/// A signed-in user. As an extractor it answers 401 to everybody else.
#[derive(Clone, Debug)]
pub struct Viewer(pub(super) Arc<Claims>);

impl Viewer {
    /// User id.
    pub fn id(&self) -> &str {
        &self.0.sub
    }

    /// Display name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Picture.
    pub fn avatar(&self) -> Option<&str> {
        self.0.picture.as_deref()
    }

    /// Role.
    pub fn role(&self) -> Role {
        self.0.role
    }

    /// All claims of the token.
    pub fn claims(&self) -> &Claims {
        &self.0
    }

    /// 403 unless the role is `role` or a higher one.
    pub fn require(&self, role: Role) -> ApiResult<()> {
        if self.role() >= role { Ok(()) } else { Err(Problem::forbidden().into()) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer
where
    Access: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let OptionalViewer(viewer) = OptionalViewer::from_request_parts(parts, state).await?;
        viewer.ok_or_else(|| Problem::unauthenticated().into())
    }
}

/// A signed-in user or a guest. A token that is not good is a 401 all the same: its owner should
/// refresh it rather than see less.
#[derive(Clone, Debug)]
pub struct OptionalViewer(pub Option<Viewer>);

impl<S: Send + Sync> FromRequestParts<S> for OptionalViewer
where
    Access: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match credentials(&parts.headers, "Bearer") {
            None => Ok(Self(None)),
            Some(token) => match Access::from_ref(state).verifier.verify(token).await {
                Some(viewer) => Ok(Self(Some(viewer))),
                None => Err(Problem::unauthenticated()
                    .with_detail("The access token is not valid or has ended; refresh it.")
                    .into()),
            },
        }
    }
}
