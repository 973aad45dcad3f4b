//! Recounting ties and files.

use axum::Router;
use contracts::{
    events::PostCreated,
    reconcile::Report,
    storage::{Image, ImageList, Removed},
};
use http::{Method, StatusCode};
use kit::testing::Backend;
use time::Duration;

use crate::{
    beside::backed_up,
    pictures::{jpeg, png},
    support::{Disk, Storage, facts},
};

kit::on_both_databases!(
    ties_are_repaired,
    nothing_in_use_is_removed_whatever_was_missed,
    who_is_away_takes_nothing_along,
    files_are_compared_with_rows,
    what_is_sent_again_brings_its_file_back,
    archives_without_a_backup_are_counted,
);

pub(crate) async fn drift(storage: &Storage) -> Vec<(String, u64)> {
    let answer = storage.client.service().send(Method::POST, "/internal/reconcile", None, bytes::Bytes::new()).await;
    let report: Report = answer.json(200);
    assert_eq!(report.service, "storage");
    report.checks.into_iter().filter(|check| check.drift > 0).map(|check| (check.name, check.drift)).collect()
}

async fn ties_are_repaired(backend: Backend) {
    let storage = Storage::start(backend).await;
    let (a, b) = (storage.uploaded(&png(8, 8)).await, storage.uploaded(&png(9, 9)).await);
    storage.finished(&a.id).await;
    storage.finished(&b.id).await;
    storage.deliver("one", 1, &PostCreated { post: facts("one", &[&a.url]) }).await;
    storage.neighbours.post("one", &[&a.url]);
    assert_eq!(drift(&storage).await, []);
    // Events that never came: another image, a page, and a purge.
    storage.neighbours.post("one", &[&b.url, "https://elsewhere.test/x.png"]);
    storage.neighbours.page("p", &[&b.url]);
    storage.deliver("gone", 1, &PostCreated { post: facts("gone", &[&a.url]) }).await;
    let found = drift(&storage).await;
    assert_eq!(found, [("image_ties_of_posts".to_owned(), 2), ("image_ties_of_pages".to_owned(), 1)]);
    assert_eq!(drift(&storage).await, []);
    let list: ImageList = storage.author().get("/api/images").await.json(200);
    assert_eq!(list.items.iter().map(|image| image.uses).collect::<Vec<_>>(), [2, 0]);
    storage.execute("UPDATE images SET unused_since = NULL").await;
    assert_eq!(drift(&storage).await, [("unused_images".to_owned(), 1)]);
}

async fn nothing_in_use_is_removed_whatever_was_missed(backend: Backend) {
    let storage = Storage::start(backend).await;
    let mut urls = Vec::new();
    for n in 0..6 {
        urls.push(storage.uploaded(&png(8 + n, 8)).await.url);
    }
    // No event tells of any of these.
    storage.neighbours.post("post", &[&urls[0]]);
    storage.neighbours.page("page", &[&urls[1]]);
    storage.neighbours.uses("draft", "draft", &[&urls[2]]);
    storage.neighbours.uses("profile", "one", &[&urls[3]]);
    storage.neighbours.uses("profile", "two", &[&urls[3], "https://elsewhere.test/me.png"]);
    storage.neighbours.uses("bug_report", "report", &[&urls[4]]);
    storage.shared.advance(Duration::hours(25));
    let removed: Removed = storage.admin().delete("/api/images/orphans").await.json(200);
    assert_eq!(removed.images, 1, "only what nobody uses");
    let list: ImageList = storage.author().get("/api/images").await.json(200);
    let uses: Vec<_> = list.items.iter().map(|image| (image.url.clone(), image.uses)).collect();
    let expected: Vec<_> = [1, 2, 1, 1, 1].into_iter().zip((0..5).rev()).map(|(n, at)| (urls[at].clone(), n)).collect();
    assert_eq!(uses, expected);
    assert_eq!(drift(&storage).await, []);
    // Nor does any tell that these are gone, or that one has another picture.
    for kind in ["draft", "bug_report"] {
        storage.neighbours.none(kind);
    }
    storage.neighbours.uses("profile", "two", &[&urls[2]]);
    let expected = ["image_ties_of_drafts", "image_ties_of_profiles", "image_ties_of_bug_reports"];
    assert_eq!(drift(&storage).await, expected.map(|name| (name.to_owned(), 1)));
    assert_eq!(drift(&storage).await, []);
}

