use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    analytics::{BugReport, BugReportList, BugStatus},
    module::Role,
    pages::{BugReportRow, BugReportsPage},
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use super::{TABLE_SIZE, page_number, query, require};
use crate::{backend::Backend, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
    #[serde(default)]
    status: String,
}

/// `GET /bff/pages/bug-reports?page=&status=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<BugReportsPage>> {
    let viewer = require(&visitor, Role::User)?;
    let page = page_number(which.page.as_deref());
    // What is no status means all of them.
    let status = BugStatus::parse(&which.status).map_or("", BugStatus::as_str);
    let (number, size) = (page.to_string(), TABLE_SIZE.to_string());
    let path = format!("/api/bug-reports{}", query(&[("status", status), ("page", &number), ("size", &size)]));
    let found: BugReportList = backend.upstreams.analytics.get(&path, &visitor).await?;
    Ok(Json(BugReportsPage {
        items: found.items.into_iter().map(row).collect(),
        page,
        size: TABLE_SIZE,
        total: found.total,
        status: status.to_owned(),
        can_respond: viewer.role == Role::Admin,
    }))
}

fn row(report: BugReport) -> BugReportRow {
    BugReportRow {
        id: report.id,
        title: report.title,
        description: report.description,
        category: report.category.as_str().to_owned(),
        priority: report.priority.as_str().to_owned(),
        status: report.status.as_str().to_owned(),
        response: report.response.unwrap_or_default(),
        responded_at: report.responded_at,
        created_at: report.created_at,
        screenshot: report.screenshot,
        version: report.version,
    }
}
