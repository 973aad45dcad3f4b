//! What authors do.

use contracts::{
    blog::PostStatus,
    module::Role,
    pages::{AdminDraftsPage, AdminImagesPage, AdminPostEditPage, AdminPostsPage, AdminTermsPage, RevisionsPage},
};

use super::{Hall, outcome, png};
use crate::{forms::form_state, site::Browser};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_becomes_a_post() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    let (location, flash) = author.done("/forms/drafts", &[("title", ""), ("content", "A begin")]).await;
    assert_eq!(flash, "draft_saved");
    let drafts: AdminDraftsPage = author.page("/admin/drafts").await;
    assert_eq!((drafts.total, format!("/admin/drafts/{}", drafts.items[0].id)), (1, location.clone()));
    let form = location.replace("/admin/", "/forms/");
    let page: AdminPostEditPage = author.page(&location).await;
    let version = page.post.expect("a draft").version.to_string();
    let fields = [("title", "Begun"), ("content", "A beginning."), ("version", version.as_str())];
    author.done(&form, &fields).await;
    assert_eq!(author.post(&form, &fields).await.problem(409).code, "stale_version");
    let page: AdminPostEditPage = author.page(&location).await;
    let version = page.post.expect("a draft").version.to_string();
    let day = (time::OffsetDateTime::now_utc() + time::Duration::days(30)).date().to_string();
    let nine = format!("{day}T09:00");
    let at = [("title", "Begun"), ("content", "Done."), ("version", &version), ("at", &nine)];
    assert_eq!(author.done(&format!("{form}/publish"), &at).await.1, "post_scheduled");
    assert_eq!(author.page::<AdminDraftsPage>("/admin/drafts").await.total, 0);
    let posts: AdminPostsPage = author.page("/admin/posts?status=SCHEDULED").await;
    assert_eq!((posts.total, posts.items[0].status), (1, PostStatus::Scheduled));
    assert!(posts.items[0].published_at.as_deref().is_some_and(|at| at.starts_with(&nine)));
    hall.member("reader", Role::User).await.post("/forms/drafts", &[("title", "x")]).await.problem(403);
}

