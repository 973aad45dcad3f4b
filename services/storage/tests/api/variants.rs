//! Smaller images: made in the background, whatever happens meanwhile.

use contracts::storage::{Image, Lookup, LookupInput};
use image::GenericImageView;
use kit::testing::{Backend, TestDb, TestShared};

use crate::{
    pictures::{jpeg, png},
    support::{Disk, Storage},
};

kit::on_both_databases!(
    widths_below_its_own_are_made,
    renderers_look_them_up,
    what_was_waiting_is_made_after_a_restart,
    many_imports_are_taken_at_once,
);

async fn widths_below_its_own_are_made(backend: Backend) {
    let storage = Storage::start(backend).await;
    let image = storage.uploaded(&jpeg(1300, 650)).await;
    let done = storage.finished(&image.id).await;
    let sizes: Vec<_> = done.variants.iter().map(|variant| (variant.width, variant.height)).collect();
    assert_eq!(sizes, [(320, 160), (640, 320), (960, 480), (1280, 640)]);
    assert!(done.blurhash.as_deref().is_some_and(|hash| hash.len() > 6));
    for variant in &done.variants {
        assert_eq!(variant.url, image.url.replace(".jpg", &format!("-{}.webp", variant.width)));
        let served = storage.client.get(&variant.url).await;
        assert_eq!((served.status.as_u16(), served.body.len()), (200, variant.size as usize));
        assert_eq!(served.headers["content-type"], "image/webp");
        let picture = image::load_from_memory(&served.body).expect("a picture");
        assert_eq!(picture.dimensions(), (variant.width, variant.height));
        let red = picture.get_pixel(5, 5);
        assert!(red.0[0] > 200 && red.0[1] < 80, "{red:?}");
        assert!(variant.size < done.size, "smaller is smaller");
    }
    let small = storage.uploaded(&png(300, 300)).await;
    let small = storage.finished(&small.id).await;
    assert!(small.variants.is_empty() && small.blurhash.is_some());
    // They go with it.
    assert_eq!(storage.author().delete(&format!("/api/images/{}", image.id)).await.status, 204);
    storage.client.get(&done.variants[0].url).await.problem(404);
}

async fn renderers_look_them_up(backend: Backend) {
    let storage = Storage::start(backend).await;
    let image = storage.uploaded(&jpeg(700, 300)).await;
    let done = storage.finished(&image.id).await;
    let urls = vec![
        image.url.clone(),
        done.variants[0].url.clone(),
        "/media/0123456789abcdef0123456789abcdef01234567.png".to_owned(),
        "https://elsewhere.test/x.png".to_owned(),
        "/media/../x".to_owned(),
    ];
    let service = storage.client.service();
    let lookup: Lookup = service.post("/internal/images/lookup", &LookupInput { urls }).await.json(200);
    assert_eq!(lookup.items.len(), 2);
    let original = lookup.items.iter().find(|picture| picture.url == image.url).expect("found");
    assert_eq!((original.width, original.height, original.variants.len()), (700, 300, 2));
    assert_eq!((original.folder.as_deref(), original.uploader_id.as_deref()), (Some("posts"), Some("author")));
    let many = LookupInput { urls: vec![image.url.clone(); 501] };
    assert_eq!(service.post("/internal/images/lookup", &many).await.field_error().1, "too_many");
    storage.author().post("/internal/images/lookup", &LookupInput::default()).await.problem(401);
}

async fn what_was_waiting_is_made_after_a_restart(backend: Backend) {
    let storage = Storage::start(backend).await;
    let image = storage.uploaded(&jpeg(700, 300)).await;
    storage.finished(&image.id).await;
    // The process died before it was made: it was taken up, and nothing came of it.
    storage.shared.shared.shutdown.cancel();
    storage.execute("DELETE FROM variants").await;
    let taken = storage.shared.shared.clock.millis() + 1000 * 60;
    storage.execute(&format!("UPDATE images SET state = 'waiting', attempts = 1, next_attempt_at = {taken}")).await;
    let Storage { db, disk, .. } = storage;
    let shared = TestShared::new();
    shared.advance(time::Duration::minutes(3));
    let (db, disk): (TestDb, Disk) = (db, disk);
    let storage = Storage::start_on(db, disk, shared, |_| ()).await;
    assert_eq!(storage.finished(&image.id).await.variants.len(), 2);
}

async fn many_imports_are_taken_at_once(backend: Backend) {
    let storage = Storage::start(backend).await;
    let files: Vec<Vec<u8>> = (0..40).map(|n| jpeg(400 + n, 300)).collect();
    let images: Vec<Image> =
        futures_util::future::join_all(files.into_iter().map(|file| storage.import("x.jpg", file)))
            .await
            .into_iter()
            .map(|answer| answer.json(200))
            .collect();
    for image in &images {
        assert_eq!(storage.finished(&image.id).await.variants.len(), 1);
    }
}
