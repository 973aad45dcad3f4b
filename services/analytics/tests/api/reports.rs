//! Reports by range, and the dashboard.

use contracts::{
    analytics::{Report, ReportBy, Stats, ViewInput},
    module::Role,
};
use kit::testing::{Backend, Client};
use time::{Duration, OffsetDateTime};

use crate::support::{Analytics, DRAFT, FIREFOX, IPHONE, OTHERS_POST, POST, of_post, view};

kit::on_both_databases!(
    reports_count_by_time_and_dimension,
    an_author_sees_their_own_posts,
    spreadsheets_get_csv,
    ranges_are_checked,
    old_days_are_given_up_and_totals_stay,
);

/// Three days with views: two visitors, then one, then none, then two posts.
async fn some_days(analytics: &Analytics) -> OffsetDateTime {
    let from = |country: &str| {
        analytics.visitor_with(&[
            ("x-client-address", "203.0.113.7"),
            ("user-agent", FIREFOX),
            ("x-client-country", country),
        ])
    };
    let input = |referrer: &str| ViewInput { referrer: Some(referrer.to_owned()) };
    let first = analytics.shared.shared.clock.now();
    let see = async |visitor: &Client, post: &str, referrer: &str| {
        assert_eq!(visitor.post(&of_post(post), &input(referrer)).await.status, 200);
    };
    see(&from("KR"), POST, "https://www.example.com/a").await;
    see(&analytics.visitor("203.0.113.9", IPHONE), POST, "https://example.com/b").await;
    analytics.shared.advance(Duration::DAY);
    see(&from("KR"), POST, "https://maru.test/posts").await;
    analytics.shared.advance(Duration::days(2));
    see(&from("DE"), POST, "").await;
    see(&from("DE"), OTHERS_POST, "https://news.test/").await;
    first
}

fn rows(report: &Report) -> Vec<(&str, u64)> {
    report.items.iter().map(|row| (row.key.as_str(), row.views)).collect()
}

async fn get(client: &Client, query: &str) -> Report {
    client.get(&format!("/api/analytics/pageviews?{query}")).await.json(200)
}

async fn reports_count_by_time_and_dimension(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let first = some_days(&analytics).await;
    let day = |n: i64| (first + Duration::days(n)).date().to_string();
    let range = format!("from={}&to={}", day(0), day(3));
    let report = get(&analytics.admin(), &range).await;
    assert_eq!((report.by, report.total), (ReportBy::Day, 5));
    assert_eq!(
        report.items.iter().map(|row| (row.key.clone(), row.views, row.visitors)).collect::<Vec<_>>(),
        [(day(0), 2, Some(2)), (day(1), 1, Some(1)), (day(2), 0, Some(0)), (day(3), 2, Some(1))]
    );
    let weeks = get(&analytics.admin(), &format!("{range}&by=week")).await;
    assert_eq!(weeks.items.iter().map(|row| row.views).sum::<u64>(), 5);
    assert!(weeks.items.iter().all(|row| row.key.contains("-W")));
    let months = get(&analytics.admin(), &format!("{range}&by=month")).await;
    assert_eq!(months.items.iter().map(|row| row.views).sum::<u64>(), 5);

    let by = async |by: &str| get(&analytics.admin(), &format!("{range}&by={by}")).await;
    assert_eq!(rows(&by("post").await), [(POST, 4), (OTHERS_POST, 1)]);
    assert_eq!(by("post").await.items[0].url.as_deref(), Some("/posts/hello"));
    assert_eq!(rows(&by("referrer").await), [("", 2), ("example.com", 2), ("news.test", 1)]);
    assert_eq!(rows(&by("country").await), [("DE", 2), ("KR", 2), ("", 1)]);
    assert_eq!(rows(&by("device").await), [("desktop", 4), ("mobile", 1)]);
    let one = get(&analytics.admin(), &format!("{range}&by=referrer&post={OTHERS_POST}")).await;
    assert_eq!((rows(&one), one.total), (vec![("news.test", 1)], 1));
    let nothing = get(&analytics.admin(), "from=2020-01-01&to=2020-01-02&by=post").await;
    assert_eq!((nothing.total, nothing.items.len()), (0, 0));

    let stats: Stats = analytics.admin().get("/api/stats").await.json(200);
    assert!(stats.site);
    assert_eq!((stats.views_today, stats.views_yesterday, stats.views_week, stats.views_month), (2, 0, 5, 5));
    assert_eq!((stats.views_total, stats.visitors_today, stats.visitors_total), (5, 1, 4));
    assert_eq!(stats.trend.len(), 30);
    assert_eq!(stats.top_posts.iter().map(|post| post.views).collect::<Vec<_>>(), [4, 1]);
}

