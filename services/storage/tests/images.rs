//! Images through the public routes, on both databases.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

use bytes::Bytes;
use contracts::{module::Role, storage::Image};
use http::Method;
use kit::testing::{Answer, Backend, Client, TestDb, TestShared};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0";
const SVG: &[u8] =
    b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"5\"><script>alert(1)</script></svg>";

kit::on_both_databases!(an_uploaded_image_is_served, imports_are_idempotent, what_is_no_image_is_refused);

struct Storage {
    client: Client,
    shared: TestShared,
    _db: TestDb,
    _folder: tempfile::TempDir,
}

impl Storage {
    async fn start(backend: Backend) -> Self {
        let (db, folder, shared) =
            (TestDb::new(backend).await, tempfile::tempdir().expect("a folder"), TestShared::new());
        let settings = storage::Settings { database_url: db.url.clone(), images_dir: folder.path().join("images") };
        let service = storage::start(settings, &shared.shared).await.expect("storage starts");
        Self { client: Client::new(service.router), shared, _db: db, _folder: folder }
    }

    fn author(&self) -> Client {
        self.client.with_token(&self.shared.token("author", "An Author", Role::Author))
    }

    async fn import(&self, filename: &str, bytes: &'static [u8]) -> Answer {
        let path = format!("/internal/images?filename={filename}");
        self.client.service().send(Method::PUT, &path, None, Bytes::from_static(bytes)).await
    }
}

async fn upload(client: &Client, field: &str, bytes: &[u8]) -> Answer {
    let mut body =
        format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a/b.png\"\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    client.send(Method::POST, "/api/upload", Some("multipart/form-data; boundary=x"), body.into()).await
}

async fn an_uploaded_image_is_served(backend: Backend) {
    let storage = Storage::start(backend).await;
    let image: Image = upload(&storage.author(), "file", PNG).await.json(201);
    assert_eq!((image.width, image.height, image.filename.as_str()), (3, 2, "b.png"));

    let served = storage.client.get(&image.url).await;
    assert_eq!(served.status, 200);
    assert_eq!(served.body, PNG);
    assert_eq!(served.headers["content-type"], "image/png");
    assert_eq!(served.headers["x-content-type-options"], "nosniff");
    assert_eq!(served.headers["cache-control"], "public, max-age=31536000, immutable");

    let missing = image.url.replace(|c: char| c.is_ascii_digit(), "0");
    storage.client.get(&missing).await.problem(404);
    storage.client.get("/media/..%2Ftest.db").await.problem(404);
}

async fn imports_are_idempotent(backend: Backend) {
    let storage = Storage::start(backend).await;
    let first: Image = storage.import("x.svg", SVG).await.json(200);
    let again: Image = storage.import("other.svg", SVG).await.json(200);
    assert_eq!(first, again);
    assert_eq!((first.width, first.height, first.media_type.as_str()), (4, 5, "image/svg+xml"));

    let served = storage.client.get(&first.url).await;
    assert_eq!(served.headers["content-security-policy"], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
}

async fn what_is_no_image_is_refused(backend: Backend) {
    let storage = Storage::start(backend).await;
    let author = storage.author();
    for bytes in [&b"<html><script>alert(1)</script>"[..], SVG, b"", b"\x89PNG"] {
        assert_eq!(upload(&author, "file", bytes).await.field_error(), ("file".into(), "not_an_image".into()));
    }
    assert_eq!(upload(&author, "other", PNG).await.field_error(), ("file".into(), "required".into()));
    let mut large = PNG.to_vec();
    large.resize(10 * 1024 * 1024 + 1, 0);
    upload(&author, "file", &large).await.problem(413);
    large.resize(12 * 1024 * 1024, 0);
    upload(&author, "file", &large).await.problem(413);
    author.post("/api/upload", &"x").await.problem(415);

    upload(&storage.client, "file", PNG).await.problem(401);
    let reader = storage.client.with_token(&storage.shared.token("reader", "A Reader", Role::User));
    upload(&reader, "file", PNG).await.problem(403);
    author.send(Method::PUT, "/internal/images?filename=x", None, Bytes::from_static(PNG)).await.problem(401);
}
