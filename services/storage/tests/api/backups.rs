//! Backups: made, listed, verified, removed.

use contracts::storage::{Backup, BackupList, BackupStatus};
use http::Method;
use kit::testing::Backend;

use crate::{
    pictures::png,
    support::{Disk, Storage, eventually},
};

kit::on_both_databases!(a_backup_is_made_and_verified, a_backup_that_cannot_be_made_says_why, only_operators_see_them);

async fn post(storage: &Storage, path: &str) -> kit::testing::Answer {
    storage.admin().send(Method::POST, path, None, bytes::Bytes::new()).await
}

async fn made(storage: &Storage) -> Backup {
    let started: Backup = post(storage, "/api/backups").await.json(202);
    assert_eq!(started.status, BackupStatus::Running);
    eventually("the backup", async || {
        let backup: Backup = storage.admin().get(&format!("/api/backups/{}", started.id)).await.json(200);
        (backup.status != BackupStatus::Running).then_some(backup)
    })
    .await
}

async fn a_backup_is_made_and_verified(backend: Backend) {
    let storage = Storage::start_with(backend, |settings| settings.backed_up = vec!["storage".into()]).await;
    let image = storage.uploaded(&png(700, 300)).await;
    storage.finished(&image.id).await;
    let backup = made(&storage).await;
    assert_eq!((backup.status, backup.percent, backup.objects), (BackupStatus::Ready, 100, 3), "{backup:?}");
    assert_eq!((backup.parts.len(), backup.parts[0].service.as_str(), backup.parts[0].rows), (1, "storage", 3));
    let path = format!("/api/backups/{}", backup.id);
    let verified: Backup = post(&storage, &format!("{path}/verify")).await.json(200);
    assert!(verified.verified_at.is_some());
    let list: BackupList = storage.admin().get("/api/backups").await.json(200);
    assert_eq!((list.total, list.items[0].id.as_str()), (1, backup.id.as_str()));

    if let Disk::Folder(folder) = &storage.disk {
        let file = folder.path().join("backups").join(format!("{}.tar.gz", backup.id));
        let mut bytes = std::fs::read(&file).expect("the archive");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).expect("written");
        assert_eq!(post(&storage, &format!("{path}/verify")).await.problem(422).code, "not_a_backup");
    }
    assert_eq!(storage.admin().delete(&path).await.status, 204);
    storage.admin().get(&path).await.problem(404);
    storage.admin().get(&format!("{path}/download")).await.problem(404);
    post(&storage, &format!("{path}/restore")).await.problem(404);
    storage.admin().get("/api/backups/nothing").await.problem(404);
}

async fn a_backup_that_cannot_be_made_says_why(backend: Backend) {
    let storage = Storage::start_with(backend, |settings| settings.backed_up = vec!["nobody".into()]).await;
    let started: Backup = post(&storage, "/api/backups").await.json(202);
    let path = format!("/api/backups/{}", started.id);
    let failed = eventually("it is given up", async || {
        // Between two attempts.
        storage.shared.advance(time::Duration::seconds(10));
        let backup: Backup = storage.admin().get(&path).await.json(200);
        (backup.status == BackupStatus::Failed).then_some(backup)
    })
    .await;
    assert!(failed.error.is_some_and(|error| error.contains("nobody")));
    post(&storage, &format!("{path}/restore")).await.problem(409);
    storage.admin().get(&format!("{path}/download")).await.problem(409);
    assert_eq!(storage.admin().delete(&path).await.status, 204);
}

async fn only_operators_see_them(backend: Backend) {
    let storage = Storage::start_with(backend, |settings| settings.backed_up = vec!["storage".into()]).await;
    let backup = made(&storage).await;
    for (method, path) in [
        (Method::GET, "/api/backups".to_owned()),
        (Method::POST, "/api/backups".to_owned()),
        (Method::PUT, "/api/backups".to_owned()),
        (Method::GET, format!("/api/backups/{}", backup.id)),
        (Method::GET, format!("/api/backups/{}/download", backup.id)),
        (Method::POST, format!("/api/backups/{}/verify", backup.id)),
        (Method::POST, format!("/api/backups/{}/restore", backup.id)),
        (Method::DELETE, format!("/api/backups/{}", backup.id)),
    ] {
        storage.author().send(method.clone(), &path, None, bytes::Bytes::new()).await.problem(403);
        storage.client.send(method, &path, None, bytes::Bytes::new()).await.problem(401);
    }
    let seen: BackupList = storage.client.service().get("/api/backups").await.json(200);
    assert_eq!(seen.total, 1);
}
