use std::sync::Arc;

use axum::{extract::State, response::Response};
use contracts::problem::Problem;

use super::{Done, Submission, Whence};
use crate::{document::Documents, locale, sessions::Visitor};

/// `POST /forms/locale`: keeps the visitor's choice of language.
pub(super) async fn choose(
    State(documents): State<Arc<Documents>>,
    visitor: Visitor,
    submission: Submission,
) -> Response {
    let location = submission.next_or("/");
    let chosen = locale::known(submission.trimmed("locale"))
        .ok_or_else(|| Problem::validation().with_field("locale", "invalid", "One of ko, en.").into());
    let secure = documents.backend.site.secure;
    let result =
        chosen.map(|locale| Done { location, cookies: vec![locale::cookie(locale, secure)], ..Done::default() });
    submission.answer(&documents, &visitor, Whence::page("/"), result).await
}
