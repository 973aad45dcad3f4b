//! `PUT /internal/import/{categories,tags}`: what an import knows of a category or a tag, and `GET /internal/terms`:
//! what an export needs of them all. The same body twice changes nothing.

use axum::{Json, extract::State};
use contracts::{
    blog::{ImportCategory, ImportTag, Term, WholeTerms},
    problem::Problem,
};
use kit::{ApiResult, auth::ServiceCaller, extract::Body};

use crate::{
    app::App,
    changes::terms as term_changes,
    domain::slug::slugify,
    store::{
        term_writes::{self, COLORS, Fields},
        terms::{self, Kind},
    },
};

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 500;
/// Longest name, in characters.
const MAX_NAME: usize = 200;
/// Longest name of an icon, in characters.
const MAX_ICON: usize = 32;

#[utoipa::path(put, path = "/internal/import/categories", tag = "internal", request_body = ImportCategory,
    responses((status = 200, description = "The category", body = Term)))]
pub(crate) async fn category(
    _: ServiceCaller,
    State(app): State<App>,
    Body(category): Body<ImportCategory>,
) -> ApiResult<Json<Term>> {
    let color = category.color.map(|color| i32::try_from(i64::from(color) % COLORS).unwrap_or_default());
    let (description, icon) = (tidy(category.description, MAX_DESCRIPTION), tidy(category.icon, MAX_ICON));
    let slug = slugify(category.slug.as_deref().unwrap_or_default());
    let fields = Fields {
        name: category.name.trim(),
        slug: &slug,
        description: description.as_deref(),
        icon: icon.as_deref(),
        color,
    };
    bring(&app, Kind::Category, &fields, &category.aliases).await
}

#[utoipa::path(put, path = "/internal/import/tags", tag = "internal", request_body = ImportTag,
    responses((status = 200, description = "The tag", body = Term)))]
pub(crate) async fn tag(_: ServiceCaller, State(app): State<App>, Body(tag): Body<ImportTag>) -> ApiResult<Json<Term>> {
    let slug = slugify(tag.slug.as_deref().unwrap_or_default());
    let fields = Fields { name: tag.name.trim(), slug: &slug, ..Fields::default() };
    bring(&app, Kind::Tag, &fields, &tag.aliases).await
}

#[utoipa::path(get, path = "/internal/terms", tag = "internal",
    responses((status = 200, description = "All categories and tags", body = WholeTerms)))]
pub(crate) async fn whole(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<WholeTerms>> {
    let (categories, tags) = (terms::whole(&app.db, Kind::Category).await?, terms::whole(&app.db, Kind::Tag).await?);
    Ok(Json(WholeTerms { categories, tags }))
}

async fn bring(app: &App, kind: Kind, fields: &Fields<'_>, aliases: &[String]) -> ApiResult<Json<Term>> {
    let no_slug = || Problem::validation().with_field("name", "invalid", "It needs at least one letter or digit.");
    if fields.name.is_empty() {
        return Err(no_slug().into());
    }
    if fields.name.chars().count() > MAX_NAME {
        let message = format!("At most {MAX_NAME} characters.");
        return Err(Problem::validation().with_field("name", "too_long", message).into());
    }
    let tx = app.begin().await?;
    let id = term_changes::bring(&tx, kind, fields, aliases, app.clock.millis()).await?.ok_or_else(no_slug)?;
    if kind == Kind::Category {
        term_writes::describe_category(&tx, &id, fields).await?;
    }
    app.commit(tx).await?;
    let term = terms::by_id(app.db.read(), kind, &id).await?;
    Ok(Json(term.ok_or_else(|| Problem::not_found(kind.name()))?))
}

fn tidy(text: Option<String>, longest: usize) -> Option<String> {
    let text: String = text?.replace('\0', "").trim().chars().take(longest).collect();
    (!text.is_empty()).then_some(text)
}
