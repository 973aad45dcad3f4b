//! `GET /api/auth/options`, `GET`/`PUT /api/auth/settings`

use axum::{Json, extract::State};
use contracts::{
    auth::{AuthSettings, SignInOptions},
    module::Role,
};
use kit::{ApiError, ApiResult, auth::Viewer, extract::Body};

use super::{caller, origin::Origin};
use crate::{
    app::App,
    domain::fields::Check,
    store::{
        audit::{Happening, Note},
        settings,
    },
};

/// What a sign-in page needs to know.
#[utoipa::path(get, path = "/api/auth/options", tag = "sign-in", responses((status = 200, body = SignInOptions)))]
pub(super) async fn options(State(app): State<App>) -> ApiResult<Json<SignInOptions>> {
    let settings = app.site.settings(app.db.read()).await?;
    Ok(Json(SignInOptions {
        registration: settings.registration,
        verify_email: settings.verify_email,
        providers: app.providers.infos(),
    }))
}

/// What the admins decided.
#[utoipa::path(
    get, path = "/api/auth/settings", tag = "settings",
    responses((status = 200, body = AuthSettings)), security(("bearer" = [])),
)]
pub(super) async fn read(State(app): State<App>, viewer: Viewer) -> ApiResult<Json<AuthSettings>> {
    viewer.require(Role::Admin)?;
    Ok(Json(app.site.settings(app.db.read()).await?))
}

/// Decides anew. `version` is the one that was read.
#[utoipa::path(
    put, path = "/api/auth/settings", tag = "settings", request_body = AuthSettings,
    responses((status = 200, body = AuthSettings), (status = 409, description = "Somebody else was quicker; `current` are those of now")),
    security(("bearer" = [])),
)]
pub(super) async fn write(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Body(mut input): Body<AuthSettings>,
) -> ApiResult<Json<AuthSettings>> {
    viewer.require(Role::Admin)?;
    let mut check = Check::new();
    input.site_name = check.site_name(&input.site_name);
    match check.locale(&input.locale) {
        Some(locale) => input.locale = locale,
        None if input.locale.is_empty() => check.refuse("locale", "required", "A language is needed.".to_owned()),
        None => {}
    }
    check.finish()?;

    let tx = app.db.begin().await?;
    let admin = caller::admin(&tx, &viewer).await?;
    let before = app.site.settings(&tx).await?;
    if !settings::write(&tx, &input).await? {
        return Err(ApiError::stale(input.version, before.version, &before));
    }
    let after = app.site.settings(&tx).await?;
    let detail = format!(
        "registration {:?} → {:?}, verify_email {} → {}",
        before.registration, after.registration, before.verify_email, after.verify_email
    );
    let note = Note::new(Happening::SettingsChanged).by(&admin.id).from(origin.address()).detail(detail);
    note.write(&tx, app.clock.millis()).await?;
    tx.commit().await?;
    Ok(Json(after))
}
