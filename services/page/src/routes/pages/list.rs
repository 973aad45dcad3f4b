//! `GET /api/pages`, `GET /api/pages/notices`

use axum::{Json, extract::State};
use contracts::{
    module::Role,
    page::{PageKind, PageList, PageStatus},
    problem::Problem,
};
use kit::{ApiResult, auth::OptionalViewer, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{app::App, domain::names, store::list::Filter};

const DEFAULT_SIZE: u32 = 20;
const MAX_SIZE: u32 = 100;
/// Nobody pages so far; a larger number would only make the database count.
const MAX_PAGE: u32 = 100_000;
const MAX_Q: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// STATIC or NOTICE; both when absent.
    #[serde(rename = "type")]
    #[param(pattern = "^([Ss][Tt][Aa][Tt][Ii][Cc]|[Nn][Oo][Tt][Ii][Cc][Ee])?$")]
    kind: Option<String>,
    /// PUBLISHED (when absent); for admins also DRAFT, TRASHED, or ALL but the trash.
    status: Option<String>,
    /// Words of the title or the text; at most 200 characters.
    #[param(max_length = 200)]
    q: Option<String>,
    /// From 1 to 100,000; 1 when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

#[utoipa::path(
    get, path = "/api/pages", tag = "pages", operation_id = "pages_list",
    description = "Pages and notices without their texts: pinned first, then what was published last.",
    params(Params), security((), ("bearer" = [])), responses((status = 200, body = PageList)),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<PageList>> {
    let statuses = statuses(params.status.as_deref())?;
    if statuses != [PageStatus::Published] {
        viewer.ok_or_else(Problem::unauthenticated)?.require(Role::Admin)?;
    }
    let kind = match given(params.kind.as_deref()) {
        None => None,
        Some(name) => {
            let kind = names::kind(&name.to_ascii_uppercase());
            Some(kind.ok_or_else(|| refused("type", "STATIC or NOTICE."))?)
        }
    };
    let q = given(params.q.as_deref()).map(|q| q.replace('\0', ""));
    if q.as_deref().is_some_and(|q| q.chars().count() > MAX_Q) {
        return Err(refused("q", format!("At most {MAX_Q} characters.")).into());
    }
    let (page, size) = paging(params.page, params.size)?;
    let filter = Filter { kind, statuses, q: q.as_deref() };
    Ok(Json(filter.page(&app.db, page, size).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// From 1 to 100,000; 1 when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

/// `GET /api/pages/notices`
#[utoipa::path(
    get, path = "/api/pages/notices", tag = "pages", operation_id = "pages_notices",
    description = "Published notices: pinned first, then the newest.",
    params(Paging), responses((status = 200, body = PageList)),
)]
pub(crate) async fn notices(State(app): State<App>, Query(asked): Query<Paging>) -> ApiResult<Json<PageList>> {
    let (page, size) = paging(asked.page, asked.size)?;
    let filter = Filter { kind: Some(PageKind::Notice), statuses: &[PageStatus::Published], q: None };
    Ok(Json(filter.page(&app.db, page, size).await?))
}

fn statuses(asked: Option<&str>) -> Result<&'static [PageStatus], Problem> {
    Ok(match given(asked).map(str::to_ascii_uppercase).as_deref() {
        None | Some("PUBLISHED") => &[PageStatus::Published],
        Some("DRAFT") => &[PageStatus::Draft],
        Some("TRASHED") => &[PageStatus::Trashed],
        Some("ALL") => &[PageStatus::Draft, PageStatus::Published],
        Some(_) => return Err(refused("status", "One of PUBLISHED, DRAFT, TRASHED, ALL.")),
    })
}

fn given(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

fn paging(page: Option<u32>, size: Option<u32>) -> Result<(u32, u32), Problem> {
    let within = |field: &str, number: u32, max: u32| {
        if (1..=max).contains(&number) { Ok(number) } else { Err(refused(field, format!("From 1 to {max}."))) }
    };
    Ok((within("page", page.unwrap_or(1), MAX_PAGE)?, within("size", size.unwrap_or(DEFAULT_SIZE), MAX_SIZE)?))
}

/// 400 for a query parameter.
pub(crate) fn refused(field: &str, message: impl Into<String>) -> Problem {
    Problem::new(400, "invalid_query", "A query parameter needs another look").with_field(field, "invalid", message)
}
