//! `PUT /api/auth/profile`: what is absent stays. A new name or picture and the event that tells of
//! it are one transaction.

use axum::{Json, extract::State};
use contracts::{
    auth::{Me, ProfileInput},
    events::UserProfileUpdated,
};
use kit::{ApiResult, auth::Viewer, events::outbox, extract::Body};

use super::caller;
use crate::{
    app::App,
    domain::fields::Check,
    store::{me, users},
};

/// Changes the caller's profile. What is absent stays.
#[utoipa::path(
    put, path = "/api/auth/profile", tag = "accounts", request_body = ProfileInput,
    responses((status = 200, body = Me)), security(("bearer" = [])),
)]
pub(super) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<ProfileInput>,
) -> ApiResult<Json<Me>> {
    let tx = app.db.begin().await?;
    let mut user = caller::user(&tx, &viewer).await?;
    let before = (user.name.clone(), user.avatar.clone());

    let mut check = Check::new();
    if let Some(name) = &input.name {
        user.name = check.name(name);
    }
    if let Some(bio) = &input.bio {
        user.bio = check.bio(bio);
    }
    if let Some(avatar) = &input.avatar {
        user.avatar = check.avatar(avatar);
    }
    if let Some(locale) = &input.locale {
        user.locale = check.locale(locale);
    }
    check.finish()?;

    let now = app.clock.millis();
    users::update_profile(&tx, &user, now).await?;
    if before != (user.name.clone(), user.avatar.clone()) {
        let event =
            UserProfileUpdated { user_id: user.id.clone(), name: user.name.clone(), avatar: user.avatar.clone() };
        outbox::add(&tx, &user.id, &event, now).await?;
    }
    let me = me::of(&tx, &user, now).await?;
    tx.commit().await?;
    app.relay.wake();
    Ok(Json(me))
}
