//! Bug reports: who may write, see and answer them.

use contracts::{
    analytics::{BugCategory, BugPriority, BugReport, BugReportInput, BugReportList, BugResponseInput, BugStatus},
    events::{ImagesUsed, UserDeleted},
    module::Role,
};
use kit::testing::{Backend, Client, eventually};
use serde_json::json;
use time::Duration;

use crate::support::{Analytics, FIREFOX, IPHONE};

kit::on_both_databases!(
    a_report_is_answered,
    an_answer_overwrites_none_that_was_not_seen,
    others_reports_are_not_there,
    lists_filter_and_page,
    guests_may_report_a_few_times_a_day,
    a_deleted_account_leaves_no_name,
    screenshots_are_told,
    screenshots_are_ones_own,
    fields_have_limits,
);

fn report(title: &str) -> BugReportInput {
    BugReportInput {
        title: title.to_owned(),
        description: "I pressed the button and nothing happened.".to_owned(),
        category: BugCategory::Interface,
        priority: BugPriority::High,
        ..BugReportInput::default()
    }
}

async fn create(client: &Client, title: &str) -> BugReport {
    client.post("/api/bug-reports", &report(title)).await.json(201)
}

/// An answer that ends it, made from that version.
fn resolved(response: &str, version: Option<u32>) -> BugResponseInput {
    BugResponseInput { status: BugStatus::Resolved, response: Some(response.to_owned()), version }
}

/// A screenshot of `member`.
fn picture() -> String {
    media("0a")
}

fn media(byte: &str) -> String {
    format!("/media/{}.png", byte.repeat(20))
}

async fn a_report_is_answered(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let member = analytics.user("member", Role::User);
    let answer = member.post("/api/bug-reports", &report("The menu is gone")).await;
    let made: BugReport = answer.json(201);
    assert_eq!(answer.headers["location"], format!("/api/bug-reports/{}", made.id));
    assert_eq!((made.status, made.reporter_name.as_deref()), (BugStatus::Pending, Some("Name of member")));
    assert_eq!((made.category, made.priority), (BugCategory::Interface, BugPriority::High));

    let path = format!("/api/bug-reports/{}/response", made.id);
    let looking = BugResponseInput { status: BugStatus::InProgress, ..BugResponseInput::default() };
    let looked: BugReport = analytics.admin().put(&path, &looking).await.json(200);
    assert_eq!((looked.status, looked.response, looked.responded_at), (BugStatus::InProgress, None, None));
    let done = resolved(" It is back. ", None);
    let answered: BugReport = analytics.admin().put(&path, &done).await.json(200);
    assert_eq!(answered.response.as_deref(), Some("It is back."));
    assert!(answered.responded_at.is_some());
    let seen: BugReport = member.get(&format!("/api/bug-reports/{}", made.id)).await.json(200);
    assert_eq!(seen, answered);

    member.put(&path, &done).await.problem(403);
    analytics.client.put(&path, &done).await.problem(401);
    analytics.admin().put("/api/bug-reports/nothing/response", &done).await.problem(404);
    let empty = BugResponseInput { response: Some("  ".to_owned()), ..done };
    assert_eq!(analytics.admin().put(&path, &empty).await.field_error(), ("response".into(), "required".into()));
    let unknown = json!({ "status": "GONE" });
    assert_eq!(analytics.admin().put(&path, &unknown).await.field_error(), ("status".into(), "invalid".into()));
}

