//! `GET /api/posts?page&size&category&tag&author&status&q&sort`
//!
//! Everybody gets public posts. `status=` asks for others (`DRAFT`, `PRIVATE`, `TRASHED`, several
//! with commas, or `ALL` but the trash): an author gets their own, an admin everybody's.

use axum::{Json, extract::State};
use contracts::{
    blog::{Paged, PostStatus, PostSummary},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiResult,
    auth::{OptionalViewer, Viewer},
    extract::Query,
};
use serde::Deserialize;

use crate::{
    app::App,
    domain::slug::slugify,
    store::list::{Filter, Sort},
};

const DEFAULT_SIZE: u32 = 20;
const MAX_SIZE: u32 = 100;
/// Nobody pages so far; a larger number would only make the database count.
const MAX_PAGE: u32 = 100_000;
const MAX_Q: usize = 200;

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    page: Option<u32>,
    size: Option<u32>,
    category: Option<String>,
    tag: Option<String>,
    author: Option<String>,
    status: Option<String>,
    q: Option<String>,
    sort: Option<String>,
}

pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<Paged<PostSummary>>> {
    let statuses = statuses(params.status.as_deref())?;
    let only_public = statuses == [PostStatus::Public];
    let mut filter = Filter::default().status(&statuses);
    if !only_public && let Some(author) = own_posts_only(viewer)? {
        filter = filter.author(&author);
    }
    if let Some(author) = given(params.author.as_deref()) {
        filter = filter.author(author);
    }
    if let Some(category) = given(params.category.as_deref()) {
        filter = filter.category(&slugify(category));
    }
    if let Some(tag) = given(params.tag.as_deref()) {
        filter = filter.tag(&slugify(tag));
    }
    if let Some(q) = given(params.q.as_deref()) {
        filter = filter.text(&words(q)?);
    }
    let page = within("page", params.page.unwrap_or(1), MAX_PAGE)?;
    let size = within("size", params.size.unwrap_or(DEFAULT_SIZE), MAX_SIZE)?;
    let sort = sort(params.sort.as_deref(), only_public)?;
    Ok(Json(filter.page(&app.db, sort, page, size).await?))
}

fn given(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

fn refused(field: &str, message: String) -> Problem {
    Problem::new(400, "invalid_query", "A query parameter needs another look").with_field(field, "invalid", message)
}

fn statuses(asked: Option<&str>) -> Result<Vec<PostStatus>, Problem> {
    let Some(asked) = given(asked) else { return Ok(vec![PostStatus::Public]) };
    if asked.eq_ignore_ascii_case("all") {
        return Ok(vec![PostStatus::Draft, PostStatus::Public, PostStatus::Private]);
    }
    let parse = |name: &str| {
        PostStatus::parse(&name.trim().to_ascii_uppercase()).ok_or_else(|| {
            refused("status", "One or more of DRAFT, PUBLIC, PRIVATE, TRASHED with commas, or ALL.".to_owned())
        })
    };
    asked.split(',').map(parse).collect()
}

/// Whose posts alone may be listed with others than the public ones; none for everybody's.
fn own_posts_only(viewer: Option<Viewer>) -> Result<Option<String>, Problem> {
    let viewer = viewer.ok_or_else(Problem::unauthenticated)?;
    match viewer.role() {
        Role::Admin => Ok(None),
        Role::Author => Ok(Some(viewer.id().to_owned())),
        Role::User => Err(Problem::forbidden()),
    }
}

fn words(q: &str) -> Result<String, Problem> {
    if q.chars().count() > MAX_Q {
        return Err(refused("q", format!("At most {MAX_Q} characters.")));
    }
    Ok(q.replace('\0', ""))
}

fn within(field: &str, number: u32, max: u32) -> Result<u32, Problem> {
    if (1..=max).contains(&number) { Ok(number) } else { Err(refused(field, format!("From 1 to {max}."))) }
}

fn sort(asked: Option<&str>, only_public: bool) -> Result<Sort, Problem> {
    match given(asked) {
        None if only_public => Ok(Sort::Newest),
        None => Ok(Sort::Updated),
        Some("newest") => Ok(if only_public { Sort::Newest } else { Sort::Recent }),
        Some("oldest") => Ok(Sort::Oldest),
        Some("updated") => Ok(Sort::Updated),
        Some("title") => Ok(Sort::Title),
        Some(_) => Err(refused("sort", "One of newest, oldest, updated, title.".to_owned())),
    }
}
