//! What links in mails are for: a new password, a verified address.

use axum::response::Response;
use contracts::{
    auth::{ResendInput, ResetInput, ResetRequest, VerifyInput},
    problem::Problem,
};
use http::Method;
use kit::{ApiError, ApiResult};
use serde::Serialize;

use super::{Done, Posted};
use crate::paths;

/// `POST /forms/forgot`: the answer is the same whether or not there is such an account.
pub(super) async fn forgot(posted: Posted) -> Response {
    let result = ask_for_link(&posted).await;
    posted.answer("/forgot", result).await
}

async fn ask_for_link(posted: &Posted) -> ApiResult<Done> {
    posted.form.require(&["email"])?;
    let locale = Some(posted.visitor.locale().to_owned());
    let input = ResetRequest { email: posted.form.trimmed("email").to_owned(), locale };
    send(posted, "/api/auth/password-reset", &input).await?;
    Ok(Done::at(posted.form.next_or("/login"), "mail_sent"))
}

/// `POST /forms/reset`
pub(super) async fn reset(posted: Posted) -> Response {
    let page = format!("/reset/{}", paths::encode_segment(posted.form.trimmed("token")));
    let result = choose_password(&posted).await;
    posted.answer(&page, result).await
}

async fn choose_password(posted: &Posted) -> ApiResult<Done> {
    posted.form.require(&["token", "password"])?;
    let password = posted.form.field("password").to_owned();
    let input = ResetInput { token: posted.form.trimmed("token").to_owned(), password };
    send(posted, "/api/auth/password-reset/confirm", &input).await?;
    Ok(Done::at("/login", "password_saved"))
}

/// `POST /forms/verify`
pub(super) async fn verify(posted: Posted) -> Response {
    let page = format!("/verify/{}", paths::encode_segment(posted.form.trimmed("token")));
    let result = confirm_address(&posted).await;
    posted.answer(&page, result).await
}

async fn confirm_address(posted: &Posted) -> ApiResult<Done> {
    posted.form.require(&["token"])?;
    let input = VerifyInput { token: posted.form.trimmed("token").to_owned() };
    send(posted, "/api/auth/verify-email", &input).await?;
    let location = if posted.visitor.viewer().is_some() { "/my/settings" } else { "/login" };
    Ok(Done::at(location, "email_verified"))
}

/// `POST /forms/verify/resend`
pub(super) async fn resend(posted: Posted) -> Response {
    let page = if posted.visitor.viewer().is_some() { "/my/settings" } else { "/login" };
    let input = ResendInput { email: posted.form.given("email") };
    let sent = send(&posted, "/api/auth/verify-email/resend", &input).await;
    let result = sent.map(|()| Done::at(posted.form.next_or(page), "mail_sent"));
    posted.answer(page, result).await
}

async fn send(posted: &Posted, path: &str, input: &impl Serialize) -> ApiResult<()> {
    let sent = posted.upstreams().auth.change(Method::POST, path, input, &posted.visitor).await;
    sent.map(drop).map_err(|error: ApiError| match error.problem().status {
        // A link that has ended is nothing to sign in for.
        401 => Problem { status: 422, ..error.problem().clone() }.into(),
        _ => error,
    })
}
