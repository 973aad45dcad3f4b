//! Form actions. Each works for a plain form post (303, or the page again with what was typed) and for
//! a script that asks for JSON.
//!
//! To add one: a file with a handler that takes a [`Submission`] and ends with [`Submission::answer`], a line here.

mod account;
mod language;
mod post_input;
mod posts;
mod submission;

use std::sync::Arc;

use axum::{Router, routing::post};
use contracts::problem::Problem;
use kit::ApiError;

use crate::document::Documents;
use submission::{Done, Submission, Whence};

/// `/forms/…`
pub(crate) fn routes() -> Router<Arc<Documents>> {
    Router::new()
        .route("/forms/login", post(account::login))
        .route("/forms/logout", post(account::logout))
        .route("/forms/register", post(account::register))
        .route("/forms/setup", post(account::setup))
        .route("/forms/settings", post(account::settings))
        .route("/forms/posts", post(posts::create))
        .route("/forms/posts/{slug}", post(posts::update))
        .route("/forms/posts/{slug}/delete", post(posts::delete))
        .route("/forms/posts/{slug}/publish", post(posts::publish))
        .route("/forms/locale", post(language::choose))
        .route("/forms/{*rest}", post(async || ApiError::from(Problem::not_found("form"))))
}
