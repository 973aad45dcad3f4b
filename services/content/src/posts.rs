//! What posts allow: from the copies where that is enough, from the blog service where it matters.

use contracts::{
    blog::{PostRef, PostStatus, PostVisibility},
    events::PostFacts,
    module::Role,
    problem::Problem,
};
use kit::{ApiResult, auth::Viewer, id};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::Value;

use crate::{
    app::App,
    store::posts::{self, Post},
};

/// The service that owns posts.
const BLOG: &str = "blog";

/// The post, if `viewer` may read it; 404 otherwise. From the copy, which events keep fresh.
pub(crate) async fn readable(app: &App, post_id: &str, viewer: Option<&Viewer>) -> ApiResult<Post> {
    let post = known(app, post_id).await?;
    let post = post.filter(|post| may_read(post.status(), &post.author_id, viewer));
    post.ok_or_else(|| Problem::not_found("post").into())
}

/// The post as it is known here; the blog service is asked for one that is not.
pub(crate) async fn known(app: &App, post_id: &str) -> ApiResult<Option<Post>> {
    let Some(post_id) = id::parse(post_id) else { return Ok(None) };
    if let Some(post) = posts::by_id(app.db.read(), &post_id).await? {
        return Ok(Some(post));
    }
    let Some(facts) = ask(app, &post_id).await? else { return Ok(None) };
    posts::learn(app.db.write(), &facts, 0).await?;
    Ok(posts::by_id(app.db.write(), &post_id).await?)
}

/// What the blog service knows of the post; none when it is not there.
pub(crate) async fn ask(app: &App, post_id: &str) -> ApiResult<Option<PostFacts>> {
    let found = app.peers.find::<PostRef>(BLOG, &format!("/internal/posts/{post_id}")).await?;
    Ok(found.map(|post| PostFacts {
        post_id: post.id,
        slug: post.slug,
        title: post.title,
        author_id: post.author_id,
        status: post.status,
        ..PostFacts::default()
    }))
}

fn may_read(status: Option<PostStatus>, author_id: &str, viewer: Option<&Viewer>) -> bool {
    match status {
        None | Some(PostStatus::Trashed) => false,
        Some(PostStatus::Public) => true,
        Some(_) => viewer.is_some_and(|viewer| match viewer.role() {
            Role::Admin => true,
            Role::Author => viewer.id() == author_id,
            Role::User => false,
        }),
    }
}

/// [`readable`] as a condition on the post `alias`. Pushes the value that it needs.
pub(crate) fn readable_condition(viewer: Option<&Viewer>, alias: &str, values: &mut Vec<Value>) -> String {
    match viewer.map(|viewer| (viewer.role(), viewer.id())) {
        Some((Role::Admin, _)) => format!("({alias}.status NOT IN ('TRASHED', 'DELETED'))"),
        Some((Role::Author, id)) => {
            values.push(id.into());
            let own = format!("{alias}.author_id = ${} AND {alias}.status NOT IN ('TRASHED', 'DELETED')", values.len());
            format!("({alias}.status = 'PUBLIC' OR ({own}))")
        }
        _ => format!("({alias}.status = 'PUBLIC')"),
    }
}

/// The post, if `viewer` may comment on it. The blog service is asked: a copy may be a moment old,
/// and knows nothing of posts that take no comments.
pub(crate) async fn open(app: &App, post_id: &str, viewer: Option<&Viewer>) -> ApiResult<Post> {
    let gone = || Problem::not_found("post");
    let post_id = id::parse(post_id).ok_or_else(gone)?;
    let answer = visibility(app, &post_id, viewer).await?;
    if !answer.visible {
        return Err(gone().into());
    }
    if !answer.comments_allowed {
        return Err(Problem::new(403, "comments_closed", "This post takes no comments").into());
    }
    Ok(known(app, &post_id).await?.filter(Post::is_there).ok_or_else(gone)?)
}

/// Whether the post takes comments, as far as that is known: a page that shows comments does not wait
/// for it, and writing asks again.
pub(crate) async fn takes_comments(app: &App, post: &Post, viewer: Option<&Viewer>) -> bool {
    if let Some(known) = app.comments_allowed.get(&post.id).await {
        return known;
    }
    match visibility(app, &post.id, viewer).await {
        Ok(answer) => {
            app.comments_allowed.insert(post.id.clone(), answer.comments_allowed).await;
            answer.comments_allowed
        }
        Err(error) => {
            tracing::warn!(cause = %error.problem().code, "the blog service did not say whether a post takes comments");
            true
        }
    }
}

async fn visibility(app: &App, post_id: &str, viewer: Option<&Viewer>) -> ApiResult<PostVisibility> {
    let mut path = format!("/internal/posts/{post_id}/visibility");
    if let Some(viewer) = viewer {
        let id = utf8_percent_encode(viewer.id(), NON_ALPHANUMERIC);
        path.push_str(&format!("?viewer={id}&role={}", viewer.role().as_str()));
    }
    Ok(app.peers.find(BLOG, &path).await?.unwrap_or_default())
}
