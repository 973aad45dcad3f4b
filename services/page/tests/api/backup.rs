//! What is backed up comes back.

use contracts::page::{Page, PageInput, PageKind};
use http::Method;
use kit::testing::Backend;

use crate::support::{Pages, act, change, path, published, titles, write};

kit::on_both_databases!(a_restore_brings_everything_back);

async fn a_restore_brings_everything_back(backend: Backend) {
    let (old, new) = (Pages::start(backend).await, Pages::start(backend).await);
    let about = write(&old.admin(), &published("About")).await;
    change(&old.admin(), &about, PageInput { slug: Some("history".into()), ..published("About") }).await;
    write(&old.admin(), &PageInput { kind: Some(PageKind::Notice), ..published("Welcome") }).await;
    let gone = write(&old.admin(), &published("Gone")).await;
    old.admin().delete(&path(&gone)).await;

    let snapshot = old.client.service().get("/internal/backup").await;
    assert_eq!(snapshot.status, 200);
    write(&new.admin(), &published("Else")).await;
    let service = new.client.service();
    let prepared = service.send(Method::POST, "/internal/restore/prepare?token=t", None, snapshot.body).await;
    assert_eq!(prepared.status, 200);
    assert_eq!(act(&service, "/internal/restore/commit?token=t").await.status, 204);

    for url in ["/api/pages?status=ALL", "/api/pages?status=TRASHED"] {
        assert_eq!(titles(&new.admin(), url).await, titles(&old.admin(), url).await);
    }
    let read = async |pages: &Pages| -> Page { pages.admin().get("/api/pages/history").await.json(200) };
    assert_eq!(read(&new).await, read(&old).await);
    assert_eq!(new.client.get("/api/pages/about").await.problem(301).location.as_deref(), Some("/pages/history"));
}
