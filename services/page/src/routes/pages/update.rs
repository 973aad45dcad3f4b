//! `PUT /api/pages/:id` (ADMIN): title, text and badge become what is sent; the rest stays when it is
//! absent.

use axum::{Json, extract::State};
use contracts::{
    events::PageUpdated,
    module::Role,
    page::{Page, PageInput, PageStatus},
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    events::outbox,
    extract::{Body, Path},
};

use super::{trash::find, write};
use crate::{
    app::App,
    domain::{
        input::{self, SlugWish},
        names,
    },
    store::{
        pages::{self, Change},
        redirects, unsigned,
    },
};

#[utoipa::path(
    put, path = "/api/pages/{page}", tag = "pages", operation_id = "pages_update",
    description = "Changes a page, by slug or id (ADMIN). A changed slug leads on.",
    params(("page" = String, Path, description = "Slug or id")), request_body = PageInput, security(("bearer" = [])),
    responses((status = 200, body = Page), (status = 409, description = "Changed in the meantime (`current` is the page as it is now), or in the trash")),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(name): Path<String>,
    Body(input): Body<PageInput>,
) -> ApiResult<Json<Page>> {
    viewer.require(Role::Admin)?;
    let (input, wish) = input::check(input)?;
    let version = input
        .version
        .ok_or_else(|| Problem::validation().with_field("version", "required", "Send the version that you changed."))?;
    let rendered = write::render(&app, &input.content, input.locale.as_deref()).await?;
    let (id, now) = (find(&app, &name).await?, app.clock.millis());

    let tx = app.db.begin().await?;
    let current = pages::lock(&tx, &id).await?.ok_or_else(|| Problem::not_found("page"))?;
    if current.is_trashed() {
        return Err(Problem::new(409, "in_trash", "This is in the trash; restore it first").into());
    }
    if version != unsigned(current.version) {
        return Err(write::stale(&tx, &id, version).await?);
    }
    let slug = match &wish {
        SlugWish::Exactly(wanted) if *wanted != current.slug => write::slug(&tx, &wish, &id).await?,
        _ => current.slug.clone(),
    };
    let (kind, status) = (input.kind.unwrap_or(current.kind()), input.status.unwrap_or(current.status()));
    let change = Change {
        slug: &slug,
        title: &input.title,
        content: &input.content,
        kind,
        status,
        badge: input.badge.as_deref(),
        pinned: input.pinned.unwrap_or(current.pinned),
        template: input.template.unwrap_or(current.template()),
        rendered: &rendered,
        published_at: current.published_at.or_else(|| (status == PageStatus::Published).then_some(now)),
        updated_at: now,
    };
    pages::update(&tx, &id, &change).await.map_err(write::on_conflict)?;
    let (before, after) = (current.path(), names::path(kind, &slug));
    if before != after {
        redirects::remove(&tx, &after).await?;
        redirects::add(&tx, &before, &id).await?;
    }
    let event = PageUpdated { page_id: id.clone(), slug, images: rendered.images.clone() };
    outbox::add(&tx, &id, &event, now).await?;
    let page = pages::find(&tx, &id).await?.ok_or_else(|| ApiError::internal("the changed page is gone"))?;
    tx.commit().await?;
    app.relay.wake();
    Ok(Json(page.into_page(true)))
}
