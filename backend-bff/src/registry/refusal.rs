use contracts::problem::Problem;

/// Why a bundle, a release or a rollback is refused. Says which file or field and what is allowed.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    status: u16,
    code: &'static str,
    detail: String,
}

impl Refusal {
    /// The bundle is not one, or not one that this Maru takes.
    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self { status: 422, code: "invalid_bundle", detail: detail.into() }
    }

    /// It contradicts what is there already.
    pub(super) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self { status: 409, code, detail: detail.into() }
    }

    pub(super) fn unknown(detail: impl Into<String>) -> Self {
        Self { status: 404, code: "not_found", detail: detail.into() }
    }

    /// The registry itself failed; `cause` goes to the log.
    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "the registry failed");
        Self { status: 500, code: "internal", detail: "The registry could not be written or read.".into() }
    }

    /// `invalid_bundle`, `version_exists`, …
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let title = match refusal.status {
            404 => "There is no such module or version",
            409 => "This contradicts what is published already",
            422 => "This bundle cannot be taken",
            _ => return Problem::internal(),
        };
        Problem::new(refusal.status, refusal.code, title).with_detail(refusal.detail)
    }
}
