//! `GET /api/auth/identities`, `DELETE /api/auth/identities/:provider`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{auth::Identity, blog::Paged, problem::Problem};
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Path, Query},
};

use super::{caller, origin::Origin, paging::Paging};
use crate::{
    app::App,
    store::{
        audit::{Happening, Note},
        identities, users,
    },
};

/// Providers that are linked to the caller's account.
#[utoipa::path(
    get, path = "/api/auth/identities", tag = "providers", params(Paging),
    responses((status = 200, body = Paged<Identity>)), security(("bearer" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<Paged<Identity>>> {
    let (page, size) = paging.get()?;
    let user = caller::user(app.db.read(), &viewer).await?;
    // One for each provider that is configured: a handful.
    let all = identities::of(app.db.read(), &user.id).await?;
    let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let before = page.saturating_sub(1).saturating_mul(size) as usize;
    Ok(Json(Paged { items: all.into_iter().skip(before).take(size as usize).collect(), total }))
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
