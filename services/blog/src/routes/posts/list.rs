//! `GET /api/posts?page&size&category&tag&author&status&q&sort`
//!
//! Everybody gets public posts. `status=` asks for others (`DRAFT`, `PRIVATE`, `SCHEDULED`, `TRASHED`, several
//! with commas, or `ALL` but the trash): an author gets their own, an admin everybody's.

use axum::{extract::State, response::Response};
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

use utoipa::IntoParams;

use crate::{
    answers,
    app::App,
    domain::slug::slugify,
    routes::page::{Page, given, refused},
    store::list::{Filter, Sort},
};

const MAX_Q: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// From 1, which it is when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
    /// Slug of a category.
    category: Option<String>,
    /// Slug of a tag.
    tag: Option<String>,
    /// Id of an author.
    author: Option<String>,
    /// One or more of DRAFT, PUBLIC, PRIVATE, SCHEDULED, TRASHED with commas, or ALL.
    status: Option<String>,
    /// Words that title or text have. At most 200 characters.
    #[param(max_length = 200)]
    q: Option<String>,
    /// `newest`, `oldest`, `updated`, `title`, `popular` (most views) or `liked` (most likes).
    sort: Option<String>,
}

#[utoipa::path(get, path = "/api/posts", tag = "posts", params(Params), security((), ("bearer" = [])),
    responses((status = 200, description = "One page", body = Paged<PostSummary>),
        (status = 429, description = "Too many look for words in public posts at the moment")))]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Query(params): Query<Params>,
) -> ApiResult<Response> {
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
    let q = given(params.q.as_deref());
    if let Some(q) = q {
        filter = filter.text(&words(q)?);
    }
    let (page, size) = Page { page: params.page, size: params.size }.checked()?;
    let sort = sort(params.sort.as_deref(), only_public)?;
    let list = async || match q {
        // Anybody may ask for that, and it is dear.
        Some(_) if only_public => filter.scan(&app, sort, page, size).await,
        _ => Ok(filter.page(&app, sort, page, size).await?),
    };
    // Lists with other posts are of those who work on them, and show at once what another process did.
    if only_public {
        answers::kept(&app, &format!("list:{filter}:{sort:?}:{page}:{size}"), list).await
    } else {
        answers::own(&list().await?)
    }
}

fn statuses(asked: Option<&str>) -> Result<Vec<PostStatus>, Problem> {
    let Some(asked) = given(asked) else { return Ok(vec![PostStatus::Public]) };
    if asked.eq_ignore_ascii_case("all") {
        return Ok(vec![PostStatus::Draft, PostStatus::Public, PostStatus::Private, PostStatus::Scheduled]);
    }
    let parse = |name: &str| {
        PostStatus::parse(&name.trim().to_ascii_uppercase()).ok_or_else(|| {
            refused(
                "status",
                "One or more of DRAFT, PUBLIC, PRIVATE, SCHEDULED, TRASHED with commas, or ALL.".to_owned(),
            )
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

fn sort(asked: Option<&str>, only_public: bool) -> Result<Sort, Problem> {
    match given(asked) {
        None if only_public => Ok(Sort::Newest),
        None => Ok(Sort::Updated),
        Some("newest") => Ok(if only_public { Sort::Newest } else { Sort::Recent }),
        Some("oldest") => Ok(Sort::Oldest),
        Some("updated") => Ok(Sort::Updated),
        Some("title") => Ok(Sort::Title),
        Some("popular") => Ok(Sort::Popular),
        Some("liked") => Ok(Sort::Liked),
        Some(_) => Err(refused("sort", "One of newest, oldest, updated, title, popular, liked.".to_owned())),
    }
}
