//! `GET /api/author?id=`, `GET /api/users?ids=`: public cards.

use axum::{Json, extract::State};
use contracts::{auth::UserCard, problem::Problem};
use kit::{ApiResult, extract::Query, id};
use serde::Deserialize;

use crate::{
    app::App,
    store::users::{self, User},
};

const MAX_IDS: usize = 100;

#[derive(Debug, Deserialize)]
pub(super) struct One {
    id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Many {
    ids: String,
}

pub(super) async fn one(State(app): State<App>, Query(query): Query<One>) -> ApiResult<Json<UserCard>> {
    let user = users::by_id(app.db.read(), &query.id).await?;
    Ok(Json(user.ok_or_else(|| Problem::not_found("author"))?.card()))
}

/// Those that exist, in the order asked for.
pub(super) async fn many(State(app): State<App>, Query(query): Query<Many>) -> ApiResult<Json<Vec<UserCard>>> {
    let asked: Vec<String> = query.ids.split(',').filter_map(|text| id::parse(text.trim())).collect();
    if asked.len() > MAX_IDS {
        let problem = Problem::new(400, "invalid_query", "A query parameter needs another look");
        return Err(problem.with_field("ids", "too_many", format!("At most {MAX_IDS}.")).into());
    }
    if asked.is_empty() {
        return Ok(Json(Vec::new()));
    }
    let ids: Vec<&str> = asked.iter().map(String::as_str).collect();
    let users = users::by_ids(app.db.read(), &ids).await?;
    let card = |id: &String| users.iter().find(|user| user.id == *id).map(User::card);
    Ok(Json(asked.iter().filter_map(card).collect()))
}
