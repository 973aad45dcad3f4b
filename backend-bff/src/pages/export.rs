//! Everything that the services hold about somebody, for themself.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::{
    analytics::{BugReport, BugReportList},
    auth::AccountExport,
    content::{Bookmark, Bookmarks, MyComment, MyComments},
    module::Role,
};
use http::header;
use kit::ApiResult;
use serde::{Serialize, de::DeserializeOwned};

use super::require;
use crate::{backend::Backend, sessions::Visitor, upstream::Upstream};

const SIZE: u32 = 100;
/// Nobody wrote more than this many pages of comments.
const MOST_PAGES: u32 = 1000;

/// What is handed out.
#[derive(Serialize)]
struct Export {
    #[serde(flatten)]
    account: AccountExport,
    comments: Vec<MyComment>,
    bookmarks: Vec<Bookmark>,
    bug_reports: Vec<BugReport>,
}

/// `GET /my/export.json`: a JSON file. All of it or nothing.
pub(super) async fn all(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Response> {
    let viewer = require(&visitor, Role::User)?;
    let services = &backend.upstreams;
    let (account, comments, bookmarks, reports) = tokio::try_join!(
        services.auth.get::<AccountExport>("/api/auth/me/export", &visitor),
        pages(&services.content, "/api/comments/mine?trashed=true&", &visitor, |page: MyComments| page.items),
        pages(&services.content, "/api/bookmarks?", &visitor, |page: Bookmarks| page.items),
        pages(&services.analytics, "/api/bug-reports?", &visitor, |page: BugReportList| page.items),
    )?;
    // An admin's list holds everybody's.
    let bug_reports = reports.into_iter().filter(|report| report.reporter_id.as_ref() == Some(&viewer.id)).collect();
    let headers = [
        (header::CONTENT_DISPOSITION, "attachment; filename=\"maru-export.json\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, Json(Export { account, comments, bookmarks, bug_reports })).into_response())
}

/// All pages of a list.
async fn pages<T: DeserializeOwned, I>(
    service: &Upstream,
    path: &str,
    visitor: &Visitor,
    items: impl Fn(T) -> Vec<I>,
) -> ApiResult<Vec<I>> {
    let mut all = Vec::new();
    for page in 1..=MOST_PAGES {
        let found = items(service.get(&format!("{path}page={page}&size={SIZE}"), visitor).await?);
        let last = found.len() < SIZE as usize;
        all.extend(found);
        if last {
            break;
        }
    }
    Ok(all)
}
