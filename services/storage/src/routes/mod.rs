//! One file a route.

mod internal;
mod media;
mod upload;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post, put},
};
use bytes::Bytes;
use contracts::problem::Problem;

use crate::{
    app::App,
    format::{Format, Refusal},
    store::Upload,
};

/// Largest image.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Room for what multipart puts around it.
const MAX_BODY: usize = MAX_BYTES + 64 * 1024;

/// All routes.
pub(crate) fn router(app: App) -> Router {
    let limit = || DefaultBodyLimit::max(MAX_BODY);
    Router::new()
        .route("/api/upload", post(upload::handle).layer(limit()))
        .route("/internal/images", put(internal::handle).layer(limit()))
        .route("/media/{name}", get(media::handle))
        .with_state(app)
}

/// An image whose bytes are what they should be.
fn check(bytes: Bytes, filename: &str, uploader_id: Option<String>) -> Result<Upload, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(too_large());
    }
    let format = Format::recognise(&bytes).ok_or_else(|| refused(Refusal::NotAnImage))?;
    let size = format.size(&bytes).map_err(refused)?;
    let filename = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    let filename = filename.chars().filter(|c| !c.is_control()).take(200).collect();
    Ok(Upload { bytes, format, size, filename, uploader_id })
}

fn too_large() -> Problem {
    Problem::new(413, "too_large", "The body is too large").with_detail("An image has at most 10 MB.")
}

fn refused(refusal: Refusal) -> Problem {
    let (code, message) = match refusal {
        Refusal::NotAnImage => ("not_an_image", "PNG, JPEG, GIF, WebP or AVIF."),
        Refusal::TooManyPixels => ("too_many_pixels", "An image has at most 40 megapixels."),
    };
    Problem::validation().with_field("file", code, message)
}
