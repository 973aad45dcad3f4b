//! What uses an image, as events tell; and what nothing uses.

use contracts::{
    events::{
        ImagesUsed, PageCreated, PageDeleted, PostCreated, PostDeleted, PostPublished, PostUpdated, UserDeleted,
        UserProfileUpdated,
    },
    module::Role,
    storage::{Image, ImageList, Removed, Uploaded},
};
use kit::testing::Backend;
use time::Duration;

use crate::{
    pictures::png,
    support::{Storage, facts, upload},
};

kit::on_both_databases!(
    an_image_used_by_several_is_an_orphan_when_none_does,
    events_may_come_late_and_twice,
    everything_that_uses_images_keeps_them,
    a_use_may_come_before_its_image,
    what_is_sent_again_has_a_day_again,
);

const HOURS: i64 = 25;

async fn orphans(storage: &Storage) -> Vec<String> {
    let list: ImageList = storage.admin().get("/api/images/orphans").await.json(200);
    assert_eq!(list.items.len(), list.total as usize);
    list.items.into_iter().map(|image| image.url).collect()
}

async fn an_image_used_by_several_is_an_orphan_when_none_does(backend: Backend) {
    let storage = Storage::start(backend).await;
    let (a, b) = (storage.uploaded(&png(8, 8)).await, storage.uploaded(&png(9, 9)).await);
    storage.deliver("one", 1, &PostCreated { post: facts("one", &[&a.url, &b.url]) }).await;
    storage.deliver("two", 1, &PostCreated { post: facts("two", &[&a.url]) }).await;
    let list: ImageList = storage.author().get("/api/images").await.json(200);
    assert_eq!(list.items.iter().map(|image| image.uses).collect::<Vec<_>>(), [1, 2]);
    let in_use = storage.author().delete(&format!("/api/images/{}", a.id)).await.problem(409);
    assert_eq!(in_use.code, "in_use");

    storage.deliver("one", 2, &PostUpdated { post: facts("one", &[&a.url]), old_slug: None }).await;
    storage.shared.advance(Duration::hours(HOURS));
    assert_eq!(orphans(&storage).await, std::slice::from_ref(&b.url));
    storage.deliver("one", 3, &PostDeleted { post_id: "one".into(), slug: "x".into() }).await;
    assert_eq!(orphans(&storage).await, std::slice::from_ref(&b.url), "the other post still uses it");
    storage.deliver("two", 2, &PostDeleted { post_id: "two".into(), slug: "x".into() }).await;
    assert_eq!(orphans(&storage).await, std::slice::from_ref(&b.url), "not for a day yet");
    // The owners are asked once more before anything goes: here they use one of which no event told.
    storage.neighbours.post("three", &[&b.url]);
    let kept: Removed = storage.admin().delete("/api/images/orphans").await.json(200);
    assert_eq!(kept, Removed::default());
    storage.neighbours.post("three", &[]);
    storage.neighbours.post("two", &[]);
    storage.admin().delete("/api/images/orphans").await.json::<Removed>(200);
    storage.shared.advance(Duration::hours(HOURS));
    let removed: Removed = storage.admin().delete("/api/images/orphans").await.json(200);
    assert_eq!((removed.images, removed.bytes), (2, (a.size + b.size).into()));
    storage.client.get(&a.url).await.problem(404);
    storage.client.get(&b.url).await.problem(404);
}

