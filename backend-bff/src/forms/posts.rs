//! Writing, publishing and deleting posts.

use axum::response::{IntoResponse, Response};
use contracts::{
    blog::{Post, PostInput, PostStatus, RestoreInput},
    problem::Problem,
};
use http::Method;
use kit::{ApiResult, extract::Path};

use super::{Done, Posted, moderation::chosen, post_input};
use crate::paths;

const TABLE: &str = "/admin/posts";

/// `POST /forms/posts`
pub(super) async fn create(posted: Posted) -> Response {
    let result = async {
        let input = post_input::from_form(&posted.form, posted.visitor.viewer())?;
        let post = save(&posted, Method::POST, "/api/posts", &input).await?;
        Ok(done(&posted, flash(post.summary.status, "post_created")))
    }
    .await;
    posted.answer("/admin/posts/new", result).await
}

/// `POST /forms/posts/:slug`
pub(super) async fn update(Path(slug): Path<String>, posted: Posted) -> Response {
    let result = async {
        let input = post_input::from_form(&posted.form, posted.visitor.viewer())?;
        let post = save(&posted, Method::PUT, &path(&slug, ""), &input).await?;
        let scheduled = post.summary.status == PostStatus::Scheduled;
        Ok(done(&posted, if scheduled { "post_scheduled" } else { "post_saved" }))
    }
    .await;
    posted.answer(&format!("/admin/posts/edit/{}", paths::encode_segment(&slug)), result).await
}

fn flash(status: PostStatus, usual: &'static str) -> &'static str {
    match status {
        PostStatus::Public => "post_published",
        PostStatus::Scheduled => "post_scheduled",
        _ => usual,
    }
}

/// `POST /forms/posts/:slug/publish`
pub(super) async fn publish(Path(slug): Path<String>, posted: Posted) -> Response {
    let result = async {
        make_public(&posted, &slug, posted.form.number("version")?).await?;
        Ok("post_published")
    }
    .await;
    back(posted, TABLE, result).await
}

async fn make_public(posted: &Posted, slug: &str, version: Option<u32>) -> ApiResult<()> {
    let path = path(slug, "");
    let post: Post = posted.upstreams().blog.get(&path, &posted.visitor).await?;
    if post.summary.status == PostStatus::Public {
        return Ok(());
    }
    let input = post_input::published(post, version)?;
    save(posted, Method::PUT, &path, &input).await?;
    Ok(())
}

/// `POST /forms/posts/:slug/delete`: to the trash.
pub(super) async fn delete(Path(slug): Path<String>, posted: Posted) -> Response {
    let result = async {
        let version = posted.form.number("version")?.map(|version| format!("?version={version}"));
        act(&posted, Method::DELETE, &path(&slug, version.as_deref().unwrap_or_default())).await?;
        Ok("post_deleted")
    }
    .await;
    back(posted, TABLE, result).await
}

/// `POST /forms/posts/:slug/restore`: out of the trash.
pub(super) async fn restore(Path(slug): Path<String>, posted: Posted) -> Response {
    let restored = act(&posted, Method::POST, &path(&slug, "/restore")).await;
    back(posted, TRASH, restored.map(|()| "post_restored")).await
}

/// `POST /forms/posts/:slug/purge`: out of the trash for good.
pub(super) async fn purge(Path(slug): Path<String>, posted: Posted) -> Response {
    let purged = act(&posted, Method::DELETE, &path(&slug, PURGE)).await;
    back(posted, TRASH, purged.map(|()| "post_purged")).await
}

const TRASH: &str = "/admin/posts?status=TRASHED";
const PURGE: &str = "?purge=true";

/// `POST /forms/posts/bulk`: the same for several, each on its own, so that authors can do it with theirs.
pub(super) async fn bulk(posted: Posted) -> Response {
    let page = posted.form.next_or(TABLE);
    let result = change_all(&posted, &page).await;
    posted.answer(&page, result).await
}

async fn change_all(posted: &Posted, page: &str) -> ApiResult<Done> {
    let action = posted.form.trimmed("action");
    if !["publish", "trash", "restore", "purge"].contains(&action) {
        let rule = "One of publish, trash, restore, purge.";
        return Err(Problem::validation().with_field("action", "invalid", rule).into());
    }
    let (mut changed, mut refused) = (0, None);
    for slug in chosen(posted)? {
        let result = match action {
            "publish" => make_public(posted, &slug, None).await,
            "trash" => act(posted, Method::DELETE, &path(&slug, "")).await,
            "restore" => act(posted, Method::POST, &path(&slug, "/restore")).await,
            _ => act(posted, Method::DELETE, &path(&slug, PURGE)).await,
        };
        match result {
            Ok(()) => changed += 1,
            Err(error) => {
                // A service that is away is not asked a hundred times.
                if error.problem().status >= 500 {
                    refused = Some(error);
                    break;
                }
                refused.get_or_insert(error);
            }
        }
    }
    match refused {
        None => Ok(Done::at(page, "changes_saved")),
        Some(error) if changed == 0 => Err(error),
        Some(error) => {
            // Making the answer is what writes the cause to the log.
            drop(error.into_response());
            Ok(Done::at(page, "some_failed"))
        }
    }
}

/// `POST /forms/posts/:slug/revisions/:id/restore`
pub(super) async fn restore_revision(Path((slug, id)): Path<(String, String)>, posted: Posted) -> Response {
    let page = format!("/admin/posts/revisions/{}", paths::encode_segment(&slug));
    let result = async {
        let needed = || Problem::validation().with_field("version", "required", "This field is needed.");
        let input = RestoreInput { version: posted.form.number("version")?.ok_or_else(needed)? };
        let path = path(&slug, &format!("/revisions/{}/restore", paths::encode_segment(&id)));
        posted.upstreams().blog.change(Method::POST, &path, &input, &posted.visitor).await?;
        Ok(Done::at(posted.form.next_or(&page), "revision_restored"))
    }
    .await;
    posted.answer(&page, result).await
}

/// The answer to what a button of a list does. Refused, it is said on the list that the button stands on.
async fn back(posted: Posted, list: &str, result: ApiResult<&'static str>) -> Response {
    let page = posted.form.next_or(list);
    let result = result.map(|flash| done(&posted, flash));
    posted.answer(&page, result).await
}

async fn act(posted: &Posted, method: Method, path: &str) -> ApiResult<()> {
    posted.upstreams().blog.act(method, path, &posted.visitor).await?;
    posted.backend().terms.invalidate_all();
    Ok(())
}

async fn save(posted: &Posted, method: Method, path: &str, input: &PostInput) -> ApiResult<Post> {
    let post = posted.upstreams().blog.change(method, path, input, &posted.visitor).await?.json()?;
    posted.backend().terms.invalidate_all();
    Ok(post)
}

fn path(slug: &str, rest: &str) -> String {
    format!("/api/posts/{}{rest}", paths::encode_segment(slug))
}

fn done(posted: &Posted, flash: &'static str) -> Done {
    Done::at(posted.form.next_or(TABLE), flash)
}
