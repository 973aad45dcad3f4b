//! `GET /api/auth/oidc/:provider/callback`: the browser comes back.

use axum::{Json, extract::State, http::HeaderMap};
use contracts::{auth::OidcDone, problem::Problem};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use utoipa::IntoParams;

use super::{binding, failed, resolve, sign_in_refused, unknown_provider};
use crate::{
    app::App,
    routes::origin::Origin,
    store::{oidc, tokens::hash},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct Params {
    /// From the provider: what names who signed in there.
    code: Option<String>,
    /// From the provider: what we gave it.
    state: Option<String>,
    /// From the provider: why nobody signed in.
    error: Option<String>,
    /// From the provider: who it is (RFC 9207).
    iss: Option<String>,
}

/// Signs in who signed in at a provider. `x-oidc-binding`, or the cookie, has to be the one of the
/// start.
#[utoipa::path(
    get, path = "/api/auth/oidc/{provider}/callback", tag = "providers",
    params(("provider" = String, Path), Params, ("x-oidc-binding" = Option<String>, Header)),
    responses(
        (status = 200, body = OidcDone),
        (status = 403, description = "The provider, or this site, lets nobody in with it"),
        (status = 409, description = "The account, or the identity, is somebody's already"),
        (status = 410, description = "This sign-in has ended, or began in another browser"),
        (status = 429, description = "Too many attempts"), (status = 502, description = "The provider is away"),
    ),
)]
pub(in crate::routes) async fn handle(
    State(app): State<App>,
    origin: Origin,
    Path(id): Path<String>,
    Query(params): Query<Params>,
    headers: HeaderMap,
) -> ApiResult<Json<OidcDone>> {
    let provider = app.providers.get(&id).ok_or_else(unknown_provider)?;
    origin.attempt(&app).await?;
    let state = params.state.as_deref().unwrap_or_default();
    // Used up whatever comes of it.
    let login = oidc::take(app.db.write(), state, app.clock.millis()).await?;
    let login = login.filter(|login| login.provider == id).ok_or_else(ended)?;
    let shown = hash(binding(&headers).unwrap_or_default());
    if !bool::from(shown.as_bytes().ct_eq(login.binding_hash.as_bytes())) {
        return Err(ended().into());
    }
    if params.iss.as_deref().is_some_and(|issuer| !provider.is(issuer)) {
        tracing::warn!(provider = id, "another provider answered");
        return Err(sign_in_refused().into());
    }
    if let Some(error) = &params.error {
        tracing::info!(provider = id, error = error.escape_debug().to_string(), "nobody signed in elsewhere");
        return Err(sign_in_refused().into());
    }
    let code = params.code.as_deref().filter(|code| !code.is_empty()).ok_or_else(sign_in_refused)?;
    let identity = provider.finish(code, &login.verifier, &login.nonce).await.map_err(|error| failed(&id, &error))?;
    let next = login.next.clone();
    match &login.user_id {
        Some(user_id) => {
            resolve::link(&app, &origin, &id, &identity, user_id).await?;
            Ok(Json(OidcDone { tokens: None, next, registered: false }))
        }
        None => {
            let (tokens, registered) = resolve::sign_in(&app, &origin, &id, &identity).await?;
            Ok(Json(OidcDone { tokens: Some(tokens), next, registered }))
        }
    }
}

fn ended() -> Problem {
    Problem::new(410, "sign_in_ended", "This sign-in has ended").with_detail("Start again.")
}
