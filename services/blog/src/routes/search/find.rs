//! `GET /api/search?q=&category=&tag=&author=&from=&to=&page=&size=`: public posts, the best first.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::{problem::Problem, search::SearchPage};
use http::header;
use kit::{ApiResult, extract::Query};
use serde::Deserialize;
use time::{Date, Time, macros::format_description};
use utoipa::IntoParams;

use crate::{
    app::App,
    domain::slug::slugify,
    routes::page::{given, refused},
    search::{Filters, Question},
};

const MAX_Q: usize = 200;
const DEFAULT_SIZE: u32 = 10;
const MAX_SIZE: u32 = 50;
/// Nobody reads so far; the index would have to sort everything before it.
const MAX_HITS: u32 = 1_000;
const DAY_MILLIS: i64 = 24 * 3600 * 1000;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// What is searched for. Without it, everything that passes the filters, newest first.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Slug of a category.
    category: Option<String>,
    /// Slug of a tag.
    tag: Option<String>,
    /// Id of an author.
    author: Option<String>,
    /// Published on this day or later: `2026-01-31`.
    from: Option<String>,
    /// Published on this day or earlier.
    to: Option<String>,
    /// From 1, which it is when absent. At most the first 1,000 hits are shown.
    #[param(minimum = 1, maximum = 1000)]
    page: Option<u32>,
    /// From 1 to 50; 10 when absent.
    #[param(minimum = 1, maximum = 50)]
    size: Option<u32>,
}

#[utoipa::path(get, path = "/api/search", tag = "search", params(Params),
    responses((status = 200, description = "What was found", body = SearchPage)))]
pub(crate) async fn handle(State(app): State<App>, Query(params): Query<Params>) -> ApiResult<Response> {
    let body = app.search()?.find(question(&params)?).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn question(params: &Params) -> Result<Question, Problem> {
    let size = params.size.unwrap_or(DEFAULT_SIZE);
    if !(1..=MAX_SIZE).contains(&size) {
        return Err(refused("size", format!("From 1 to {MAX_SIZE}.")));
    }
    let page = params.page.unwrap_or(1);
    if !(1..=MAX_HITS).contains(&page) || (page - 1) * size >= MAX_HITS {
        return Err(refused("page", format!("From 1, and at most the first {MAX_HITS} hits.")));
    }
    let text = text(params.q.as_deref())?;
    let from = params.from.as_deref().map_or(Ok(None), |value| day("from", value))?;
    let to = params.to.as_deref().map_or(Ok(None), |value| day("to", value))?;
    let slug = |value: &Option<String>| given(value.as_deref()).map(slugify);
    let filters = Filters {
        category: slug(&params.category),
        tag: slug(&params.tag),
        author: given(params.author.as_deref()).map(str::to_owned),
        from,
        before: to.map(|day| day + DAY_MILLIS),
    };
    Ok(Question { text, filters, offset: (page - 1) * size, size })
}

/// What is searched for, in one spelling of its blanks.
pub(super) fn text(q: Option<&str>) -> Result<String, Problem> {
    let q = q.unwrap_or_default();
    if q.chars().count() > MAX_Q {
        return Err(refused("q", format!("At most {MAX_Q} characters.")));
    }
    Ok(q.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" "))
}

fn day(field: &str, value: &str) -> Result<Option<i64>, Problem> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    let day = Date::parse(value, format_description!("[year]-[month]-[day]"))
        .map_err(|_| refused(field, "A day: 2026-01-31.".to_owned()))?;
    Ok(Some(day.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp() * 1000))
}
