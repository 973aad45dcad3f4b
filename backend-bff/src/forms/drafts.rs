//! Working copies of posts.

use axum::response::Response;
use contracts::blog::{Draft, DraftInput, Post, PostStatus, PublishInput};
use http::Method;
use kit::{ApiError, ApiResult, extract::Path};

use super::{Done, Posted, post_input};
use crate::paths;

const LIST: &str = "/admin/drafts";

/// `POST /forms/drafts`: a new one; with `post`, of that post.
pub(super) async fn create(posted: Posted) -> Response {
    let result = begin(&posted).await;
    let page = posted.form.next_or("/admin/posts/new");
    posted.answer(&page, result).await
}

async fn begin(posted: &Posted) -> ApiResult<Done> {
    let input = DraftInput { post: posted.form.given("post"), version: None, ..input(posted, Draft::default())? };
    let draft: Draft =
        posted.upstreams().blog.change(Method::POST, "/api/drafts", &input, &posted.visitor).await?.json()?;
    Ok(Done::at(page(&draft.summary.id), "draft_saved"))
}

/// `POST /forms/drafts/:id`
pub(super) async fn save(Path(id): Path<String>, posted: Posted) -> Response {
    let result = async {
        keep(&posted, &id).await?;
        Ok(Done::at(posted.form.next_or(&page(&id)), "draft_saved"))
    }
    .await;
    posted.answer(&page(&id), result).await
}

async fn keep(posted: &Posted, id: &str) -> ApiResult<Draft> {
    let (blog, path) = (&posted.upstreams().blog, path(id, ""));
    let draft = blog.get(&path, &posted.visitor).await?;
    blog.change(Method::PUT, &path, &input(posted, draft)?, &posted.visitor).await?.json()
}

/// `POST /forms/drafts/:id/publish`: now, or `at` a time. What the form holds is saved before.
pub(super) async fn publish(Path(id): Path<String>, mut posted: Posted) -> Response {
    let result = make_post(&mut posted, &id).await;
    // From the list there is no text in the form.
    let page = if posted.form.has("content") { page(&id) } else { posted.form.next_or(LIST) };
    posted.answer(&page, result).await
}

async fn make_post(posted: &mut Posted, id: &str) -> ApiResult<Done> {
    let at = post_input::moment(&posted.form, "at")?;
    // A time is reason enough to wait for it.
    let status = post_input::status(&posted.form)?.filter(|status| at.is_none() && *status != PostStatus::Scheduled);
    let post_version = posted.form.number("post_version")?;
    let version = match posted.form.has("content") {
        true => {
            let version = keep(posted, id).await?.summary.version;
            // Whatever becomes of the rest, the form goes on from what is saved now.
            posted.form.saved(version);
            Some(version)
        }
        false => posted.form.number("version")?,
    };
    let input = PublishInput { at, status, version, post_version };
    let blog = &posted.upstreams().blog;
    let published = blog.change(Method::POST, &path(id, "/publish"), &input, &posted.visitor).await;
    let post: Post = published.map_err(fields)?.json()?;
    posted.backend().terms.invalidate_all();
    let flash = match post.summary.status {
        PostStatus::Public => "post_published",
        PostStatus::Scheduled => "post_scheduled",
        _ => "post_saved",
    };
    Ok(Done::at(posted.form.next_or("/admin/posts"), flash))
}

/// Fields as the form calls them.
fn fields(error: ApiError) -> ApiError {
    let mut problem = error.problem().clone();
    match problem.errors.iter_mut().find(|error| error.field == "scheduled_at") {
        Some(time) => {
            "at".clone_into(&mut time.field);
            problem.into()
        }
        None => error,
    }
}

/// `POST /forms/drafts/:id/delete`
pub(super) async fn delete(Path(id): Path<String>, posted: Posted) -> Response {
    let page = posted.form.next_or(LIST);
    let deleted = posted.upstreams().blog.act(Method::DELETE, &path(&id, ""), &posted.visitor).await;
    let result = deleted.map(|_| Done::at(page.clone(), "draft_deleted"));
    posted.answer(&page, result).await
}

fn page(id: &str) -> String {
    format!("/admin/drafts/{}", paths::encode_segment(id))
}

fn path(id: &str, rest: &str) -> String {
    format!("/api/drafts/{}{rest}", paths::encode_segment(id))
}

/// The draft as the form has it; what the form does not have stays as it is.
fn input(posted: &Posted, draft: Draft) -> ApiResult<DraftInput> {
    let form = &posted.form;
    let or = |name: &str, kept: Option<String>| if form.has(name) { form.given(name) } else { kept };
    Ok(DraftInput {
        title: form.trimmed("title").to_owned(),
        content: form.lines("content"),
        slug: or("slug", draft.slug),
        excerpt: or("excerpt", draft.excerpt),
        cover: or("cover", draft.cover),
        category: or("category", draft.category),
        tags: if form.has("tags") { post_input::tags(form) } else { draft.tags },
        locale: draft.locale,
        canonical: or("canonical", draft.canonical),
        seo_title: or("seo_title", draft.seo_title),
        seo_description: or("seo_description", draft.seo_description),
        translation_group: draft.translation_group,
        comments_allowed: draft.comments_allowed,
        post: None,
        version: form.number("version")?,
    })
}
