//! `POST /api/pages` (ADMIN)

use axum::{extract::State, response::Response};
use contracts::{
    events::PageCreated,
    module::Role,
    page::{Page, PageInput, PageStatus},
};
use kit::{ApiError, ApiResult, auth::Viewer, events::outbox, extract::Body, http::created, id};

use super::write;
use crate::{
    app::App,
    domain::{input, names},
    store::{
        authors,
        pages::{self, Change},
        redirects,
    },
};

#[utoipa::path(
    post, path = "/api/pages", tag = "pages", operation_id = "pages_create",
    description = "Makes a page or a notice (ADMIN).", request_body = PageInput, security(("bearer" = [])),
    responses((status = 201, body = Page)),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<PageInput>,
) -> ApiResult<Response> {
    viewer.require(Role::Admin)?;
    let (input, wish) = input::check(input)?;
    let rendered = write::render(&app, &input.content, input.locale.as_deref()).await?;
    let (id, now) = (id::new(), app.clock.millis());
    let (kind, status) = (input.kind.unwrap_or_default(), input.status.unwrap_or_default());

    let tx = app.db.begin().await?;
    authors::ensure(&tx, viewer.id(), viewer.name(), viewer.avatar()).await?;
    let slug = write::slug(&tx, &wish, &id).await?;
    let change = Change {
        slug: &slug,
        title: &input.title,
        content: &input.content,
        kind,
        status,
        badge: input.badge.as_deref(),
        pinned: input.pinned.unwrap_or_default(),
        template: input.template.unwrap_or_default(),
        rendered: &rendered,
        published_at: (status == PageStatus::Published).then_some(now),
        updated_at: now,
    };
    pages::insert(&tx, &id, viewer.id(), &change).await.map_err(write::on_conflict)?;
    redirects::remove(&tx, &names::path(kind, &slug)).await?;
    let event = PageCreated { page_id: id.clone(), slug: slug.clone(), images: rendered.images.clone() };
    outbox::add(&tx, &id, &event, now).await?;
    let page = pages::find(&tx, &id).await?.ok_or_else(|| ApiError::internal("the new page is gone"))?;
    tx.commit().await?;
    app.relay.wake();
    Ok(created(&format!("/api/pages/{slug}"), page.into_page(true)))
}
