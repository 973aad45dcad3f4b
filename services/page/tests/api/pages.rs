//! One page at a time.

use contracts::{
    module::Role,
    page::{Page, PageInput, PageKind, PageStatus, PageTemplate},
};
use kit::testing::Backend;

use crate::support::{Pages, change, path, published, write};

kit::on_both_databases!(
    a_page_is_written_read_and_changed,
    only_admins_write,
    drafts_are_for_admins,
    a_stale_change_is_refused,
    publication_time_stays,
);

async fn a_page_is_written_read_and_changed(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let input = PageInput {
        content: "# About\n\n## Us\n\n<script>alert(1)</script>\n\n![x](/media/a.png)".into(),
        kind: Some(PageKind::Notice),
        badge: Some(" Important ".into()),
        pinned: Some(true),
        template: Some(PageTemplate::Wide),
        ..published("마루 소개")
    };
    let answer = admin.post("/api/pages", &input).await;
    assert_eq!(answer.headers["location"], "/api/pages/%EB%A7%88%EB%A3%A8-%EC%86%8C%EA%B0%9C");
    let page: Page = answer.json(201);
    assert_eq!((page.summary.badge.as_deref(), page.summary.version), (Some("Important"), 1));
    let read: Page = pages.client.get("/api/pages/%EB%A7%88%EB%A3%A8-%EC%86%8C%EA%B0%9C").await.json(200);
    assert!(read.content.is_none() && !read.html.contains("<script") && !read.toc.is_empty(), "{}", read.html);
    assert_eq!((&read.summary, read.summary.author_name.as_str()), (&page.summary, "Name of admin"));
    let by_id: Page = admin.get(&path(&page)).await.json(200);
    assert_eq!(by_id.content.as_deref(), Some(input.content.as_str()));
    pages.shared.advance(time::Duration::minutes(1));
    // What is absent stays, but for the badge.
    let changed =
        change(&admin, &page, PageInput { title: "Changed".into(), content: "New.".into(), ..PageInput::default() })
            .await;
    let summary = &changed.summary;
    assert_eq!((summary.kind, summary.template, summary.pinned), (PageKind::Notice, PageTemplate::Wide, true));
    assert_eq!((summary.slug.as_str(), summary.status, summary.version), ("마루-소개", PageStatus::Published, 2));
    assert!(summary.badge.is_none() && summary.updated_at > summary.created_at);
    let heard = pages.heard(&page.summary.id, &["page.created", "page.updated"]).await;
    assert_eq!(heard, [("마루-소개".into(), vec!["/media/a.png".into()]), ("마루-소개".into(), vec![])]);
}

async fn only_admins_write(backend: Backend) {
    let pages = Pages::start(backend).await;
    let page = write(&pages.admin(), &published("Page")).await;
    let change = PageInput { version: Some(1), ..published("Taken over") };
    for (who, status) in
        [(pages.client.clone(), 401), (pages.user("u", Role::User), 403), (pages.user("a", Role::Author), 403)]
    {
        who.post("/api/pages", &published("x")).await.problem(status);
        who.put(&path(&page), &change).await.problem(status);
        who.delete(&path(&page)).await.problem(status);
        for action in ["restore", "purge"] {
            crate::support::act(&who, &format!("{}/{action}", path(&page))).await.problem(status);
        }
        for url in ["/internal/pages", "/internal/redirects?path=/x"] {
            who.get(url).await.problem(401);
        }
        who.put("/internal/import/pages", &serde_json::json!({})).await.problem(401);
    }
}

async fn drafts_are_for_admins(backend: Backend) {
    let pages = Pages::start(backend).await;
    let draft = write(&pages.admin(), &PageInput { status: None, ..published("Draft") }).await;
    assert_eq!((draft.summary.status, draft.summary.published_at.clone()), (PageStatus::Draft, None));
    for url in ["/api/pages/draft".to_owned(), path(&draft)] {
        pages.admin().get(&url).await.json::<Page>(200);
        for who in [pages.client.clone(), pages.user("a", Role::Author)] {
            who.get(&url).await.problem(404);
        }
    }
    pages.client.get("/api/pages/DRAFT").await.problem(404);
}

async fn a_stale_change_is_refused(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let page = write(&admin, &published("Page")).await;
    let from = |version: Option<u32>, title: &str| PageInput { version, ..published(title) };
    let (left, right) = (from(Some(1), "Left"), from(Some(1), "Right"));
    let url = path(&page);
    let (left, right) = futures_util::future::join(admin.put(&url, &left), admin.put(&url, &right)).await;
    let mut statuses = [left.status.as_u16(), right.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let stale = [admin.put(&url, &from(Some(1), "Late")).await, admin.delete(&format!("{url}?version=1")).await];
    for answer in stale {
        let problem = answer.problem(409);
        assert_eq!((problem.code.as_str(), problem.errors[0].message.as_str()), ("stale_version", "2"));
        let current = answer.json::<serde_json::Value>(409)["current"].clone();
        assert_eq!((&current["version"], &current["content"]), (&2.into(), &"Some *text*.".into()));
    }
    assert_eq!(admin.put(&url, &from(None, "x")).await.field_error(), ("version".into(), "required".into()));
    assert_eq!(admin.delete(&format!("{url}?version=2")).await.status, 204);
}

async fn publication_time_stays(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let draft = write(&admin, &PageInput { status: None, ..published("Page") }).await;
    let first = change(&admin, &draft, published("Page")).await;
    let time = first.summary.published_at.clone().expect("published now");
    pages.shared.advance(time::Duration::minutes(2));
    let hidden = change(&admin, &first, PageInput { status: Some(PageStatus::Draft), ..published("Page") }).await;
    pages.client.get("/api/pages/page").await.problem(404);
    let again = change(&admin, &hidden, published("Page")).await;
    assert_eq!(again.summary.published_at, Some(time));
}