async fn events_may_come_late_and_twice(backend: Backend) {
    let storage = Storage::start(backend).await;
    let (a, b) = (storage.uploaded(&png(8, 8)).await, storage.uploaded(&png(9, 9)).await);
    storage.deliver("one", 3, &PostUpdated { post: facts("one", &[&b.url]), old_slug: None }).await;
    // Older ones of other kinds, and the purge before the last change.
    storage.deliver("one", 1, &PostCreated { post: facts("one", &[&a.url]) }).await;
    storage.deliver("one", 2, &PostPublished { post: facts("one", &[&a.url]) }).await;
    storage.shared.advance(Duration::hours(HOURS));
    assert_eq!(orphans(&storage).await, std::slice::from_ref(&a.url));
    storage.deliver("one", 5, &PostDeleted { post_id: "one".into(), slug: "x".into() }).await;
    storage.deliver("one", 4, &PostPublished { post: facts("one", &[&a.url, &b.url]) }).await;
    storage.shared.advance(Duration::hours(HOURS));
    assert_eq!(orphans(&storage).await.len(), 2);
}

async fn everything_that_uses_images_keeps_them(backend: Backend) {
    let storage = Storage::start(backend).await;
    let mut urls = Vec::new();
    for n in 0..4 {
        urls.push(storage.uploaded(&png(8 + n, 8)).await.url);
    }
    let page = PageCreated { page_id: "p".into(), slug: "s".into(), images: vec![urls[0].clone()] };
    storage.deliver("p", 1, &page).await;
    let profile = UserProfileUpdated { user_id: "u".into(), name: "Somebody".into(), avatar: Some(urls[1].clone()) };
    storage.deliver("u", 1, &profile).await;
    let bug = ImagesUsed { by: "bug_report".into(), id: "b".into(), images: vec![urls[2].clone()] };
    storage.deliver("b", 1, &bug).await;
    storage.shared.advance(Duration::hours(HOURS));
    assert_eq!(orphans(&storage).await, [urls[3].clone()]);
    storage.deliver("p", 2, &PageDeleted { page_id: "p".into(), slug: "s".into() }).await;
    storage.deliver("u", 2, &UserDeleted { user_id: "u".into(), keep_content: true }).await;
    storage.deliver("b", 2, &ImagesUsed { images: Vec::new(), ..bug }).await;
    storage.shared.advance(Duration::hours(HOURS));
    assert_eq!(orphans(&storage).await.len(), 4);
}

async fn a_use_may_come_before_its_image(backend: Backend) {
    let storage = Storage::start(backend).await;
    let file = png(8, 8);
    let image = storage.uploaded(&file).await;
    assert_eq!(storage.author().delete(&format!("/api/images/{}", image.id)).await.status, 204);
    let images = [image.url.as_str(), "https://elsewhere.test/x.png", "/media/nothing"];
    storage.deliver("one", 1, &PostCreated { post: facts("one", &images) }).await;
    let again = storage.uploaded(&file).await;
    assert_eq!((again.url, again.uses), (image.url, 1));
    storage.shared.advance(Duration::hours(HOURS));
    assert!(orphans(&storage).await.is_empty());
}

async fn what_is_sent_again_has_a_day_again(backend: Backend) {
    let storage = Storage::start(backend).await;
    let (sent, imported) = (png(8, 8), png(9, 9));
    let image = storage.uploaded(&sent).await;
    let other: Image = storage.import("x.png", imported.clone()).await.json(200);
    storage.shared.advance(Duration::hours(HOURS));
    assert_eq!(orphans(&storage).await.len(), 2);
    // Somebody else sends the one, and the other comes back as an export has it.
    upload(&storage.user("other", Role::Author), &sent).await.json::<Uploaded>(201);
    let name = other.url.trim_start_matches("/media/");
    let exported = storage.client.get(&other.url).await.body;
    assert_eq!(storage.import(name, exported).await.json::<Image>(200).id, other.id);
    assert_eq!(storage.admin().delete("/api/images/orphans").await.json::<Removed>(200), Removed::default());
    storage.shared.advance(Duration::hours(HOURS));
    assert_eq!(orphans(&storage).await, [other.url.clone(), image.url]);
    storage.import("again.png", imported).await.json::<Image>(200);
    assert_eq!(storage.admin().delete("/api/images/orphans").await.json::<Removed>(200).images, 1);
    assert_eq!(storage.client.get(&other.url).await.status, 200);
}