async fn who_is_away_takes_nothing_along(backend: Backend) {
    let storage = Storage::start(backend).await;
    let (tied, avatar) = (storage.uploaded(&png(8, 8)).await, storage.uploaded(&png(9, 9)).await);
    storage.deliver("one", 1, &PostCreated { post: facts("one", &[&tied.url]) }).await;
    storage.neighbours.uses("profile", "somebody", &[&avatar.url]);
    storage.shared.advance(Duration::hours(25));
    for peer in ["blog", "page", "auth", "analytics"] {
        let peers = &storage.shared.shared.peers;
        peers.register(peer, Router::new().fallback(async || StatusCode::SERVICE_UNAVAILABLE));
        storage.admin().delete("/api/images/orphans").await.problem(503);
        let reconcile = storage.client.service();
        reconcile.send(Method::POST, "/internal/reconcile", None, bytes::Bytes::new()).await.problem(503);
        let list: ImageList = storage.author().get("/api/images").await.json(200);
        assert_eq!(list.items.iter().map(|image| image.uses).collect::<Vec<_>>(), [0, 1], "{peer}");
        storage.neighbours.register(peers);
    }
    assert_eq!(storage.client.get(&avatar.url).await.status, 200);
    let found = [("image_ties_of_posts".to_owned(), 1), ("image_ties_of_profiles".to_owned(), 1)];
    assert_eq!(drift(&storage).await, found, "once all are back");
}

async fn files_are_compared_with_rows(backend: Backend) {
    let storage = Storage::start(backend).await;
    let image = storage.uploaded(&jpeg(700, 300)).await;
    let done = storage.finished(&image.id).await;
    let stray = "0123456789abcdef0123456789abcdef01234567.png";
    match &storage.disk {
        Disk::Folder(folder) => {
            let images = folder.path().join("images");
            std::fs::remove_file(images.join(&done.variants[0].url[7..])).expect("removed");
            std::fs::write(images.join(stray), b"x").expect("written");
            std::fs::write(images.join("notes.txt"), b"x").expect("written");
        }
        Disk::S3(_) => {
            // The same through the rows: a file whose row is gone, and a row whose file never came.
            storage.execute("DELETE FROM variants WHERE width = 640").await;
            storage
                .execute(&format!(
                    "INSERT INTO variants (name, stem, media_type, width, height, size)
                    VALUES ('{stem}-960.webp', '{stem}', 'image/webp', 960, 1, 1)",
                    stem = &image.url[7..47]
                ))
                .await;
        }
    }
    // What was written just now may be waiting for its row.
    assert_eq!(drift(&storage).await, [("missing_files".to_owned(), 1)]);
    storage.shared.advance(Duration::hours(2));
    let again = storage.finished(&image.id).await;
    assert_eq!(storage.client.get(&again.variants[0].url).await.status, 200, "it was made again");
    if let Disk::Folder(folder) = &storage.disk {
        assert_eq!(drift(&storage).await, [("extra_files".to_owned(), 1)]);
        assert!(!folder.path().join("images").join(stray).exists());
        assert!(folder.path().join("images/notes.txt").exists(), "what is not ours is left alone");
        assert_eq!(drift(&storage).await, []);
    }
}

async fn what_is_sent_again_brings_its_file_back(backend: Backend) {
    let storage = Storage::start(backend).await;
    let (sent, imported) = (jpeg(700, 300), png(9, 9));
    let image = storage.uploaded(&sent).await;
    let other: Image = storage.import("x.png", imported.clone()).await.json(200);
    for Image { id, url, .. } in [&image, &other] {
        storage.finished(id).await;
        let file = storage.disk.file("images", url.trim_start_matches("/media/"));
        std::fs::remove_file(file).expect("removed");
        storage.client.get(url).await.problem(404);
    }
    assert_eq!(drift(&storage).await, [("missing_files".to_owned(), 2)]);
    assert_eq!(storage.uploaded(&sent).await.id, image.id);
    assert_eq!(storage.import("y.png", imported).await.json::<Image>(200).id, other.id);
    for Image { id, url, .. } in [&image, &other] {
        assert_eq!(storage.client.get(url).await.status, 200);
        storage.finished(id).await;
    }
    assert_eq!(drift(&storage).await, []);
}

async fn archives_without_a_backup_are_counted(backend: Backend) {
    let storage = Storage::start_with(backend, |settings| settings.backed_up = vec!["storage".into()]).await;
    let path = backed_up(&storage).await;
    let id = path.trim_start_matches("/api/backups/");
    storage.shared.advance(Duration::hours(2));
    assert_eq!(drift(&storage).await, []);
    // As on an install whose database is new.
    storage.execute("DELETE FROM backups").await;
    for _ in 0..2 {
        assert_eq!(drift(&storage).await, [("archives_without_a_backup".to_owned(), 1)]);
    }
    assert!(storage.disk.file("backups", &format!("{id}.tar.gz")).exists(), "it may be all that there is");
}
