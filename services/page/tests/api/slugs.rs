//! Addresses.

use contracts::{
    blog::Redirect,
    page::{Page, PageInput, PageKind},
};
use kit::testing::Backend;

use crate::support::{Pages, change, published, write};

kit::on_both_databases!(
    a_changed_slug_leads_on,
    a_taken_slug_gets_a_number_or_an_advice,
    many_at_once_get_addresses_of_their_own,
    odd_addresses_are_nowhere,
);

async fn a_changed_slug_leads_on(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let page = write(&admin, &published("First")).await;
    let renamed = change(&admin, &page, PageInput { slug: Some("두번째".into()), ..published("First") }).await;
    change(&admin, &renamed, PageInput { slug: Some("third".into()), kind: Some(PageKind::Notice), ..published("x") })
        .await;
    for old in ["first", "%EB%91%90%EB%B2%88%EC%A7%B8"] {
        let answer = pages.client.get(&format!("/api/pages/{old}")).await;
        assert_eq!(answer.headers["location"], "/notices/third", "{old}");
        assert_eq!(answer.problem(301).code, "moved");
    }
    let target: Redirect = pages.client.service().get("/internal/redirects?path=/pages/first/").await.json(200);
    assert_eq!(target.location, "/notices/third");
    pages.client.service().get("/internal/redirects?path=/pages/nothing").await.problem(404);
    assert_eq!(pages.client.get("/api/pages/THIRD").await.problem(301).location.as_deref(), Some("/notices/third"));
    // A new page takes the old address over.
    assert_eq!(write(&admin, &published("First")).await.summary.slug, "first");
    pages.client.get("/api/pages/first").await.json::<Page>(200);
}

async fn a_taken_slug_gets_a_number_or_an_advice(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    for expected in ["about", "about-2", "about-3"] {
        assert_eq!(write(&admin, &published("About")).await.summary.slug, expected);
    }
    let typed = |slug: &str| PageInput { slug: Some(slug.into()), ..published("x") };
    let problem = admin.post("/api/pages", &typed("About")).await.problem(422);
    assert_eq!((problem.errors[0].field.as_str(), problem.errors[0].code.as_str()), ("slug", "taken"));
    assert!(problem.errors[0].message.contains("`about-4` is free"), "{}", problem.errors[0].message);
    for reserved in ["notices", "new", "0190a0f0-0000-7000-8000-000000000000"] {
        let field = admin.post("/api/pages", &typed(reserved)).await.field_error();
        assert_eq!(field, ("slug".into(), "reserved".into()));
    }
    assert_eq!(write(&admin, &published("Notices")).await.summary.slug, "notices-page");
}

async fn many_at_once_get_addresses_of_their_own(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let input = published("Same");
    let mut slugs: Vec<String> = Vec::new();
    for answer in futures_util::future::join_all((0..6).map(|_| admin.post("/api/pages", &input))).await {
        // PostgreSQL may let two find the same address free; the second is told, and nothing breaks.
        if answer.status == 422 {
            assert_eq!(answer.field_error(), ("slug".into(), "taken".into()));
        } else {
            slugs.push(answer.json::<Page>(201).summary.slug);
        }
    }
    slugs.sort();
    let count = slugs.len();
    slugs.dedup();
    assert!(count >= 1 && slugs.len() == count);
}

async fn odd_addresses_are_nowhere(backend: Backend) {
    let pages = Pages::start(backend).await;
    for odd in
        ["%FF", "%00", "%F0%9F%A6%80", "a%2Fb", "%2e%2e", "%", "x%E2%80%AE", "00000000-0000-7000-8000-000000000000"]
    {
        pages.client.get(&format!("/api/pages/{odd}")).await.problem(404);
        pages.admin().delete(&format!("/api/pages/{odd}")).await.problem(404);
    }
}
