//! Storing, serving, listing and removing images.

use bytes::Bytes;
use contracts::{
    module::Role,
    storage::{Image, ImageList, Uploaded},
};
use http::Method;
use kit::testing::Backend;

use crate::{
    pictures::{jpeg, phone, png},
    support::{Storage, upload, upload_to},
};

kit::on_both_databases!(
    an_uploaded_image_is_served,
    several_are_stored_or_none,
    imports_are_idempotent,
    what_is_exported_comes_back_under_its_name,
    everybody_has_their_own_room,
    readers_may_send_small_ones_of_themselves,
    lists_are_searched_and_paged,
    who_may_do_what,
);

const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"5\"><script>alert(1)</script>\
    <rect width=\"1\" height=\"1\"/></svg>";

async fn an_uploaded_image_is_served(backend: Backend) {
    let storage = Storage::start(backend).await;
    let file = png(30, 20);
    let image = storage.uploaded(&file).await;
    assert_eq!((image.width, image.height, image.filename.as_str()), (30, 20, "b.png"));
    assert_eq!((image.folder.as_str(), image.uploader_id.as_deref()), ("posts", Some("author")));

    let served = storage.client.get(&image.url).await;
    assert_eq!((served.status.as_u16(), served.body.len()), (200, image.size as usize));
    assert_eq!(image::load_from_memory(&served.body).expect("a picture").width(), 30);
    assert_eq!(served.headers["content-type"], "image/png");
    assert_eq!(served.headers["x-content-type-options"], "nosniff");
    assert_eq!(served.headers["cache-control"], "public, max-age=31536000, immutable");

    let missing = image.url.replace(|c: char| c.is_ascii_digit(), "0");
    storage.client.get(&missing).await.problem(404);
    storage.client.get("/media/..%2Ftest.db").await.problem(404);
    let again = storage.uploaded(&file).await;
    assert_eq!((&again.id, &again.url), (&image.id, &image.url), "the same file is one image");
}

async fn several_are_stored_or_none(backend: Backend) {
    let storage = Storage::start(backend).await;
    let (one, two) = (png(10, 10), jpeg(20, 10));
    let files: [(&str, &str, &[u8]); 3] =
        [("file", "one.png", &one), ("note", "x.txt", b"not looked at"), ("file", "둘.jpg", &two)];
    let uploaded: Uploaded = upload_to(&storage.author(), "/api/upload?folder=posts/2026", &files).await.json(201);
    let names: Vec<_> = uploaded.items.iter().map(|image| (image.filename.as_str(), image.width)).collect();
    assert_eq!(names, [("one.png", 10), ("둘.jpg", 20)]);
    assert_eq!(uploaded.url, uploaded.items[0].url);
    assert_eq!(uploaded.items[1].folder, "posts/2026");

    let three = png(11, 11);
    let broken: [(&str, &str, &[u8]); 2] = [("file", "three.png", &three), ("file", "x.png", b"nothing")];
    let refused = upload_to(&storage.author(), "/api/upload", &broken).await;
    assert_eq!(refused.field_error(), ("file".into(), "not_an_image".into()));
    let list: ImageList = storage.author().get("/api/images").await.json(200);
    assert_eq!(list.total, 2);
    for folder in ["../x", "/x", "x/", "a%20b", "%3Cscript%3E"] {
        upload_to(&storage.author(), &format!("/api/upload?folder={folder}"), &files).await.problem(400);
    }
    upload_to(&storage.author(), "/api/upload?purpose=backup", &files).await.problem(400);
}

