//! What authors do.

use contracts::{
    blog::PostStatus,
    module::Role,
    pages::{AdminDraftsPage, AdminImagesPage, AdminPostEditPage, AdminPostsPage, AdminTermsPage, RevisionsPage},
};

use super::{Hall, outcome, png};

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
}
