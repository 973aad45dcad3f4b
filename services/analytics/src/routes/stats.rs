//! `GET /api/stats`: the dashboard. An admin sees the whole site, an author their own posts.

use std::collections::HashMap;

use axum::{Json, extract::State};
use contracts::analytics::{DayCount, Stats};
use kit::{ApiResult, auth::Viewer};

use super::scope;
use crate::{
    app::App,
    domain::day,
    store::{
        bugs,
        reports::{self, Count, Range, Scope},
        rollup, small, stats, unsigned,
    },
};

/// Days of the trend, today included.
const DAYS: i64 = 30;

/// Numbers for the dashboard
#[utoipa::path(get, path = "/api/stats", tag = "numbers", security(("bearer" = [])),
    responses((status = 200, body = Stats)))]
pub(super) async fn handle(State(app): State<App>, viewer: Viewer) -> ApiResult<Json<Stats>> {
    let scope = scope::of(&viewer)?;
    rollup::run(&app.db).await?;
    let today = app.today();
    let first = day::before(today, DAYS - 1);
    let range = Range { from: day::text(first), to: day::text(today) };
    let db = &app.db;
    let (views, visitors, sums, top_posts) = tokio::try_join!(
        reports::days(db, &scope, &range),
        reports::visitors(db, &scope, &range),
        stats::sums(db, &scope),
        stats::top(db, &scope),
    )?;
    let (views_total, scope_name, bug_reports_open) = match &scope {
        Scope::Site => (stats::site_views(db).await?, String::new(), bugs::open(db).await?),
        Scope::Author(id) | Scope::Target(id) => (sums.views, id.clone(), 0),
    };
    let (views, visitors) = (by_day(views), by_day(visitors));
    let trend: Vec<DayCount> = day::range(first, today)
        .map(|day| {
            let day = day::text(day);
            let of = |counts: &HashMap<String, u64>| counts.get(&day).copied().unwrap_or_default();
            DayCount { views: of(&views), visitors: of(&visitors), day }
        })
        .collect();
    let last = |days: usize| trend.iter().rev().take(days);
    let (now, before) = (last(1).next().cloned().unwrap_or_default(), last(2).nth(1).cloned().unwrap_or_default());
    Ok(Json(Stats {
        site: scope_name.is_empty(),
        views_today: now.views,
        views_yesterday: before.views,
        views_week: last(7).map(|day| day.views).sum(),
        views_month: trend.iter().map(|day| day.views).sum(),
        views_total: unsigned(views_total),
        visitors_today: now.visitors,
        visitors_yesterday: before.visitors,
        visitors_total: unsigned(stats::visitors(db, &scope_name).await?),
        posts: small(sums.posts),
        posts_public: small(sums.public),
        comments: small(sums.comments),
        likes: small(sums.likes),
        bug_reports_open,
        trend,
        top_posts,
    }))
}

fn by_day(counts: Vec<Count>) -> HashMap<String, u64> {
    counts.into_iter().map(|count| (count.key, unsigned(count.views))).collect()
}
