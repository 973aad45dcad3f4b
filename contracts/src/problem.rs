//! Errors as RFC 9457 `application/problem+json`.

use serde::{Deserialize, Serialize};

/// A problem document (RFC 9457). `code` and `request_id` are Maru's extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// URI reference that names the kind of problem, `/problems/<code>`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Short sentence, the same for every problem of this kind.
    #[serde(default)]
    pub title: String,
    /// HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What happened this time and what to do about it, in English. For a 5xx a constant sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Stable machine-readable name, `snake_case`; the front end translates by it.
    #[serde(default)]
    pub code: String,
    /// One entry for each invalid field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Id of the request in the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Where the thing lives now, for status 301 and 303 inside page data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// What is wrong with one field of a form or a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Name of the field as it was sent.
    pub field: String,
    /// Stable name of the rule that was broken: `required`, `too_short`, `too_long`, `invalid`,
    /// `taken`, `reserved`, `wrong_credentials`, …
    pub code: String,
    /// The rule in English, naming the limit.
    pub message: String,
}

impl Problem {
    /// A problem of the given status and code. `title` is the constant sentence of the code.
    pub fn new(status: u16, code: &str, title: &str) -> Self {
        Self {
            kind: format!("/problems/{code}"),
            title: title.to_owned(),
            status,
            code: code.to_owned(),
            ..Self::default()
        }
    }

    /// The same problem with a sentence about this occurrence.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same problem with another broken field.
    #[must_use]
    pub fn with_field(mut self, field: &str, code: &str, message: impl Into<String>) -> Self {
        self.errors.push(FieldError { field: field.to_owned(), code: code.to_owned(), message: message.into() });
        self
    }

    /// 404 `not_found`.
    pub fn not_found(what: &str) -> Self {
        Self::new(404, "not_found", "There is nothing here").with_detail(format!("No such {what}."))
    }

    /// 401 `unauthenticated`.
    pub fn unauthenticated() -> Self {
        Self::new(401, "unauthenticated", "Sign in first")
    }

    /// 403 `forbidden`.
    pub fn forbidden() -> Self {
        Self::new(403, "forbidden", "You may not do this")
    }

    /// 422 `validation_failed`; add fields with [`Problem::with_field`].
    pub fn validation() -> Self {
        Self::new(422, "validation_failed", "Some fields need another look")
    }

    /// 500 `internal`: a constant sentence, the cause goes to the log.
    pub fn internal() -> Self {
        Self::new(500, "internal", "Something went wrong on our side")
            .with_detail("It has been recorded. Try again in a moment.")
    }

    /// 503 `unavailable`: something behind this answer is away for the moment.
    pub fn unavailable() -> Self {
        Self::new(503, "unavailable", "This is not available right now").with_detail("Try again in a moment.")
    }

    /// 301 inside page data: the thing has moved to `location`.
    pub fn moved(location: impl Into<String>) -> Self {
        let mut problem = Self::new(301, "moved", "This has moved");
        problem.location = Some(location.into());
        problem
    }
}
