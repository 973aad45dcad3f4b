//! `GET /api/auth/identities`, `DELETE /api/auth/identities/:provider`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{auth::Identity, problem::Problem};
use kit::{ApiResult, auth::Viewer, extract::Path};

use super::{caller, origin::Origin};
use crate::{
    app::App,
    store::{
        audit::{Happening, Note},
        identities, users,
    },
};

/// Providers that are linked to the caller's account.
#[utoipa::path(
    get, path = "/api/auth/identities", tag = "providers",
    responses((status = 200, body = Vec<Identity>)), security(("bearer" = [])),
)]
pub(super) async fn list(State(app): State<App>, viewer: Viewer) -> ApiResult<Json<Vec<Identity>>> {
    let user = caller::user(app.db.read(), &viewer).await?;
    Ok(Json(identities::of(app.db.read(), &user.id).await?))
}

/// Unlinks a provider. The last way in stays.
#[utoipa::path(
    delete, path = "/api/auth/identities/{provider}", tag = "providers", params(("provider" = String, Path)),
    responses((status = 204, description = "Unlinked"), (status = 409, description = "Nothing else lets them in")),
    security(("bearer" = [])),
)]
pub(super) async fn unlink(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Path(provider): Path<String>,
) -> ApiResult<StatusCode> {
    let tx = app.db.begin().await?;
    let user = caller::user(&tx, &viewer).await?;
    // Locked: of two that are unlinked at once one would be the last.
    users::lock(&tx, &user.id).await?;
    if !identities::unlink(&tx, &user.id, &provider).await? {
        return Err(Problem::not_found("linked provider").into());
    }
    if user.password_hash.is_none() && identities::of(&tx, &user.id).await?.is_empty() {
        let problem = Problem::new(409, "last_sign_in_method", "Nothing else would let you in");
        return Err(problem.with_detail("Choose a password first.").into());
    }
    let note = Note::new(Happening::IdentityUnlinked).about(&user.id).from(origin.address()).detail(provider);
    note.write(&tx, app.clock.millis()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
