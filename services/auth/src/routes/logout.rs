//! `POST /api/auth/logout`: ends the session of a refresh token. One that is not known has none.

use axum::{extract::State, http::StatusCode};
use contracts::auth::RefreshInput;
use kit::{ApiResult, extract::Body};

use crate::{
    app::App,
    store::{sessions, tokens},
};

pub(super) async fn handle(State(app): State<App>, Body(input): Body<RefreshInput>) -> ApiResult<StatusCode> {
    let tx = app.db.begin().await?;
    if let Some(known) = tokens::lock(&tx, &input.refresh_token).await? {
        sessions::end(&tx, &known.session_id).await?;
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
