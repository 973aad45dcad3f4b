//! `POST /api/auth/refresh-token`: a used token is replaced by a new one. Using it again ends the
//! session, because then two have it: its owner and a thief.

use axum::{Json, extract::State};
use contracts::{
    auth::{RefreshInput, Tokens},
    problem::Problem,
};
use kit::{ApiError, ApiResult, Secret, extract::Body};
use sea_orm::DatabaseTransaction;

use super::{origin::Origin, session};
use crate::{
    access,
    app::App,
    store::{
        audit::{Happening, Note},
        sessions::{self, Which},
        tokens::{self, Known},
        users::{self, User},
    },
};

/// For so long a replaced token still works: a client whose answer was lost asks again, and two of
/// its tabs may ask at once. Not longer than until one of its successors is used.
const GRACE_MS: i64 = 20_000;

/// Replaces a refresh token. One that was replaced before ends the whole session.
#[utoipa::path(
    post, path = "/api/auth/refresh-token", tag = "sign-in", request_body = RefreshInput,
    responses((status = 200, body = Tokens), (status = 401, description = "The session has ended")),
)]
pub(super) async fn handle(
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<RefreshInput>,
) -> ApiResult<Json<Tokens>> {
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let Some(known) = tokens::lock(&tx, &input.refresh_token).await? else { return Err(ended().into()) };
    let user = users::by_id(&tx, &known.user_id).await?.ok_or_else(ended)?;
    if is_stolen(&tx, &known, &input.refresh_token, now).await? {
        let note = Note::new(Happening::RefreshTokenReused).about(&user.id).from(origin.address());
        note.write(&tx, now).await?;
        tracing::warn!(session = %known.session_id, "a replaced refresh token was used again; the session was ended");
        return Err(end(&app, tx, &user, &known).await?);
    }
    let is_good = user.is_active() && known.expires_at > now && app.keyring.knows(&known.audience);
    if !is_good {
        return Err(end(&app, tx, &user, &known).await?);
    }
    let refresh = Secret::random();
    tokens::replace(&tx, &input.refresh_token, &known.session_id, now).await?;
    tokens::add(&tx, refresh.expose(), &known.session_id, Some(&input.refresh_token), now).await?;
    sessions::touch(&tx, &known.session_id, known.session_created_at, now).await?;
    users::seen(&tx, &user.id, now).await?;
    let answer = session::answer(&app, &tx, &user, &known.session_id, &known.audience, &refresh).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

async fn is_stolen(tx: &DatabaseTransaction, known: &Known, token: &str, now: i64) -> ApiResult<bool> {
    match known.replaced_at {
        None => Ok(false),
        Some(at) if now - at > GRACE_MS => Ok(true),
        Some(_) => Ok(tokens::is_left_behind(tx, token).await?),
    }
}

/// Ends the session; what the client gets.
async fn end(app: &App, tx: DatabaseTransaction, user: &User, known: &Known) -> ApiResult<ApiError> {
    let told = access::end_sessions(app, &tx, user, Which::One(&known.session_id)).await?;
    tx.commit().await?;
    told.tell(app).await;
    Ok(ended().into())
}

fn ended() -> Problem {
    Problem::new(401, "session_ended", "This session has ended").with_detail("Sign in again.")
}
