//! `GET /feed.xml`, `/atom.xml`, `/feed.json`, and the same under `/categories/:slug`, `/tags/:slug`,
//! `/authors/:id`: the newest public posts.

use axum::{extract::State, response::Response};
use contracts::problem::Problem;
use http::HeaderMap;
use kit::{ApiResult, extract::Path};

use super::answer::Version;
use crate::{
    app::App,
    domain::slug::slugify,
    feeds::{Feed, Format},
    store::{
        feeds::{self, Scope},
        terms::{self, Kind},
    },
};

/// Posts in a feed.
const SIZE: u32 = 20;

/// What a feed is of.
struct About {
    scope: Scope,
    title: Option<String>,
    description: Option<String>,
    /// Path of the page that shows the same, without a slash at the end.
    page: String,
}

#[utoipa::path(get, path = "/feed.xml", tag = "feeds",
    responses((status = 200, description = "RSS 2.0", content_type = "application/rss+xml", body = String),
        (status = 304, description = "Nothing changed")))]
pub(crate) async fn rss(State(app): State<App>, headers: HeaderMap) -> ApiResult<Response> {
    answer(&app, &headers, Format::Rss, everything()).await
}

#[utoipa::path(get, path = "/atom.xml", tag = "feeds",
    responses((status = 200, description = "Atom", content_type = "application/atom+xml", body = String),
        (status = 304, description = "Nothing changed")))]
pub(crate) async fn atom(State(app): State<App>, headers: HeaderMap) -> ApiResult<Response> {
    answer(&app, &headers, Format::Atom, everything()).await
}

#[utoipa::path(get, path = "/feed.json", tag = "feeds",
    responses((status = 200, description = "JSON Feed 1.1", content_type = "application/feed+json", body = Object),
        (status = 304, description = "Nothing changed")))]
pub(crate) async fn json(State(app): State<App>, headers: HeaderMap) -> ApiResult<Response> {
    answer(&app, &headers, Format::Json, everything()).await
}

/// Of a category.
#[utoipa::path(get, path = "/categories/{slug}/{file}", tag = "feeds",
    params(("slug" = String, Path), ("file" = String, Path, description = "feed.xml, atom.xml or feed.json")),
    responses((status = 200, description = "The feed", content((String = "application/rss+xml"),
            (String = "application/atom+xml"), (Object = "application/feed+json"))),
        (status = 301, description = "The category has another address now"),
        (status = 304, description = "Nothing changed")))]
pub(crate) async fn category(
    State(app): State<App>,
    Path((slug, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    term(&app, &headers, Kind::Category, &slug, &file).await
}

/// Of a tag.
#[utoipa::path(get, path = "/tags/{slug}/{file}", tag = "feeds",
    params(("slug" = String, Path), ("file" = String, Path, description = "feed.xml, atom.xml or feed.json")),
    responses((status = 200, description = "The feed", content((String = "application/rss+xml"),
            (String = "application/atom+xml"), (Object = "application/feed+json"))),
        (status = 301, description = "The tag has another address now"),
        (status = 304, description = "Nothing changed")))]
pub(crate) async fn tag(
    State(app): State<App>,
    Path((slug, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    term(&app, &headers, Kind::Tag, &slug, &file).await
}

/// Of an author.
#[utoipa::path(get, path = "/authors/{id}/{file}", tag = "feeds",
    params(("id" = String, Path), ("file" = String, Path, description = "feed.xml, atom.xml or feed.json")),
    responses((status = 200, description = "The feed", content((String = "application/rss+xml"),
            (String = "application/atom+xml"), (Object = "application/feed+json"))),
        (status = 304, description = "Nothing changed")))]
pub(crate) async fn author(
    State(app): State<App>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let format = format(&file)?;
    let name = feeds::author_name(&app.db, &id).await?.ok_or_else(|| Problem::not_found("author"))?;
    let page = format!("/authors/{id}");
    let about = About { scope: Scope::Author(id), title: Some(name), description: None, page };
    answer(&app, &headers, format, about).await
}

async fn term(app: &App, headers: &HeaderMap, kind: Kind, slug: &str, file: &str) -> ApiResult<Response> {
    let format = format(file)?;
    let slug = slugify(slug);
    let Some(term) = terms::by_slug(app.db.read(), kind, &slug).await? else {
        let moved = terms::moved_to(&app.db, kind, &slug).await?;
        let elsewhere = moved.map(|slug| Problem::moved(format!("/{}/{slug}/{file}", kind.plural())));
        return Err(elsewhere.unwrap_or_else(|| Problem::not_found(kind.name())).into());
    };
    let scope = match kind {
        Kind::Category => Scope::Category(term.id),
        Kind::Tag => Scope::Tag(term.id),
    };
    let page = format!("/{}/{}", kind.plural(), term.slug);
    answer(app, headers, format, About { scope, title: Some(term.name), description: term.description, page }).await
}

fn everything() -> About {
    About { scope: Scope::All, title: None, description: None, page: String::new() }
}

fn format(file: &str) -> Result<Format, Problem> {
    let formats = [Format::Rss, Format::Atom, Format::Json];
    formats.into_iter().find(|format| format.file() == file).ok_or_else(|| Problem::not_found("feed"))
}

async fn answer(app: &App, headers: &HeaderMap, format: Format, about: About) -> ApiResult<Response> {
    let newest = feeds::newest(&app.db, &about.scope, SIZE).await?;
    let updated = newest.iter().map(|post| post.updated_at).max();
    let states: Vec<(&str, &str)> = newest.iter().map(|post| (post.id.as_str(), post.state.as_str())).collect();
    let version = Version::new(&(&states, &about.title, &about.description, &about.page, &app.site), updated);
    if version.is_known(headers) {
        return Ok(version.unchanged());
    }
    let items = feeds::items(&app.db, &newest).await?;
    let path = format!("{}/{}", about.page, format.file());
    let page = if about.page.is_empty() { "/".to_owned() } else { about.page };
    let feed = Feed {
        title: about.title,
        description: about.description,
        page,
        path,
        updated: updated.unwrap_or_default(),
        items,
    };
    Ok(version.body(format.media_type(), format.write(&app.site, &feed)))
}
