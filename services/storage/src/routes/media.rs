//! `GET /media/:name`: an image. Its name is its content, so browsers may keep it for ever.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::problem::Problem;
use futures_util::TryStreamExt;
use http::{HeaderMap, HeaderName, StatusCode, header};
use kit::{ApiError, ApiResult, extract::Path};
use object_store::{ObjectStoreExt, path::Path as ObjectPath};

use crate::{app::App, format::Format};

/// Whatever a file holds, opened by itself it runs nothing and reaches nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

pub(super) async fn handle(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let format = format_of(&name).ok_or_else(|| Problem::not_found("image"))?;
    let etag = format!("\"{name}\"");
    let fixed: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, format.media_type()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::ETAG, &etag),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let object = match app.objects.get(&ObjectPath::from(name.as_str())).await {
        Ok(object) => object,
        Err(object_store::Error::NotFound { .. }) => return Err(Problem::not_found("image").into()),
        Err(error) => return Err(ApiError::internal(error)),
    };
    let length = object.meta.size.to_string();
    let body = Body::from_stream(object.into_stream().map_err(std::io::Error::other));
    Ok((fixed, [(header::CONTENT_LENGTH, length)], body).into_response())
}

/// The kind of a name that this service gave; no other leads to a file.
fn format_of(name: &str) -> Option<Format> {
    let (digest, extension) = name.split_once('.')?;
    let is_digest = digest.len() == 40 && digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    is_digest.then(|| Format::of_extension(extension)).flatten()
}

#[cfg(test)]
mod tests {
    use super::format_of;

    #[test]
    fn only_names_of_ours_lead_anywhere() {
        let digest = "0123456789abcdef0123456789abcdef01234567";
        assert!(format_of(&format!("{digest}.png")).is_some());
        for name in ["../secret.png", "x.png", &format!("{digest}.html"), &format!("{digest}.png.png"), digest] {
            assert!(format_of(name).is_none(), "{name}");
        }
    }
}
