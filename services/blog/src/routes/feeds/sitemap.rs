//! `GET /sitemap.xml`, `/sitemaps/:number.xml`, `/robots.txt`

use axum::{extract::State, response::Response};
use contracts::{page::SitemapPages, problem::Problem};
use http::HeaderMap;
use kit::{ApiResult, clock::parse_rfc3339, extract::Path};

use super::answer::Version;
use crate::{
    app::App,
    feeds::sitemap::{self, LIMIT, Place},
    store::feeds,
};

const XML: &str = "application/xml; charset=utf-8";

/// Static pages asked for at once.
const PAGES: usize = 500;

/// The map, or where its parts are.
#[utoipa::path(get, path = "/sitemap.xml", tag = "feeds",
    responses((status = 200, description = "All public URLs, or where they are listed", content_type = "application/xml",
        body = String), (status = 304, description = "Nothing changed")))]
pub(crate) async fn whole(State(app): State<App>, headers: HeaderMap) -> ApiResult<Response> {
    let site = Contents::read(&app).await?;
    if site.version.is_known(&headers) {
        return Ok(site.version.unchanged());
    }
    let parts = sitemap::parts(site.total(), LIMIT);
    let body = if parts > 1 {
        sitemap::index(&app.site, parts, site.updated)
    } else {
        sitemap::places(&app.site, &site.part(&app, 1, LIMIT).await?)
    };
    Ok(site.version.body(XML, body))
}

/// A part of the map.
#[utoipa::path(get, path = "/sitemaps/{file}", tag = "feeds",
    params(("file" = String, Path, description = "1.xml, 2.xml, …")),
    responses((status = 200, description = "Public URLs", content_type = "application/xml", body = String),
        (status = 304, description = "Nothing changed")))]
pub(crate) async fn part(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> ApiResult<Response> {
    let number = file.strip_suffix(".xml").and_then(|number| number.parse::<usize>().ok());
    let site = Contents::read(&app).await?;
    let parts = sitemap::parts(site.total(), LIMIT);
    let number =
        number.filter(|number| (1..=parts).contains(number)).ok_or_else(|| Problem::not_found("part of the map"))?;
    if site.version.is_known(&headers) {
        return Ok(site.version.unchanged());
    }
    let places = site.part(&app, number, LIMIT).await?;
    Ok(site.version.body(XML, sitemap::places(&app.site, &places)))
}

/// The rules for robots.
#[utoipa::path(get, path = "/robots.txt", tag = "feeds",
    responses((status = 200, description = "The rules", content_type = "text/plain", body = String),
        (status = 304, description = "Nothing changed")))]
pub(crate) async fn robots(State(app): State<App>, headers: HeaderMap) -> Response {
    let body = sitemap::robots(&app.site);
    let version = Version::new(&body, None);
    if version.is_known(&headers) { version.unchanged() } else { version.body("text/plain; charset=utf-8", body) }
}

/// What the map lists: first all that are few, then the posts.
struct Contents {
    few: Vec<Place>,
    posts: usize,
    updated: Option<i64>,
    version: Version,
}

impl Contents {
    async fn read(app: &App) -> ApiResult<Self> {
        let (posts, newest) = feeds::public_state(&app.db).await?;
        let fixed = ["/", "/posts", "/categories", "/tags", "/archive", "/notices"];
        let mut few: Vec<Place> = fixed.map(|path| Place { path: path.to_owned(), updated: None }).into();
        few.extend(feeds::term_places(&app.db).await?);
        few.extend(pages(app).await);
        let updated = few.iter().filter_map(|place| place.updated).chain(newest).max();
        let version = Version::new(&(&few, posts, newest, &app.site), updated);
        Ok(Self { few, posts: usize::try_from(posts).unwrap_or(usize::MAX), updated, version })
    }

    fn total(&self) -> usize {
        self.few.len() + self.posts
    }

    async fn part(&self, app: &App, number: usize, limit: usize) -> ApiResult<Vec<Place>> {
        let start = (number - 1) * limit;
        let mut places: Vec<Place> = self.few.iter().skip(start).take(limit).cloned().collect();
        let offset = start.saturating_sub(self.few.len());
        places.extend(feeds::post_places(&app.db, limit - places.len(), offset).await?);
        Ok(places)
    }
}

/// Static pages and notices. Without their service the map is the smaller for it.
async fn pages(app: &App) -> Vec<Place> {
    let mut places = Vec::new();
    let mut after = String::new();
    while app.peers.knows("page") {
        let path = format!("/internal/pages?limit={PAGES}&after={after}");
        match app.peers.get::<SitemapPages>("page", &path).await {
            Ok(found) => {
                places.extend(
                    found
                        .items
                        .into_iter()
                        .map(|page| Place { updated: parse_rfc3339(&page.updated_at), path: page.path }),
                );
                let Some(next) = found.next else { break };
                after = next;
            }
            Err(error) => {
                tracing::warn!(cause = %kit::error::Chain(&error), "the map of the site lacks the static pages");
                break;
            }
        }
    }
    places
}
