//! What is sent to fill the memory, to run, or to tell where it was made: refused or cleaned, and the
//! process stays small. A process of its own, so that nothing else is measured. With `MARU_UPLOADS_REPORT`
//! it writes down what it saw, for `cargo xtask prove uploads`.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "api/pictures.rs"]
#[expect(dead_code, reason = "only some pictures are needed here")]
mod pictures;

use std::time::Duration;

use contracts::{
    module::Role,
    problem::Problem,
    storage::{Image, ImageList, Uploaded},
};
use http::Method;
use kit::testing::{Backend, Client, TestDb, TestShared};
use serde_json::{Value, json};
use storage::{Place, Settings};

/// Megabytes by which the process may grow, the files that it sends included.
const LIMIT: u64 = 200;
/// The same when all are sent at once, some of which are as large as images may be.
const LIMIT_TOGETHER: u64 = 340;

/// What is to become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// With this code.
    Refused(&'static str),
    /// Taken as it is: large, and honest about it.
    Taken,
    /// Taken without what it told, or refused where it lies.
    TakenOrRefused,
    /// Taken, and none of these words are in it any more.
    Cleaned,
}

struct Attack {
    name: &'static str,
    file: Vec<u8>,
    fate: Fate,
    /// Brought by the operator, who may bring SVG.
    imported: bool,
}

fn attack(name: &'static str, file: Vec<u8>, fate: Fate) -> Attack {
    Attack { name, file, fate, imported: false }
}

const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" width="4" height="5" onload="alert(1)">
    <script>alert(2)</script><a href="javascript:alert(3)"><rect width="4" height="5"/></a></svg>"#;

fn attacks() -> Vec<Attack> {
    const TOO_MANY: Fate = Fate::Refused("too_many_pixels");
    const NO_IMAGE: Fate = Fate::Refused("not_an_image");
    let photo = pictures::jpeg(300, 200);
    let packed = pictures::bomb(4_000, 2_000);
    // 480 megapixels in 120 frames, as its head says.
    let mut moving = pictures::gif(2, 2, 120);
    moving[6..10].copy_from_slice(&[0xd0, 7, 0xd0, 7]);
    let mut page = b"\xff\xd8\xff\xe0".to_vec();
    page.extend(b"<html><script>alert(1)</script>");
    let svg = |imported, fate| Attack { name: "SVG with scripts", file: SVG.to_vec(), fate, imported };
    vec![
        attack("PNG, 60 megapixels that are there", pictures::bomb(10_000, 6_000), TOO_MANY),
        attack("PNG, 65,535 by 65,535 in its head", pictures::bomb_of(65_535, 65_535, b"x"), TOO_MANY),
        attack("PNG, 40 megapixels in a small file", pictures::bomb(8_000, 5_000), Fate::Taken),
        attack("PNG, 30 megapixels in a small file", pictures::bomb(6_000, 5_000), Fate::Taken),
        attack("PNG, 15 megapixels in a small file", pictures::bomb(5_000, 3_000), Fate::Taken),
        attack(
            "PNG, a head of 2 by 2 before 8 megapixels",
            pictures::bomb_of(2, 2, &packed[41..packed.len() - 16]),
            Fate::TakenOrRefused,
        ),
        attack("GIF, 120 frames of 4 megapixels", moving, TOO_MANY),
        attack("GIF, 501 frames", pictures::gif(2, 2, 501), TOO_MANY),
        attack("WebP, 16,383 by 16,383 in its head", webp_head(16_383, 16_383), TOO_MANY),
        attack("WebP, 6,000 by 6,000 in its head and nothing behind", webp_head(6_000, 6_000), NO_IMAGE),
        attack("a web page that is called .png", b"<html><script>alert(1)</script>".to_vec(), NO_IMAGE),
        attack("a web page that begins like a JPEG", page, NO_IMAGE),
        attack("a program that is called .png", b"\x7fELF\x02\x01\x01".to_vec(), NO_IMAGE),
        svg(false, NO_IMAGE),
        svg(true, Fate::Cleaned),
        attack("JPEG, cut off in the middle", photo[..photo.len() / 2].to_vec(), NO_IMAGE),
        attack("JPEG with EXIF, a place and a second picture", pictures::phone(800, 400), Fate::Cleaned),
        attack("WebP with EXIF and a place", pictures::webp(80, 40, 6), Fate::Cleaned),
    ]
}

/// The head of a lossless WebP of this size, and no pixels.
fn webp_head(width: u32, height: u32) -> Vec<u8> {
    let mut body = b"WEBPVP8L\x0a\0\0\0\x2f".to_vec();
    body.extend(((width - 1) | (height - 1) << 14).to_le_bytes());
    body.extend([0; 5]);
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(u32::try_from(body.len()).expect("short").to_le_bytes());
    bytes.extend(body);
    bytes
}

