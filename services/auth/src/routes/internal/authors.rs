//! `PUT /internal/authors`: an account that cannot sign in, for the author of imported posts.

use axum::{Json, extract::State};
use contracts::{
    auth::{AuthorInput, UserCard},
    module::Role,
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::ServiceCaller, extract::Body, id};

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
    users::insert(app.db.write(), account, app.clock.millis()).await?;
    let user = users::by_author_key(app.db.write(), &input.key).await?;
    Ok(Json(user.ok_or_else(|| ApiError::internal("the new author is gone"))?.card()))
}