async fn what_is_exported_comes_back_under_its_name(backend: Backend) {
    let (storage, other) = (Storage::start(backend).await, Storage::start(backend).await);
    for sent in [Bytes::from(phone(40, 30)), Bytes::from_static(SVG)] {
        let image: Image = storage.import("photo.jpg", sent.clone()).await.json(200);
        let name = image.url.trim_start_matches("/media/");
        let exported = storage.client.get(&image.url).await.body;
        assert_ne!(exported, sent, "it was cleaned");
        let here: Image = storage.import(name, exported.clone()).await.json(200);
        assert_eq!(here.url, image.url, "it is known where it came from");
        for _ in 0..2 {
            let back: Image = other.import(name, exported.clone()).await.json(200);
            assert_eq!(back.url, image.url);
            assert_eq!(other.client.get(&back.url).await.body, exported);
        }
    }
    // A name of ours is worth nothing for other bytes, nor for what is not clean.
    let image: Image = storage.import("a.png", png(9, 9)).await.json(200);
    let name = image.url.trim_start_matches("/media/");
    let others: Image = storage.import(name, png(8, 8)).await.json(200);
    assert_ne!(others.url, image.url);
    let free = format!("{}.jpg", "0".repeat(40));
    let unclean: Image = storage.import(&free, phone(20, 20)).await.json(200);
    assert_ne!(unclean.url, format!("/media/{free}"));
}