/// Megabytes of a line of `/proc/self/status`.
fn megabytes(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|found| found.starts_with(line)).expect("a figure");
    line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).expect("kilobytes") / 1024
}

/// Begins to measure the peak anew, where that is allowed.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

struct Site {
    author: Client,
    guest: Client,
}

impl Site {
    /// Sends a file and waits until everything was made of it; answers what became of it.
    async fn send(&self, attack: &Attack) -> Value {
        let answer = if attack.imported {
            let path = "/internal/images?filename=x.svg";
            self.guest.service().send(Method::PUT, path, None, attack.file.clone().into()).await
        } else {
            let mut body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.png\"\r\n\r\n".to_vec();
            body.extend_from_slice(&attack.file);
            body.extend_from_slice(b"\r\n--x--\r\n");
            let kind = Some("multipart/form-data; boundary=x");
            self.author.send(Method::POST, "/api/upload", kind, body.into()).await
        };
        let name = attack.name;
        if answer.status.is_success() {
            let image: Image = if attack.imported {
                serde_json::from_slice(&answer.body).expect("an image")
            } else {
                let uploaded: Uploaded = serde_json::from_slice(&answer.body).expect("images");
                uploaded.items.into_iter().next().expect("an image")
            };
            assert!(!matches!(attack.fate, Fate::Refused(_)), "{name} was taken");
            let kept = self.guest.get(&image.url).await.body;
            let text = String::from_utf8_lossy(&kept);
            if attack.fate == Fate::Cleaned {
                assert!(pictures::tells(&attack.file) || String::from_utf8_lossy(&attack.file).contains("alert"));
                assert!(!pictures::tells(&kept) && !text.contains("alert") && !text.contains("script"), "{name}");
            }
            self.finished().await;
            return json!(if attack.fate == Fate::Cleaned { "kept without it" } else { "kept" });
        }
        assert_eq!(answer.status, 422, "{name}");
        let problem: Problem = serde_json::from_slice(&answer.body).expect("a problem");
        let code = problem.errors.first().map(|error| error.code.clone()).unwrap_or_default();
        match attack.fate {
            Fate::Refused(expected) => assert_eq!(code, expected, "{name}"),
            Fate::TakenOrRefused => {}
            Fate::Taken | Fate::Cleaned => panic!("{name} was refused: {code}"),
        }
        json!(format!("refused: `{code}`"))
    }

    /// Smaller ones of all images are made.
    async fn finished(&self) {
        let made = async {
            loop {
                let list: ImageList = self.author.get("/api/images?size=100").await.json(200);
                if list.items.iter().all(|image| !image.pending) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        // Forty megapixels take a busy machine a while.
        tokio::time::timeout(Duration::from_secs(180), made).await.expect("smaller images are made");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_files_are_refused_or_cleaned_in_little_memory() {
    let (db, folder, shared) =
        (TestDb::new(Backend::Sqlite).await, tempfile::tempdir().expect("a folder"), TestShared::new());
    let at = |name: &str| Place::Folder(folder.path().join(name));
    let settings = Settings::new(db.url.clone(), at("images"), at("backups"));
    let service = storage::start(settings, &shared.shared).await.expect("storage starts");
    shared.shared.bus.open();
    let guest = Client::new(service.router);
    let author = guest.with_token(&shared.token("author", "An Author", Role::Author));
    let site = Site { author, guest };
    let attacks = attacks();
    forget_peak();
    let before = megabytes("VmRSS:");
    let mut rows = Vec::new();
    for attack in &attacks {
        forget_peak();
        let outcome = site.send(attack).await;
        let (bytes, peak) = (attack.file.len(), megabytes("VmHWM:"));
        assert!(peak < before + LIMIT, "{}: {peak} MB, before {before}", attack.name);
        let by = if attack.imported { "operator" } else { "author" };
        rows.push(json!({ "name": attack.name, "by": by, "bytes": bytes, "outcome": outcome, "peak_mb": peak }));
    }
    // All of them at once, and again.
    forget_peak();
    for _ in 0..2 {
        futures_util::future::join_all(attacks.iter().map(|attack| site.send(attack))).await;
    }
    let together = megabytes("VmHWM:");
    assert!(together < before + LIMIT_TOGETHER, "all at once: {together} MB, before {before}");
    if let Ok(file) = std::env::var("MARU_UPLOADS_REPORT") {
        let report = json!({ "before_mb": before, "together_mb": together, "limit_mb": LIMIT, "files": rows });
        std::fs::write(file, report.to_string()).expect("a report");
    }
}
