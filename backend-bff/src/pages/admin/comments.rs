use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    content::{QueueItem, QueuePage},
    module::Role,
    pages::{AdminCommentRow, AdminCommentsPage},
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use super::super::{TABLE_SIZE, mine, page_number, query, require};
use crate::{backend::Backend, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    q: String,
}

/// `GET /bff/pages/admin/comments?page=&status=&q=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<AdminCommentsPage>> {
    require(&visitor, Role::Admin)?;
    let page = page_number(which.page.as_deref());
    // What is none of them means all, as an empty one does.
    let (status, state) = match which.status.as_str() {
        "held" => ("held", "pending"),
        "reported" => ("reported", "reported"),
        "hidden" => ("hidden", "hidden"),
        "deleted" => ("deleted", "trashed"),
        _ => ("", "all"),
    };
    let (number, size) = (page.to_string(), TABLE_SIZE.to_string());
    let pairs = [("state", state), ("q", &which.q), ("page", &number), ("size", &size)];
    let queue: QueuePage =
        backend.upstreams.content.get(&format!("/api/comments/queue{}", query(&pairs)), &visitor).await?;
    Ok(Json(AdminCommentsPage {
        items: queue.items.into_iter().map(row).collect(),
        page,
        size: TABLE_SIZE,
        total: queue.total,
        status: status.to_owned(),
        q: which.q,
    }))
}

pub(super) fn row(item: QueueItem) -> AdminCommentRow {
    AdminCommentRow {
        id: item.id,
        post_slug: item.post_slug,
        post_title: item.post_title,
        author_name: item.author_name,
        guest: item.is_guest,
        html: item.html,
        created_at: item.created_at,
        state: mine::state(item.state, item.is_private).to_owned(),
        reports: u32::try_from(item.reports.len()).unwrap_or(u32::MAX),
    }
}
