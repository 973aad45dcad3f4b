//! Making a backup: the rows of each service as they are at one moment, then the images that storage's
//! rows name.

use std::path::Path;

use axum::body::Body;
use contracts::storage::BackupPart;
use futures_util::StreamExt;
use http::Request;
use kit::error::Chain;
use tokio::io::AsyncWriteExt;

use super::{
    AnyError,
    archive::{self, RowCounter, Writer},
};
use crate::{
    app::App,
    store::{
        backups::{self, Archive, Row},
        objects,
    },
};

/// A backup that was begun so often is given up: the process may be dying of it.
const MAX_ATTEMPTS: i32 = 4;
const RETRY_MS: i64 = 5_000;

/// Makes it. What was left of an attempt that broke off is made anew.
pub(super) async fn run(app: &App, job: &Row) -> Result<(), AnyError> {
    match make(app, &job.id).await {
        Ok(archive) => {
            backups::ready(app.db.write(), &job.id, &archive, app.clock.millis()).await?;
            tracing::info!(backup = %job.id, size = archive.size, "a backup is ready");
        }
        Err(error) if job.attempts < MAX_ATTEMPTS => {
            tracing::warn!(backup = %job.id, cause = %Chain(&*error), "a backup is tried again");
            backups::later(app.db.write(), &job.id, app.clock.millis() + RETRY_MS).await?;
        }
        Err(error) => {
            let reason = Chain(&*error).to_string();
            tracing::error!(backup = %job.id, cause = %reason, "a backup was not made");
            backups::failed(app.db.write(), &job.id, &reason, app.clock.millis()).await?;
        }
    }
    Ok(())
}

async fn make(app: &App, id: &str) -> Result<Archive, AnyError> {
    let folder = tempfile::tempdir()?;
    let services = &app.settings.backed_up;
    let mut parts = Vec::with_capacity(services.len());
    for (index, service) in services.iter().enumerate() {
        let share = u32::try_from(50 * index / services.len().max(1)).unwrap_or_default();
        backups::progress(app.db.write(), id, service, share).await?;
        parts.push(rows_of(app, service, folder.path()).await?);
    }
    backups::progress(app.db.write(), id, "objects", 50).await?;
    let file = folder.path().join("backup.tar.gz");
    pack(app, parts, folder.path(), &file).await?;
    backups::progress(app.db.write(), id, "verify", 90).await?;
    let checked = file.clone();
    let archive = tokio::task::spawn_blocking(move || archive::read(&checked, None, |_, _| Ok(()))).await??;
    archive::store(&app.archives, id, &file).await?;
    Ok(archive)
}

/// Asks a service for its rows.
async fn rows_of(app: &App, service: &str, folder: &Path) -> Result<BackupPart, AnyError> {
    let request = Request::get("/internal/backup").body(Body::empty())?;
    let response = app.peers.send(service, request).await?;
    if !response.status().is_success() {
        return Err(format!("{service} answered {} instead of its rows", response.status()).into());
    }
    let mut file = tokio::fs::File::create(archive::rows_in(folder, service)).await?;
    let mut counter = RowCounter::default();
    let mut chunks = response.into_body().into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        counter.add(&chunk);
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    let (rows, size, digest) = counter.finish();
    Ok(BackupPart { service: service.to_owned(), rows, size, digest })
}

/// Writes the archive, in a thread that may wait for the disk.
async fn pack(app: &App, parts: Vec<BackupPart>, folder: &Path, file: &Path) -> Result<(), AnyError> {
    let (app, folder, file) = (app.clone(), folder.to_owned(), file.to_owned());
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut writer = Writer::create(&file)?;
        let mut names = Vec::new();
        for part in parts {
            let rows = archive::rows_in(&folder, &part.service);
            if part.service == "storage" {
                names = files_in(&rows)?;
            }
            writer.part(part, &rows)?;
        }
        for (name, required) in names {
            match runtime.block_on(objects::get(&app.images, &name))? {
                Some(bytes) => writer.object(&name, &bytes)?,
                // A smaller one can be made again; an image that was removed meanwhile cannot.
                None if required => return Err(format!("the file {name} is missing").into()),
                None => {}
            }
        }
        Ok(writer.finish()?)
    })
    .await?
}

/// The names of all files that storage's rows tell of, and whether there can be no backup without.
fn files_in(rows: &Path) -> Result<Vec<(String, bool)>, AnyError> {
    use std::io::BufRead;
    let mut names = Vec::new();
    for line in std::io::BufReader::new(std::fs::File::open(rows)?).lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let required = match line["table"].as_str() {
            Some("images") => true,
            Some("variants") => false,
            _ => continue,
        };
        if let Some(name) = line["row"]["name"].as_str() {
            names.push((name.to_owned(), required));
        }
    }
    Ok(names)
}
