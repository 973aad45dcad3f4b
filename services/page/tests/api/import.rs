//! `PUT /internal/import/pages`

use contracts::{
    blog::{ImportChange, Redirect},
    page::{ImportPage, ImportedPage, Page, PageKind, PageStatus, WholePage},
};
use kit::testing::Backend;

use crate::support::{Pages, act, published, write};

kit::on_both_databases!(an_import_twice_changes_nothing, imports_are_checked, what_was_thrown_away_stays_so);

fn page(source: &str, title: &str) -> ImportPage {
    ImportPage {
        source: source.to_owned(),
        slug: "About".into(),
        title: title.to_owned(),
        content: "Text.".into(),
        status: PageStatus::Published,
        author_id: "author".into(),
        author_name: "Author".into(),
        published_at: Some("2012-05-01T12:00:00+09:00".into()),
        aliases: vec!["/about-us/index.html".into(), "/?page_id=2".into()],
        ..ImportPage::default()
    }
}

async fn import(pages: &Pages, input: &ImportPage) -> ImportedPage {
    pages.client.service().put("/internal/import/pages", input).await.json(200)
}

async fn an_import_twice_changes_nothing(backend: Backend) {
    let pages = Pages::start(backend).await;
    write(&pages.admin(), &published("About")).await;
    let input = page("wordpress:2", "About us");
    let first = import(&pages, &input).await;
    assert_eq!((first.change, first.slug.as_str()), (ImportChange::Created, "about-2"));
    let again = import(&pages, &input).await;
    assert_eq!((again.change, again.id.as_str()), (ImportChange::Unchanged, first.id.as_str()));
    let read: Page = pages.client.get("/api/pages/about-2").await.json(200);
    assert_eq!(read.summary.published_at.as_deref(), Some("2012-05-01T03:00:00Z"));
    let target: Redirect = pages.client.service().get("/internal/redirects?path=/about-us/").await.json(200);
    assert_eq!(target.location, "/pages/about-2");
    let renamed = ImportPage { slug: "history".into(), kind: PageKind::Notice, ..input };
    let changed = import(&pages, &renamed).await;
    assert_eq!((changed.change, changed.slug.as_str()), (ImportChange::Updated, "history"));
    let path = format!("/internal/pages/{}/whole", first.id);
    let whole: WholePage = pages.client.service().get(&path).await.json(200);
    assert_eq!(whole.page.content.as_deref(), Some("Text."));
    assert_eq!(whole.aliases, ["/?page_id=2", "/about-us", "/pages/about-2"]);
    pages.client.get(&path).await.problem(401);
    let moved = pages.client.get("/api/pages/about-2").await.problem(301);
    assert_eq!(moved.location.as_deref(), Some("/notices/history"));
    pages.heard(&first.id, &["page.created", "page.updated"]).await;
}

async fn imports_are_checked(backend: Backend) {
    let pages = Pages::start(backend).await;
    let good = page("wordpress:2", "About us");
    let cases = [
        (ImportPage { source: " ".into(), ..good.clone() }, "source"),
        (ImportPage { title: " ".into(), ..good.clone() }, "title"),
        (ImportPage { author_id: "".into(), ..good.clone() }, "author_id"),
        (ImportPage { published_at: Some("yesterday".into()), ..good.clone() }, "published_at"),
        (ImportPage { source: "가".repeat(501), ..good.clone() }, "source"),
        (ImportPage { author_id: "가".repeat(101), ..good.clone() }, "author_id"),
        (ImportPage { author_name: "가".repeat(201), ..good.clone() }, "author_name"),
        (ImportPage { aliases: vec!["가".repeat(501)], ..good.clone() }, "aliases"),
        (ImportPage { status: PageStatus::Trashed, ..good }, "status"),
    ];
    for (input, field) in cases {
        assert_eq!(pages.client.service().put("/internal/import/pages", &input).await.field_error().0, field);
    }
}

async fn what_was_thrown_away_stays_so(backend: Backend) {
    let pages = Pages::start(backend).await;
    let first = import(&pages, &page("wordpress:2", "About us")).await;
    assert_eq!(pages.admin().delete(&format!("/api/pages/{}", first.id)).await.status, 204);
    let changed = import(&pages, &page("wordpress:2", "About them")).await;
    assert_eq!(changed.change, ImportChange::Updated);
    pages.client.get("/api/pages/about").await.problem(404);
    let restored: Page = act(&pages.admin(), &format!("/api/pages/{}/restore", first.id)).await.json(200);
    assert_eq!((restored.summary.title.as_str(), restored.summary.status), ("About them", PageStatus::Published));
}
