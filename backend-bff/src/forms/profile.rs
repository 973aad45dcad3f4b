//! One's own account: profile, picture, password, sessions, its end.

use axum::response::Response;
use contracts::{
    auth::{DeleteAccountInput, EmailInput, Me, PasswordInput, ProfileInput},
    problem::Problem,
};
use http::Method;
use kit::{ApiError, ApiResult, extract::Path};

use super::{Done, Posted, files};
use crate::{locale, paths};

const PAGE: &str = "/my/settings";

/// `POST /forms/settings`
pub(super) async fn settings(posted: Posted) -> Response {
    let result = save_settings(&posted).await;
    posted.answer(PAGE, result).await
}

async fn save_settings(posted: &Posted) -> ApiResult<Done> {
    posted.form.require(&["name"])?;
    // An empty one is a choice too: as the browser says.
    let chosen = posted.form.has("locale").then(|| posted.form.trimmed("locale").to_owned());
    let input = ProfileInput {
        name: Some(posted.form.trimmed("name").into()),
        bio: Some(posted.form.lines("bio").trim().into()),
        locale: chosen.clone(),
        ..ProfileInput::default()
    };
    let done = save(posted, &input).await?;
    // The choice holds at once, and on this browser for guests too.
    let secure = posted.backend().site.secure;
    let cookie = match chosen.as_deref() {
        Some("") => Some(locale::forget(secure)),
        chosen => chosen.and_then(locale::known).map(|locale| locale::cookie(locale, secure)),
    };
    Ok(Done { cookies: cookie.into_iter().collect(), ..done })
}

/// `POST /forms/settings/avatar`
pub(super) async fn avatar(posted: Posted) -> Response {
    let result = async {
        let uploaded = files::upload(&posted, "file", "avatar").await?;
        save(&posted, &ProfileInput { avatar: Some(uploaded.url), ..ProfileInput::default() }).await
    }
    .await;
    posted.answer(PAGE, result).await
}

/// `POST /forms/settings/avatar/delete`
pub(super) async fn remove_avatar(posted: Posted) -> Response {
    let input = ProfileInput { avatar: Some(String::new()), ..ProfileInput::default() };
    let result = save(&posted, &input).await;
    posted.answer(PAGE, result).await
}

async fn save(posted: &Posted, input: &ProfileInput) -> ApiResult<Done> {
    let session = posted.visitor.session().ok_or_else(Problem::unauthenticated)?;
    let backend = posted.backend();
    let answer = backend.upstreams.auth.change(Method::PUT, "/api/auth/profile", input, &posted.visitor).await?;
    let me: Me = answer.json()?;
    backend.sessions.update(session, &me).await?;
    backend.authors.invalidate(&me.id).await;
    Ok(Done { session_changed: true, ..Done::at(posted.form.next_or(PAGE), "settings_saved") })
}

/// `POST /forms/settings/email`: the address changes when the link in the mail to the new one is followed.
pub(super) async fn email(posted: Posted) -> Response {
    let result = async {
        posted.form.require(&["email"])?;
        let input = EmailInput { email: posted.form.trimmed("email").into(), password: posted.form.given("password") };
        posted.upstreams().auth.change(Method::PUT, "/api/auth/email", &input, &posted.visitor).await?;
        Ok(Done::at(posted.form.next_or(PAGE), "mail_sent"))
    }
    .await;
    posted.answer(PAGE, result).await
}

/// `POST /forms/password`
pub(super) async fn password(posted: Posted) -> Response {
    let result = change_password(&posted).await;
    posted.answer(PAGE, result).await
}

async fn change_password(posted: &Posted) -> ApiResult<Done> {
    posted.form.require(&["password"])?;
    let current = Some(posted.form.field("current_password").to_owned()).filter(|password| !password.is_empty());
    let input = PasswordInput { current, password: posted.form.field("password").to_owned() };
    let changed = posted.upstreams().auth.change(Method::PUT, "/api/auth/password", &input, &posted.visitor).await;
    changed.map_err(named)?;
    Ok(Done::at(posted.form.next_or(PAGE), "password_saved"))
}

/// The form calls the password so far by another name than the service.
fn named(error: ApiError) -> ApiError {
    let mut problem = error.problem().clone();
    match problem.errors.iter_mut().find(|error| error.field == "current") {
        Some(current) => {
            "current_password".clone_into(&mut current.field);
            problem.into()
        }
        None => error,
    }
}

/// `POST /forms/sessions/:id/end`
pub(super) async fn end_session(Path(id): Path<String>, posted: Posted) -> Response {
    let result = end(&posted, &format!("/api/auth/sessions/{}", paths::encode_segment(&id))).await;
    posted.answer(PAGE, result).await
}

/// `POST /forms/sessions/end`: all but this one.
pub(super) async fn end_others(posted: Posted) -> Response {
    let result = end(&posted, "/api/auth/sessions").await;
    posted.answer(PAGE, result).await
}

async fn end(posted: &Posted, path: &str) -> ApiResult<Done> {
    posted.upstreams().auth.act(Method::DELETE, path, &posted.visitor).await?;
    Ok(Done::at(posted.form.next_or(PAGE), "session_ended"))
}

/// `POST /forms/account/delete`
pub(super) async fn delete_account(posted: Posted) -> Response {
    let result = end_account(&posted).await;
    posted.answer(PAGE, result).await
}

async fn end_account(posted: &Posted) -> ApiResult<Done> {
    let viewer = posted.visitor.viewer().ok_or_else(Problem::unauthenticated)?;
    let keep_content = match posted.form.trimmed("content") {
        "keep" => true,
        "remove" => false,
        _ => return Err(Problem::validation().with_field("content", "invalid", "One of keep, remove.").into()),
    };
    let password = Some(posted.form.field("password").to_owned()).filter(|password| !password.is_empty());
    let input = DeleteAccountInput { password, keep_content };
    let backend = posted.backend();
    backend.upstreams.auth.change(Method::DELETE, "/api/auth/me", &input, &posted.visitor).await?;
    backend.sessions.end_all_of(&viewer.id).await?;
    backend.authors.invalidate(&viewer.id).await;
    let cookies = vec![backend.sessions.removal()];
    Ok(Done { session_changed: true, cookies, ..Done::at("/", "account_deleted") })
}
