//! `POST /api/upload?purpose=&folder=`: `multipart/form-data`, each `file` an image.

use axum::{
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    response::Response,
};
use bytes::Bytes;
use contracts::{module::Role, problem::Problem, storage::Uploaded};
use http::StatusCode;
use kit::{ApiError, ApiResult, auth::Viewer, extract::Query, http::created};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{MAX_BYTES, MAX_FILES, refused, tidy_filename, too_large};
use crate::{
    app::App,
    domain::{
        clean::{self, Cleaned, Trust},
        format::{Format, Refusal},
        name,
    },
    store::{
        arrivals::{self, Arrival, Room},
        images,
    },
};

/// A picture of oneself, or a screenshot.
const SMALL_BYTES: usize = 3 * 1024 * 1024;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Purpose {
    /// For a post or a page: AUTHOR.
    #[default]
    Post,
    /// A picture of oneself: any USER, one file of at most 3 MB.
    Avatar,
    /// For a bug report: any USER, one file of at most 3 MB.
    Screenshot,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// What for; `post` when absent.
    #[serde(default)]
    #[param(inline)]
    purpose: Purpose,
    /// Where to list it: at most 60 letters, digits, `-`, `_`, `/`; by purpose when absent.
    folder: Option<String>,
}

/// The form, for who reads the OpenAPI document.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct Form {
    /// Images, at most 20.
    #[schema(content_media_type = "application/octet-stream")]
    file: Vec<String>,
}

struct File {
    filename: String,
    bytes: Bytes,
}

/// Stores images
#[utoipa::path(post, path = "/api/upload", tag = "images", params(Params), security(("bearer" = [])),
    request_body(content = Form, content_type = "multipart/form-data"),
    responses((status = 201, body = Uploaded), (status = 409, description = "There is no room left for you, or a restore was under way")))]
pub(super) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
    request: Request,
) -> ApiResult<Response> {
    if params.purpose == Purpose::Post {
        viewer.require(Role::Author)?;
    }
    let folder = folder(&params)?;
    let files = files(&app, request, params.purpose).await?;
    let quota = quota(&app, &viewer);
    let room = (quota > 0).then(|| Room { uploader: viewer.id(), quota });
    if let Some(room) = room {
        // Whoever has no room anyway is told before anything is looked at.
        let sent: u64 = files.iter().map(|file| file.bytes.len() as u64).sum();
        if images::used(app.db.read(), room.uploader).await? + sent > room.quota {
            return Err(room.full().into());
        }
    }
    // All are looked at before one is kept.
    let mut arrivals = Vec::with_capacity(files.len());
    for file in files {
        arrivals.push(Arrival {
            stem: name::digest(&file.bytes),
            cleaned: clean(&app, &file.bytes).await?,
            filename: file.filename,
            folder: folder.clone(),
            uploader_id: Some(viewer.id().to_owned()),
        });
    }
    let items = arrivals::add(&app, arrivals, room).await?;
    let url = items.first().map(|image| image.url.clone()).unwrap_or_default();
    Ok(created(&url.clone(), Uploaded { items, url }))
}

fn folder(params: &Params) -> Result<String, Problem> {
    let by_purpose = match params.purpose {
        Purpose::Post => "posts",
        Purpose::Avatar => "avatars",
        Purpose::Screenshot => "screenshots",
    };
    let Some(folder) = params.folder.as_deref().filter(|folder| !folder.is_empty()) else {
        return Ok(by_purpose.to_owned());
    };
    let fine = folder.chars().count() <= 60
        && folder.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'))
        && !folder.starts_with('/')
        && !folder.ends_with('/');
    if fine {
        return Ok(folder.to_owned());
    }
    Err(Problem::new(400, "invalid_query", "A query parameter needs another look").with_field(
        "folder",
        "invalid",
        "At most 60 letters, digits, `-`, `_` and `/` inside.",
    ))
}

/// The files of the form.
async fn files(app: &App, request: Request, purpose: Purpose) -> ApiResult<Vec<File>> {
    let (most, largest) = if purpose == Purpose::Post { (MAX_FILES, MAX_BYTES) } else { (1, SMALL_BYTES) };
    let mut form = Multipart::from_request(request, app).await.map_err(|_| {
        Problem::new(415, "unsupported_media_type", "The body has the wrong type")
            .with_detail("Send `multipart/form-data` with a `file`.")
    })?;
    let mut files = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        if field.name() != Some("file") {
            continue;
        }
        if files.len() == most {
            let message = format!("At most {most} in one go.");
            return Err(Problem::validation().with_field("file", "too_many", message).into());
        }
        let filename = tidy_filename(field.file_name().unwrap_or_default());
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
            if bytes.len() + chunk.len() > largest {
                let detail = format!("An image has at most {} MB here.", largest >> 20);
                return Err(too_large().with_detail(detail).into());
            }
            bytes.extend_from_slice(&chunk);
        }
        files.push(File { filename, bytes: bytes.into() });
    }
    if files.is_empty() {
        return Err(Problem::validation().with_field("file", "required", "An image is needed.").into());
    }
    Ok(files)
}

fn unreadable(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        Problem::new(400, "unreadable_body", "The body could not be read")
    }
}

/// Bytes that somebody may have; 0: any.
pub(super) fn quota(app: &App, viewer: &Viewer) -> u64 {
    match viewer.role() {
        Role::User => app.settings.reader_quota,
        Role::Author => app.settings.author_quota,
        Role::Admin => 0,
    }
}

async fn clean(app: &App, bytes: &Bytes) -> ApiResult<Cleaned> {
    // The head tells whether it is worth a place in the pool.
    let format = Format::recognise(bytes).ok_or_else(|| refused(Refusal::NotAnImage))?;
    let size = format.size(bytes).map_err(refused)?;
    let bytes = bytes.clone();
    let pixels = u64::from(size.width) * u64::from(size.height);
    let cleaned = app.pool.run(pixels, move || clean::clean(&bytes, Trust::Nobody)).await;
    match cleaned {
        Ok(cleaned) => Ok(cleaned.map_err(refused)?),
        Err(lost) => {
            // A decoder that panics means a file that is none.
            tracing::warn!(cause = %kit::error::Chain(&lost), "an upload broke its decoder");
            Err(ApiError::from(refused(Refusal::NotAnImage)))
        }
    }
}
