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
    changes::terms as term_changes,
    store::{
        term_writes,
        terms::{self, Kind},
    },
};

/// Colours in the palette.
const COLORS: u32 = 12;
/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 500;
/// Longest name, in characters.
const MAX_NAME: usize = 200;

#[utoipa::path(put, path = "/internal/import/categories", tag = "internal", request_body = ImportCategory,
    responses((status = 200, description = "The category", body = Term)))]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Body(category): Body<ImportCategory>,
) -> ApiResult<Json<Term>> {
    if category.name.chars().count() > MAX_NAME {
        let message = format!("At most {MAX_NAME} characters.");
        return Err(Problem::validation().with_field("name", "too_long", message).into());
    }
    let color = category.color.map(|color| i32::try_from(color % COLORS).unwrap_or_default());
    let description: Option<String> =
        category.description.map(|text| text.replace('\0', "").trim().chars().take(MAX_DESCRIPTION).collect());
    let description = description.filter(|text| !text.is_empty());

    let tx = app.begin().await?;
    let id = term_changes::ensure(&tx, Kind::Category, category.name.trim(), app.clock.millis())
        .await?
        .ok_or_else(|| Problem::validation().with_field("name", "invalid", "It needs at least one letter or digit."))?;
    term_writes::describe_category(&tx, &id, description.as_deref(), color).await?;
    app.commit(tx).await?;

    let term = terms::by_id(app.db.read(), Kind::Category, &id).await?;
    Ok(Json(term.ok_or_else(|| Problem::not_found("category"))?))
}
