use std::sync::Arc;

use axum::extract::State;
use contracts::{
    auth::UserCard,
    blog::Post,
    content::{BookmarkStatus, LikeStatus},
    module::{Role, Viewer},
    pages::PostPage,
    search::{Adjacent, Related},
};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;

use super::{
    Missing,
    cards::{card, link},
    comments,
    composed::{Composed, MadeOf},
    covers,
    lists::author_card,
    page_number,
};
use crate::{backend::Backend, cache::tag, guest::Guest, paths, sessions::Visitor, upstream::optional};

#[derive(Deserialize)]
pub(super) struct Which {
    comments: Option<String>,
    comment: Option<String>,
}

/// `GET /bff/pages/post/:slug?comments=&comment=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> ApiResult<Composed<PostPage>> {
    let (blog, who) = (&backend.upstreams.blog, &visitor);
    let path = format!("/api/posts/{}", paths::encode_segment(&slug));
    let (adjacent, related) = (format!("{path}/adjacent"), format!("{path}/related?size=4"));
    let (post, adjacent, related) = tokio::join!(
        blog.get::<Post>(&path, who),
        optional(blog.get::<Adjacent>(&adjacent, who)),
        optional(blog.get::<Related>(&related, who)),
    );
    let post = post?;
    let (id, cover) = (post.summary.id.clone(), post.summary.cover.clone());
    let mut made_of = MadeOf::posts([&post.summary]).and(tag::COMMENTS);
    let which = match &which.comment {
        Some(comment) => comments::Which::With(comment),
        None => comments::Which::Page(page_number(which.comments.as_deref())),
    };
    let (author, comments, likes, bookmark, pictures) = tokio::join!(
        optional(author_card(&backend, &post.summary.author_id, who)),
        optional(comments::of_post(&backend, who, &id, which)),
        optional(likes(&backend, who, &id)),
        optional(bookmark(&backend, who, &id)),
        covers::pictures(&backend, who, cover.iter().cloned().collect()),
    );
    let mut missing = Missing::default();
    let author = missing.or_default("author", author);
    let mut page = compose(post, &author, visitor.viewer());
    if let Ok(said) = &comments {
        page.card.comments = said.count;
    }
    let said = missing.or_default("comments", comments);
    said.writers.iter().for_each(|writer| made_of.add_author(writer));
    page.comments = said.comments;
    if let Some(likes) = missing.or_default("likes", likes) {
        page.liked = likes.liked;
        page.card.likes = likes.likes;
    }
    page.bookmarked = missing.or_default("bookmarks", bookmark);
    let adjacent = missing.or_default("adjacent", adjacent);
    let related = missing.or_default("related", related).items;
    let others = [&adjacent.previous, &adjacent.next].into_iter().flatten().chain(&related);
    others.for_each(|other| made_of.add_post(other));
    page.previous = adjacent.previous.map(link);
    page.next = adjacent.next.map(link);
    page.related = related.into_iter().map(link).collect();
    if let Some(picture) = cover.as_ref().and_then(|cover| pictures.get(cover)) {
        page.card.cover_srcset = covers::srcset(picture);
        (page.cover_width, page.cover_height) = (picture.width, picture.height);
    }
    made_of = made_of.without(&missing);
    page.missing = missing.0;
    Ok(Composed(page, made_of))
}

/// Only for those who may like it already: for all other guests the page is the same.
async fn likes(backend: &Backend, visitor: &Visitor, id: &str) -> ApiResult<Option<LikeStatus>> {
    if visitor.viewer().is_none() && !visitor.guest().is_some_and(Guest::is_known) {
        return Ok(None);
    }
    let path = format!("/api/likes/{}/status", paths::encode_segment(id));
    backend.upstreams.content.get(&path, visitor).await.map(Some)
}

async fn bookmark(backend: &Backend, visitor: &Visitor, id: &str) -> ApiResult<bool> {
    if visitor.viewer().is_none() {
        return Ok(false);
    }
    let path = format!("/api/bookmarks/{}/status", paths::encode_segment(id));
    Ok(backend.upstreams.content.get::<BookmarkStatus>(&path, visitor).await?.bookmarked)
}

fn compose(post: Post, author: &UserCard, viewer: Option<&Viewer>) -> PostPage {
    let own = |viewer: &Viewer| viewer.role >= Role::Author && viewer.id == post.summary.author_id;
    let published = post.summary.published_at.as_deref();
    // Both are UTC, so text compares as time does.
    let changed = published.is_some_and(|published| post.summary.updated_at.as_str() > published);
    PostPage {
        id: post.summary.id.clone(),
        html: post.html,
        toc: post.toc,
        updated_at: changed.then(|| post.summary.updated_at.clone()),
        co_authors: post.co_authors,
        author_bio: Some(author.bio.clone()).filter(|bio| !bio.is_empty()),
        canonical: post.canonical,
        status: post.summary.status,
        can_edit: viewer.is_some_and(|viewer| viewer.role == Role::Admin || own(viewer)),
        seo_title: post.seo_title,
        seo_description: post.seo_description,
        card: card(post.summary),
        ..PostPage::default()
    }
}
