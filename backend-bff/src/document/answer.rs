//! Documents as HTTP answers.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use contracts::{module::Flash, problem::Problem};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kit::ApiError;

use super::{
    FLASH, fallback,
    render::{Ask, Document, Documents, Outcome},
};
use crate::{
    backend::Site,
    cache::{Sources, etag},
    cookies,
    sessions::Visitor,
};

/// When to come back to a page whose services are away, in seconds.
const RETRY_AFTER: &str = "5";

/// Every path that nothing else answers.
pub(crate) async fn serve(State(documents): State<Arc<Documents>>, visitor: Visitor, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let problem = Problem::new(405, "method_not_allowed", "This cannot be done with that method");
        return ApiError::from(problem).into_response();
    }
    if let Some(response) = documents.shared(&visitor, request.method(), request.uri(), request.headers()).await {
        return response;
    }
    let flash = cookies::get(request.headers(), FLASH);
    let uri = request.uri();
    let outcome = documents
        .render(Ask {
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            visitor: &visitor,
            form: None,
            flash: flash.and_then(parse_flash),
            sources: Sources::default(),
        })
        .await;
    let shown = flash.is_some() && matches!(outcome, Outcome::Document(_));
    let personal = shown || visitor.is_personal();
    let mut response = respond(outcome, personal, None);
    if shown {
        let secure = documents.backend.site.secure;
        response.headers_mut().append(header::SET_COOKIE, cookies::clear(FLASH, secure));
    }
    if request.method() == Method::HEAD { without_body(response) } else { response }
}

/// Whether a person looks at the answer.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// A page about a status, made without any module.
pub(crate) fn plain_page(site: &Site, locale: &str, status: u16) -> Response {
    let html = fallback::document(&site.name, locale, status, "", None);
    let document = Document { status, html, language: locale.to_owned(), cache: None };
    respond(Outcome::Document(document), true, None)
}

/// 401 for who wrote something into a form and is not signed in: a page that keeps it, with the way to `sign_in`. None
/// when nothing was written.
pub(crate) fn sign_in_first(
    site: &Site,
    locale: &str,
    sign_in: &str,
    fields: &BTreeMap<String, String>,
) -> Option<Response> {
    let html = fallback::sign_in_first(&site.name, locale, sign_in, fields)?;
    let document = Document { status: 401, html, language: locale.to_owned(), cache: None };
    Some(respond(Outcome::Document(document), true, None))
}

/// The same refusal for who looks at the answer: a page in place of a problem.
pub(crate) fn for_people(site: &Site, locale: &str, refused: Response) -> Response {
    match refused.extensions().get::<Problem>() {
        Some(problem) => plain_page(site, locale, problem.status),
        None => refused,
    }
}

/// The answer for an outcome. `personal` keeps it out of shared caches; `status` replaces a good page's own.
pub(crate) fn respond(outcome: Outcome, personal: bool, status: Option<u16>) -> Response {
    match outcome {
        Outcome::Redirect { status, location } => redirect(status, &location),
        Outcome::Document(document) => {
            let Page { status, headers, html } = page(document, personal, status);
            (status, headers, html).into_response()
        }
    }
}

/// A document as an answer.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) html: Bytes,
}

/// `personal` keeps it out of shared caches; `status` replaces a good page's own.
pub(super) fn page(document: Document, personal: bool, status: Option<u16>) -> Page {
    let Document { status: own, html, language, cache } = document;
    let status = status.filter(|_| own == 200).unwrap_or(own);
    let policy = match &cache {
        _ if status != 200 => "private, no-store".to_owned(),
        None => "private, no-store".to_owned(),
        Some(_) if personal => "private, no-cache".to_owned(),
        // Browsers ask again each time, so that a release shows at once; a proxy in front may keep it.
        Some(cache) if cache.public && cache.max_age > 0 => format!(
            "public, max-age=0, s-maxage={}, stale-while-revalidate={}",
            cache.max_age, cache.stale_while_revalidate
        ),
        Some(_) => "private, no-cache".to_owned(),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    insert(&mut headers, header::CACHE_CONTROL, &policy);
    insert(&mut headers, header::CONTENT_LANGUAGE, &language);
    if matches!(status, 502 | 503) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    }
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Accept-Language, Cookie"));
    let html = Bytes::from(html);
    if status == 200 && !personal && cache.is_some() {
        headers.insert(header::ETAG, etag(&html));
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Page { status, headers, html }
}

pub(super) fn redirect(status: u16, location: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SEE_OTHER);
    let mut response = status.into_response();
    insert(response.headers_mut(), header::LOCATION, &crate::paths::encode_rest(location));
    let permanent = matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
    let kept = if permanent { "no-cache" } else { "private, no-store" };
    insert(response.headers_mut(), header::CACHE_CONTROL, kept);
    response
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn without_body(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    if let Some(size) = http_body::Body::size_hint(&body).exact() {
        head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    }
    Response::from_parts(head, Body::empty())
}

/// `level:code`, as the cookie has it.
fn parse_flash(value: &str) -> Option<Flash> {
    let (level, code) = value.split_once(':')?;
    let plain = |text: &str| text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let known = ["success", "info", "error"].contains(&level);
    (known && plain(code)).then(|| Flash { level: level.to_owned(), code: code.to_owned() })
}
