//! `GET /api/users?q&role&status&sort&page&size` (ADMIN), `?ids=` (everybody), `GET /api/users/:id`

use axum::{Json, extract::State};
use contracts::{
    auth::{UserAccount, UserCard},
    blog::Paged,
    module::Role,
    problem::Problem,
};
use kit::{
    ApiResult,
    auth::{OptionalViewer, Viewer},
    extract::{Path, Query},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cards;
use crate::{
    app::App,
    routes::paging::{given, paging, refused},
    store::{
        accounts::{Filter, Sort, account},
        users,
    },
};

const MAX_Q: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct Params {
    /// At most 100 ids with commas: public cards, for everybody.
    ids: Option<String>,
    /// Part of a name or an address.
    #[param(max_length = 200)]
    q: Option<String>,
    /// `USER`, `AUTHOR` or `ADMIN`.
    role: Option<String>,
    /// `ACTIVE` or `SUSPENDED`.
    status: Option<String>,
    /// `newest` (default), `oldest`, `name`, `email` or `seen`.
    sort: Option<String>,
    /// From 1.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// 1–100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

/// Cards for everybody, accounts for admins.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::routes) enum Users {
    /// Asked with `ids`.
    Cards(Vec<UserCard>),
    /// Asked without.
    Accounts(Paged<UserAccount>),
}

/// Public cards of these ids; without ids the accounts, for admins.
#[utoipa::path(
    get, path = "/api/users", tag = "users", params(Params),
    responses((status = 200, body = Users)), security((), ("bearer" = [])),
)]
pub(in crate::routes) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<Users>> {
    if params.ids.is_none() {
        viewer.ok_or_else(Problem::unauthenticated)?.require(Role::Admin)?;
    }
    let (filter, sort, page, size) = read(&params)?;
    Ok(Json(match &params.ids {
        Some(ids) => Users::Cards(cards::many(&app, ids).await?),
        None => Users::Accounts(filter.page(&app.db, sort, page, size).await?),
    }))
}

/// Which accounts, in which order; page and size.
fn read(params: &Params) -> Result<(Filter, Sort, u32, u32), Problem> {
    let mut filter = Filter::default();
    if let Some(q) = given(params.q.as_deref()) {
        if q.chars().count() > MAX_Q {
            return Err(refused("q", format!("At most {MAX_Q} characters.")));
        }
        filter = filter.text(q);
    }
    if let Some(role) = given(params.role.as_deref()) {
        let role = Role::parse(role).ok_or_else(|| refused("role", "One of USER, AUTHOR, ADMIN."))?;
        filter = filter.column("role", role.as_str());
    }
    if let Some(status) = given(params.status.as_deref()) {
        if !["ACTIVE", "SUSPENDED"].contains(&status) {
            return Err(refused("status", "One of ACTIVE, SUSPENDED."));
        }
        filter = filter.column("status", status);
    }
    let sort = match given(params.sort.as_deref()) {
        None => Sort::default(),
        Some(name) => Sort::parse(name).ok_or_else(|| refused("sort", "One of newest, oldest, name, email, seen."))?,
    };
    let (page, size) = paging(params.page, params.size)?;
    Ok((filter, sort, page, size))
}

/// One account, for admins.
#[utoipa::path(
    get, path = "/api/users/{id}", tag = "users", params(("id" = String, Path)),
    responses((status = 200, body = UserAccount)), security(("bearer" = [])),
)]
pub(in crate::routes) async fn one(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> ApiResult<Json<UserAccount>> {
    viewer.require(Role::Admin)?;
    let user = users::by_id(app.db.read(), &id).await?.filter(|user| user.deleted_at.is_none());
    Ok(Json(account(&user.ok_or_else(|| Problem::not_found("user"))?)))
}
