use std::sync::Arc;

use axum::extract::State;
use contracts::{
    blog::{Paged, PostSummary},
    page::{PageList, PageSummary},
    pages::{HomePage, PageLink, TermCard},
};
use kit::ApiResult;

use super::{
    Missing,
    cards::{card, link, notice},
    composed::{Composed, MadeOf},
    covers, terms,
};
use crate::{backend::Backend, cache::tag, sessions::Visitor, upstream::optional};

const LATEST: usize = 9;
const TAGS: usize = 20;
/// Static pages; who has more leads to them from one of these.
const PAGES: usize = 20;

/// `GET /bff/pages/home`
pub(super) async fn page(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Composed<HomePage>> {
    let (blog, who) = (&backend.upstreams.blog, &visitor);
    // One more than is shown: the featured post may be among them.
    let newest = format!("/api/posts?status=PUBLIC&page=1&size={}", LATEST + 1);
    let pages = format!("/api/pages?type=STATIC&page=1&size={PAGES}");
    let (latest, featured, popular, tags, categories, notices, pages) = tokio::join!(
        blog.get::<Paged<PostSummary>>(&newest, who),
        optional(blog.get::<Paged<PostSummary>>("/api/posts/featured?size=1", who)),
        optional(blog.get::<Paged<PostSummary>>("/api/posts?status=PUBLIC&sort=popular&page=1&size=5", who)),
        optional(terms::all(&backend, terms::TAGS)),
        optional(terms::all(&backend, terms::CATEGORIES)),
        optional(backend.upstreams.page.get::<PageList>("/api/pages/notices?page=1&size=3", who)),
        optional(backend.upstreams.page.get::<PageList>(&pages, who)),
    );
    let Paged { items, total } = latest?;
    let mut missing = Missing::default();
    let featured = missing.or_default("featured", featured);
    let popular = missing.or_default("popular", popular).items;
    let mut made_of = MadeOf::posts(items.iter().chain(&featured.items).chain(&popular)).and(tag::PAGES);
    let lead = featured.items.into_iter().next().or_else(|| items.first().cloned());
    let slug = lead.as_ref().map(|post| post.slug.clone());
    let latest = items.into_iter().filter(|post| Some(&post.slug) != slug.as_ref()).take(LATEST).map(card).collect();
    let mut home = HomePage {
        featured: lead.map(card),
        latest,
        popular: popular.into_iter().map(link).collect(),
        tags: used(&missing.or_default("tags", tags), TAGS),
        categories: used(&missing.or_default("categories", categories), usize::MAX),
        notices: missing.or_default("notices", notices).items.into_iter().map(notice).collect(),
        pages: missing.or_default("pages", pages).items.into_iter().map(page_link).collect(),
        total,
        missing: Vec::new(),
    };
    made_of = made_of.without(&missing);
    home.missing = missing.0;
    covers::fill(&backend, &visitor, home.featured.iter_mut().chain(&mut home.latest)).await;
    Ok(Composed(home, made_of))
}

fn page_link(page: PageSummary) -> PageLink {
    PageLink { slug: page.slug, title: page.title }
}

pub(super) fn used(terms: &[TermCard], most: usize) -> Vec<TermCard> {
    terms.iter().filter(|term| term.posts > 0).take(most).cloned().collect()
}
