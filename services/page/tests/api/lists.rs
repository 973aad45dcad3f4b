//! Lists, notices, the sitemap.

use contracts::{
    module::Role,
    page::{PageInput, PageKind, PageList, PageStatus, SitemapPages},
};
use kit::testing::Backend;

use crate::support::{Pages, path, published, titles, write};

kit::on_both_databases!(
    notices_come_pinned_first,
    lists_show_others_only_to_admins,
    the_sitemap_knows_what_is_published
);

fn notice(title: &str) -> PageInput {
    PageInput { kind: Some(PageKind::Notice), ..published(title) }
}

async fn notices_come_pinned_first(backend: Backend) {
    let pages = Pages::start(backend).await;
    for (title, pinned) in [("one", false), ("two", true), ("three", false)] {
        pages.shared.advance(time::Duration::minutes(1));
        write(&pages.admin(), &PageInput { pinned: Some(pinned), ..notice(title) }).await;
    }
    write(&pages.admin(), &published("static")).await;
    write(&pages.admin(), &PageInput { status: None, ..notice("draft") }).await;
    assert_eq!(titles(&pages.client, "/api/pages/notices").await, ["two", "three", "one"]);
    let second: PageList = pages.admin().get("/api/pages/notices?page=2&size=2").await.json(200);
    assert_eq!((second.items.len(), second.total), (1, 3));
    for query in ["page=0", "size=101", "size=x"] {
        pages.client.get(&format!("/api/pages/notices?{query}")).await.problem(400);
    }
}

async fn lists_show_others_only_to_admins(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    write(&admin, &published("Public 100%")).await;
    pages.shared.advance(time::Duration::minutes(1));
    write(&admin, &PageInput { status: None, ..notice("Draft") }).await;
    let gone = write(&admin, &published("Gone")).await;
    admin.delete(&path(&gone)).await;
    assert_eq!(titles(&pages.client, "/api/pages").await, ["Public 100%"]);
    assert_eq!(titles(&admin, "/api/pages?status=all").await, ["Draft", "Public 100%"]);
    assert_eq!(titles(&admin, "/api/pages?status=DRAFT&type=notice").await, ["Draft"]);
    assert_eq!(titles(&admin, "/api/pages?status=TRASHED").await, ["Gone"]);
    assert_eq!(titles(&admin, "/api/pages?status=ALL&q=public%20100%25").await, ["Public 100%"]);
    assert_eq!(titles(&pages.client, "/api/pages?type=NOTICE").await, Vec::<String>::new());
    pages.client.get("/api/pages?status=DRAFT").await.problem(401);
    pages.user("a", Role::Author).get("/api/pages?status=ALL").await.problem(403);
    for query in ["type=BOOK", "status=LOUD", "page=0", "size=0", &format!("q={}", "x".repeat(201))] {
        admin.get(&format!("/api/pages?{query}")).await.problem(400);
    }
}

async fn the_sitemap_knows_what_is_published(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    write(&admin, &published("About")).await;
    write(&admin, &notice("Welcome")).await;
    let draft = write(&admin, &PageInput { status: Some(PageStatus::Draft), ..published("Draft") }).await;
    let service = pages.client.service();
    let first: SitemapPages = service.get("/internal/pages?limit=1").await.json(200);
    assert_eq!(first.items[0].path, "/pages/about");
    let after = first.next.expect("there are more");
    let rest: SitemapPages = service.get(&format!("/internal/pages?limit=5&after={after}")).await.json(200);
    assert_eq!((rest.items.len(), rest.items[0].path.as_str(), rest.next), (1, "/notices/welcome", None));
    let all: SitemapPages = service.get("/internal/pages?all=true").await.json(200);
    assert_eq!(all.items.len(), 3);
    let whole: contracts::page::Page = service.get(&format!("/internal/pages/{}", draft.summary.id)).await.json(200);
    assert!(whole.content.is_some());
    service.get("/internal/pages/nonsense").await.problem(404);
    service.get("/internal/pages?limit=0").await.problem(400);
}
