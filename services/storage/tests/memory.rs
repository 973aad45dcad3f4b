//! What is sent to fill the memory does not: its own process, so that nothing else is measured.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "api/pictures.rs"]
#[expect(dead_code, reason = "only some pictures are needed here")]
mod pictures;

use contracts::module::Role;
use http::Method;
use kit::testing::{Backend, Client, TestDb, TestShared};
use storage::{Place, Settings};

/// Kilobytes that this process held at most.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("kilobytes")
}

async fn upload(client: &Client, bytes: &[u8]) -> u16 {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n".to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let kind = Some("multipart/form-data; boundary=x");
    client.send(Method::POST, "/api/upload", kind, body.into()).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bombs_stay_small() {
    let (db, folder, shared) =
        (TestDb::new(Backend::Sqlite).await, tempfile::tempdir().expect("a folder"), TestShared::new());
    let at = |name: &str| Place::Folder(folder.path().join(name));
    let settings = Settings::new(db.url.clone(), at("images"), at("backups"));
    let service = storage::start(settings, &shared.shared).await.expect("storage starts");
    let client = Client::new(service.router).with_token(&shared.token("author", "An Author", Role::Author));
    // 60 megapixels, all of them there; 15 and 30 megapixels that are a few kilobytes as a file; a head
    // that lies about 8 megapixels.
    let honest = pictures::bomb(10_000, 6_000);
    let dense = pictures::bomb(5_000, 3_000);
    let packed = pictures::bomb(4_000, 2_000);
    let lying = pictures::bomb_of(2, 2, &packed[41..packed.len() - 16]);
    // 480 megapixels in 120 frames, as its head says.
    let mut moving = pictures::gif(2, 2, 120);
    moving[6..10].copy_from_slice(&[0xd0, 7, 0xd0, 7]);
    let before = peak();
    assert_eq!(upload(&client, &honest).await, 422);
    for _ in 0..3 {
        let (one, two, three) =
            tokio::join!(upload(&client, &honest), upload(&client, &dense), upload(&client, &lying));
        assert_eq!((one, two), (422, 201));
        assert!(three == 201 || three == 422);
    }
    assert_eq!(upload(&client, &moving).await, 422);
    let grown = peak().saturating_sub(before) / 1024;
    assert!(grown < 200, "{grown} MB");
}