async fn imports_are_idempotent(backend: Backend) {
    let storage = Storage::start(backend).await;
    let first: Image = storage.import("x.svg", SVG).await.json(200);
    let again: Image = storage.import("other.svg", SVG).await.json(200);
    assert_eq!(first, again);
    assert_eq!((first.width, first.height, first.media_type.as_str()), (4, 5, "image/svg+xml"));
    assert!(!first.pending);

    let served = storage.client.get(&first.url).await;
    assert_eq!(served.headers["content-security-policy"], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    let text = String::from_utf8(served.body.to_vec()).expect("UTF-8");
    assert!(text.contains("<rect") && !text.contains("script"), "{text}");

    let photo = jpeg(700, 500);
    let (one, two) = tokio::join!(storage.import("a.jpg", photo.clone()), storage.import("b.jpg", photo));
    let (one, two): (Image, Image) = (one.json(200), two.json(200));
    assert_eq!(one.id, two.id);
    assert_eq!(storage.finished(&one.id).await.variants.len(), 2, "imports get smaller ones too");
}

async fn everybody_has_their_own_room(backend: Backend) {
    let files: Vec<Vec<u8>> = (1..5).map(|n| jpeg(100, 50 + n)).collect();
    let room = (files[0].len() + files[1].len() + 10) as u64;
    let storage = Storage::start_with(backend, |settings| settings.author_quota = room).await;
    upload(&storage.author(), &files[0]).await.json::<Uploaded>(201);
    upload(&storage.author(), &files[1]).await.json::<Uploaded>(201);
    let full = upload(&storage.author(), &files[2]).await.problem(409);
    assert_eq!(full.code, "quota_exceeded");
    upload(&storage.user("other", Role::Author), &files[2]).await.json::<Uploaded>(201);
    upload(&storage.admin(), &files[3]).await.json::<Uploaded>(201);
    let list: ImageList = storage.author().get("/api/images").await.json(200);
    assert_eq!((list.total, list.quota), (2, room));
    assert!(list.used > 0 && list.used <= room);
    // What is deleted makes room.
    let gone = storage.author().delete(&format!("/api/images/{}", list.items[0].id)).await;
    assert_eq!(gone.status, 204);
    upload(&storage.author(), &jpeg(90, 52)).await.json::<Uploaded>(201);
}

async fn readers_may_send_small_ones_of_themselves(backend: Backend) {
    let (face, large) = (png(64, 64), vec![0_u8; 3 * 1024 * 1024 + 1]);
    let screenshot = png(65, 64);
    let room = (face.len() + screenshot.len() + 50) as u64;
    let storage = Storage::start_with(backend, |settings| settings.reader_quota = room).await;
    let reader = storage.user("reader", Role::User);
    let send = async |purpose: &str, files: &[(&str, &str, &[u8])]| {
        upload_to(&reader, &format!("/api/upload?purpose={purpose}"), files).await
    };
    send("post", &[("file", "me.png", &face)]).await.problem(403);
    let uploaded: Uploaded = send("avatar", &[("file", "me.png", &face)]).await.json(201);
    assert_eq!(uploaded.items[0].folder, "avatars");
    send("screenshot", &[("file", "shot.png", &screenshot)]).await.json::<Uploaded>(201);
    let two = send("avatar", &[("file", "a.png", &face), ("file", "b.png", &face)]).await;
    assert_eq!(two.field_error(), ("file".into(), "too_many".into()));
    send("avatar", &[("file", "large.png", &large)]).await.problem(413);
    // Their room is full: they see what is theirs, and what nothing uses they can delete.
    let next = png(60, 64);
    assert_eq!(send("avatar", &[("file", "next.png", &next)]).await.problem(409).code, "quota_exceeded");
    let others = storage.uploaded(&png(70, 64)).await;
    let list: ImageList = reader.get("/api/images").await.json(200);
    let names: Vec<_> = list.items.iter().map(|image| image.filename.as_str()).collect();
    assert_eq!((names, list.total, list.quota), (vec!["shot.png", "me.png"], 2, room));
    reader.delete(&format!("/api/images/{}", others.id)).await.problem(404);
    assert_eq!(reader.delete(&format!("/api/images/{}", list.items[0].id)).await.status, 204);
    send("avatar", &[("file", "next.png", &next)]).await.json::<Uploaded>(201);
}

async fn lists_are_searched_and_paged(backend: Backend) {
    let storage = Storage::start(backend).await;
    for (n, name) in ["Sunset 100%.png", "노을.png", "sunrise_1.png"].iter().enumerate() {
        let file = png(20 + u32::try_from(n).expect("few"), 20);
        upload_to(&storage.author(), "/api/upload?folder=sky", &[("file", name, &file)]).await.json::<Uploaded>(201);
    }
    upload(&storage.user("other", Role::Author), &png(40, 40)).await.json::<Uploaded>(201);
    let names = async |query: &str| {
        let list: ImageList = storage.author().get(&format!("/api/images?{query}")).await.json(200);
        (list.items.into_iter().map(|image| image.filename).collect::<Vec<_>>(), list.total)
    };
    assert_eq!(names("").await, (vec!["sunrise_1.png".into(), "노을.png".into(), "Sunset 100%.png".into()], 3));
    assert_eq!(names("q=SUN").await.1, 2);
    assert_eq!(names("q=%EB%85%B8%EC%9D%84").await.0, ["노을.png"]);
    assert_eq!(names("q=100%25").await.0, ["Sunset 100%.png"]);
    assert_eq!(names("q=_1").await.0, ["sunrise_1.png"]);
    assert_eq!(names("folder=sky&size=2&page=2").await, (vec!["Sunset 100%.png".into()], 3));
    assert_eq!(names("folder=posts").await.1, 0);
    let all: ImageList = storage.admin().get("/api/images").await.json(200);
    assert_eq!(all.total, 4);
    let none: ImageList = storage.admin().get("/api/images?mine=true").await.json(200);
    assert_eq!(none.total, 0);
    for query in ["size=0", "size=101", "page=0", "page=x", &format!("q={}", "x".repeat(201))] {
        storage.author().get(&format!("/api/images?{query}")).await.problem(400);
    }
}

async fn who_may_do_what(backend: Backend) {
    let storage = Storage::start(backend).await;
    let image = storage.uploaded(&png(12, 12)).await;
    let path = format!("/api/images/{}", image.id);
    let reader = storage.user("reader", Role::User);
    upload(&storage.client, &png(9, 9)).await.problem(401);
    upload(&reader, &png(9, 9)).await.problem(403);
    storage.client.get("/api/images").await.problem(401);
    storage.client.delete(&path).await.problem(401);
    storage.user("other", Role::Author).delete(&path).await.problem(404);
    storage.author().delete("/api/images/nothing").await.problem(404);
    for path in ["/api/images/orphans", "/api/backups"] {
        storage.client.get(path).await.problem(401);
        storage.author().get(path).await.problem(403);
    }
    storage.author().delete("/api/images/orphans").await.problem(403);
    let import = storage.author().send(Method::PUT, "/internal/images?filename=x", None, Bytes::from(png(9, 9))).await;
    import.problem(401);
    assert_eq!(storage.admin().delete(&path).await.status, 204);
    storage.client.get(&image.url).await.problem(404);
    let document: serde_json::Value = storage.client.get("/openapi.json").await.json(200);
    for path in ["/api/upload", "/api/images", "/api/images/orphans", "/api/backups/{id}/restore", "/media/{name}"] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
}
