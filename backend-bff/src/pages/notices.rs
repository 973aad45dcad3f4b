use std::sync::Arc;

use axum::extract::State;
use contracts::{
    module::Role,
    page::{Page, PageKind, PageList},
    pages::{NoticesPage, StaticPage},
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    extract::{Path, Query},
};

use super::{
    PAGE_SIZE, PageQuery, cards,
    composed::{Composed, MadeOf},
};
use crate::{backend::Backend, cache::tag, paths, sessions::Visitor};

/// `GET /bff/pages/notices?page=`
pub(super) async fn list(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<PageQuery>,
) -> ApiResult<Composed<NoticesPage>> {
    let page = which.number();
    let path = format!("/api/pages/notices?page={page}&size={PAGE_SIZE}");
    let notices: PageList = backend.upstreams.page.get(&path, &visitor).await?;
    let mut made_of = MadeOf::tags([tag::PAGES]);
    notices.items.iter().for_each(|notice| made_of.add_author(&notice.author_id));
    let items = notices.items.into_iter().map(cards::notice).collect();
    Ok(Composed(NoticesPage { items, page, size: PAGE_SIZE, total: notices.total }, made_of))
}

/// `GET /bff/pages/notices/:slug`
pub(super) async fn notice(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> ApiResult<Composed<StaticPage>> {
    one(&backend, &visitor, &slug, PageKind::Notice).await
}

/// `GET /bff/pages/pages/:slug`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> ApiResult<Composed<StaticPage>> {
    one(&backend, &visitor, &slug, PageKind::Static).await
}

async fn one(backend: &Backend, visitor: &Visitor, slug: &str, kind: PageKind) -> ApiResult<Composed<StaticPage>> {
    let path = format!("/api/pages/{}", paths::encode_segment(slug));
    let Page { summary, html, .. } =
        backend.upstreams.page.get(&path, visitor).await.map_err(|error| moved(error, kind))?;
    if summary.kind != kind || summary.slug != slug {
        // Of the other kind, or asked for by its id: it has one address.
        return Err(Problem::moved(address(summary.kind, &summary.slug)).into());
    }
    let mut made_of = MadeOf::tags([tag::PAGES]);
    made_of.add_author(&summary.author_id);
    let page = StaticPage {
        id: summary.id,
        slug: summary.slug,
        title: summary.title,
        html,
        kind: super::admin::pages::kind_name(summary.kind).to_owned(),
        badge: summary.badge.unwrap_or_default(),
        template: super::admin::pages::template_name(summary.template).to_owned(),
        author_name: summary.author_name,
        published_at: summary.published_at,
        updated_at: summary.updated_at,
        can_edit: visitor.viewer().is_some_and(|viewer| viewer.role == Role::Admin),
    };
    Ok(Composed(page, made_of))
}

/// Where a page of that kind lives.
pub(super) fn address(kind: PageKind, slug: &str) -> String {
    let folder = match kind {
        PageKind::Static => "pages",
        PageKind::Notice => "notices",
    };
    format!("/{folder}/{}", paths::encode_segment(slug))
}

/// Whatever the service calls the new place, readers find it at the page's own address.
fn moved(error: ApiError, kind: PageKind) -> ApiError {
    let location = error.problem().location.as_deref().filter(|_| error.problem().status == 301);
    let public = |path: &str| path.starts_with("/pages/") || path.starts_with("/notices/");
    match location.filter(|path| !public(path)).and_then(|path| path.rsplit('/').next()) {
        Some(slug) => Problem::moved(address(kind, slug)).into(),
        None => error,
    }
}