async fn an_answer_overwrites_none_that_was_not_seen(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let made = create(&analytics.user("member", Role::User), "The menu is gone").await;
    let path = format!("/api/bug-reports/{}/response", made.id);
    let (one, other) = (analytics.admin(), analytics.user("another", Role::Admin));
    let (left, right) = (resolved("It is back.", Some(made.version)), resolved("Which menu?", Some(made.version)));
    let (left, right) = futures_util::future::join(one.put(&path, &left), other.put(&path, &right)).await;
    let (first, second) = if left.status == 200 { (left, right) } else { (right, left) };
    let first: BugReport = first.json(200);
    assert_eq!(first.version, made.version + 1);
    let problem = second.problem(409);
    assert_eq!((problem.code.as_str(), problem.errors[0].field.as_str()), ("stale_version", "version"));
    let current: serde_json::Value = second.json(409);
    assert_eq!(current["current"]["response"].as_str(), first.response.as_deref());
    let seen: BugReport = one.get(&format!("/api/bug-reports/{}", made.id)).await.json(200);
    assert_eq!(seen, first);
    // Who has seen it may change it, and who names no version always may.
    let third: BugReport = other.put(&path, &resolved("Both.", Some(first.version))).await.json(200);
    let last: BugReport = one.put(&path, &resolved("All.", None)).await.json(200);
    assert_eq!((third.version, last.version, last.response.as_deref()), (3, 4, Some("All.")));
    let nowhere = "/api/bug-reports/nothing/response";
    one.put(nowhere, &resolved("?", Some(1))).await.problem(404);
}

async fn others_reports_are_not_there(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let mine = create(&analytics.user("member", Role::User), "The menu is gone").await;
    let path = format!("/api/bug-reports/{}", mine.id);
    analytics.user("other", Role::Author).get(&path).await.problem(404);
    analytics.client.get(&path).await.problem(401);
    let admins: BugReport = analytics.admin().get(&path).await.json(200);
    assert_eq!(admins, mine);
    analytics.client.get("/api/bug-reports").await.problem(401);
    let others: BugReportList = analytics.user("other", Role::Author).get("/api/bug-reports").await.json(200);
    assert_eq!(others, BugReportList::default());
}

async fn lists_filter_and_page(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let member = analytics.user("member", Role::User);
    for title in ["One is broken", "Two is broken", "Three is broken"] {
        create(&member, title).await;
    }
    let admins = create(&analytics.admin(), "Mine is broken").await;
    let done = BugResponseInput { status: BugStatus::Resolved, ..BugResponseInput::default() };
    analytics.admin().put(&format!("/api/bug-reports/{}/response", admins.id), &done).await;
    let titles = async |client: &Client, query: &str| {
        let list: BugReportList = client.get(&format!("/api/bug-reports?{query}")).await.json(200);
        (list.items.into_iter().map(|report| report.title).collect::<Vec<_>>(), list.total)
    };
    let (all, total) = titles(&analytics.admin(), "size=2").await;
    assert_eq!((all.as_slice(), total), (&["Mine is broken".to_owned(), "Three is broken".to_owned()][..], 4));
    assert_eq!(titles(&analytics.admin(), "size=2&page=2").await.0, ["Two is broken", "One is broken"]);
    assert_eq!(titles(&analytics.admin(), "status=RESOLVED").await, (vec!["Mine is broken".to_owned()], 1));
    assert_eq!(titles(&analytics.admin(), "mine=true").await.1, 1);
    assert_eq!(titles(&analytics.admin(), "category=INTERFACE&priority=HIGH&status=PENDING").await.1, 3);
    assert_eq!(titles(&member, "").await.1, 3);
    for query in ["status=GONE", "category=x", "size=0", "size=101", "page=0", "page=-1"] {
        analytics.admin().get(&format!("/api/bug-reports?{query}")).await.problem(400);
    }
}

async fn guests_may_report_a_few_times_a_day(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let guest = analytics.visitor("203.0.113.7", FIREFOX);
    for n in 0..5 {
        let made = create(&guest, &format!("Report {n}")).await;
        assert_eq!((made.reporter_id, made.reporter_name), (None, None));
    }
    let refused = analytics.visitor("203.0.113.7", IPHONE).post("/api/bug-reports", &report("One more")).await;
    refused.problem(429);
    assert!(refused.headers.contains_key("retry-after"));
    create(&analytics.visitor("203.0.113.8", FIREFOX), "Somebody else").await;
    create(&analytics.user("member", Role::User), "A member").await;
    analytics.shared.advance(Duration::hours(25));
    create(&guest, "The next day").await;
}

