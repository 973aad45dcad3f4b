//! Signing in and out, registering, setting up, profile.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use contracts::{
    auth::{LoginInput, RegisterInput, SetupInput, Tokens},
    problem::Problem,
};
use http::{HeaderValue, Method, StatusCode};
use kit::{ApiError, ApiResult};
use serde::{Serialize, de::DeserializeOwned};

use super::{Done, Submission, Whence};
use crate::{backend::Backend, document::Documents, locale, paths, sessions::Visitor};

pub(super) async fn login(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    submission: Submission,
) -> Response {
    let whence = Whence { path: "/login".into(), query: submission.next_query() };
    let result = sign_in(&documents.backend, &visitor, &submission).await;
    submission.answer(&documents, &visitor, whence, result).await
}

async fn sign_in(backend: &Backend, visitor: &Visitor, submission: &Submission) -> ApiResult<Done> {
    submission.require(&["email", "password"])?;
    let input = LoginInput {
        email: submission.trimmed("email").into(),
        password: submission.field("password").into(),
        ..LoginInput::default()
    };
    let tokens =
        ask(backend, visitor, Method::POST, "/api/auth/login", None, &input).await.map_err(wrong_credentials)?;
    open(backend, visitor, submission, tokens, submission.next_or("/"), "signed_in").await
}

/// A refused password is a field that needs another look, not a page that needs a sign-in.
fn wrong_credentials(error: ApiError) -> ApiError {
    match error.problem().status {
        401 => {
            let refused = error.problem().clone();
            Problem { status: 422, errors: Vec::new(), ..refused }.into()
        }
        _ => error,
    }
}

pub(super) async fn register(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    submission: Submission,
) -> Response {
    let whence = Whence { path: "/register".into(), query: registration_query(&submission) };
    let result = sign_up(&documents.backend, &visitor, &submission).await;
    submission.answer(&documents, &visitor, whence, result).await
}

/// What the page needs to show the form again: where to go afterwards, and the invitation.
fn registration_query(submission: &Submission) -> String {
    let invitation = submission.given("invitation");
    let invitation = invitation.map(|token| format!("invitation={}", paths::encode_query(&token)));
    let parts = [submission.next_query(), invitation.unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&")
}

async fn sign_up(backend: &Backend, visitor: &Visitor, submission: &Submission) -> ApiResult<Done> {
    submission.require(&["email", "name", "password"])?;
    let input = RegisterInput {
        email: submission.trimmed("email").into(),
        name: submission.trimmed("name").into(),
        password: submission.field("password").into(),
        invitation: submission.given("invitation"),
        locale: Some(visitor.locale().to_owned()),
    };
    let auth = &backend.upstreams.auth;
    let answer = auth.change(Method::POST, "/api/auth/register", &input, visitor).await?;
    if answer.status == StatusCode::ACCEPTED {
        // The account is made when the link in the mail is followed.
        return Ok(Done::at("/login", "mail_sent"));
    }
    let tokens = answer.json()?;
    open(backend, visitor, submission, tokens, submission.next_or("/"), "registered").await
}

pub(super) async fn setup(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    submission: Submission,
) -> Response {
    let token = format!("token={}", paths::encode_query(submission.trimmed("token")));
    let whence = Whence { path: "/setup".into(), query: token };
    let result = set_up(&documents.backend, &visitor, &submission).await;
    submission.answer(&documents, &visitor, whence, result).await
}

async fn set_up(backend: &Backend, visitor: &Visitor, submission: &Submission) -> ApiResult<Done> {
    submission.require(&["token", "email", "name", "password"])?;
    let input = SetupInput {
        token: submission.trimmed("token").into(),
        email: submission.trimmed("email").into(),
        name: submission.trimmed("name").into(),
        password: submission.field("password").into(),
    };
    let service = Some(&backend.service_authorization);
    let tokens = ask(backend, visitor, Method::POST, "/internal/setup", service, &input).await?;
    open(backend, visitor, submission, tokens, "/admin".into(), "set_up").await
}

async fn open(
    backend: &Backend,
    visitor: &Visitor,
    submission: &Submission,
    tokens: Tokens,
    location: String,
    flash: &'static str,
) -> ApiResult<Done> {
    let locale = locale::cookie_of(&tokens.user, backend.site.secure);
    let session =
        backend.sessions.open(tokens, submission.checked("remember"), visitor.session().map(AsRef::as_ref)).await?;
    let cookies = [session].into_iter().chain(locale).collect();
    Ok(Done { session_changed: true, cookies, ..Done::at(location, flash) })
}

pub(super) async fn logout(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    submission: Submission,
) -> Response {
    let sessions = &documents.backend.sessions;
    let closed = match visitor.session() {
        Some(session) => sessions.close(session).await,
        None => Ok(sessions.removal()),
    };
    let location = submission.next_or("/");
    let done = |cookie| Done { session_changed: true, cookies: vec![cookie], ..Done::at(location, "signed_out") };
    let result = closed.map(done);
    submission.answer(&documents, &visitor, Whence::page("/"), result).await
}

async fn ask<T: DeserializeOwned>(
    backend: &Backend,
    visitor: &Visitor,
    method: Method,
    path: &str,
    authorization: Option<&HeaderValue>,
    input: &impl Serialize,
) -> ApiResult<T> {
    let body = serde_json::to_vec(input).map_err(ApiError::internal)?;
    backend.upstreams.auth.call(method, path, authorization, Some(body), visitor.trail()).await?.json()
}
