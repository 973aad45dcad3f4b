//! `GET /api/auth/me`, `GET /api/auth/validate-token`

use axum::{Json, extract::State};
use contracts::{auth::Me, module, problem::Problem};
use kit::{ApiResult, auth::Viewer};

use crate::{app::App, store::users};

pub(super) async fn handle(State(app): State<App>, viewer: Viewer) -> ApiResult<Json<Me>> {
    let user = users::by_id(app.db.read(), viewer.id()).await?.filter(|user| user.is_active());
    Ok(Json(user.ok_or_else(Problem::unauthenticated)?.me()))
}

/// What the token says of its owner; 401 when it says nothing.
pub(super) async fn validate(viewer: Viewer) -> Json<module::Viewer> {
    Json(module::Viewer {
        id: viewer.id().to_owned(),
        name: viewer.name().to_owned(),
        avatar: viewer.avatar().map(str::to_owned),
        role: viewer.role(),
    })
}
