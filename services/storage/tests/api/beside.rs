//! Several at once.

use contracts::{
    module::Role,
    storage::{Backup, BackupStatus, ImageList, RestoreStatus, Uploaded},
};
use futures_util::future::join_all;
use http::Method;
use kit::testing::{Answer, Backend, TestDb, TestShared, cut_off};
use time::Duration;

use crate::{
    pictures::{jpeg, png},
    reconcile::drift,
    s3::Server,
    support::{Disk, Storage, eventually, upload},
};

kit::on_both_databases!(
    uploads_beside_each_other_share_the_room,
    what_is_sent_while_it_is_removed_has_its_file,
    a_backup_is_deleted_or_restored,
    a_backup_that_stays_keeps_its_archive,
    a_place_that_deletes_late_holds_nobody_up,
    a_place_that_answers_late_holds_nobody_up,
    who_waits_for_their_room_leaves_room_for_others,
    a_deletion_goes_on_when_its_client_leaves,
);

async fn uploads_beside_each_other_share_the_room(backend: Backend) {
    let files: Vec<Vec<u8>> = (0..6).map(|n| jpeg(100, 60 + n)).collect();
    let room = 2 * files.iter().map(Vec::len).max().unwrap_or_default() as u64 + 10;
    let storage = Storage::start_with(backend, |settings| settings.author_quota = room).await;
    let author = storage.author();
    let answers = join_all(files.iter().map(|file| upload(&author, file))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((taken.len(), refused.len()), (2, 4));
    for answer in refused {
        assert_eq!(answer.problem(409).code, "quota_exceeded");
    }
    let list: ImageList = author.get("/api/images").await.json(200);
    assert!(list.total == 2 && list.used <= room, "{} of {room}", list.used);
    for image in list.items {
        storage.finished(&image.id).await;
        assert_eq!(storage.client.get(&image.url).await.status, 200);
    }
    // Nothing is left of the others.
    storage.shared.advance(Duration::hours(2));
    assert_eq!(drift(&storage).await, []);
}

async fn what_is_sent_while_it_is_removed_has_its_file(backend: Backend) {
    let storage = on_a_server(backend).await;
    let Disk::S3(server) = &storage.disk else { panic!("it was started on S3") };
    let sent = png(8, 8);
    let image = storage.uploaded(&sent).await;
    storage.finished(&image.id).await;
    let file = server.file("images", image.url.trim_start_matches("/media/"));
    let written = || std::fs::metadata(&file).and_then(|it| it.modified()).expect("the file is there");
    let before = written();

    server.hold(Some("DeleteObject"));
    let (author, path) = (storage.author(), format!("/api/images/{}", image.id));
    let send_again = async {
        server.something_waits().await;
        let deletion = async {
            // The row is gone, the file is about to go, and has just come once more.
            eventually("the file is written again", async || (written() != before).then_some(())).await;
            server.hold(None);
        };
        tokio::join!(upload(&author, &sent), deletion).0
    };
    let (removed, again) = tokio::join!(author.delete(&path), send_again);
    assert_eq!(removed.status, 204);
    let again: Uploaded = again.json(201);
    assert_eq!(storage.client.get(&again.url).await.status, 200, "a row never points to nothing");
    let list: ImageList = author.get("/api/images").await.json(200);
    assert_eq!(list.items.iter().map(|image| &image.url).collect::<Vec<_>>(), [&again.url]);
}

async fn post(storage: &Storage, path: &str) -> Answer {
    storage.admin().send(Method::POST, path, None, bytes::Bytes::new()).await
}

/// A backup, and where it is.
pub(crate) async fn backed_up(storage: &Storage) -> String {
    let started: Backup = post(storage, "/api/backups").await.json(202);
    let path = format!("/api/backups/{}", started.id);
    eventually("the backup", async || {
        let backup: Backup = storage.admin().get(&path).await.json(200);
        (backup.status == BackupStatus::Ready).then_some(())
    })
    .await;
    path
}

async fn a_backup_is_deleted_or_restored(backend: Backend) {
    let storage = Storage::start_with(backend, |settings| settings.backed_up = vec!["storage".into()]).await;
    let image = storage.uploaded(&png(8, 8)).await;
    storage.finished(&image.id).await;
    for delete_first in [true, false] {
        let path = backed_up(&storage).await;
        let (admin, restore) = (storage.admin(), format!("{path}/restore"));
        let (deleted, restored) = if delete_first {
            tokio::join!(admin.delete(&path), post(&storage, &restore))
        } else {
            let (restored, deleted) = tokio::join!(post(&storage, &restore), admin.delete(&path));
            (deleted, restored)
        };
        if deleted.status == 204 {
            restored.problem(404);
            admin.get(&path).await.problem(404);
        } else {
            assert_eq!(deleted.problem(409).code, "busy");
            restored.json::<Backup>(202);
            let restore = eventually("the restore", async || {
                let backup: Backup = admin.get(&path).await.json(200);
                let over = |status| matches!(status, RestoreStatus::Done | RestoreStatus::Undone);
                backup.restore.filter(|restore| over(restore.status))
            })
            .await;
            assert_eq!(restore.status, RestoreStatus::Done, "{:?}", restore.error);
        }
    }
}

async fn a_backup_that_stays_keeps_its_archive(backend: Backend) {
    let storage = Storage::start_with(backend, |settings| settings.backed_up = vec!["storage".into()]).await;
    let path = backed_up(&storage).await;
    // Its row cannot be deleted.
    storage.execute("CREATE TABLE holders (backup TEXT REFERENCES backups (id))").await;
    storage.execute("INSERT INTO holders (backup) SELECT id FROM backups").await;
    storage.admin().delete(&path).await.problem(500);
    assert_eq!(storage.admin().get(&format!("{path}/download")).await.status, 200);
    storage.execute("DELETE FROM holders").await;
    assert_eq!(storage.admin().delete(&path).await.status, 204);
    storage.admin().get(&format!("{path}/download")).await.problem(404);
}

/// With its images on a server that can be held.
async fn on_a_server(backend: Backend) -> Storage {
    let (db, disk) = (TestDb::new(backend).await, Disk::S3(Server::start().await));
    Storage::start_on(db, disk, TestShared::new(), |_| ()).await
}

async fn a_place_that_deletes_late_holds_nobody_up(backend: Backend) {
    let storage = on_a_server(backend).await;
    let Disk::S3(server) = &storage.disk else { panic!("it was started on S3") };
    let image = storage.uploaded(&png(8, 8)).await;
    storage.finished(&image.id).await;
    server.hold(Some("DeleteObject"));
    let (author, path, file) = (storage.author(), format!("/api/images/{}", image.id), png(9, 9));
    let beside = async {
        server.something_waits().await;
        upload(&author, &file).await
    };
    let (removed, beside) = tokio::join!(author.delete(&path), beside);
    beside.json::<Uploaded>(201);
    // It was given up: the row is gone, and what stays of the image is found.
    removed.problem(503);
    server.hold(None);
    author.delete(&path).await.problem(404);
    storage.shared.advance(Duration::hours(2));
    drift(&storage).await;
    assert_eq!(drift(&storage).await, []);
    storage.client.get(&image.url).await.problem(404);
}

async fn a_place_that_answers_late_holds_nobody_up(backend: Backend) {
    let storage = on_a_server(backend).await;
    let Disk::S3(server) = &storage.disk else { panic!("it was started on S3") };
    server.hold(Some("HeadObject"));
    let (author, file) = (storage.author(), png(8, 8));
    let meanwhile = async {
        server.something_waits().await;
        // The row is there, and nothing holds it.
        storage.execute("UPDATE images SET folder = 'elsewhere'").await;
        let list: ImageList = storage.author().get("/api/images").await.json(200);
        server.hold(None);
        list.items.into_iter().map(|image| image.folder).collect::<Vec<_>>()
    };
    let (uploaded, folders) = tokio::join!(upload(&author, &file), meanwhile);
    assert_eq!(folders, ["elsewhere"]);
    let uploaded: Uploaded = uploaded.json(201);
    assert_eq!(storage.client.get(&uploaded.url).await.status, 200);
}

async fn who_waits_for_their_room_leaves_room_for_others(backend: Backend) {
    let storage = Storage::start(backend).await;
    // Nobody writes images for now; SQLite has one writer anyway.
    let beside = storage.db.connect().await;
    let held = beside.begin().await.expect("begun");
    if backend == Backend::Postgres {
        let lock = "LOCK TABLE images IN SHARE MODE";
        kit::db::sql::execute(&held, lock, []).await.expect("locked");
    }
    let waiting = async || {
        let query = "SELECT COUNT(*) AS n FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        kit::db::sql::number(beside.read(), query, []).await.expect("a number")
    };
    // More of one author than there are connections.
    let files: Vec<Vec<u8>> = (0..24).map(|n| png(8 + n, 8)).collect();
    let (author, folder) = (storage.author(), storage.disk.file("images", ""));
    let meanwhile = async {
        eventually("all files are written", async || {
            let names = std::fs::read_dir(&folder).ok()?.flatten().map(|file| file.file_name());
            (names.filter(|name| name.to_string_lossy().ends_with(".png")).count() == files.len()).then_some(())
        })
        .await;
        if backend == Backend::Postgres {
            eventually("one waits", async || (waiting().await > 0).then_some(())).await;
        }
        let list: ImageList = storage.user("other", Role::Author).get("/api/images").await.json(200);
        assert_eq!(list.total, 0);
        if backend == Backend::Postgres {
            assert_eq!(waiting().await, 1, "the others wait without a connection");
        }
        held.rollback().await.expect("let go");
    };
    let uploads = join_all(files.iter().map(|file| upload(&author, file)));
    for answer in tokio::join!(uploads, meanwhile).0 {
        answer.json::<Uploaded>(201);
    }
}

async fn a_deletion_goes_on_when_its_client_leaves(backend: Backend) {
    let storage = Storage::start_with(backend, |settings| settings.backed_up = vec!["storage".into()]).await;
    let archive = storage.admin().get(&format!("{}/download", backed_up(&storage).await)).await.body;
    let admin = storage.admin();
    for waits in 1.. {
        let brought: Backup = admin.send(Method::PUT, "/api/backups", None, archive.clone()).await.json(201);
        let path = format!("/api/backups/{}", brought.id);
        let file = storage.disk.file("backups", &format!("{}.tar.gz", brought.id));
        assert!(file.exists());
        let answer = cut_off(admin.delete(&path), waits).await;
        eventually("the archive goes with its backup", async || {
            let is_listed = admin.get(&path).await.status == 200;
            (is_listed == file.exists()).then_some(())
        })
        .await;
        if let Some(answer) = answer {
            assert_eq!(answer.status, 204);
            return;
        }
    }
}
