//! `GET /api/users/audit` (ADMIN), `GET /internal/audit`

use axum::{Json, extract::State};
use contracts::{auth::AuditEntry, blog::Paged, module::Role};
use kit::{
    ApiResult,
    auth::{ServiceCaller, Viewer},
    clock::parse_rfc3339,
    extract::Query,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    routes::paging::{given, paging, refused},
    store::audit::{Filter, Happening},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct Params {
    /// About this account, or done by it.
    user: Option<String>,
    /// `signed_in`, `role_changed`, …
    event: Option<String>,
    /// RFC 3339: not before.
    from: Option<String>,
    /// RFC 3339: before.
    to: Option<String>,
    /// From 1.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// 1–100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

/// Sign-ins and what admins did, newest first.
#[utoipa::path(
    get, path = "/api/users/audit", tag = "users", params(Params),
    responses((status = 200, body = Paged<AuditEntry>)), security(("bearer" = [])),
)]
pub(in crate::routes) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<Paged<AuditEntry>>> {
    viewer.require(Role::Admin)?;
    page(&app, &params).await
}

/// The same, for services.
#[utoipa::path(
    get, path = "/internal/audit", tag = "internal", params(Params),
    responses((status = 200, body = Paged<AuditEntry>)),
)]
pub(in crate::routes) async fn handle_internally(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<Paged<AuditEntry>>> {
    page(&app, &params).await
}

async fn page(app: &App, params: &Params) -> ApiResult<Json<Paged<AuditEntry>>> {
    let mut filter = Filter::default();
    if let Some(user) = given(params.user.as_deref()) {
        filter = filter.user(user);
    }
    if let Some(event) = given(params.event.as_deref()) {
        if !Happening::exists(event) {
            return Err(refused("event", "There is no such event.").into());
        }
        filter = filter.event(event);
    }
    let time = |name: &str, value: Option<&str>| match given(value) {
        None => Ok(None),
        Some(text) => parse_rfc3339(text).map(Some).ok_or_else(|| refused(name, "A time like 2026-01-31T12:00:00Z.")),
    };
    if let Some(from) = time("from", params.from.as_deref())? {
        filter = filter.from(from);
    }
    if let Some(to) = time("to", params.to.as_deref())? {
        filter = filter.to(to);
    }
    let (page, size) = paging(params.page, params.size)?;
    Ok(Json(filter.page(&app.db, page, size).await?))
}
