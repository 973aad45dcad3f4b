//! What other services tell, and what is recounted.

use axum::{Json, Router, routing::get};
use contracts::{
    auth::UserCard,
    events::{UserDeleted, UserProfileUpdated},
    page::Page,
    reconcile::Report,
};
use kit::testing::Backend;

use crate::support::{Pages, published, write};

kit::on_both_databases!(a_new_name_reaches_every_page, drift_is_found_and_repaired, the_document_names_every_route);

async fn author(pages: &Pages, slug: &str) -> (String, Option<String>) {
    let page: Page = pages.client.get(&format!("/api/pages/{slug}")).await.json(200);
    (page.summary.author_name, page.summary.author_avatar)
}

async fn a_new_name_reaches_every_page(backend: Backend) {
    let pages = Pages::start(backend).await;
    write(&pages.admin(), &published("One")).await;
    let avatar = Some("/media/me.png".to_owned());
    let event = UserProfileUpdated { user_id: "admin".into(), name: "새 이름".into(), avatar: avatar.clone() };
    pages.tell("admin", event.clone()).await;
    assert_eq!(author(&pages, "one").await, ("새 이름".into(), avatar));
    pages.tell("admin", UserDeleted { user_id: "admin".into(), keep_content: false }).await;
    assert_eq!(author(&pages, "one").await, (String::new(), None), "the page is the site's and stays");
    pages.tell("admin", event).await;
    assert_eq!(author(&pages, "one").await.0, "");
}

async fn drift_is_found_and_repaired(backend: Backend) {
    let pages = Pages::start(backend).await;
    write(&pages.admin(), &published("One")).await;
    let cards = || async {
        let card = UserCard { id: "admin".into(), name: "Somebody else".into(), ..UserCard::default() };
        Json(vec![card])
    };
    pages.shared.shared.peers.register("auth", Router::new().route("/api/users", get(cards)));
    for drift in [1, 0] {
        let report: Report = pages.client.service().post("/internal/reconcile", &()).await.json(200);
        assert_eq!((report.drift(), report.checks[0].checked, report.checks[0].repaired), (drift, 1, drift));
    }
    assert_eq!(author(&pages, "one").await.0, "Somebody else");
    pages.admin().post("/internal/reconcile", &()).await.problem(401);
}

async fn the_document_names_every_route(backend: Backend) {
    let pages = Pages::start(backend).await;
    let document: serde_json::Value = pages.client.get("/openapi.json").await.json(200);
    for path in ["/api/pages", "/api/pages/notices", "/api/pages/{page}", "/api/pages/{page}/purge", "/internal/pages"]
    {
        assert!(document["paths"][path].is_object(), "{path}");
    }
}
