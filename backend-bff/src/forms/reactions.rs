//! Likes and bookmarks.

use axum::response::Response;
use contracts::problem::Problem;
use http::Method;
use kit::{ApiResult, extract::Path};

use super::{
    Done, Posted,
    comments::{page_of, remember},
};
use crate::paths;

/// `POST /forms/likes/:post`: likes it or takes that back; with `on` what is wanted instead.
pub(super) async fn like(Path(post): Path<String>, posted: Posted) -> Response {
    let page = page_of(&posted);
    let mut path = format!("/api/likes/{}/toggle", paths::encode_segment(&post));
    if wants(&posted).is_some() {
        path.push_str(if posted.form.checked("on") { "?liked=true" } else { "?liked=false" });
    }
    let liked = posted.upstreams().content.act(Method::POST, &path, &posted.visitor).await;
    let result = liked.map(|_| Done { cookies: remember(&posted, None).into_iter().collect(), ..done(&posted, &page) });
    posted.answer(&page, result).await
}

/// `POST /forms/bookmarks/:post`: keeps it, or with an empty `on` no longer.
pub(super) async fn bookmark(Path(post): Path<String>, posted: Posted) -> Response {
    let page = page_of(&posted);
    let result = keep(&posted, &post, &page).await;
    posted.answer(&page, result).await
}

async fn keep(posted: &Posted, post: &str, page: &str) -> ApiResult<Done> {
    posted.visitor.viewer().ok_or_else(Problem::unauthenticated)?;
    let path = format!("/api/bookmarks/{}", paths::encode_segment(post));
    let off = wants(posted).is_some() && !posted.form.checked("on");
    let method = if off { Method::DELETE } else { Method::POST };
    posted.upstreams().content.act(method, &path, &posted.visitor).await?;
    Ok(done(posted, page))
}

/// Whether the form says which way.
fn wants(posted: &Posted) -> Option<()> {
    posted.form.has("on").then_some(())
}

/// Nothing is said: the button shows it.
fn done(posted: &Posted, page: &str) -> Done {
    Done { location: posted.form.next_or(page), ..Done::default() }
}
