//! `PUT /internal/images?filename=`: raw bytes from another service. The same bytes twice are one
//! image, also when they come back under the name that they have here.

use axum::{
    Json,
    extract::{FromRequest, Request, State},
};
use bytes::Bytes;
use contracts::storage::Image;
use kit::{ApiError, ApiResult, auth::ServiceCaller, extract::Query, openapi::Binary};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    domain::{
        clean::{self, Trust},
        format::{Format, Refusal},
        name,
    },
    routes::{MAX_BYTES, refused, tidy_filename, too_large},
    store::{
        arrivals::{self, Arrival},
        images, objects,
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Name it had.
    filename: String,
}

/// Stores an image of an import
#[utoipa::path(put, path = "/internal/images", tag = "internal", params(Params),
    request_body(content = Binary, content_type = "application/octet-stream"),
    responses((status = 200, body = Image), (status = 409, description = "A restore was under way")))]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
    request: Request,
) -> ApiResult<Json<Image>> {
    let bytes = Bytes::from_request(request, &app).await.map_err(|_| too_large())?;
    if bytes.len() > MAX_BYTES {
        return Err(too_large().into());
    }
    let own = own_stem(&params.filename);
    if let Some(stem) = own
        && let Some(row) = images::by_stem(app.db.read(), stem).await?
        && objects::get(&app.images, &row.name).await.map_err(ApiError::unavailable)?.as_ref() == Some(&bytes)
        && let Some(image) = arrivals::again(&app, stem).await?
    {
        return Ok(Json(image));
    }
    let digest = name::digest(&bytes);
    if own.is_none()
        && let Some(image) = arrivals::again(&app, &digest).await?
        && let Some(file) = name::of_url(&image.url)
        && objects::size(&app.images, file).await.map_err(ApiError::unavailable)?.is_some()
    {
        return Ok(Json(image));
    }
    let format = Format::recognise(&bytes).ok_or_else(|| refused(Refusal::NotAnImage))?;
    let size = format.size(&bytes).map_err(refused)?;
    let (sent, pixels) = (bytes.clone(), u64::from(size.width) * u64::from(size.height));
    let cleaned = app.pool.run(pixels, move || clean::clean(&sent, Trust::Operator)).await;
    let cleaned = cleaned.map_err(|_| refused(Refusal::NotAnImage))?.map_err(refused)?;
    let stem = match own {
        // Another image has that name, or it is not one of ours.
        Some(stem) if cleaned.bytes != bytes || images::by_stem(app.db.read(), stem).await?.is_some() => digest,
        Some(stem) => stem.to_owned(),
        None => digest,
    };
    let filename = tidy_filename(&params.filename);
    let arrival = Arrival { stem, cleaned, filename, folder: "import".to_owned(), uploader_id: None };
    let image = arrivals::add(&app, vec![arrival], None).await?.pop();
    Ok(Json(image.ok_or_else(|| ApiError::internal("an image was stored and not answered"))?))
}

/// The stem of an image that a service like this one cleaned and named, which it keeps: so an export that comes back
/// has the addresses it had. What is not clean gets a name of its own.
fn own_stem(filename: &str) -> Option<&str> {
    let is_ours = name::format_of(filename).is_some() && !filename.contains('-');
    is_ours.then(|| name::stem(filename))
}
