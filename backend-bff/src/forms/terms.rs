//! Categories and tags. Which of both, the path says.

use axum::{extract::OriginalUri, response::Response};
use contracts::blog::{MergeInput, TermInput};
use http::Method;
use kit::{ApiResult, extract::Path};

use super::{Done, Posted};
use crate::paths;

/// `categories` or `tags`, with the pages and routes of each.
struct Kind(&'static str);

impl Kind {
    fn of(uri: &OriginalUri) -> Self {
        Self(if uri.path().starts_with("/forms/categories") { "categories" } else { "tags" })
    }

    fn page(&self) -> String {
        format!("/admin/{}", self.0)
    }

    fn path(&self, slug: &str, rest: &str) -> String {
        format!("/api/{}/{}{rest}", self.0, paths::encode_segment(slug))
    }
}

/// `POST /forms/categories`, `POST /forms/tags`
pub(super) async fn create(uri: OriginalUri, posted: Posted) -> Response {
    let kind = Kind::of(&uri);
    save(posted, &kind, Method::POST, format!("/api/{}", kind.0)).await
}

/// `POST /forms/categories/:slug`, `POST /forms/tags/:slug`
pub(super) async fn update(uri: OriginalUri, Path(slug): Path<String>, posted: Posted) -> Response {
    let kind = Kind::of(&uri);
    save(posted, &kind, Method::PUT, kind.path(&slug, "")).await
}

async fn save(posted: Posted, kind: &Kind, method: Method, path: String) -> Response {
    let result = async {
        let input = input(&posted)?;
        posted.upstreams().blog.change(method, &path, &input, &posted.visitor).await?;
        Ok(done(&posted, kind, "term_saved"))
    }
    .await;
    posted.answer(&kind.page(), result).await
}

fn input(posted: &Posted) -> ApiResult<TermInput> {
    let form = &posted.form;
    form.require(&["name"])?;
    Ok(TermInput {
        name: form.trimmed("name").to_owned(),
        slug: form.given("slug"),
        description: form.given("description"),
        icon: form.given("icon"),
        color: form.number("color")?,
        version: form.number("version")?,
    })
}

/// `POST /forms/categories/:slug/delete`, `POST /forms/tags/:slug/delete`
pub(super) async fn delete(uri: OriginalUri, Path(slug): Path<String>, posted: Posted) -> Response {
    let kind = Kind::of(&uri);
    let deleted = posted.upstreams().blog.act(Method::DELETE, &kind.path(&slug, ""), &posted.visitor).await;
    let result = deleted.map(|_| done(&posted, &kind, "term_deleted"));
    posted.answer(&kind.page(), result).await
}

/// `POST /forms/categories/:slug/merge`, `POST /forms/tags/:slug/merge`
pub(super) async fn merge(uri: OriginalUri, Path(slug): Path<String>, posted: Posted) -> Response {
    let kind = Kind::of(&uri);
    let result = async {
        posted.form.require(&["into"])?;
        let input = MergeInput { into: posted.form.trimmed("into").to_owned() };
        let blog = &posted.upstreams().blog;
        blog.change(Method::POST, &kind.path(&slug, "/merge"), &input, &posted.visitor).await?;
        Ok(done(&posted, &kind, "terms_merged"))
    }
    .await;
    posted.answer(&kind.page(), result).await
}

fn done(posted: &Posted, kind: &Kind, flash: &'static str) -> Done {
    posted.backend().terms.invalidate_all();
    Done::at(posted.form.next_or(&kind.page()), flash)
}
