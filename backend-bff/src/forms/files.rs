//! Files that are sent with a form, and what becomes of them.

use std::sync::{Arc, LazyLock};

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::MultipartError};
use bytes::Bytes;
use contracts::{problem::Problem, storage::Uploaded};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kit::{ApiError, ApiResult};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::submission::Posted;
use crate::{body, gateway::UPLOAD_LIMIT, limits};

/// How many forms with files are held in memory at once; the next ones wait.
static HELD: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(4)));
/// Longest text of a field.
const FIELD_LIMIT: usize = 1 << 20;

/// Files of a form.
#[derive(Default)]
pub(super) struct Files {
    files: Vec<File>,
    _held: Option<OwnedSemaphorePermit>,
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
}

/// Lets a form be as large as an upload may be; what is no upload is held to its own limit.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(UPLOAD_LIMIT)
}

pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().get(..20).is_some_and(|start| start.eq_ignore_ascii_case("multipart/form-data;"))
}

/// Fields and files of a form.
pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> ApiResult<(Vec<(String, String)>, Files)> {
    let held = HELD.clone().acquire_owned().await.map_err(ApiError::unavailable)?;
    let mut parts = Multipart::from_request(request, state)
        .await
        .map_err(|_| Problem::new(400, "malformed_form", "The body is not a form"))?;
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let kind = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(unreadable)?;
        match name {
            // A field for files in which none was chosen.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => files.push(File { field, name, kind, bytes }),
            None if bytes.len() > FIELD_LIMIT => return Err(body::too_large(FIELD_LIMIT).into()),
            None => pairs.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok((pairs, Files { files, _held: Some(held) }))
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
