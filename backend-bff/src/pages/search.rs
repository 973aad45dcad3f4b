use std::sync::Arc;

use axum::extract::State;
use contracts::{
    pages::{SearchHit, SearchPage, Segment, TermCard},
    search::{self, Facet, Hit},
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use super::{
    composed::{Composed, MadeOf},
    page_number, query,
};
use crate::{backend::Backend, paths, sessions::Visitor};

const SIZE: u32 = 10;

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
    let found: search::SearchPage =
        backend.upstreams.blog.get(&format!("/api/search{}", query(&pairs)), &visitor).await?;
    let made_of = MadeOf::posts(found.items.iter().map(|hit| &hit.post));
    let page = SearchPage {
        q: which.q,
        category: which.category,
        tag: which.tag,
        items: found.items.into_iter().map(hit).collect(),
        total: found.total,
        categories: found.facets.categories.into_iter().map(facet).collect(),
        tags: found.facets.tags.into_iter().map(facet).collect(),
        suggestion: found.did_you_mean,
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

fn segments(segments: Vec<search::Segment>) -> Vec<Segment> {
    segments.into_iter().map(|segment| Segment { text: segment.text, hit: segment.marked }).collect()
}

fn facet(facet: Facet) -> TermCard {
    TermCard { name: facet.name, slug: facet.value, posts: facet.count, ..TermCard::default() }
}
