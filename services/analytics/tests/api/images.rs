//! Which screenshots bug reports use, as storage asks.

use contracts::{
    analytics::{BugReport, BugReportInput},
    module::Role,
    storage::{ImagesOf, ImagesOfPage},
};
use kit::testing::Backend;

use crate::support::Analytics;

kit::on_both_databases!(screenshots_are_listed_in_pages);

async fn screenshots_are_listed_in_pages(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let (member, service) = (analytics.user("member", Role::User), analytics.client.service());
    let picture = format!("/media/{}.png", "0a".repeat(20));
    let mut expected = Vec::new();
    for screenshot in [Some(&picture), None, Some(&picture), Some(&picture)] {
        let input = BugReportInput {
            title: "The menu is gone".to_owned(),
            description: "I pressed the button and nothing happened.".to_owned(),
            screenshot: screenshot.cloned(),
            ..BugReportInput::default()
        };
        let made: BugReport = member.post("/api/bug-reports", &input).await.json(201);
        expected.extend(screenshot.map(|url| ImagesOf { id: made.id, images: vec![url.clone()] }));
    }
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    let (mut listed, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let path = format!("/internal/bug-reports/images?limit=2&after={after}");
        let page: ImagesOfPage = service.get(&path).await.json(200);
        listed.extend(page.items);
        pages += 1;
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!((listed, pages), (expected, 2));
    for query in ["limit=0", "limit=501", "limit=x"] {
        service.get(&format!("/internal/bug-reports/images?{query}")).await.problem(400);
    }
    analytics.admin().get("/internal/bug-reports/images").await.problem(401);
}
