//! `PUT /internal/import/comments`: one comment of an import. The same body twice changes nothing.

use axum::{Json, extract::State};
use contracts::{
    blog::ImportChange,
    content::{CommentState, ImportComment, ImportedComment},
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::ServiceCaller, clock::parse_rfc3339, extract::Body, id};
use sea_orm::DatabaseTransaction;

use crate::{
    app::App,
    counting::{self, Change},
    domain::{
        hex,
        text::{Check, one_line, text_digest},
    },
    posts,
    routes::comments::render,
    store::{
        self, authors,
        comments::{self, Imported, ImportedText, NewComment},
        posts::Post,
    },
};

#[utoipa::path(
    put, path = "/internal/import/comments", tag = "internal", operation_id = "internal_import_comments",
    description = "Makes the comment with this source, or changes it where it differs.",
    request_body = ImportComment,
    responses((status = 200, body = ImportedComment), (status = 404, description = "No such post")),
)]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Body(input): Body<ImportComment>,
) -> ApiResult<Json<ImportedComment>> {
    let (input, Times { created_at, edited_at }) = check(input)?;
    let digest = hex::digest(serde_json::to_vec(&input).map_err(ApiError::internal)?);
    if let Some(known) = comments::by_source(app.db.read(), &input.source).await?
        && known.source_digest.as_deref() == Some(&digest)
    {
        return Ok(Json(ImportedComment { change: ImportChange::Unchanged, id: known.id }));
    }
    let post = posts::known(&app, &input.post_id).await?.ok_or_else(|| Problem::not_found("post"))?;
    let html = render(&app, &input.content).await?;
    let (now, text) = (app.clock.millis(), text_digest(&input.content));

    let tx = app.db.begin().await?;
    let post = store::posts::lock(&tx, &post.id).await?.filter(|post| post.status().is_some());
    let post = post.ok_or_else(|| Problem::not_found("post"))?;
    if let Some(author) = &input.author_id {
        authors::ensure(&tx, author, &input.author_name, None).await?;
    }
    let is_placeholder = input.state == CommentState::Trashed;
    let guest_name = (input.author_id.is_none() && !is_placeholder).then_some(input.author_name.as_str());
    let outcome = match comments::by_source(&tx, &input.source).await? {
        Some(known) => {
            let state = state_now(&known, input.state);
            if known.purged || is_placeholder || state == CommentState::Trashed {
                // What was thrown away here stays thrown away.
                return Ok(Json(ImportedComment { change: ImportChange::Unchanged, id: known.id }));
            }
            if known.post_id != post.id {
                let message = "It was imported to another post.";
                return Err(Problem::validation().with_field("post_id", "changed", message).into());
            }
            let text = ImportedText {
                state,
                author_id: input.author_id.as_deref(),
                guest_name,
                is_private: input.is_private,
                created_at,
                edited_at,
                text_digest: &text,
                content: &input.content,
                html: &html,
                digest: &digest,
            };
            comments::import(&tx, &known.id, text).await?;
            counting::comments(&tx, &post, &known.id, Change::Edited, now).await?;
            ImportedComment { change: ImportChange::Updated, id: known.id }
        }
        None => {
            let id = match input.id.as_deref().and_then(id::parse) {
                Some(id) if !comments::exists(&tx, &id).await? => id,
                _ => id::new(),
            };
            let parent = parent(&tx, &post, input.parent_source.as_deref()).await?;
            let new = NewComment {
                id: &id,
                post_id: &post.id,
                parent_id: parent.as_ref().map(|parent| parent.id.as_str()),
                root_id: parent.as_ref().map_or(&id, |parent| &parent.root_id),
                author_id: input.author_id.as_deref(),
                guest_name,
                password_hash: None,
                writer_hash: None,
                address_hash: None,
                state: input.state,
                held_for: "",
                is_private: input.is_private,
                created_at,
                edited_at,
                text_digest: &text,
                content: &input.content,
                html: &html,
                source: Some((&input.source, &digest)),
            };
            comments::insert(&tx, new).await?;
            if is_placeholder {
                store::purge::empty(&tx, &id).await?;
            }
            counting::comments(&tx, &post, &id, Change::Written, now).await?;
            ImportedComment { change: ImportChange::Created, id }
        }
    };
    tx.commit().await?;
    app.relay.wake();
    Ok(Json(outcome))
}

/// What an admin decided here holds; a comment that still waits may have been approved elsewhere.
fn state_now(known: &Imported, imported: CommentState) -> CommentState {
    match store::row::state(&known.state) {
        CommentState::Pending => imported,
        decided => decided,
    }
}

async fn parent(tx: &DatabaseTransaction, post: &Post, source: Option<&str>) -> ApiResult<Option<Imported>> {
    let Some(source) = source else { return Ok(None) };
    let parent = comments::by_source(tx, source).await?.filter(|parent| parent.post_id == post.id);
    if parent.is_none() {
        let message = "Import the comment that it answers first.";
        return Err(Problem::validation().with_field("parent_source", "unknown", message).into());
    }
    Ok(parent)
}

/// Times of a comment, as the databases keep them.
struct Times {
    created_at: i64,
    edited_at: Option<i64>,
}

fn check(mut input: ImportComment) -> Result<(ImportComment, Times), Problem> {
    let mut check = Check::new();
    if input.source.trim().is_empty() || input.source.chars().count() > 500 {
        check.refuse("source", "invalid", "From 1 to 500 characters.");
    }
    if input.state == CommentState::Trashed {
        // Nothing of it comes but its place.
        (input.content, input.author_name, input.author_id) = Default::default();
    } else {
        input.content = check.content(&input.content);
        input.author_name = one_line(&input.author_name).chars().take(50).collect();
        if input.author_name.is_empty() {
            check.refuse("author_name", "required", "A name is needed.");
        }
    }
    if input.id.as_deref().is_some_and(|given| id::parse(given).is_none()) {
        check.refuse("id", "invalid", "An id is a UUID.");
    }
    let (created_at, edited_at) = (parse_rfc3339(&input.created_at), input.edited_at.as_deref().map(parse_rfc3339));
    for (field, time) in [("created_at", Some(created_at)), ("edited_at", edited_at)] {
        if time == Some(None) {
            check.refuse(field, "invalid", "A time is RFC 3339: 2026-01-31T09:00:00Z.");
        }
    }
    check.finish()?;
    Ok((input, Times { created_at: created_at.unwrap_or_default(), edited_at: edited_at.flatten() }))
}
