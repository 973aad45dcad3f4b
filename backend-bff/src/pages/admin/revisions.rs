use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::{self, DiffKind, Paged, Post, Revision, RevisionDiff},
    module::Role,
    pages::{DiffLine, RevisionRow, RevisionsPage},
};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;

use super::{
    super::{query, require},
    edit::moved,
};
use crate::{backend::Backend, paths, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// `GET /bff/pages/admin/posts/revisions/:slug?from=&to=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> ApiResult<Json<RevisionsPage>> {
    require(&visitor, Role::Author)?;
    let blog = &backend.upstreams.blog;
    let path = format!("/api/posts/{}", paths::encode_segment(&slug));
    let list = format!("{path}/revisions?page=1&size=100");
    let (post, revisions, diff) =
        tokio::join!(blog.get::<Post>(&path, &visitor), blog.get::<Paged<Revision>>(&list, &visitor), async {
            if which.from.is_empty() {
                return Ok(None);
            }
            let pairs = [("from", which.from.as_str()), ("to", &which.to)];
            blog.get::<RevisionDiff>(&format!("{path}/revisions/diff{}", query(&pairs)), &visitor).await.map(Some)
        },);
    let post = post.map_err(|error| moved(error, "revisions"))?;
    Ok(Json(RevisionsPage {
        slug: post.summary.slug,
        title: post.summary.title,
        version: post.summary.version,
        items: revisions?.items.into_iter().map(row).collect(),
        diff: diff?.map(lines).unwrap_or_default(),
        from: which.from,
        to: which.to,
    }))
}

fn row(revision: Revision) -> RevisionRow {
    RevisionRow {
        id: revision.id,
        version: revision.version,
        title: revision.title,
        author_name: revision.editor_name.unwrap_or_default(),
        created_at: revision.created_at,
    }
}

/// Fields that differ, then the text; between places that are apart stands an ellipsis.
fn lines(diff: RevisionDiff) -> Vec<DiffLine> {
    let line = |change: &str, text: String| DiffLine { change: change.to_owned(), text };
    let mut lines = Vec::new();
    for field in diff.fields {
        let named = |value: &str| format!("{}: {value}", field.field);
        lines.extend((!field.before.is_empty()).then(|| line("removed", named(&field.before))));
        lines.extend((!field.after.is_empty()).then(|| line("added", named(&field.after))));
    }
    for hunk in diff.hunks {
        if !lines.is_empty() {
            lines.push(line("same", "…".to_owned()));
        }
        lines.extend(hunk.lines.into_iter().map(|one| line(change(one.kind), text(one))));
    }
    lines
}

fn change(kind: DiffKind) -> &'static str {
    match kind {
        DiffKind::Same => "same",
        DiffKind::Added => "added",
        DiffKind::Removed => "removed",
    }
}

fn text(line: blog::DiffLine) -> String {
    line.parts.into_iter().map(|part| part.text).collect()
}