async fn version_of(author: &mut Browser, draft: &str) -> String {
    let page: AdminPostEditPage = author.page(draft).await;
    page.post.expect("a draft").version.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_publish_yet_goes_on_writing() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    let (page, _) = author.done("/forms/drafts", &[("title", ""), ("content", "A begin")]).await;
    let (save, publish) = (page.replace("/admin/", "/forms/"), page.replace("/admin/", "/forms/") + "/publish");
    let first = version_of(&mut author, &page).await;

    // What cannot be read is refused before anything is saved.
    let unreadable = [("title", "Begun"), ("content", "More."), ("version", &*first), ("at", "tomorrow")];
    assert_eq!(author.post(&publish, &unreadable).await.problem(422).errors[0].field, "at");
    assert_eq!(version_of(&mut author, &page).await, first);

    // The text is saved, the publication is not: a script goes on from the new version.
    let untitled = [("title", ""), ("content", "More."), ("version", &*first)];
    let refused = author.post(&publish, &untitled).await;
    assert_eq!(refused.problem(422).errors[0].field, "title");
    let second = refused.header("x-form-version").to_owned();
    assert_eq!(version_of(&mut author, &page).await, second);
    assert_ne!(second, first);

    // So does the form on the page, and a time in the past is said where it was typed.
    author.script = false;
    let late = [("title", "Begun"), ("content", "More still."), ("version", &*second), ("at", "2020-01-01T09:00")];
    let refused = author.post(&publish, &late).await;
    assert_eq!(refused.status, 422);
    let state = form_state(&refused);
    let error = state.errors.first().map(|error| (&*error.field, &*error.code));
    assert_eq!((error, state.problem.as_deref()), (Some(("at", "past")), None));
    let third = state.values["version"].clone();
    assert_ne!(third, second);
    let saved = author.post(&save, &[("title", ""), ("content", "The end."), ("version", &*third)]).await;
    assert_eq!(saved.status, 303, "{}", saved.text());

    // Of a field that is not on the page the form as a whole speaks.
    let fourth = version_of(&mut author, &page).await;
    let state = form_state(&author.post(&publish, &[("version", &*fourth)]).await);
    assert_eq!((&*state.errors[0].field, state.problem.as_deref()), ("title", Some("validation_failed")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_wrote_who_is_signed_out_is_shown_to_them() {
    let hall = Hall::open().await;
    let mut guest = hall.guest();
    guest.script = false;
    for title in ["", "Lost?"] {
        let page = guest.post("/forms/posts", &[("title", title), ("content", "A <b>bold</b>\r\nbegin")]).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (401, "text/html; charset=utf-8"));
        assert_eq!(page.header("cache-control"), "private, no-store");
        assert!(page.text().contains("A &lt;b&gt;bold&lt;/b&gt;\r\nbegin</textarea>"), "{}", page.text());
        assert!(page.text().contains("href=\"/login?next=%2Fadmin%2Fposts%2Fnew\""), "{}", page.text());
        assert_eq!(page.text().contains("Lost?</textarea>"), title == "Lost?", "{}", page.text());
    }
    let nothing = guest.post("/forms/posts/one/delete", &[("version", "1")]).await;
    assert_eq!((nothing.status.as_u16(), nothing.header("location")), (303, "/login?next=%2Fadmin%2Fposts"));
    guest.script = true;
    guest.post("/forms/posts", &[("title", "Lost?"), ("content", "x")]).await.problem(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_posts_are_changed_as_far_as_they_can_be() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    author.publish("One", &[]).await;
    let here = "/admin/posts?q=one&page=2";
    let some = [("ids", "not-there"), ("ids", "one"), ("action", "trash"), ("next", here)];
    let reply = author.post("/forms/posts/bulk", &some).await;
    assert_eq!(outcome(&reply, "bulk"), (here.into(), "some_failed".into()));
    assert_eq!(reply.json::<serde_json::Value>()["flash"]["level"], "error");
    assert_eq!(author.page::<AdminPostsPage>("/admin/posts?status=TRASHED").await.total, 1);
    let none = [("ids", "not-there"), ("action", "trash"), ("next", here)];
    author.post("/forms/posts/bulk", &none).await.problem(404);

    // A plain page says it on the list where the button stands.
    author.script = false;
    for button in ["publish", "delete", "restore", "purge"] {
        let path = format!("/forms/posts/not-there/{button}");
        let refused = author.post(&path, &[("version", "1"), ("next", here)]).await;
        assert_eq!((refused.status.as_u16(), form_state(&refused).action), (404, path));
        assert_eq!(refused.boot()["request"]["query"], "q=one&page=2");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_go_through_their_life() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    author.publish("One", &[("content", "First text.")]).await;
    author.publish("Two", &[]).await;
    let edit = [("title", "One"), ("content", "Second text."), ("version", "1"), ("seo_title", "All about one")];
    assert_eq!(author.done("/forms/posts/one", &edit).await.1, "post_saved");
    let page: AdminPostEditPage = author.page("/admin/posts/edit/one").await;
    assert_eq!(page.post.as_ref().map(|post| &*post.seo_title), Some("All about one"));
    assert_eq!(author.post("/forms/posts/one", &edit).await.problem(409).code, "stale_version");

    let revisions: RevisionsPage = author.page("/admin/posts/revisions/one").await;
    let old = revisions.items.iter().find(|one| one.version == 1 && !one.id.is_empty()).expect("the first text");
    let compared: RevisionsPage = author.page(&format!("/admin/posts/revisions/one?from={}", old.id)).await;
    assert!(compared.diff.iter().any(|line| line.change == "removed" && line.text == "First text."), "{compared:?}");
    assert!(compared.diff.iter().any(|line| line.change == "added" && line.text == "Second text."));
    let restore = format!("/forms/posts/one/revisions/{}/restore", old.id);
    author.post(&restore, &[("version", "1")]).await.problem(409);
    author.post(&restore, &[]).await.problem(422);
    let version = revisions.version.to_string();
    assert_eq!(author.done(&restore, &[("version", &version)]).await.1, "revision_restored");
    let page: AdminPostEditPage = author.page("/admin/posts/edit/one").await;
    assert_eq!(page.post.expect("a post").content, "First text.");

    let both = [("ids", "one"), ("ids", "two"), ("action", "trash")];
    assert_eq!(author.done("/forms/posts/bulk", &both).await.1, "changes_saved");
    let trash: AdminPostsPage = author.page("/admin/posts?status=TRASHED").await;
    assert_eq!((trash.total, &*trash.status), (2, "TRASHED"));
    assert_eq!(author.done("/forms/posts/one/restore", &[]).await.1, "post_restored");
    assert_eq!(author.done("/forms/posts/two/purge", &[]).await.1, "post_purged");
    assert_eq!(author.page::<AdminPostsPage>("/admin/posts").await.total, 1);
    assert_eq!(author.page::<AdminPostsPage>("/admin/posts?status=TRASHED").await.total, 0);
    author.post("/forms/posts/bulk", &[("ids", "one"), ("action", "paint")]).await.problem(422);
    let refused = author.post("/forms/posts", &[("title", "Late"), ("scheduled_at", "tomorrow")]).await.problem(422);
    assert_eq!(refused.errors[0].field, "scheduled_at");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn terms_are_tended() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    for kind in ["categories", "tags"] {
        let forms = format!("/forms/{kind}");
        for name in ["Halls", "Rooms"] {
            assert_eq!(admin.done(&forms, &[("name", name)]).await, (format!("/admin/{kind}"), "term_saved".into()));
        }
        admin.post(&forms, &[("name", " ")]).await.problem(422);
        admin.done(&format!("{forms}/halls"), &[("name", "Great halls")]).await;
        let page: AdminTermsPage = admin.page(&format!("/admin/{kind}")).await;
        assert_eq!(page.items.iter().map(|term| &*term.name).collect::<Vec<_>>(), ["Great halls", "Rooms"]);
        assert!(page.items.iter().all(|term| !term.id.is_empty()));
        assert_eq!(admin.done(&format!("{forms}/rooms/merge"), &[("into", "halls")]).await.1, "terms_merged");
        assert_eq!(admin.done(&format!("{forms}/halls/delete"), &[]).await.1, "term_deleted");
        assert!(admin.page::<AdminTermsPage>(&format!("/admin/{kind}")).await.items.is_empty());
    }
    let mut author = hall.member("writer", Role::Author).await;
    author.get("/bff/pages/admin/tags").await.problem(403);
    author.post("/forms/categories", &[("name", "Mine")]).await.problem(403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn images_are_kept() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    let sent = author.post_files("/forms/images", &[], &[("file", "hall.png", &png())]).await;
    assert_eq!(outcome(&sent, "image"), ("/admin/images".into(), "image_uploaded".into()));
    let images: AdminImagesPage = author.page("/admin/images").await;
    assert_eq!((images.total, &*images.items[0].filename, images.items[0].uses), (1, "hall.png", 0));
    let by_api = author.post_files("/api/upload", &[], &[("file", "hall2.png", &png())]).await;
    assert!(by_api.status.is_success(), "{}", by_api.text());
    author.get("/bff/pages/admin/images?orphans=true").await.problem(403);
    let mut admin = hall.member("keeper", Role::Admin).await;
    assert_eq!(admin.page::<AdminImagesPage>("/admin/images?orphans=true").await.total, 0, "too young");
    let id = images.items[0].id.clone();
    assert_eq!(author.done(&format!("/forms/images/{id}/delete"), &[]).await.1, "image_deleted");
    hall.guest().post_files("/forms/images", &[], &[("file", "x.png", &png())]).await.problem(401);
    // The field says what is wrong, and nothing else does.
    author.script = false;
    let state = form_state(&author.post_files("/forms/images", &[], &[("file", "", b"")]).await);
    assert_eq!((&*state.errors[0].field, state.problem), ("file", None));
}
