//! `POST /api/upload` (AUTHOR): `multipart/form-data` with one `file`.

use axum::{
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    response::Response,
};
use contracts::{module::Role, problem::Problem};
use http::StatusCode;
use kit::{ApiResult, auth::Viewer, http::created};

use super::{check, refused, too_large};
use crate::{
    app::App,
    format::{Format, Refusal},
    store,
};

pub(super) async fn handle(State(app): State<App>, viewer: Viewer, request: Request) -> ApiResult<Response> {
    viewer.require(Role::Author)?;
    let mut form = Multipart::from_request(request, &app).await.map_err(|_| {
        Problem::new(415, "unsupported_media_type", "The body has the wrong type")
            .with_detail("Send `multipart/form-data` with a `file`.")
    })?;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() != Some("file") {
            continue;
        }
        let filename = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(unreadable)?;
        let upload = check(bytes, &filename, Some(viewer.id().to_owned()))?;
        // An SVG is a document that may hold scripts; only what the operator imports is taken.
        if upload.format == Format::Svg {
            return Err(refused(Refusal::NotAnImage).into());
        }
        let image = store::put(&app, upload).await?;
        return Ok(created(&image.url.clone(), image));
    }
    Err(Problem::validation().with_field("file", "required", "An image is needed.").into())
}

fn unreadable(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        Problem::new(400, "unreadable_body", "The body could not be read")
    }
}
