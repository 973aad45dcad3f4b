//! `POST /api/drafts/:id/publish` (its author, ADMIN): the draft becomes a post, or the post that it was
//! made for becomes what the draft says; now, or at a time. The draft is gone then.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::{
    blog::{Draft, Post, PostInput, PostStatus, PublishInput},
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Body, Path},
    http::created,
};

use crate::{
    app::App,
    changes::save,
    routes::posts::find::{check_editor, check_version, written},
    store::posts,
};

#[utoipa::path(post, path = "/api/drafts/{id}/publish", tag = "drafts", params(("id" = String, Path)),
    request_body = PublishInput, security(("bearer" = [])),
    responses(
        (status = 201, description = "The new post", body = Post),
        (status = 200, description = "The changed post", body = Post),
        (status = 409, description = "Draft or post changed meanwhile; `current` is the one that did"),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(input): Body<PublishInput>,
) -> ApiResult<Response> {
    let draft = super::find(app.db.read(), &viewer, &id).await?;
    if let Some(yours) = input.version
        && yours != draft.summary.version
    {
        return Err(ApiError::stale(yours, draft.summary.version, &draft));
    }
    let seen = input.post_version.or(draft.summary.post_version);
    let (draft_version, post_id) = (draft.summary.version, draft.summary.post_id.clone());
    let prepared = save::prepare(&app, post_input(draft, input)?).await?;
    let now = app.clock.millis();

    let tx = app.begin().await?;
    // Saved or published elsewhere while this one was being rendered.
    let current = super::find(&tx, &viewer, &id).await?;
    if current.summary.version != draft_version {
        return Err(ApiError::stale(draft_version, current.summary.version, &current));
    }
    let slug = match &post_id {
        None => save::create(&tx, &viewer, &prepared, now).await?,
        Some(post_id) => {
            let post = posts::current_by_id(&tx, post_id).await?.ok_or_else(|| Problem::not_found("post"))?;
            check_editor(&viewer, &post)?;
            if post.status() == PostStatus::Trashed {
                return Err(Problem::new(409, "in_trash", "This is in the trash")
                    .with_detail("Restore the post first.")
                    .into());
            }
            check_version(&app, &post, seen).await?;
            if prepared.input.status == Some(PostStatus::Scheduled) {
                save::check_schedule(post.status(), "at")?;
            }
            save::update(&tx, &viewer, &post, &prepared, now).await?
        }
    };
    super::remove(&tx, &viewer, &current, now).await?;
    app.commit(tx).await?;

    let post = written(&app, &slug).await?;
    Ok(if post_id.is_none() { created(&format!("/api/posts/{slug}"), post) } else { Json(post).into_response() })
}

/// The post that the draft describes.
fn post_input(draft: Draft, publish: PublishInput) -> Result<PostInput, Problem> {
    let at = publish.at.filter(|at| !at.trim().is_empty());
    let status = match (publish.status, &at) {
        (None | Some(PostStatus::Scheduled), Some(_)) => PostStatus::Scheduled,
        (Some(PostStatus::Scheduled), None) => {
            return Err(Problem::validation().with_field("at", "required", "A scheduled post needs a time."));
        }
        (Some(_), Some(_)) => {
            return Err(Problem::validation().with_field("at", "invalid", "Only with status SCHEDULED, or none."));
        }
        (status, None) => status.unwrap_or(PostStatus::Public),
    };
    Ok(PostInput {
        title: draft.summary.title,
        content: draft.content,
        slug: draft.slug,
        excerpt: draft.excerpt,
        // The draft is the whole post: what it has not, the post has no more.
        cover: Some(draft.cover.unwrap_or_default()),
        category: draft.category,
        tags: draft.tags,
        status: Some(status),
        scheduled_at: at,
        locale: draft.locale,
        featured: None,
        canonical: Some(draft.canonical.unwrap_or_default()),
        seo_title: Some(draft.seo_title.unwrap_or_default()),
        seo_description: Some(draft.seo_description.unwrap_or_default()),
        translation_group: Some(draft.translation_group.unwrap_or_default()),
        comments_allowed: draft.comments_allowed,
        version: None,
    })
}
