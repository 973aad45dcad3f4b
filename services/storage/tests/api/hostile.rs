//! Files that are sent to break something, or that tell more than they should.

use contracts::storage::Image;
use image::{GenericImageView, ImageFormat};
use kit::testing::Backend;

use crate::{
    pictures::{self, bomb_of, exif, gif, jpeg, phone, png, png_with, tells, tiff, webp},
    support::{Storage, upload, upload_to},
};

kit::on_both_databases!(
    places_are_forgotten_and_pictures_stand_upright,
    animations_move_on,
    what_is_no_whole_image_is_refused,
    bombs_are_refused_by_their_head,
    large_bodies_are_refused,
    an_older_versions_files_are_cleaned,
);

async fn served(storage: &Storage, image: &Image) -> Vec<u8> {
    let answer = storage.client.get(&image.url).await;
    assert_eq!(answer.status, 200);
    answer.body.to_vec()
}

async fn places_are_forgotten_and_pictures_stand_upright(backend: Backend) {
    let storage = Storage::start(backend).await;
    let png_file = png(80, 40);
    let turned = tiff(6);
    for (file, format, turns) in [
        (phone(80, 40), ImageFormat::Jpeg, true),
        (png_with(&png_file, &[(b"eXIf", &turned), (b"tEXt", b"GPS\0GPSMARK")]), ImageFormat::Png, true),
        (
            png_with(&png_file, &[(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0xmpmeta"), (b"tIME", b"1234567")]),
            ImageFormat::Png,
            false,
        ),
        (webp(80, 40, 6), ImageFormat::WebP, true),
        (webp(80, 40, 1), ImageFormat::WebP, false),
    ] {
        assert!(tells(&file), "{format:?}");
        let image = storage.uploaded(&file).await;
        let kept = served(&storage, &image).await;
        assert!(!tells(&kept), "{format:?}");
        assert_eq!(image::guess_format(&kept).expect("a picture"), format);
        let picture = image::load_from_memory(&kept).expect("a picture");
        let size = if turns { (40, 80) } else { (80, 40) };
        assert_eq!((picture.dimensions(), (image.width, image.height)), (size, size), "{format:?}");
        // The red corner: at the top right once a quarter turned.
        let red = if turns { picture.get_pixel(37, 3) } else { picture.get_pixel(3, 3) };
        assert!(red.0[0] > 200 && red.0[1] < 80, "{format:?}: {red:?}");
    }
    // An import too.
    let mut upright = jpeg(50, 40)[..2].to_vec();
    upright.extend([0xff, 0xe1]);
    let place = exif(1);
    upright.extend(u16::try_from(place.len() + 2).expect("short").to_be_bytes());
    upright.extend(place);
    upright.extend(&jpeg(50, 40)[2..]);
    let image: Image = storage.import("x.jpg", upright).await.json(200);
    assert!(!tells(&served(&storage, &image).await));
}

async fn animations_move_on(backend: Backend) {
    let storage = Storage::start(backend).await;
    let file = gif(400, 30, 4);
    assert!(tells(&file));
    let image = storage.uploaded(&file).await;
    let kept = served(&storage, &image).await;
    assert!(!tells(&kept));
    use image::AnimationDecoder;
    let frames = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(&kept)).expect("a GIF").into_frames();
    assert_eq!(frames.count(), 4);
    assert!(kept.windows(11).any(|window| window == b"NETSCAPE2.0"), "it still repeats");
    let done = storage.finished(&image.id).await;
    assert!(done.variants.is_empty() && done.blurhash.is_some());

    let many = upload(&storage.author(), &gif(2, 2, 501)).await;
    assert_eq!(many.field_error(), ("file".into(), "too_many_pixels".into()));
}

async fn what_is_no_whole_image_is_refused(backend: Backend) {
    let storage = Storage::start(backend).await;
    let (photo, picture, moving, flat) = (jpeg(300, 200), png(300, 200), gif(30, 30, 3), webp(300, 200, 1));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let mut turned = picture.clone();
    let middle = turned.len() / 2;
    turned[middle] ^= 0x55;
    let mut disguised = b"\xff\xd8\xff\xe0".to_vec();
    disguised.extend(b"<html><script>alert(1)</script>");
    let mut polyglot = b"GIF89a".to_vec();
    polyglot.extend(b"/*<script>alert(1)</script>*/=1;");
    for (what, file) in [
        ("nothing", Vec::new()),
        ("a web page", b"<html><script>alert(1)</script>".to_vec()),
        ("a PDF", b"%PDF-1.7".to_vec()),
        ("an SVG", svg),
        ("an AVIF", b"\0\0\0\x20ftypavif\0\0\0\0avifmif1".to_vec()),
        ("a signature", b"\x89PNG".to_vec()),
        ("a page that begins like a JPEG", disguised),
        ("a script that begins like a GIF", polyglot),
        ("half a JPEG", photo[..photo.len() / 2].to_vec()),
        ("a JPEG without its last bytes", photo[..photo.len() - 2].to_vec()),
        ("half a PNG", picture[..picture.len() / 2].to_vec()),
        ("a PNG without its end", picture[..picture.len() - 12].to_vec()),
        ("a PNG with a turned bit", turned),
        ("half a GIF", moving[..moving.len() / 2].to_vec()),
        ("half a WebP", flat[..flat.len() / 2].to_vec()),
    ] {
        let refused = upload(&storage.author(), &file).await;
        assert_eq!(refused.status, 422, "{what}: {}", String::from_utf8_lossy(&refused.body));
        let (field, code) = refused.field_error();
        // Read as a head, a script may claim any size.
        let expected = if what.starts_with("a script") { "too_many_pixels" } else { "not_an_image" };
        assert_eq!((field.as_str(), code.as_str()), ("file", expected), "{what}");
    }
    // Its name does not matter, its bytes do.
    let named: contracts::storage::Uploaded =
        upload_to(&storage.author(), "/api/upload", &[("file", "x.html", &picture)]).await.json(201);
    assert!(named.url.ends_with(".png"));
    assert_eq!(
        upload_to(&storage.author(), "/api/upload", &[("other", "x", &picture)]).await.field_error().1,
        "required"
    );
    storage.author().post("/api/upload", &"x").await.problem(415);
}

async fn bombs_are_refused_by_their_head(backend: Backend) {
    let storage = Storage::start(backend).await;
    for (width, height) in [(10_000, 6_000), (65_535, 65_535), (u32::MAX, u32::MAX), (40_000_001, 1)] {
        let refused = upload(&storage.author(), &bomb_of(width, height, b"x")).await;
        let code = refused.field_error().1;
        assert_eq!(code, "too_many_pixels", "{width}×{height}");
        assert_eq!(storage.import("x.png", bomb_of(width, height, b"x")).await.status, 422);
    }
    assert_eq!(upload(&storage.author(), &bomb_of(0, 10, b"x")).await.field_error().1, "not_an_image");
    // Pixels that unpack to far more than the head says.
    let packed = &pictures::bomb(4_000, 2_000)[41..];
    let lying = bomb_of(2, 2, &packed[..packed.len() - 16]);
    let answer = upload(&storage.author(), &lying).await;
    assert!(answer.status == 201 || answer.status == 422, "{}", answer.status);
}

async fn large_bodies_are_refused(backend: Backend) {
    let storage = Storage::start(backend).await;
    let mut large = png(10, 10);
    large.resize(10 * 1024 * 1024 + 1, 0);
    upload(&storage.author(), &large).await.problem(413);
    large.resize(51 * 1024 * 1024, 0);
    upload(&storage.author(), &large).await.problem(413);
    storage.import("x.png", large).await.problem(413);
    let small = png(10, 10);
    let many: Vec<(&str, &str, &[u8])> = (0..21).map(|_| ("file", "x.png", small.as_slice())).collect();
    assert_eq!(upload_to(&storage.author(), "/api/upload", &many).await.field_error().1, "too_many");
}

async fn an_older_versions_files_are_cleaned(backend: Backend) {
    let storage = Storage::start(backend).await;
    let image = storage.uploaded(&phone(800, 400)).await;
    storage.finished(&image.id).await;
    // As version 1 kept it: the bytes that were sent, and no more known than that.
    let crate::support::Disk::Folder(folder) = &storage.disk else { return };
    let file = folder.path().join("images").join(&image.url[7..]);
    std::fs::write(&file, phone(800, 400)).expect("written");
    storage.execute("UPDATE images SET state = 'raw', width = 800, height = 400, next_attempt_at = 0").await;
    let done = storage.finished(&image.id).await;
    assert_eq!((done.width, done.height), (400, 800));
    assert!(!tells(&served(&storage, &done).await));
}
