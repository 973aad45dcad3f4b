//! Deleting, restoring, purging.

use contracts::page::{Page, PageStatus};
use kit::testing::Backend;

use crate::support::{Pages, act, path, published, titles, write};

kit::on_both_databases!(
    a_deleted_page_can_be_restored,
    a_taken_address_gets_a_number,
    a_purged_page_is_gone,
    the_trash_is_emptied_after_thirty_days,
);

async fn a_deleted_page_can_be_restored(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let page = write(&admin, &published("Page")).await;
    assert_eq!(act(&admin, &format!("{}/restore", path(&page))).await.problem(409).code, "not_in_trash");
    assert_eq!(admin.delete("/api/pages/page").await.status, 204);
    for who in [&pages.client, &admin] {
        who.get("/api/pages/page").await.problem(404);
    }
    pages.client.get(&path(&page)).await.problem(404);
    admin.delete(&path(&page)).await.problem(404);
    let change = contracts::page::PageInput { version: Some(2), ..published("x") };
    assert_eq!(admin.put(&path(&page), &change).await.problem(409).code, "in_trash");
    let restored: Page = act(&admin, &format!("{}/restore", path(&page))).await.json(200);
    assert_eq!((restored.summary.slug.as_str(), restored.summary.status), ("page", PageStatus::Published));
    pages.client.get("/api/pages/page").await.json::<Page>(200);
    pages.heard(&page.summary.id, &["page.created", "page.updated", "page.updated"]).await;
}

async fn a_taken_address_gets_a_number(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let page = write(&admin, &published("Page")).await;
    admin.delete(&path(&page)).await;
    assert_eq!(write(&admin, &published("Page")).await.summary.slug, "page");
    let restored: Page = act(&admin, &format!("{}/restore", path(&page))).await.json(200);
    assert_eq!(restored.summary.slug, "page-2");
}

async fn a_purged_page_is_gone(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let page = write(&admin, &published("Page")).await;
    let purge = format!("{}/purge", path(&page));
    assert_eq!(act(&admin, &purge).await.problem(409).code, "not_in_trash");
    admin.delete(&path(&page)).await;
    assert_eq!(act(&admin, &purge).await.status, 204);
    act(&admin, &purge).await.problem(404);
    let heard = pages.heard(&page.summary.id, &["page.created", "page.updated", "page.deleted"]).await;
    assert_eq!(heard[2].0, "page");
}

async fn the_trash_is_emptied_after_thirty_days(backend: Backend) {
    let pages = Pages::start(backend).await;
    let page = write(&pages.admin(), &published("Page")).await;
    pages.admin().delete(&path(&page)).await;
    let db = pages.db.connect().await;
    for (days, left) in [(29, 1), (2, 0)] {
        pages.shared.advance(time::Duration::days(days));
        page::upkeep_step(&db, pages.shared.shared.clock.millis()).await.expect("tidied");
        assert_eq!(titles(&pages.admin(), "/api/pages?status=TRASHED").await.len(), left);
    }
    pages.heard(&page.summary.id, &["page.created", "page.updated", "page.deleted"]).await;
}
