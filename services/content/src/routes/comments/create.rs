//! `POST /api/comments`: anybody, if the post takes comments.

use axum::{extract::State, response::Response};
use contracts::{
    auth::NameTaken,
    content::{CommentInput, CommentState, Written},
    problem::Problem,
};
use kit::{ApiError, ApiResult, Secret, extract::Body, http::created, id};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::DatabaseTransaction;

use super::write::{self, Saying};
use crate::{
    app::App,
    counting::{self, Change},
    domain::{
        eyes::{Eyes, Seen},
        hex,
        rules::Arriving,
        text::{Check, text_digest},
        thread::Entry,
    },
    posts,
    routes::caller::Caller,
    store::{
        self, authors,
        comments::{self, NewComment},
        posts::Post,
        row::CommentRow,
        settings,
    },
};

/// A guest's name, and the password as it is kept.
struct Guest {
    name: String,
    password_hash: String,
    /// To be given to the browser.
    token: Option<Secret>,
    writer_hash: String,
}

#[utoipa::path(
    post, path = "/api/comments", tag = "comments", operation_id = "comments_create",
    description = "Writes a comment, as a user or as a guest with name and password. It may have to wait for review.",
    request_body = CommentInput, security((), ("bearer" = [])),
    responses(
        (status = 201, body = Written), (status = 403, description = "Closed, banned, or not for guests"),
        (status = 404, description = "No such post"), (status = 409, description = "Said already"),
        (status = 429, description = "Too many"),
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Body(input): Body<CommentInput>,
) -> ApiResult<Response> {
    let (content, guest_name) = check(&caller, &input)?;
    write::admit(&app, &caller).await?;
    let post = posts::open(&app, &input.post_id, caller.viewer.as_ref()).await?;
    let guest = match guest_name {
        Some(name) => Some(guest(&app, &caller, name, input.guest_password.as_deref().unwrap_or_default()).await?),
        None => None,
    };
    let html = write::render(&app, &content).await?;
    let is_known = match &guest {
        Some(guest) => {
            comments::is_known_guest(app.db.read(), &guest.writer_hash, &caller.address, &guest.name).await?
        }
        None => true,
    };
    let arriving = Arriving { content: &content, html: &html, is_guest: guest.is_some(), is_known };
    let judged = write::judge(&app, &caller, &post, &arriving).await?;
    let (id, now, digest) = (id::new(), app.clock.millis(), text_digest(&content));
    let mut eyes = caller.eyes(&post.author_id);
    if let Some(guest) = &guest {
        eyes.writer = Some(guest.writer_hash.clone());
    }

    let tx = app.db.begin().await?;
    let post = store::posts::lock(&tx, &post.id).await?.filter(Post::is_there);
    let post = post.ok_or_else(|| Problem::not_found("post"))?;
    let parent = match input.parent_id.as_deref().map(str::trim).filter(|parent| !parent.is_empty()) {
        Some(parent) => Some(parent_on(&tx, &post, parent, &eyes).await?),
        None => None,
    };
    let saying = Saying { parent_id: parent.as_ref().map(Entry::id), content: &content, digest: &digest, by: &id };
    let (state, held_for) = write::compare(&tx, &caller, &post, &saying, judged, now).await?;
    if let Some(viewer) = &caller.viewer {
        authors::ensure(&tx, viewer.id(), viewer.name(), viewer.avatar()).await?;
    }
    let new = NewComment {
        id: &id,
        post_id: &post.id,
        parent_id: parent.as_ref().map(Entry::id),
        root_id: parent.as_ref().map_or(&id, |parent| &parent.root_id),
        author_id: caller.user(),
        guest_name: guest.as_ref().map(|guest| guest.name.as_str()),
        password_hash: guest.as_ref().map(|guest| guest.password_hash.as_str()),
        writer_hash: guest.as_ref().map(|guest| guest.writer_hash.as_str()),
        address_hash: Some(&caller.address),
        state,
        held_for: &held_for,
        is_private: input.is_private || parent.as_ref().is_some_and(|parent| parent.is_private),
        created_at: now,
        edited_at: None,
        text_digest: &digest,
        content: &content,
        html: &html,
        source: None,
    };
    comments::insert(&tx, new).await?;
    counting::comments(&tx, &post, &id, Change::Written, now).await?;
    let comment = comments::by_id(&tx, &id, &eyes.actor).await?;
    let comment = comment.ok_or_else(|| ApiError::internal("the new comment is gone"))?;
    tx.commit().await?;
    app.relay.wake();

    let writer_token = guest.and_then(|guest| guest.token).map(|token| token.expose().to_owned());
    Ok(created(&format!("/api/comments/{id}"), Written { comment: comment.shown(&eyes), writer_token }))
}

/// The text, and the name of a guest.
fn check(caller: &Caller, input: &CommentInput) -> Result<(String, Option<String>), Problem> {
    let mut check = Check::new();
    let content = check.content(&input.content);
    let guest_name = match &caller.viewer {
        Some(_) => {
            check.unused_guest(input.guest_name.as_deref(), input.guest_password.as_deref());
            None
        }
        None => {
            let name = check.guest_name(input.guest_name.as_deref().unwrap_or_default());
            check.guest_password(input.guest_password.as_deref().unwrap_or_default());
            Some(name)
        }
    };
    if input.website.as_deref().is_some_and(|typed| !typed.trim().is_empty()) {
        check.refuse("website", "must_be_empty", "Leave this field empty.");
    }
    check.finish()?;
    Ok((content, guest_name))
}

/// What is kept of a guest. Their name may not be a member's.
async fn guest(app: &App, caller: &Caller, name: String, password: &str) -> ApiResult<Guest> {
    if !settings::get(app.db.read()).await?.guests_allowed {
        return Err(Problem::new(403, "guests_not_allowed", "Sign in to comment").into());
    }
    let path = format!("/internal/users/name-taken?name={}", utf8_percent_encode(&name, NON_ALPHANUMERIC));
    if app.peers.get::<NameTaken>("auth", &path).await?.taken {
        let message = "A member has this name; choose another one.";
        return Err(Problem::validation().with_field("guest_name", "taken", message).into());
    }
    let password_hash = app.passwords.hash(password).await?;
    let (token, writer_hash) = match &caller.writer {
        Some(writer) => (None, writer.clone()),
        None => {
            let token = Secret::random();
            let hash = hex::digest(token.expose());
            (Some(token), hash)
        }
    };
    Ok(Guest { name, password_hash, token, writer_hash })
}

/// The comment to be answered. Whatever is wrong with it, the answer is the same.
async fn parent_on(tx: &DatabaseTransaction, post: &Post, id: &str, eyes: &Eyes) -> ApiResult<CommentRow> {
    let parent = match id::parse(id) {
        Some(id) => comments::by_id(tx, &id, "").await?,
        None => None,
    };
    let above = match parent.as_ref().and_then(|parent| parent.parent_id.as_deref()) {
        Some(above) => comments::by_id(tx, above, "").await?,
        None => None,
    };
    let parent = parent.filter(|parent| {
        parent.post_id == post.id && parent.state() == CommentState::Visible && eyes.see(parent, above.as_ref())
    });
    parent.ok_or_else(|| {
        let message = "There is no such comment on this post, or it cannot be answered.";
        Problem::validation().with_field("parent_id", "unknown", message).into()
    })
}
