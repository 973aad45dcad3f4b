//! `PUT /internal/authors`: an account that cannot sign in, for the author of imported posts.

use axum::{Json, extract::State};
use contracts::{
    auth::{AuthorInput, UserCard},
    events::UserProfileUpdated,
    module::Role,
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::ServiceCaller, events::outbox, extract::Body, id};

use crate::{
    app::App,
    domain::fields::Check,
    store::users::{self, NewAccount},
};

const MAX_KEY: usize = 200;

/// The account of an author who cannot sign in. The same key is the same account.
#[utoipa::path(
    put, path = "/internal/authors", tag = "internal", request_body = AuthorInput,
    responses((status = 200, body = UserCard)),
)]
pub(in crate::routes) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Body(input): Body<AuthorInput>,
) -> ApiResult<Json<UserCard>> {
    if input.key.trim().is_empty() {
        return Err(Problem::validation().with_field("key", "required", "It must not be empty.").into());
    }
    if input.key.chars().count() > MAX_KEY {
        let message = format!("At most {MAX_KEY} characters.");
        return Err(Problem::validation().with_field("key", "too_long", message).into());
    }
    if let Some(user) = users::by_author_key(app.db.read(), &input.key).await? {
        return Ok(Json(user.card()));
    }
    let mut check = Check::new();
    let account = NewAccount {
        id: id::new(),
        name: check.name(&input.name),
        bio: check.bio(&input.bio),
        avatar: check.avatar(input.avatar.as_deref().unwrap_or_default()),
        role: Role::Author,
        author_key: Some(input.key.clone()),
        ..NewAccount::default()
    };
    check.finish()?;
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    users::insert(&tx, account, now).await?;
    let user = users::by_author_key(&tx, &input.key).await?;
    let user = user.ok_or_else(|| ApiError::internal("the new author is gone"))?;
    // Whoever keeps the picture learns that it is used.
    if user.avatar.is_some() {
        let event =
            UserProfileUpdated { user_id: user.id.clone(), name: user.name.clone(), avatar: user.avatar.clone() };
        outbox::add(&tx, &user.id, &event, now).await?;
    }
    tx.commit().await?;
    app.relay.wake();
    Ok(Json(user.card()))
}
