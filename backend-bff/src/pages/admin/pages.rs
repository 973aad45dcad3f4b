use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    module::Role,
    page::{Page, PageKind, PageList, PageStatus, PageSummary, PageTemplate},
    pages::{AdminPageEditPage, AdminPageRow, AdminPagesPage, EditablePage},
    problem::Problem,
};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;

use super::super::{TABLE_SIZE, page_number, query, require};
use crate::{backend::Backend, paths, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    status: String,
}

/// `GET /bff/pages/admin/pages?page=&kind=&status=`
pub(super) async fn list(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<AdminPagesPage>> {
    require(&visitor, Role::Admin)?;
    let page = page_number(which.page.as_deref());
    let known = |value: String, names: &[&str]| if names.contains(&value.as_str()) { value } else { String::new() };
    let kind = known(which.kind, &["STATIC", "NOTICE"]);
    let status = known(which.status, &["DRAFT", "PUBLISHED", "TRASHED"]);
    let (number, size) = (page.to_string(), TABLE_SIZE.to_string());
    let asked = if status.is_empty() { "ALL" } else { &status };
    let pairs = [("type", kind.as_str()), ("status", asked), ("page", &number), ("size", &size)];
    let found: PageList = backend.upstreams.page.get(&format!("/api/pages{}", query(&pairs)), &visitor).await?;
    let items = found.items.into_iter().map(row).collect();
    Ok(Json(AdminPagesPage { items, page, size: TABLE_SIZE, total: found.total, kind, status }))
}

fn row(page: PageSummary) -> AdminPageRow {
    AdminPageRow {
        id: page.id,
        slug: page.slug,
        title: page.title,
        kind: kind_name(page.kind).to_owned(),
        status: status_name(page.status).to_owned(),
        pinned: page.pinned,
        updated_at: page.updated_at,
    }
}

/// `GET /bff/pages/admin/pages/new`
pub(super) async fn new(visitor: Visitor) -> ApiResult<Json<AdminPageEditPage>> {
    require(&visitor, Role::Admin)?;
    Ok(Json(AdminPageEditPage { page: None }))
}

/// `GET /bff/pages/admin/pages/edit/:id`
pub(super) async fn edit(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> ApiResult<Json<AdminPageEditPage>> {
    require(&visitor, Role::Admin)?;
    let path = format!("/api/pages/{}", paths::encode_segment(&id));
    let Page { summary, content, .. } = backend.upstreams.page.get(&path, &visitor).await?;
    let page = EditablePage {
        id: summary.id,
        slug: summary.slug,
        title: summary.title,
        kind: kind_name(summary.kind).to_owned(),
        content: content.ok_or_else(Problem::forbidden)?,
        status: status_name(summary.status).to_owned(),
        badge: summary.badge.unwrap_or_default(),
        pinned: summary.pinned,
        template: template_name(summary.template).to_owned(),
        version: summary.version,
    };
    Ok(Json(AdminPageEditPage { page: Some(page) }))
}

pub(in crate::pages) fn kind_name(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Static => "STATIC",
        PageKind::Notice => "NOTICE",
    }
}

fn status_name(status: PageStatus) -> &'static str {
    match status {
        PageStatus::Draft => "DRAFT",
        PageStatus::Published => "PUBLISHED",
        PageStatus::Trashed => "TRASHED",
    }
}

pub(in crate::pages) fn template_name(template: PageTemplate) -> &'static str {
    match template {
        PageTemplate::Default => "default",
        PageTemplate::Wide => "wide",
        PageTemplate::Resume => "resume",
    }
}
