use std::sync::Arc;

use axum::extract::State;
use contracts::{
    auth::UserCard,
    blog::{Paged, PostSummary, Term},
    pages::PostListPage,
};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;

use super::{
    Missing, PAGE_SIZE,
    cards::{self, card, term},
    composed::{Composed, MadeOf},
    covers, home, page_number, query, terms,
};
use crate::{backend::Backend, paths, sessions::Visitor, upstream::optional};

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    tag: String,
}

impl Which {
    /// What is no order is the usual one.
    fn sort(&self) -> &'static str {
        match self.sort.as_str() {
            "popular" => "popular",
            "liked" => "liked",
            _ => "newest",
        }
    }

    fn page(&self) -> u32 {
        page_number(self.page.as_deref())
    }
}

/// `GET /bff/pages/posts?page=&sort=&category=&tag=`
pub(super) async fn posts(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Composed<PostListPage>> {
    let filter = [("category", which.category.as_str()), ("tag", which.tag.as_str())];
    let (list, categories) =
        tokio::join!(list(&backend, &visitor, &which, &filter), optional(terms::all(&backend, terms::CATEGORIES)));
    let Composed(mut list, made_of) = list?;
    let mut missing = Missing::default();
    let categories = missing.or_default("categories", categories);
    list.categories = home::used(&categories, usize::MAX);
    list.category = which.category;
    list.tag = which.tag;
    let made_of = made_of.without(&missing);
    list.missing = missing.0;
    Ok(Composed(list, made_of))
}

/// `GET /bff/pages/categories/:slug?page=&sort=`
pub(super) async fn category(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> ApiResult<Composed<PostListPage>> {
    of_term(&backend, &visitor, "categories", "category", &slug, which).await
}

/// `GET /bff/pages/tags/:slug?page=&sort=`
pub(super) async fn tag(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> ApiResult<Composed<PostListPage>> {
    of_term(&backend, &visitor, "tags", "tag", &slug, which).await
}

async fn of_term(
    backend: &Backend,
    visitor: &Visitor,
    kind: &str,
    filter: &str,
    slug: &str,
    which: Which,
) -> ApiResult<Composed<PostListPage>> {
    let path = format!("/api/{kind}/{}", paths::encode_segment(slug));
    let filter = [(filter, slug)];
    let (found, list) =
        tokio::join!(backend.upstreams.blog.get::<Term>(&path, visitor), list(backend, visitor, &which, &filter));
    // The term first: an unknown one is a 404, whatever the list says.
    let found = term(found?);
    let Composed(list, made_of) = list?;
    Ok(Composed(PostListPage { term: Some(found), ..list }, made_of))
}

/// `GET /bff/pages/authors/:id?page=&sort=`
pub(super) async fn author(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> ApiResult<Composed<PostListPage>> {
    let filter = [("author", id.as_str())];
    let (found, list) = tokio::join!(author_card(&backend, &id, &visitor), list(&backend, &visitor, &which, &filter));
    let author = cards::author(found?.as_ref());
    let Composed(list, mut made_of) = list?;
    made_of.add_author(&id);
    Ok(Composed(PostListPage { author: Some(author), ..list }, made_of))
}

/// The card of an author, kept until it changes.
pub(super) async fn author_card(backend: &Backend, id: &str, visitor: &Visitor) -> ApiResult<Arc<UserCard>> {
    if let Some(kept) = backend.authors.get(id).await {
        return Ok(kept);
    }
    let path = format!("/api/author?id={}", paths::encode_query(id));
    let card: Arc<UserCard> = Arc::new(backend.upstreams.auth.get(&path, visitor).await?);
    backend.authors.insert(id.to_owned(), card.clone()).await;
    Ok(card)
}

async fn list(
    backend: &Backend,
    visitor: &Visitor,
    which: &Which,
    filter: &[(&str, &str)],
) -> ApiResult<Composed<PostListPage>> {
    let (page, sort) = (which.page(), which.sort());
    let (number, size) = (page.to_string(), PAGE_SIZE.to_string());
    let mut pairs = vec![("status", "PUBLIC"), ("page", &number), ("size", &size)];
    if sort != "newest" {
        pairs.push(("sort", sort));
    }
    pairs.extend(filter);
    let path = format!("/api/posts{}", query(&pairs));
    let posts: Paged<PostSummary> = backend.upstreams.blog.get(&path, visitor).await?;
    let made_of = MadeOf::posts(&posts.items);
    let mut items: Vec<_> = posts.items.into_iter().map(card).collect();
    covers::fill(backend, visitor, items.iter_mut()).await;
    let list = PostListPage {
        items,
        page,
        size: PAGE_SIZE,
        total: posts.total,
        sort: sort.to_owned(),
        ..PostListPage::default()
    };
    Ok(Composed(list, made_of))
}
