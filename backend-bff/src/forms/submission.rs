//! What was sent, and how it is answered.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use contracts::{
    module::{Flash, FormOutcome, FormState},
    problem::Problem,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use kit::{ApiError, ApiResult};

use super::files::Files;
use crate::{
    body,
    cache::Sources,
    cookies,
    document::{self, Ask, Documents, FLASH, Outcome, respond},
    paths,
    sessions::Visitor,
};

const LIMIT: usize = 1 << 20;
/// A flash that no document showed within this many seconds is forgotten.
const FLASH_SECONDS: i64 = 60;

/// Of a refusal: the version that the form goes on from.
const FORM_VERSION: HeaderName = HeaderName::from_static("x-form-version");
/// Fields that forms send and nobody sees.
const UNSEEN: [&str; 4] = ["parent", "post", "token", "version"];

/// A form as it was posted.
pub(super) struct Submission {
    /// The last part of its action, as in the URL.
    form: String,
    /// Its whole action.
    action: String,
    fields: BTreeMap<String, String>,
    /// All fields, those of the same name too.
    pairs: Vec<(String, String)>,
    pub(super) files: Files,
    next: Option<String>,
    json: bool,
    /// Version of what was saved before the rest was refused.
    saved: Option<u32>,
}

/// The page that holds the form, shown again when it is refused.
pub(super) struct Whence {
    pub(super) path: String,
    pub(super) query: String,
}

impl Whence {
    pub(super) fn page(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: String::new() }
    }

    /// The page at that location of this site.
    pub(super) fn at(location: &str) -> Self {
        let location = location.split('#').next().unwrap_or_default();
        let (path, query) = location.split_once('?').unwrap_or((location, ""));
        Self { path: path.to_owned(), query: query.to_owned() }
    }
}

/// What a form action that succeeded leads to.
#[derive(Default)]
pub(super) struct Done {
    pub(super) location: String,
    /// Code of the message to show there.
    pub(super) flash: Option<&'static str>,
    pub(super) session_changed: bool,
    pub(super) cookies: Vec<HeaderValue>,
}

impl Done {
    pub(super) fn at(location: impl Into<String>, flash: &'static str) -> Self {
        Self { location: location.into(), flash: Some(flash), ..Self::default() }
    }
}

impl FromRequest<Arc<Documents>> for Submission {
    type Rejection = Response;

    async fn from_request(request: Request, documents: &Arc<Documents>) -> Result<Self, Response> {
        let (head, body) = request.into_parts();
        match read(&head.headers, body).await {
            Ok(pairs) => Ok(Self::of(&head, pairs, Files::default())),
            Err(problem) if document::wants_page(&head.headers) => {
                let locale = head.extensions.get::<Visitor>().map_or("en", Visitor::locale);
                Err(document::plain_page(&documents.backend.site, locale, problem.status))
            }
            Err(problem) => Err(ApiError::from(problem).into_response()),
        }
    }
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, Problem> {
    let bytes = body::read(body, LIMIT).await?;
    if !is_form(headers) {
        return Err(Problem::new(415, "unsupported_media_type", "The body has the wrong type")
            .with_detail("Send `Content-Type: application/x-www-form-urlencoded`."));
    }
    Ok(url::form_urlencoded::parse(&bytes).into_owned().collect())
}

impl Submission {
    pub(super) fn of(head: &Parts, pairs: Vec<(String, String)>, files: Files) -> Self {
        let fields: BTreeMap<String, String> = pairs.iter().cloned().collect();
        let query = head.uri.query().unwrap_or_default().as_bytes();
        let in_query = || url::form_urlencoded::parse(query).find(|(name, _)| name == "next").map(|pair| pair.1.into());
        let next = fields.get("next").cloned().filter(|next| !next.is_empty()).or_else(in_query);
        Self {
            form: head.uri.path().rsplit('/').next().unwrap_or_default().to_owned(),
            action: head.uri.path().to_owned(),
            next: next.map(|next| paths::encode_rest(&next)).filter(|next| paths::is_same_site(next)),
            json: wants_json(&head.headers),
            saved: None,
            fields,
            pairs,
            files,
        }
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let essence = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json") && !accept.contains("text/html"))
}

impl Submission {
    /// A field as it was typed; empty when it was not sent.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The same, without blanks around it.
    pub(super) fn trimmed(&self, name: &str) -> &str {
        self.field(name).trim()
    }

    /// Whether the form has that field, even an empty one.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// What was typed, when it was anything.
    pub(super) fn given(&self, name: &str) -> Option<String> {
        Some(self.trimmed(name).to_owned()).filter(|value| !value.is_empty())
    }

    /// Text of several lines. Browsers send CRLF; Markdown and its readers expect LF.
    pub(super) fn lines(&self, name: &str) -> String {
        self.field(name).replace("\r\n", "\n")
    }

    /// Whether a box was ticked.
    pub(super) fn checked(&self, name: &str) -> bool {
        !matches!(self.trimmed(name), "" | "false" | "off" | "0")
    }

    /// All values of a field that may be sent several times.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(of, value)| of == name && !value.is_empty()).map(|pair| pair.1.clone()).collect()
    }

