//! `POST /api/auth/refresh-token`: a used token is replaced by a new one. Using it again ends the
//! session, because then two have it: its owner and a thief.

use axum::{Json, extract::State};
use contracts::{
    auth::{RefreshInput, Tokens},
    problem::Problem,
};
use kit::{ApiResult, Secret, extract::Body};

use super::{address::Address, session};
use crate::{
    app::App,
    store::{
        audit::{self, Happening},
        sessions, tokens, users,
    },
};

/// For so long a replaced token still works: a client whose answer was lost asks again, and two of
/// its tabs may ask at once.
const GRACE_MS: i64 = 20_000;

pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Body(input): Body<RefreshInput>,
) -> ApiResult<Json<Tokens>> {
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let Some(known) = tokens::lock(&tx, &input.refresh_token).await? else { return Err(ended().into()) };
    if known.replaced_at.is_some_and(|at| now - at > GRACE_MS) {
        sessions::end(&tx, &known.session_id).await?;
        let user = Some(known.user_id.as_str());
        audit::note(&tx, Happening::RefreshTokenReused, user, address.as_deref(), now).await?;
        tx.commit().await?;
        tracing::warn!(session = %known.session_id, "a replaced refresh token was used again; the session was ended");
        return Err(ended().into());
    }
    let user = users::by_id(&tx, &known.user_id).await?.filter(|user| user.is_active());
    let Some(user) = user.filter(|_| known.expires_at > now) else {
        sessions::end(&tx, &known.session_id).await?;
        tx.commit().await?;
        return Err(ended().into());
    };
    let refresh = Secret::random();
    tokens::replace(&tx, &input.refresh_token, &known.session_id, now).await?;
    tokens::add(&tx, refresh.expose(), &known.session_id, now).await?;
    sessions::touch(&tx, &known.session_id, known.session_created_at, now).await?;
    let answer = session::answer(&app, &user, &known.session_id, &refresh)?;
    tx.commit().await?;
    Ok(Json(answer))
}

fn ended() -> Problem {
    Problem::new(401, "session_ended", "This session has ended").with_detail("Sign in again.")
}
