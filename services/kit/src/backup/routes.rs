//! `/internal/backup` and `/internal/restore/*`.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use contracts::problem::Problem;
use http::{StatusCode, header};
use serde::Deserialize;

use super::{Backup, BackupError};
use crate::{
    ApiError, ApiResult,
    auth::{Access, ServiceCaller},
    extract::Query,
};

#[derive(Clone)]
struct App {
    backup: Backup,
    access: Access,
}

impl FromRef<App> for Access {
    fn from_ref(app: &App) -> Self {
        app.access.clone()
    }
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// They are between services only and stream, so they stand in no OpenAPI document.
pub(crate) fn router(backup: Backup, access: Access) -> Router {
    Router::new()
        .route("/internal/backup", get(read))
        .route("/internal/restore/prepare", post(prepare).layer(DefaultBodyLimit::disable()))
        .route("/internal/restore/commit", post(commit))
        .route("/internal/restore/rollback", post(rollback))
        .route("/internal/restore/forget", post(forget))
        .with_state(App { backup, access })
}

async fn read(_: ServiceCaller, State(app): State<App>) -> Response {
    let lines = futures_util::stream::unfold(app.backup.snapshot(), async |mut lines| {
        let line = lines.recv().await?;
        Some((line, lines))
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response()
}

async fn prepare(
    _: ServiceCaller,
    State(app): State<App>,
    Query(Token { token }): Query<Token>,
    request: Request,
) -> ApiResult<axum::Json<serde_json::Value>> {
    let rows = app.backup.prepare(&token, request.into_body()).await?;
    Ok(axum::Json(serde_json::json!({ "rows": rows })))
}

async fn commit(
    _: ServiceCaller,
    State(app): State<App>,
    Query(Token { token }): Query<Token>,
) -> ApiResult<StatusCode> {
    app.backup.commit(&token).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn rollback(
    _: ServiceCaller,
    State(app): State<App>,
    Query(Token { token }): Query<Token>,
) -> ApiResult<StatusCode> {
    app.backup.rollback(&token).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn forget(
    _: ServiceCaller,
    State(app): State<App>,
    Query(Token { token }): Query<Token>,
) -> ApiResult<StatusCode> {
    app.backup.forget(&token).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<BackupError> for ApiError {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Database(error) => error.into(),
            BackupError::Line { .. } => {
                Problem::new(422, "not_a_snapshot", "The snapshot does not fit").with_detail(error.to_string()).into()
            }
            BackupError::State(reason) => {
                Problem::new(409, "not_prepared", "The restore was not prepared").with_detail(reason).into()
            }
            BackupError::Broken(_) => {
                Problem::new(400, "unreadable_body", "The body could not be read").with_detail(error.to_string()).into()
            }
        }
    }
}
