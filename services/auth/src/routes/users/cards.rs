//! `GET /api/author?id=`, and `GET /api/users?ids=`: public cards.

use axum::{Json, extract::State};
use contracts::{auth::UserCard, problem::Problem};
use kit::{ApiResult, extract::Query, id};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    store::users::{self, User},
};

const MAX_IDS: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct One {
    /// Whose.
    id: String,
}

/// The public card of an author.
#[utoipa::path(
    get, path = "/api/author", tag = "users", params(One),
    responses((status = 200, body = UserCard), (status = 404, description = "There is no such author")),
)]
pub(in crate::routes) async fn one(State(app): State<App>, Query(query): Query<One>) -> ApiResult<Json<UserCard>> {
    let user = users::by_id(app.db.read(), &query.id).await?;
    Ok(Json(user.ok_or_else(|| Problem::not_found("author"))?.card()))
}

/// Those that exist, in the order asked for.
pub(super) async fn many(app: &App, ids: &str) -> ApiResult<Vec<UserCard>> {
    let asked: Vec<String> = ids.split(',').filter_map(|text| id::parse(text.trim())).collect();
    if asked.len() > MAX_IDS {
        let problem = Problem::new(400, "invalid_query", "A query parameter needs another look");
        return Err(problem.with_field("ids", "too_many", format!("At most {MAX_IDS}.")).into());
    }
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = asked.iter().map(String::as_str).collect();
    let users = users::by_ids(app.db.read(), &ids).await?;
    let card = |id: &String| users.iter().find(|user| user.id == *id).map(User::card);
    Ok(asked.iter().filter_map(card).collect())
}
