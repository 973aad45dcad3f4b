//! Recounting ties and files.

use contracts::{events::PostCreated, reconcile::Report, storage::ImageList};
use http::Method;
use kit::testing::Backend;
use time::Duration;

use crate::{
    pictures::{jpeg, png},
    support::{Disk, Storage, facts},
};

kit::on_both_databases!(ties_are_repaired, files_are_compared_with_rows);

async fn drift(storage: &Storage) -> Vec<(String, u64)> {
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
