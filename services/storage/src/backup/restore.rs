//! Bringing a backup back: a saga over all services.
//!
//! First the files that are not there, then every service stages its rows (*prepare*), then every one
//! takes them (*commit*), then it is settled. Until the last commit a failure undoes everything; after
//! it there is no way back, and settling is tried until it works. Each step can be repeated, so
//! whoever goes on after a crash begins with the step that was under way.

use std::{io, path::Path, time::Duration};

use axum::body::Body;
use contracts::{reconcile::Report, storage::BackupPart};
use http::{Request, Response};
use kit::{error::Chain, peers::PeerError};
use tempfile::TempDir;
use tokio_util::io::ReaderStream;

use super::{
    AnyError,
    archive::{self, ArchiveError},
};
use crate::{
    app::App,
    domain::name,
    store::{
        backups, objects, orphans,
        sagas::{self, COMMITTING, PREPARING, Row, UNDOING},
    },
};

/// Attempts at a step whose service is away, before everything is undone.
const MAX_ATTEMPTS: i32 = 5;
const STAGING: Duration = Duration::from_secs(30 * 60);
const SWAPPING: Duration = Duration::from_secs(5 * 60);

/// A step of a restore.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Files that are not there.
    Objects,
    Prepare(String),
    Commit(String),
    /// Nobody needs to be able to go back any more; what the services keep of each other is recounted.
    Settle,
}

impl Step {
    fn all(services: &[String]) -> Vec<Self> {
        let prepare = services.iter().cloned().map(Self::Prepare);
        let commit = services.iter().cloned().map(Self::Commit);
        [Self::Objects].into_iter().chain(prepare).chain(commit).chain([Self::Settle]).collect()
    }

    fn name(&self) -> String {
        match self {
            Self::Objects => "objects".to_owned(),
            Self::Prepare(service) => format!("prepare {service}"),
            Self::Commit(service) => format!("commit {service}"),
            Self::Settle => "settle".to_owned(),
        }
    }

    fn status(&self) -> &'static str {
        if matches!(self, Self::Objects | Self::Prepare(_)) { PREPARING } else { COMMITTING }
    }
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
enum StepError {
    /// It may work in a moment.
    #[error("{0}")]
    Away(AnyError),
    /// It never will.
    #[error("{0}")]
    Refused(AnyError),
}

fn away(error: impl Into<AnyError>) -> StepError {
    StepError::Away(error.into())
}

fn refused(error: impl Into<AnyError>) -> StepError {
    StepError::Refused(error.into())
}

/// The archive on this machine's disk, once it was needed.
#[derive(Default)]
struct Unpacked {
    folder: Option<TempDir>,
    parts: Vec<BackupPart>,
}

/// Goes on with a restore from where it stands.
pub(super) async fn run(app: &App, saga: &Row) -> Result<(), AnyError> {
    if saga.status == UNDOING {
        return undo(app, saga).await;
    }
    let mut unpacked = Unpacked::default();
    let services = match services_of(app, saga, &mut unpacked).await {
        Ok(services) => services,
        Err(error) => return fail(app, saga, &Step::Objects, error).await,
    };
    let steps = Step::all(&services);
    let done = usize::try_from(saga.done).unwrap_or_default();
    for (index, step) in steps.iter().enumerate().skip(done) {
        let percent = u32::try_from(100 * index / steps.len()).unwrap_or_default();
        sagas::advance_to(&app.db, &saga.id, step.status(), index, &step.name(), percent).await?;
        if let Err(error) = take(app, saga, step, &services, &mut unpacked).await {
            return fail(app, saga, step, error).await;
        }
        sagas::advance(&app.db, &saga.id, step.status(), index + 1, &step.name(), percent).await?;
    }
    sagas::finish(&app.db, &saga.id, "DONE", app.clock.millis()).await?;
    app.to_make.notify_waiters();
    tracing::info!(restore = %saga.id, backup = %saga.backup_id, "a backup was restored");
    Ok(())
}

/// Whose rows the backup holds.
async fn services_of(app: &App, saga: &Row, unpacked: &mut Unpacked) -> Result<Vec<String>, StepError> {
    let backup = backups::show(app.db.write(), &saga.backup_id).await.map_err(away)?;
    let backup = backup.ok_or_else(|| refused("the backup is not there any more"))?;
    unpacked.parts = backup.parts;
    Ok(unpacked.parts.iter().map(|part| part.service.clone()).collect())
}

async fn take(
    app: &App,
    saga: &Row,
    step: &Step,
    services: &[String],
    unpacked: &mut Unpacked,
) -> Result<(), StepError> {
    match step {
        Step::Objects => {
            // Asked before anything is staged: a service that is not there is found now.
            if let Some(unknown) = services.iter().find(|service| !app.peers.knows(service)) {
                return Err(refused(format!("the service {unknown} of this backup is not here")));
            }
            unpack(app, saga, unpacked, true).await
        }
        Step::Prepare(service) => {
            if unpacked.folder.is_none() {
                unpack(app, saga, unpacked, false).await?;
            }
            let folder = unpacked.folder.as_ref().ok_or_else(|| away("the archive was not unpacked"))?;
            prepare(app, saga, service, &archive::rows_in(folder.path(), service)).await
        }
        Step::Commit(service) => call(app, saga, service, "commit", Body::empty(), SWAPPING).await,
        Step::Settle => {
            for service in services {
                call(app, saga, service, "forget", Body::empty(), SWAPPING).await?;
            }
            for service in services {
                recount(app, service).await;
            }
            Ok(())
        }
    }
}

