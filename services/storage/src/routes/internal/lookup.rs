//! `POST /internal/images/lookup`: what an `<img>` needs to know, for who renders texts, and whose an image is.

use std::collections::HashMap;

use axum::{Json, extract::State};
use contracts::{
    problem::Problem,
    storage::{Lookup, LookupInput, Picture},
};
use kit::{ApiResult, auth::ServiceCaller, db::sql, extract::Body};
use sea_orm::Value;

use crate::{
    app::App,
    domain::name,
    store::images::{self, Row, SELECT},
};

const MOST: usize = 500;

/// Sizes and smaller ones of images, and whose they are
#[utoipa::path(post, path = "/internal/images/lookup", tag = "internal", request_body = LookupInput,
    responses((status = 200, body = Lookup)))]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Body(input): Body<LookupInput>,
) -> ApiResult<Json<Lookup>> {
    if input.urls.len() > MOST {
        return Err(Problem::validation().with_field("urls", "too_many", "At most 500.").into());
    }
    let mut wanted: HashMap<&str, Vec<&str>> = HashMap::new();
    for url in &input.urls {
        if let Some(name) = name::of_url(url) {
            wanted.entry(name::stem(name)).or_default().push(url);
        }
    }
    if wanted.is_empty() {
        return Ok(Json(Lookup::default()));
    }
    let places = (1..=wanted.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let query = format!("{SELECT} FROM images i WHERE i.stem IN ({places})");
    let rows = sql::all::<Row, _>(app.db.read(), &query, wanted.keys().map(|stem| Value::from(*stem))).await?;
    let mut items = Vec::new();
    for image in images::with_variants(app.db.read(), rows).await? {
        let stem = name::of_url(&image.url).map(name::stem).unwrap_or_default();
        for url in wanted.get(stem).into_iter().flatten() {
            items.push(Picture {
                url: (*url).to_owned(),
                width: image.width,
                height: image.height,
                blurhash: image.blurhash.clone(),
                variants: image.variants.clone(),
                pending: image.pending,
                folder: Some(image.folder.clone()),
                uploader_id: image.uploader_id.clone(),
            });
        }
    }
    Ok(Json(Lookup { items }))
}