    /// A field that holds a number; none when it is empty.
    pub(super) fn number(&self, name: &str) -> Result<Option<u32>, Problem> {
        let invalid = |_| Problem::validation().with_field(name, "invalid", "A whole number.");
        self.given(name).map(|number| number.parse().map_err(invalid)).transpose()
    }

    /// Where to go afterwards: where the visitor wanted to, or else `usual`.
    pub(super) fn next_or(&self, usual: &str) -> String {
        self.next.clone().unwrap_or_else(|| usual.to_owned())
    }

    /// `next=…`, to keep it on the page that is shown again.
    pub(super) fn next_query(&self) -> String {
        self.next.as_ref().map(|next| format!("next={}", paths::encode_query(next))).unwrap_or_default()
    }

    /// Refuses a form in which one of these fields is empty.
    pub(super) fn require(&self, names: &[&str]) -> Result<(), Problem> {
        let missing = names.iter().filter(|name| self.trimmed(name).is_empty());
        let problem = missing
            .fold(Problem::validation(), |problem, name| problem.with_field(name, "required", "This field is needed."));
        if problem.errors.is_empty() { Ok(()) } else { Err(problem) }
    }

    /// What the form holds is saved now, as that version: whatever happens next, the form goes on from there.
    pub(super) fn saved(&mut self, version: u32) {
        self.saved = Some(version);
        self.fields.insert("version".to_owned(), version.to_string());
    }

    /// The answer for what became of it.
    pub(super) async fn answer(
        self,
        documents: &Arc<Documents>,
        visitor: &Visitor,
        whence: Whence,
        result: ApiResult<Done>,
    ) -> Response {
        match result {
            Ok(done) if self.json => self.outcome(done),
            Ok(done) => self.see_other(done, documents.backend.site.secure),
            Err(error) if self.json => {
                let mut response = error.into_response();
                if let Some(version) = self.saved {
                    response.headers_mut().insert(FORM_VERSION, version.into());
                }
                response
            }
            Err(error) => self.again(documents, visitor, whence, error).await,
        }
    }

    fn outcome(&self, done: Done) -> Response {
        let outcome = FormOutcome {
            location: done.location,
            flash: done.flash.map(flash),
            session_changed: done.session_changed,
        };
        let mut response = Json(outcome).into_response();
        finish(&mut response, done.cookies);
        response
    }

    fn see_other(&self, done: Done, secure: bool) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        if let Ok(location) = HeaderValue::from_str(&done.location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        if let Some(code) = done.flash {
            let Flash { level, code } = flash(code);
            let cookie = cookies::set(FLASH, &format!("{level}:{code}"), FLASH_SECONDS, secure);
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        finish(&mut response, done.cookies);
        response
    }

    /// The page again, with what was typed and what is wrong with it.
    async fn again(self, documents: &Arc<Documents>, visitor: &Visitor, whence: Whence, error: ApiError) -> Response {
        let problem = error.problem().clone();
        if problem.status >= 500 {
            // Making the answer is what writes the cause to the log; the answer itself is the page.
            drop(error.into_response());
        }
        if problem.status == 401 {
            return self.sign_in_first(documents, visitor, sign_in(&whence));
        }
        // A refused field that is seen speaks for itself; all else is about the form as a whole.
        let is_seen = |field: &str| (self.has(field) || self.files.has_field(field)) && !UNSEEN.contains(&field);
        let concerns_all = problem.code != "validation_failed"
            || problem.errors.is_empty()
            || problem.errors.iter().any(|error| !is_seen(&error.field));
        let Whence { path, query } = whence;
        let form = FormState {
            form: self.form.clone(),
            action: self.action.clone(),
            values: self.fields.clone().into_iter().filter(|(name, _)| !name.contains("password")).collect(),
            problem: concerns_all.then(|| problem.code.clone()),
            errors: problem.errors,
        };
        let ask =
            Ask { path: &path, query: &query, visitor, form: Some(form), flash: None, sources: Sources::default() };
        match documents.render(ask).await {
            // The page is for who is signed in.
            Outcome::Redirect { location, .. } if visitor.viewer().is_none() && location.starts_with("/login?") => {
                self.sign_in_first(documents, visitor, location)
            }
            outcome => respond(outcome, true, Some(problem.status)),
        }
    }
}

impl Submission {
    /// What was written is shown again, to be copied; else there is only the sign-in.
    fn sign_in_first(&self, documents: &Documents, visitor: &Visitor, location: String) -> Response {
        // There `content` is a choice.
        let kept = (self.action != "/forms/account/delete")
            .then(|| document::sign_in_first(&documents.backend.site, visitor.locale(), &location, &self.fields));
        kept.flatten().unwrap_or_else(|| respond(Outcome::Redirect { status: 303, location }, true, None))
    }
}

fn finish(response: &mut Response, cookies: Vec<HeaderValue>) {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn flash(code: &str) -> Flash {
    let level = if code.ends_with("_failed") { "error" } else { "success" };
    Flash { level: level.to_owned(), code: code.to_owned() }
}

fn sign_in(whence: &Whence) -> String {
    let Whence { path, query } = whence;
    let here = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
    format!("/login?next={}", paths::encode_query(&here))
}
