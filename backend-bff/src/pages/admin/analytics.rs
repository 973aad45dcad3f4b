use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    analytics::{Report, Stats},
    module::Role,
    pages::{AdminAnalyticsPage, Count, Numbers},
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;
use time::{Date, Duration, macros::format_description};

use super::super::{Missing, query, require, small};
use crate::{backend::Backend, sessions::Visitor, upstream::optional};

/// Days that are shown when nobody says which.
const DAYS: i64 = 30;
/// Rows of each part but the days.
const ROWS: usize = 20;

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// `GET /bff/pages/admin/analytics?from=&to=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<AdminAnalyticsPage>> {
    require(&visitor, Role::Author)?;
    let (from, to) = range(&which, backend.clock.now().date());
    let analytics = &backend.upstreams.analytics;
    let report = async |by: &str| {
        let path = format!("/api/analytics/pageviews{}", query(&[("from", &from), ("to", &to), ("by", by)]));
        analytics.get::<Report>(&path, &visitor).await
    };
    let (days, stats, posts, referrers, countries, devices) = tokio::join!(
        report("day"),
        optional(analytics.get::<Stats>("/api/stats", &visitor)),
        optional(report("post")),
        optional(report("referrer")),
        optional(report("country")),
        optional(report("device")),
    );
    let (days, mut missing) = (days?, Missing::default());
    let stats = missing.or_default("today", stats);
    let numbers = Numbers {
        views_today: small(stats.views_today),
        visitors_today: small(stats.visitors_today),
        views: small(days.total),
        visitors: small(days.items.iter().filter_map(|day| day.visitors).sum()),
        by_day: counts(days, usize::MAX),
    };
    Ok(Json(AdminAnalyticsPage {
        numbers,
        pages: counts(missing.or_default("pages", posts), ROWS),
        referrers: counts(missing.or_default("referrers", referrers), ROWS),
        countries: counts(missing.or_default("countries", countries), ROWS),
        devices: counts(missing.or_default("devices", devices), ROWS),
        from,
        to,
        missing: missing.0,
    }))
}

/// The days asked for; where that makes no sense, the last ones.
fn range(which: &Which, today: Date) -> (String, String) {
    let format = format_description!("[year]-[month]-[day]");
    let parse = |text: &str| Date::parse(text, &format).ok();
    let to = parse(&which.to).unwrap_or(today);
    let from = parse(&which.from).filter(|from| *from <= to).unwrap_or(to.saturating_sub(Duration::days(DAYS - 1)));
    let text = |day: Date| day.format(&format).unwrap_or_default();
    (text(from), text(to))
}

fn counts(report: Report, most: usize) -> Vec<Count> {
    let rows = report.items.into_iter().take(most);
    rows.map(|row| Count { label: row.label, count: small(row.views), href: row.url.unwrap_or_default() }).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::{Which, range};

    fn days(from: &str, to: &str) -> (String, String) {
        range(&Which { from: from.into(), to: to.into() }, date!(2026 - 03 - 31))
    }

    #[test]
    fn nonsense_is_the_last_thirty_days() {
        let usual = ("2026-03-02".to_owned(), "2026-03-31".to_owned());
        assert_eq!(days("", ""), usual);
        assert_eq!(days("2026-02-30", "yesterday"), usual);
        assert_eq!(days("2026-04-01", ""), usual);
        assert_eq!(days("2026-01-01", "2026-01-01"), ("2026-01-01".to_owned(), "2026-01-01".to_owned()));
    }
}