async fn an_author_sees_their_own_posts(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let first = some_days(&analytics).await.date();
    let author = analytics.user("author", Role::Author);
    let report = get(&author, &format!("from={first}&by=post")).await;
    assert_eq!((rows(&report), report.total), (vec![(POST, 4)], 4));
    assert_eq!(rows(&get(&author, &format!("from={first}&by=country")).await), [("KR", 2), ("", 1), ("DE", 1)]);
    let days = get(&author, &format!("from={first}")).await;
    assert_eq!(days.items.iter().filter_map(|row| row.visitors).sum::<u64>(), 4);
    for other in [OTHERS_POST, DRAFT, "0192f0c1-2345-7890-abcd-00000000ffff", "x"] {
        author.get(&format!("/api/analytics/pageviews?post={other}")).await.problem(404);
    }
    let stats: Stats = author.get("/api/stats").await.json(200);
    assert_eq!((stats.site, stats.views_total, stats.views_today, stats.visitors_today), (false, 4, 1, 1));
    assert_eq!(stats.top_posts.len(), 1);

    for path in ["/api/stats", "/api/analytics/pageviews", "/api/analytics/realtime"] {
        analytics.client.get(path).await.problem(401);
        analytics.user("reader", Role::User).get(path).await.problem(403);
    }
    let nobody: Stats = analytics.user("new", Role::Author).get("/api/stats").await.json(200);
    assert_eq!((nobody.views_total, nobody.trend.len()), (0, 30));
}

async fn spreadsheets_get_csv(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    view(&analytics.visitor("203.0.113.7", FIREFOX), &of_post(POST)).await;
    let answer = analytics.admin().get("/api/analytics/pageviews?by=post&format=csv").await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(answer.headers["content-disposition"].to_str().expect("text").starts_with("attachment; filename=\"views-"));
    let text = String::from_utf8(answer.body.to_vec()).expect("UTF-8");
    assert_eq!(text, format!("\u{feff}key,label,url,views\r\n{POST},Title of hello,/posts/hello,1\r\n"));
}

async fn ranges_are_checked(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let admin = analytics.admin();
    for (query, field) in [
        ("from=2026-02-30", "from"),
        ("to=yesterday", "to"),
        ("from=2026-11-02&to=2026-11-01", "from"),
        ("from=2020-01-01&to=2026-11-01", "from"),
        ("from=-99999999-01-01", "from"),
        ("by=colour", "by"),
        ("format=xml", "format"),
    ] {
        let problem = admin.get(&format!("/api/analytics/pageviews?{query}")).await.problem(400);
        if matches!(field, "from" | "to") {
            assert_eq!(problem.errors[0].field, field, "{query}");
        }
    }
}

async fn old_days_are_given_up_and_totals_stay(backend: Backend) {
    let analytics = Analytics::start_with(backend, |settings| settings.retention_days = 31).await;
    let first = some_days(&analytics).await.date();
    analytics.shared.advance(Duration::days(40));
    let service = analytics.client.service();
    let forget = async || {
        let answer = service.send(http::Method::POST, "/internal/views/forget", None, axum::body::Bytes::new()).await;
        assert_eq!(answer.status, 204);
    };
    forget().await;
    forget().await;
    let range = format!("from={first}");
    assert!(get(&analytics.admin(), &format!("{range}&by=post")).await.items.is_empty());
    assert_eq!(get(&analytics.admin(), &range).await.total, 5, "the site's days stay");
    let next = view(&analytics.visitor("203.0.113.7", FIREFOX), &of_post(POST)).await;
    assert_eq!(next.views, 5);
    let answer = service.send(http::Method::POST, "/internal/reconcile", None, axum::body::Bytes::new()).await;
    let report: contracts::reconcile::Report = answer.json(200);
    let totals = report.checks.iter().find(|check| check.name == "view_totals").expect("checked");
    assert_eq!(totals.drift, 0, "what was given up is part of the total");
}