async fn a_deleted_account_leaves_no_name(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let member = analytics.user("member", Role::User);
    let with_picture = BugReportInput { screenshot: Some(picture()), ..report("With a picture") };
    let made: BugReport = member.post("/api/bug-reports", &with_picture).await.json(201);
    create(&analytics.user("other", Role::User), "Somebody else's").await;
    analytics.deliver("member", 1, &UserDeleted { user_id: "member".into(), keep_content: false }).await;
    let list: BugReportList = analytics.admin().get("/api/bug-reports").await.json(200);
    let anonymous = list.items.iter().find(|report| report.id == made.id).expect("it stays");
    assert_eq!((&anonymous.reporter_id, &anonymous.reporter_name, &anonymous.screenshot), (&None, &None, &None));
    assert_eq!(list.items.iter().filter(|report| report.reporter_id.is_some()).count(), 1);
    eventually("the picture is let go", async || {
        let heard = analytics.heard::<ImagesUsed>();
        heard.iter().any(|used| used.id == made.id && used.images.is_empty()).then_some(())
    })
    .await;
}

async fn screenshots_are_told(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let input = BugReportInput { screenshot: Some(picture()), page: Some("/posts/hello".into()), ..report("Broken") };
    let made: BugReport = analytics.user("member", Role::User).post("/api/bug-reports", &input).await.json(201);
    assert_eq!((made.screenshot, made.page.as_deref()), (Some(picture()), Some("/posts/hello")));
    let heard = eventually("the screenshot", async || analytics.heard::<ImagesUsed>().pop()).await;
    assert_eq!(heard, ImagesUsed { by: "bug_report".into(), id: made.id, images: vec![picture()] });
}

async fn screenshots_are_ones_own(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    analytics.neighbours.change(|known| {
        for (byte, folder, uploader) in
            [("0b", "avatars", "member"), ("0c", "posts", "author"), ("0d", "screenshots", "other"), ("0e", "", "")]
        {
            known.images.insert(media(byte), (folder.to_owned(), uploader.to_owned()));
        }
    });
    let member = analytics.user("member", Role::User);
    let with = |byte: &str| BugReportInput { screenshot: Some(media(byte)), ..report("Broken") };
    // The same screenshot may come from two; storage keeps it once.
    for fine in ["0b", "0d"] {
        member.post("/api/bug-reports", &with(fine)).await.json::<BugReport>(201);
    }
    let refused = ("screenshot".to_owned(), "invalid".to_owned());
    for other in ["0c", "0e", "0f"] {
        assert_eq!(member.post("/api/bug-reports", &with(other)).await.field_error(), refused, "{other}");
    }
    let guest = analytics.visitor("203.0.113.7", FIREFOX);
    assert_eq!(guest.post("/api/bug-reports", &with("0d")).await.field_error(), refused);
    let list: BugReportList = analytics.admin().get("/api/bug-reports").await.json(200);
    assert_eq!(list.total, 2);
}

async fn fields_have_limits(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let member = analytics.user("member", Role::User);
    let long = "x".repeat(5_001);
    for (change, field, code) in [
        (json!({ "title": "ab" }), "title", "too_short"),
        (json!({ "title": "x".repeat(121) }), "title", "too_long"),
        (json!({ "title": null }), "title", "wrong_type"),
        (json!({ "description": "short" }), "description", "too_short"),
        (json!({ "description": long }), "description", "too_long"),
        (json!({ "category": "COLOUR" }), "category", "invalid"),
        (json!({ "priority": "high" }), "priority", "invalid"),
        (json!({ "screenshot": "https://evil.test/x.png" }), "screenshot", "invalid"),
        (json!({ "page": "javascript:alert(1)" }), "page", "invalid"),
        (json!({ "status": "RESOLVED" }), "status", "unknown"),
        (json!({ "reporter_id": "admin" }), "reporter_id", "unknown"),
    ] {
        let mut body = serde_json::to_value(report("The menu is gone")).expect("JSON");
        body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let refused = member.post("/api/bug-reports", &body).await;
        assert_eq!(refused.field_error(), (field.into(), code.into()), "{change}");
    }
    let made = create(&member, "<script>alert(1)</script>").await;
    assert_eq!(made.title, "<script>alert(1)</script>", "plain text stays plain text");
}
