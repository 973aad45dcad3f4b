//! `POST /api/drafts` (AUTHOR): a new one, or the one that the author has of that post already.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::{
    blog::{Draft, DraftInput, Post},
    module::Role,
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::Viewer, extract::Body, http::created, id};

use crate::{
    app::App,
    changes::drafts::use_images,
    domain::{
        images,
        input::check_draft,
        visibility::{may_edit, may_see},
    },
    store::{authors, drafts, posts},
};

#[utoipa::path(post, path = "/api/drafts", tag = "drafts", request_body = DraftInput, security(("bearer" = [])),
    responses(
        (status = 201, description = "The new draft", body = Draft),
        (status = 200, description = "The draft that was there already", body = Draft),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<DraftInput>,
) -> ApiResult<Response> {
    viewer.require(Role::Author)?;
    let mut input = check_draft(input)?;
    let post = match input.post.take() {
        Some(slug) => Some(post(&app, &viewer, &slug).await?),
        None => None,
    };
    if let Some(post) = &post
        && input.title.is_empty()
        && input.content.is_empty()
    {
        input = as_it_is(post);
    }
    let (id, now) = (id::new(), app.clock.millis());
    let of = post.as_ref().map(|post| (post.summary.id.as_str(), post.summary.version));

    let tx = app.db.begin().await?;
    authors::ensure(&tx, viewer.id(), viewer.name(), viewer.avatar()).await?;
    let new = drafts::insert(&tx, &id, viewer.id(), of, &input, now).await?;
    let images = images::used(input.cover.as_deref(), &input.content);
    if new && !images.is_empty() {
        use_images(&tx, &id, images, now).await?;
    }
    app.send(tx).await?;

    let draft = match (new, of) {
        (false, Some((post_id, _))) => drafts::of_post(app.db.read(), post_id, viewer.id()).await?,
        _ => drafts::by_id(app.db.read(), &id).await?,
    };
    let draft = draft.ok_or_else(|| ApiError::internal("the draft that was just written is gone"))?;
    Ok(if new { created(&format!("/api/drafts/{id}"), draft) } else { Json(draft).into_response() })
}

/// The post that is to be changed.
async fn post(app: &App, viewer: &Viewer, slug: &str) -> ApiResult<Post> {
    let unknown = || Problem::validation().with_field("post", "unknown", "There is no such post.");
    let post = posts::by_slug(&app.db, slug).await?.ok_or_else(unknown)?.into_post(true);
    let (author, status) = (&post.summary.author_id, post.summary.status);
    if may_edit(Some(viewer), author) {
        Ok(post)
    } else if may_see(Some(viewer), author, status) {
        Err(Problem::forbidden().into())
    } else {
        Err(unknown().into())
    }
}

/// A draft that would change nothing.
fn as_it_is(post: &Post) -> DraftInput {
    let summary = post.summary.clone();
    DraftInput {
        title: summary.title,
        content: post.content.clone().unwrap_or_default(),
        slug: Some(summary.slug),
        excerpt: post.written_excerpt.clone(),
        cover: summary.cover,
        category: summary.category.map(|category| category.slug),
        tags: summary.tags.into_iter().map(|tag| tag.name).collect(),
        locale: Some(summary.locale),
        canonical: post.canonical.clone(),
        seo_title: post.seo_title.clone(),
        seo_description: post.seo_description.clone(),
        translation_group: post.translation_group.clone(),
        comments_allowed: Some(post.comments_allowed),
        post: None,
        version: None,
    }
}
