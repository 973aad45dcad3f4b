//! Files that are sent with a form, and what becomes of them.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::MultipartError},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use contracts::{problem::Problem, storage::Uploaded};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kit::{ApiError, ApiResult};

use super::{Posted, Submission};
use crate::{
    body,
    document::Documents,
    gateway::UPLOAD_LIMIT,
    limits::{self, Turn, Turns},
    sessions::Visitor,
};

/// How many forms with files are held in memory at once, of guests and of members: guests cannot keep members waiting.
const HELD: usize = 4;
static ROOMS: LazyLock<[Turns; 2]> = LazyLock::new(|| [HELD, HELD].map(|forms| Turns::new(forms).shared(1)));
/// For so long what else comes of a form that was refused is read.
const REST: Duration = Duration::from_secs(2);
/// Longest text of a field.
const FIELD_LIMIT: usize = 1 << 20;

/// Files of a form.
#[derive(Default)]
pub(super) struct Files {
    files: Vec<File>,
    /// Fields in which none was chosen.
    unfilled: Vec<String>,
    _room: Option<Turn<'static>>,
}

struct File {
    field: String,
    name: String,
    kind: String,
    bytes: Bytes,
}

impl Files {
    /// Whether a file was chosen in that field.
    pub(super) fn has(&self, field: &str) -> bool {
        self.files.iter().any(|file| file.field == field)
    }

    /// Whether the form has that field for files, even an empty one.
    pub(super) fn has_field(&self, field: &str) -> bool {
        self.has(field) || self.unfilled.iter().any(|name| name == field)
    }
}

/// Lets a form be as large as an upload may be; what is no upload is held to its own limit.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(UPLOAD_LIMIT)
}

pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().get(..20).is_some_and(|start| start.eq_ignore_ascii_case("multipart/form-data;"))
}

/// Whether such a form of a guest is refused whatever it holds, so that nothing of it needs to be kept.
fn is_of_members(action: &str) -> bool {
    matches!(action, "/forms/images" | "/forms/settings/avatar")
}

/// A form with files, read when there is room for it; of each address of guests there is for one at a time.
pub(super) async fn submission(
    request: Request,
    documents: &Arc<Documents>,
    visitor: &Visitor,
) -> Result<Submission, Response> {
    if is_of_members(request.uri().path()) && visitor.authorization().is_none() {
        let (head, body) = request.into_parts();
        body::drain(body).await.map_err(|problem| ApiError::from(problem).into_response())?;
        return Ok(Submission::of(&head, Vec::new(), Files::default()));
    }
    let backend = &documents.backend;
    let rules = backend.rules.current();
    let [guests, members] = &*ROOMS;
    // Members have names: those of one office may each have a room.
    let (rooms, client) = if visitor.viewer().is_some() { (members, None) } else { (guests, rules.client(&request)) };
    let Some(room) = rooms.turn(client, rules.limits.form_queue).await else {
        let refusal = limits::no_room(backend, &request);
        // A connection that is closed over what was not read takes the answer along; who sends slowly has seen it by then.
        let _ = tokio::time::timeout(REST, body::drain(request.into_body())).await;
        return Err(refusal);
    };
    let (head, body) = request.into_parts();
    let read = read(Request::from_parts(head.clone(), body), documents, room).await;
    let (pairs, files) = read.map_err(IntoResponse::into_response)?;
    Ok(Submission::of(&head, pairs, files))
}

/// Fields and files of a form.
async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
    room: Turn<'static>,
) -> ApiResult<(Vec<(String, String)>, Files)> {
    let mut parts = Multipart::from_request(request, state)
        .await
        .map_err(|_| Problem::new(400, "malformed_form", "The body is not a form"))?;
    let (mut pairs, mut files, mut unfilled) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let kind = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(unreadable)?;
        match name {
            Some(name) if name.is_empty() && bytes.is_empty() => unfilled.push(field),
            Some(name) => files.push(File { field, name, kind, bytes }),
            None if bytes.len() > FIELD_LIMIT => return Err(body::too_large(FIELD_LIMIT).into()),
            None => pairs.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok((pairs, Files { files, unfilled, _room: Some(room) }))
}

fn unreadable(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => body::too_large(UPLOAD_LIMIT),
        _ if limits::was_slow(&error) => body::unreadable(&error),
        _ => Problem::new(400, "malformed_form", "The body is not a form"),
    }
}

/// Hands the files of a field to the storage service.
pub(super) async fn upload(posted: &Posted, field: &str, purpose: &str) -> ApiResult<Uploaded> {
    if posted.visitor.authorization().is_none() {
        return Err(Problem::unauthenticated().into());
    }
    let files: Vec<&File> = posted.form.files.files.iter().filter(|file| file.field == field).collect();
    if files.is_empty() {
        return Err(Problem::validation().with_field(field, "required", "Choose a file.").into());
    }
    let boundary = kit::id::new();
    let mut body = Vec::with_capacity(files.iter().map(|file| file.bytes.len() + 512).sum());
    for file in files {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            plain(&file.name),
            plain(&file.kind)
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&file.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());

    let mut headers = posted.visitor.trail();
    let kind = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"));
    headers.insert(header::CONTENT_TYPE, kind.map_err(ApiError::internal)?);
    let path = format!("/api/upload?purpose={purpose}");
    let storage = &posted.upstreams().storage;
    let answer = storage.call(Method::POST, &path, posted.visitor.authorization(), Some(body), headers).await?;
    answer.json().map_err(|error| named(error, field))
}

/// What is wrong with a file is wrong with the field it was chosen in.
fn named(error: ApiError, field: &str) -> ApiError {
    let mut problem = error.problem().clone();
    match problem.status {
        400 | 413 | 415 | 422 => {
            let text = problem.detail.clone().unwrap_or_else(|| problem.title.clone());
            let (code, message) = match problem.errors.first() {
                Some(first) => (first.code.clone(), first.message.clone()),
                None => (problem.code.clone(), text),
            };
            problem = Problem::validation().with_field(field, &code, message);
            problem.into()
        }
        _ => error,
    }
}

/// Nothing that would end a quoted string or a line of a header.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && *c != '"' && *c != '\\').take(200).collect()
}
