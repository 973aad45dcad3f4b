//! Several at once.

use contracts::storage::{Backup, BackupStatus, ImageList, RestoreStatus, Uploaded};
use futures_util::future::join_all;
use http::Method;
use kit::testing::{Answer, Backend, TestDb, TestShared};
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
    let (db, disk) = (TestDb::new(backend).await, Disk::S3(Server::start().await));
    let storage = Storage::start_on(db, disk, TestShared::new(), |_| ()).await;
    let Disk::S3(server) = &storage.disk else { panic!("it was started on S3") };
    let sent = png(8, 8);
    let image = storage.uploaded(&sent).await;
    storage.finished(&image.id).await;
    let file = server.file("images", image.url.trim_start_matches("/media/"));
    let written = || std::fs::metadata(&file).and_then(|it| it.modified()).expect("the file is there");
    let before = written();

    server.hold_deletions(true);
    let (author, path) = (storage.author(), format!("/api/images/{}", image.id));
    let send_again = async {
        server.deletion_waits().await;
        let deletion = async {
            // The row is gone, the file is about to go, and has just come once more.
            eventually("the file is written again", async || (written() != before).then_some(())).await;
            server.hold_deletions(false);
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
async fn backed_up(storage: &Storage) -> String {
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
