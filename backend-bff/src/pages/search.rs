use std::sync::Arc;

use axum::extract::State;
use contracts::{
    page::{PageKind, PageList, PageSummary},
    pages::{PageHit, SearchHit, SearchPage, Segment, TermCard},
    search::{self, Facet, Hit},
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use super::{
    Missing,
    composed::{Composed, MadeOf},
    page_number, query,
};
use crate::{backend::Backend, cache::tag, paths, sessions::Visitor, upstream::optional};

const SIZE: u32 = 10;
/// Pages and notices beside the first posts.
const PAGES: &str = "5";

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    q: String,
    page: Option<String>,
    #[serde(default)]
    category: String,
    #[serde(default)]
    tag: String,
}

/// `GET /bff/pages/search?q=&page=&category=&tag=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Composed<SearchPage>> {
    let page = page_number(which.page.as_deref());
    let asked = SearchPage { page, size: SIZE, ..SearchPage::default() };
    if which.q.trim().is_empty() {
        return Ok(Composed(asked, MadeOf::default()));
    }
    let (number, size) = (page.to_string(), SIZE.to_string());
    let pairs = [
        ("q", which.q.as_str()),
        ("category", &which.category),
        ("tag", &which.tag),
        ("page", &number),
        ("size", &size),
    ];
    let posts = format!("/api/search{}", query(&pairs));
    // Pages have no category and no tags.
    let with_pages = page == 1 && which.category.is_empty() && which.tag.is_empty();
    let pages = async {
        if !with_pages {
            return Ok(PageList::default());
        }
        let path = format!("/api/pages{}", query(&[("q", which.q.as_str()), ("size", PAGES)]));
        optional(backend.upstreams.page.get::<PageList>(&path, &visitor)).await
    };
    let (found, pages) = tokio::join!(backend.upstreams.blog.get::<search::SearchPage>(&posts, &visitor), pages);
    let found = found?;
    let mut missing = Missing::default();
    let pages = missing.or_default("pages", pages).items;
    let made_of = MadeOf::posts(found.items.iter().map(|hit| &hit.post)).and(tag::PAGES).without(&missing);
    let page = SearchPage {
        q: which.q,
        category: which.category,
        tag: which.tag,
        items: found.items.into_iter().map(hit).collect(),
        total: found.total,
        categories: found.facets.categories.into_iter().map(facet).collect(),
        tags: found.facets.tags.into_iter().map(facet).collect(),
        suggestion: found.did_you_mean,
        pages: pages.into_iter().map(page_hit).collect(),
        missing: missing.0,
        ..asked
    };
    Ok(Composed(page, made_of))
}

fn hit(hit: Hit) -> SearchHit {
    let Hit { post, title, snippet } = hit;
    SearchHit {
        href: format!("/posts/{}", paths::encode_segment(&post.slug)),
        title: segments(title),
        excerpt: segments(snippet),
        author_name: post.author_name,
        published_at: post.published_at.unwrap_or(post.updated_at),
        category: post.category,
    }
}

fn page_hit(page: PageSummary) -> PageHit {
    let notice = page.kind == PageKind::Notice;
    let place = if notice { "notices" } else { "pages" };
    let href = format!("/{place}/{}", paths::encode_segment(&page.slug));
    PageHit { href, title: page.title, notice, excerpt: page.excerpt }
}

fn segments(segments: Vec<search::Segment>) -> Vec<Segment> {
    segments.into_iter().map(|segment| Segment { text: segment.text, hit: segment.marked }).collect()
}

fn facet(facet: Facet) -> TermCard {
    TermCard { name: facet.name, slug: facet.value, posts: facet.count, ..TermCard::default() }
}
