//! `GET /media/:name`: an image. Its name is its content, so browsers may keep it for ever.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::problem::Problem;
use futures_util::TryStreamExt;
use http::{HeaderMap, HeaderName, StatusCode, header};
use kit::{ApiError, ApiResult, extract::Path, openapi::Binary};
use object_store::{ObjectStoreExt, path::Path as ObjectPath};

use crate::{app::App, domain::name};

/// Whatever a file holds, opened by itself it runs nothing and reaches nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// An image or a smaller one of it
#[utoipa::path(get, path = "/media/{name}", tag = "images",
    params(("name" = String, Path, description = "`<digest>.<ext>` or `<digest>-<width>.webp`")),
    responses((status = 200, description = "The file", content_type = "image/*", body = Binary),
        (status = 304, description = "As you have it")))]
pub(super) async fn handle(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let format = name::format_of(&name).ok_or_else(|| Problem::not_found("image"))?;
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
    let object = match app.images.get(&ObjectPath::from(name.as_str())).await {
        Ok(object) => object,
        Err(object_store::Error::NotFound { .. }) => return Err(Problem::not_found("image").into()),
        Err(error) => return Err(ApiError::unavailable(error)),
    };
    let length = object.meta.size.to_string();
    let body = Body::from_stream(object.into_stream().map_err(std::io::Error::other));
    Ok((fixed, [(header::CONTENT_LENGTH, length)], body).into_response())
}
