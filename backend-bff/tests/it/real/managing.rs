//! What admins look after.

use contracts::{
    module::Role,
    pages::{
        AdminAnalyticsPage, AdminHomePage, AdminPageEditPage, AdminPagesPage, ManagementPage, PostListPage, PostPage,
    },
};
use http::{Method, Request};

use super::{Hall, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dashboard_tells_how_things_are() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let mut author = hall.member("writer", Role::Author).await;
    author.publish("Seen", &[]).await;
    let mut reader = hall.guest();
    let post: PostPage = reader.page("/post/seen").await;
    let (tab, path) = (reader.clone(), format!("/api/views/post/{}", post.id));
    // The service counts what it has heard of.
    kit::testing::eventually("a counted view", || async {
        let view = Request::builder()
            .method(Method::POST)
            .uri(&path)
            .header("sec-fetch-site", "same-origin")
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
        let counted = tab.clone().send(view, axum::body::Body::empty()).await;
        counted.status.is_success().then_some(())
    })
    .await;

    let home: AdminHomePage = admin.page("/admin").await;
    assert_eq!((home.public_posts, home.users, home.held_comments), (1, Some(2), Some(0)));
    assert_eq!(home.missing, Vec::<String>::new());
    assert_eq!(home.services.iter().filter(|service| service.ready).count(), 6, "{:?}", home.services);
    assert!(home.numbers.is_some() && !home.modules.is_empty());
    let own: AdminHomePage = author.page("/admin").await;
    assert_eq!((own.users, own.numbers, own.services.len()), (None, None, 0));

    let numbers: AdminAnalyticsPage = admin.page("/admin/analytics").await;
    assert_eq!((numbers.numbers.by_day.len(), numbers.missing.len()), (30, 0));
    assert_eq!(numbers.numbers.views, 1);
    assert_eq!(numbers.pages[0].href, "/posts/seen");
    let one_day: AdminAnalyticsPage = admin.page("/admin/analytics?from=2026-01-01&to=2026-01-01").await;
    assert_eq!((one_day.numbers.by_day.len(), one_day.numbers.views), (1, 0));
    reader.get("/bff/pages/admin/analytics").await.problem(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_written_and_thrown_away() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    admin.done("/forms/pages", &[("title", "About"), ("content", "Us."), ("template", "wide")]).await;
    let list: AdminPagesPage = admin.page("/admin/pages?kind=STATIC").await;
    assert_eq!((list.total, &*list.items[0].status), (1, "DRAFT"));
    let id = list.items[0].id.clone();
    let edit: AdminPageEditPage = admin.page(&format!("/admin/pages/edit/{id}")).await;
    let page = edit.page.expect("a page");
    assert_eq!((&*page.content, &*page.template), ("Us.", "wide"));
    let version = page.version.to_string();
    let fields = [("title", "About us"), ("content", "Us."), ("status", "PUBLISHED"), ("version", &version)];
    admin.done(&format!("/forms/pages/{id}"), &fields).await;
    assert_eq!(admin.post(&format!("/forms/pages/{id}"), &fields).await.problem(409).code, "stale_version");
    assert_eq!(admin.done(&format!("/forms/pages/{id}/delete"), &[]).await.1, "page_deleted");
    assert_eq!(admin.page::<AdminPagesPage>("/admin/pages?status=TRASHED").await.total, 1);
    assert_eq!(admin.done(&format!("/forms/pages/{id}/restore"), &[]).await.1, "page_restored");
    admin.done(&format!("/forms/pages/{id}/delete"), &[]).await;
    assert_eq!(admin.done(&format!("/forms/pages/{id}/purge"), &[]).await.1, "page_purged");
    assert_eq!(admin.page::<AdminPagesPage>("/admin/pages?status=TRASHED").await.total, 0);
    let refused = admin.post("/forms/pages", &[("title", "x"), ("kind", "POEM")]).await.problem(422);
    assert_eq!(refused.errors[0].field, "kind");
    let mut author = hall.member("writer", Role::Author).await;
    author.get("/bff/pages/admin/pages").await.problem(403);
    author.post("/forms/pages", &[("title", "x"), ("content", "y")]).await.problem(403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_and_counts_are_made() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    assert_eq!(admin.done("/forms/backups", &[]).await, ("/admin/management".into(), "backup_started".into()));
    let ready = |page: &ManagementPage| page.backups.iter().any(|backup| backup.status == "READY");
    let page = until(&mut admin, "/admin/backups", ready).await;
    let id = page.backups[0].id.clone();
    assert!(page.backups[0].bytes > 0);
    assert_eq!(admin.done(&format!("/forms/backups/{id}/verify"), &[]).await.1, "backup_verified");
    admin.publish("After the backup", &[]).await;
    assert_eq!(admin.done(&format!("/forms/backups/{id}/restore"), &[]).await.1, "restore_started");
    let restored = |page: &ManagementPage| page.backups.iter().any(|backup| backup.status == "DONE");
    until(&mut admin, "/admin/backups", restored).await;
    let gone = |list: &PostListPage| list.total == 0;
    until(&mut hall.guest(), "/posts", gone).await;

    assert_eq!(admin.done("/forms/reconcile", &[]).await.1, "reconciled");
    let page: ManagementPage = admin.page("/admin/management").await;
    let search = page.reconciliation.iter().find(|row| row.check == "search_index").expect("it was compared");
    assert_eq!(search.drift, 0, "the index is led there by the restored rows themselves");
    // What an event of the time after the backup did late is put right by the first one.
    assert_eq!(admin.done("/forms/reconcile", &[]).await.1, "reconciled");
    let page: ManagementPage = admin.page("/admin/management").await;
    assert!(page.missing.is_empty(), "{:?}", page.missing);
    assert!(!page.reconciliation.is_empty());
    assert_eq!(page.reconciliation.iter().map(|row| row.drift).sum::<u32>(), 0, "{:?}", page.reconciliation);
    assert_eq!((page.registration.as_str(), page.dead_letters.len()), ("OPEN", 0));
    let audit: ManagementPage = admin.page("/admin/audit").await;
    assert!(audit.audit.iter().any(|row| row.actor == "keeper" && row.action == "signed_in"), "{:?}", audit.audit);

    let mut author = hall.member("writer", Role::Author).await;
    for path in ["/admin/management", "/admin/backups", "/admin/dead-letters", "/admin/audit", "/admin/settings"] {
        author.get(&format!("/bff/pages{path}")).await.problem(403);
    }
    author.post("/forms/reconcile", &[]).await.problem(403);
    author.post("/forms/dead-letters/blog/x/drop", &[]).await.problem(403);
    admin.post("/forms/dead-letters/blog/0190-no-such/drop", &[]).await.problem(404);
    admin.post("/forms/dead-letters/nothing/x/replay", &[]).await.problem(404);
}
