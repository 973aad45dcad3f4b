//! `GET /api/analytics/pageviews?from&to&by[&post][&format=csv]`: views of some days, by something.

use std::collections::HashMap;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::{
    analytics::{Report, ReportBy, ReportRow},
    problem::Problem,
};
use http::header;
use kit::{ApiResult, auth::Viewer, extract::Query, id};
use serde::Deserialize;
use time::Date;
use utoipa::IntoParams;

use super::scope;
use crate::{
    app::App,
    domain::{csv, day, origin},
    store::{
        reports::{self, Range, Scope},
        rollup, targets, unsigned,
    },
};

/// Longest range: three years.
const MOST_DAYS: i64 = 3 * 366;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// First day; four weeks before the last when absent.
    from: Option<String>,
    /// Last day; today when absent.
    to: Option<String>,
    /// By what; days when absent.
    #[serde(default)]
    #[param(inline)]
    by: ReportBy,
    /// Id of the only post or page to count.
    post: Option<String>,
    /// JSON when absent.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    #[default]
    Json,
    Csv,
}

/// Views of some days
#[utoipa::path(get, path = "/api/analytics/pageviews", tag = "numbers", params(Params), security(("bearer" = [])),
    responses((status = 200, content((Report = "application/json"), (String = "text/csv"))),
        (status = 404, description = "No such post, or not one of yours")))]
pub(super) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
) -> ApiResult<Response> {
    let scope = narrow(&app, scope::of(&viewer)?, params.post.as_deref()).await?;
    let (from, to) = days(&params, app.today())?;
    rollup::run(&app.db).await?;
    let range = Range { from: day::text(from), to: day::text(to) };
    let views = reports::days(&app.db, &scope, &range).await?;
    let total = views.iter().map(|day| unsigned(day.views)).sum();
    let items = match (params.by, origin::dimension(params.by)) {
        (_, Some(dimension)) => reports::by_dimension(&app.db, dimension, &scope, &range).await?,
        (ReportBy::Post, _) => reports::by_target(&app.db, &scope, &range).await?,
        (by, None) => {
            let visitors = reports::visitors(&app.db, &scope, &range).await?;
            by_time(from, to, by, &index(views), &index(visitors))
        }
    };
    let report = Report { from: range.from, to: range.to, by: params.by, total, items };
    Ok(match params.format {
        Format::Json => Json(report).into_response(),
        Format::Csv => {
            let name = format!("attachment; filename=\"views-{}-{}.csv\"", report.from, report.to);
            let head =
                [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
            (head, csv::of(&report)).into_response()
        }
    })
}

/// Of one post only: any for an admin, for an author one of theirs.
async fn narrow(app: &App, scope: Scope, post: Option<&str>) -> ApiResult<Scope> {
    let Some(post) = post else { return Ok(scope) };
    let not_found = || Problem::not_found("post");
    let post = id::parse(post).ok_or_else(not_found)?;
    for kind in [targets::Kind::Post, targets::Kind::Page] {
        let found = targets::find(app.db.read(), kind, &post).await?;
        let seen = found.filter(|target| target.status != targets::DELETED).is_some_and(|target| match &scope {
            Scope::Author(id) => target.author_id.as_ref() == Some(id),
            Scope::Site | Scope::Target(_) => true,
        });
        if seen {
            return Ok(Scope::Target(post));
        }
    }
    Err(not_found().into())
}

fn days(params: &Params, today: Date) -> Result<(Date, Date), Problem> {
    let mut problem = Problem::new(400, "invalid_query", "A query parameter needs another look");
    let mut read = |name: &str, value: &Option<String>, otherwise: Date| match value {
        None => otherwise,
        Some(text) => day::parse(text).unwrap_or_else(|| {
            problem.errors.push(contracts::problem::FieldError {
                field: name.to_owned(),
                code: "invalid".to_owned(),
                message: "A day that exists: 2026-11-21.".to_owned(),
            });
            otherwise
        }),
    };
    let to = read("to", &params.to, today);
    let from = read("from", &params.from, day::before(to, 27));
    if problem.errors.is_empty() {
        let span = (to - from).whole_days();
        if span < 0 {
            problem = problem.with_field("from", "invalid", "Not after the last day.");
        } else if span > MOST_DAYS {
            problem = problem.with_field("from", "invalid", "At most three years before the last day.");
        }
    }
    if problem.errors.is_empty() { Ok((from, to)) } else { Err(problem) }
}

fn index(counts: Vec<reports::Count>) -> HashMap<String, u64> {
    counts.into_iter().map(|count| (count.key, unsigned(count.views))).collect()
}

/// One row for each day, week or month, those without views too.
fn by_time(
    from: Date,
    to: Date,
    by: ReportBy,
    views: &HashMap<String, u64>,
    visitors: &HashMap<String, u64>,
) -> Vec<ReportRow> {
    let mut rows: Vec<ReportRow> = Vec::new();
    for date in day::range(from, to) {
        let (key, day) = (day::key(date, by), day::text(date));
        let (seen, came) = (views.get(&day).copied().unwrap_or(0), visitors.get(&day).copied().unwrap_or(0));
        match rows.last_mut() {
            Some(row) if row.key == key => {
                row.views += seen;
                row.visitors = row.visitors.map(|before| before + came);
            }
            _ => rows.push(ReportRow { label: key.clone(), key, url: None, views: seen, visitors: Some(came) }),
        }
    }
    rows
}
