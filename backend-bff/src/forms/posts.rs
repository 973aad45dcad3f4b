//! Writing, publishing and deleting posts.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use contracts::blog::{Post, PostInput, PostStatus};
use http::Method;
use kit::{ApiError, ApiResult, extract::Path};

use super::{Done, Submission, Whence, post_input};
use crate::{backend::Backend, document::Documents, paths, sessions::Visitor};

const TABLE: &str = "/admin/posts";

pub(super) async fn create(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    submission: Submission,
) -> Response {
    let result = match post_input::from_form(&submission) {
        Ok(input) => {
            let public = input.status == Some(PostStatus::Public);
            let flash = if public { "post_published" } else { "post_created" };
            save(&documents.backend, &visitor, Method::POST, "/api/posts", &input)
                .await
                .map(|_| done(&submission, flash))
        }
        Err(problem) => Err(problem.into()),
    };
    submission.answer(&documents, &visitor, Whence::page("/admin/posts/new"), result).await
}

pub(super) async fn update(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    submission: Submission,
) -> Response {
    let slug = paths::encode_segment(&slug);
    let result = match post_input::from_form(&submission) {
        Ok(input) => save(&documents.backend, &visitor, Method::PUT, &format!("/api/posts/{slug}"), &input)
            .await
            .map(|_| done(&submission, "post_saved")),
        Err(problem) => Err(problem.into()),
    };
    submission.answer(&documents, &visitor, Whence::page(format!("/admin/posts/edit/{slug}")), result).await
}

pub(super) async fn publish(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    submission: Submission,
) -> Response {
    let result = make_public(&documents.backend, &visitor, &slug, &submission).await;
    submission.answer(&documents, &visitor, Whence::page(TABLE), result).await
}

async fn make_public(backend: &Backend, visitor: &Visitor, slug: &str, submission: &Submission) -> ApiResult<Done> {
    let version = post_input::version(submission)?;
    let path = format!("/api/posts/{}", paths::encode_segment(slug));
    let post: Post = backend.upstreams.blog.get(&path, visitor).await?;
    let input = post_input::published(post, version)?;
    save(backend, visitor, Method::PUT, &path, &input).await?;
    Ok(done(submission, "post_published"))
}

pub(super) async fn delete(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    submission: Submission,
) -> Response {
    let result = trash(&documents.backend, &visitor, &slug, &submission).await;
    submission.answer(&documents, &visitor, Whence::page(TABLE), result).await
}

async fn trash(backend: &Backend, visitor: &Visitor, slug: &str, submission: &Submission) -> ApiResult<Done> {
    let mut path = format!("/api/posts/{}", paths::encode_segment(slug));
    if let Some(version) = post_input::version(submission)? {
        path.push_str(&format!("?version={version}"));
    }
    let blog = &backend.upstreams.blog;
    blog.call(Method::DELETE, &path, visitor.authorization(), None, visitor.trail()).await?.good()?;
    backend.terms.invalidate_all();
    Ok(done(submission, "post_deleted"))
}

async fn save(backend: &Backend, visitor: &Visitor, method: Method, path: &str, input: &PostInput) -> ApiResult<Post> {
    let body = serde_json::to_vec(input).map_err(ApiError::internal)?;
    let blog = &backend.upstreams.blog;
    let answer = blog.call(method, path, visitor.authorization(), Some(body), visitor.trail()).await?;
    let post = answer.json()?;
    backend.terms.invalidate_all();
    Ok(post)
}

fn done(submission: &Submission, flash: &'static str) -> Done {
    Done { location: submission.next_or(TABLE), flash: Some(flash), ..Done::default() }
}