/// Brings the archive here, compares its digests, and with `bring` puts its files where they are
/// missing, each noted before.
async fn unpack(app: &App, saga: &Row, unpacked: &mut Unpacked, bring: bool) -> Result<(), StepError> {
    let folder = tempfile::tempdir().map_err(away)?;
    let file = folder.path().join("backup.tar.gz");
    archive::fetch(&app.archives, &saga.backup_id, &file).await.map_err(|error| match error {
        ArchiveError::Place(_) => away(error),
        _ => refused(error),
    })?;
    let (reader, runtime, id) = (app.clone(), tokio::runtime::Handle::current(), saga.id.clone());
    let target = folder.path().to_owned();
    // Twice: nothing is brought from an archive that turns out to be damaged.
    let work = move || {
        archive::read(&file, Some(&target), |_, _| Ok(()))?;
        if bring {
            archive::read(&file, None, |name, bytes| {
                runtime.block_on(bring_one(&reader, &id, name, bytes)).map_err(io::Error::other)
            })?;
        }
        Ok::<_, ArchiveError>(())
    };
    let done = tokio::task::spawn_blocking(work).await.map_err(away)?;
    done.map_err(|error| match error {
        ArchiveError::Read(_) | ArchiveError::Place(_) => away(error),
        _ => refused(error),
    })?;
    unpacked.folder = Some(folder);
    Ok(())
}

async fn bring_one(app: &App, saga: &str, name: &str, bytes: Vec<u8>) -> Result<(), AnyError> {
    if objects::size(&app.images, name).await?.is_none() {
        sagas::brings(&app.db, saga, name).await?;
        objects::put(&app.images, name, bytes.into()).await?;
    }
    Ok(())
}

async fn prepare(app: &App, saga: &Row, service: &str, rows: &Path) -> Result<(), StepError> {
    let file = tokio::fs::File::open(rows).await.map_err(away)?;
    call(app, saga, service, "prepare", Body::from_stream(ReaderStream::new(file)), STAGING).await
}

async fn call(
    app: &App,
    saga: &Row,
    service: &str,
    what: &str,
    body: Body,
    patience: Duration,
) -> Result<(), StepError> {
    let uri = format!("/internal/restore/{what}?token={}", saga.id);
    let request = Request::post(uri).body(body).map_err(refused)?;
    let answer = tokio::time::timeout(patience, app.peers.send(service, request)).await;
    let answer: Response<Body> = match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(error @ PeerError::Unknown(_))) => return Err(refused(error)),
        Ok(Err(error)) => return Err(away(error)),
        Err(late) => return Err(away(late)),
    };
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let said = format!("{service} answered {status} to {what}");
    if matches!(status.as_u16(), 429 | 502..=504) { Err(away(said)) } else { Err(refused(said)) }
}

/// What services keep of each other is recounted; what cannot be now, the nightly run does.
async fn recount(app: &App, service: &str) {
    match app.peers.post::<Report>(service, "/internal/reconcile", &()).await {
        Ok(report) => tracing::info!(service, drift = report.drift(), "recounted after a restore"),
        // It keeps nothing of the others.
        Err(PeerError::Problem { problem, .. }) if problem.status == 404 => {}
        Err(error) => tracing::warn!(service, cause = %Chain(&error), "not recounted after a restore"),
    }
}

/// Tries again, or begins to undo.
async fn fail(app: &App, saga: &Row, step: &Step, error: StepError) -> Result<(), AnyError> {
    let reason = format!("{}: {}", step.name(), Chain(&error));
    let now = app.clock.millis();
    let attempts = sagas::attempts(&app.db, &saga.id).await?;
    let try_again = match error {
        StepError::Away(_) => attempts < MAX_ATTEMPTS,
        StepError::Refused(_) => false,
    };
    // After the last commit there is no way back, only forward.
    if try_again || *step == Step::Settle {
        tracing::warn!(restore = %saga.id, cause = %reason, "a step of a restore is tried again");
        return Ok(sagas::retry(&app.db, &saga.id, now + pause(attempts)).await?);
    }
    tracing::error!(restore = %saga.id, cause = %reason, "a restore is undone");
    sagas::undo(&app.db, &saga.id, &reason).await?;
    undo(app, saga).await
}

/// Everything as it was: the services' rows, and the files that were brought.
async fn undo(app: &App, saga: &Row) -> Result<(), AnyError> {
    match undo_all(app, saga).await {
        Ok(()) => {
            sagas::finish(&app.db, &saga.id, "UNDONE", app.clock.millis()).await?;
            tracing::info!(restore = %saga.id, "a restore was undone");
        }
        Err(error) => {
            let attempts = sagas::attempts(&app.db, &saga.id).await?;
            tracing::error!(restore = %saga.id, cause = %Chain(&*error), "undoing a restore is tried again");
            sagas::retry(&app.db, &saga.id, app.clock.millis() + pause(attempts)).await?;
        }
    }
    Ok(())
}

async fn undo_all(app: &App, saga: &Row) -> Result<(), AnyError> {
    let services: Vec<String> = match backups::show(app.db.write(), &saga.backup_id).await? {
        Some(backup) => backup.parts.into_iter().map(|part| part.service).collect(),
        // Nobody can tell any more whose rows it held: all are asked. Who staged nothing has nothing to undo.
        None => app.settings.backed_up.clone(),
    };
    for service in services.iter().rev().filter(|service| app.peers.knows(service)) {
        call(app, saga, service, "rollback", Body::empty(), SWAPPING).await?;
    }
    for name in sagas::brought(&app.db, &saga.id).await? {
        // Unless somebody uploaded the same meanwhile.
        orphans::delete_files(app, name::stem(&name), std::slice::from_ref(&name)).await?;
    }
    Ok(())
}

/// Doubles from half a second to a minute.
fn pause(attempts: i32) -> i64 {
    500_i64 << attempts.clamp(0, 7)
}
