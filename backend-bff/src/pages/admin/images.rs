use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    module::Role,
    pages::{AdminImagesPage, ImageRow},
    storage::{Image, ImageList},
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use super::super::{page_number, require};
use crate::{backend::Backend, sessions::Visitor};

const SIZE: u32 = 24;

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
    #[serde(default)]
    orphans: String,
}

/// `GET /bff/pages/admin/images?page=&orphans=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<AdminImagesPage>> {
    require(&visitor, Role::Author)?;
    let page = page_number(which.page.as_deref());
    let orphans = matches!(which.orphans.as_str(), "1" | "true" | "on");
    let list = if orphans { "/api/images/orphans" } else { "/api/images" };
    let found: ImageList = backend.upstreams.storage.get(&format!("{list}?page={page}&size={SIZE}"), &visitor).await?;
    let items = found.items.into_iter().map(row).collect();
    Ok(Json(AdminImagesPage { items, page, size: SIZE, total: found.total, orphans }))
}

fn row(image: Image) -> ImageRow {
    ImageRow {
        thumbnail: image.variants.first().map_or_else(|| image.url.clone(), |variant| variant.url.clone()),
        id: image.id,
        url: image.url,
        filename: image.filename,
        bytes: image.size,
        width: image.width,
        height: image.height,
        uses: image.uses,
        created_at: image.created_at,
    }
}
