//! `PUT /internal/import/categories`: what an import knows of a category. The same body twice
//! changes nothing.

use axum::{Json, extract::State};
use contracts::{
    blog::{ImportCategory, Term},
    problem::Problem,
};
use kit::{ApiResult, auth::ServiceCaller, extract::Body};

use crate::{
    app::App,
    domain::slug::slugify,
    store::terms::{self, Kind},
};

/// Colours in the palette.
const COLORS: u32 = 12;
/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 500;

pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Body(category): Body<ImportCategory>,
) -> ApiResult<Json<Term>> {
    let color = category.color.map(|color| i32::try_from(color % COLORS).unwrap_or_default());
    let description: Option<String> =
        category.description.map(|text| text.replace('\0', "").trim().chars().take(MAX_DESCRIPTION).collect());
    let description = description.filter(|text| !text.is_empty());

    let tx = app.db.begin().await?;
    let id = terms::ensure_category(&tx, category.name.trim())
        .await?
        .ok_or_else(|| Problem::validation().with_field("name", "invalid", "It needs at least one letter or digit."))?;
    terms::describe_category(&tx, &id, description.as_deref(), color).await?;
    tx.commit().await?;

    let term = terms::by_slug(&app.db, Kind::Category, &slugify(&category.name)).await?;
    Ok(Json(term.ok_or_else(|| Problem::not_found("category"))?))
}
