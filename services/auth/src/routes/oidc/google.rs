//! `POST /api/auth/google`: an id token that Google gave a client of its own.

use axum::{Json, extract::State};
use contracts::auth::{GoogleInput, Tokens};
use kit::{ApiResult, extract::Body};

use super::{failed, resolve, sign_in_refused, unknown_provider};
use crate::{app::App, routes::origin::Origin, store::oidc};

const GOOGLE: &str = "google";

/// Exchanges an id token of Google for a session. Each is taken once.
#[utoipa::path(
    post, path = "/api/auth/google", tag = "providers", request_body = GoogleInput,
    responses(
        (status = 200, body = Tokens), (status = 403, description = "The id token, or this site, lets nobody in"),
        (status = 404, description = "Google is not configured"),
        (status = 409, description = "There is an account whose address is not verified"),
        (status = 429, description = "Too many attempts"), (status = 502, description = "Google is away"),
    ),
)]
pub(in crate::routes) async fn handle(
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<GoogleInput>,
) -> ApiResult<Json<Tokens>> {
    let google = app.providers.get(GOOGLE).ok_or_else(unknown_provider)?;
    origin.attempt(&app).await?;
    let identity = google.identity(&input.id_token, input.nonce.as_deref()).await;
    let identity = identity.map_err(|error| failed(GOOGLE, &error))?;
    if !oidc::use_id_token(app.db.write(), &input.id_token, identity.expires_at.saturating_mul(1000)).await? {
        return Err(sign_in_refused().into());
    }
    let (tokens, _) = resolve::sign_in(&app, &origin, GOOGLE, &identity).await?;
    Ok(Json(tokens))
}
