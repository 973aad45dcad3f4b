//! `GET /api/posts/:slug/revisions/diff?from=&to=` (its author, ADMIN): what became of `from` until `to`,
//! or until now.

use axum::{Json, extract::State};
use contracts::{
    blog::{FieldChange, RevisionDiff},
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::post_id;
use crate::{
    app::App,
    domain::diff,
    store::revisions::{self, Snapshot},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Id of a revision.
    from: String,
    /// Id of another; absent: the post as it is now.
    to: Option<String>,
}

#[utoipa::path(get, path = "/api/posts/{slug}/revisions/diff", tag = "revisions",
    params(("slug" = String, Path), Params), security(("bearer" = [])),
    responses((status = 200, description = "What differs", body = RevisionDiff)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    Query(params): Query<Params>,
) -> ApiResult<Json<RevisionDiff>> {
    let post = post_id(&app, &viewer, &slug).await?;
    let from = revision(&app, &post, &params.from).await?;
    let to = match params.to.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => revision(&app, &post, id).await?,
        None => revisions::now(app.db.read(), &post).await?.ok_or_else(|| Problem::not_found("post"))?,
    };
    let compared = tokio::task::spawn_blocking(move || compare(&from, &to)).await.map_err(ApiError::internal)?;
    Ok(Json(compared))
}

async fn revision(app: &App, post: &str, id: &str) -> ApiResult<Snapshot> {
    Ok(revisions::by_id(app.db.read(), post, id).await?.ok_or_else(|| Problem::not_found("revision"))?)
}

fn compare(from: &Snapshot, to: &Snapshot) -> RevisionDiff {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = [
        ("title", from.title.clone(), to.title.clone()),
        ("excerpt", text(&from.excerpt), text(&to.excerpt)),
        ("cover", text(&from.cover), text(&to.cover)),
        ("category", text(&from.category), text(&to.category)),
        ("tags", from.tags().join(", "), to.tags().join(", ")),
        ("seo_title", text(&from.seo_title), text(&to.seo_title)),
        ("seo_description", text(&from.seo_description), text(&to.seo_description)),
    ];
    let difference = diff::lines(&from.content, &to.content);
    RevisionDiff {
        from: from.head(),
        to: to.head(),
        fields: fields
            .into_iter()
            .filter(|(_, before, after)| before != after)
            .map(|(field, before, after)| FieldChange { field: field.to_owned(), before, after })
            .collect(),
        added: difference.added,
        removed: difference.removed,
        hunks: difference.hunks,
    }
}
