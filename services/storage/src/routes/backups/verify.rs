//! `POST /api/backups/:id/verify`: reads the whole archive and compares all digests.

use axum::{Json, extract::State};
use contracts::{problem::Problem, storage::Backup};
use kit::{ApiError, ApiResult, extract::Path};

use super::{damaged, ready};
use crate::{
    app::App,
    backup::archive::{self, ArchiveError},
    routes::operator::Operator,
    store::backups,
};

/// Compares the digests of a backup
#[utoipa::path(post, path = "/api/backups/{id}/verify", tag = "backups", security(("bearer" = []), ("service" = [])),
    params(("id" = String, Path, description = "Id of the backup")),
    responses((status = 200, body = Backup), (status = 409, description = "It is not whole"),
        (status = 422, description = "It is damaged")))]
pub(crate) async fn handle(_: Operator, State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<Backup>> {
    let backup = ready(app.db.write(), &id).await?;
    let folder = tempfile::tempdir().map_err(ApiError::internal)?;
    let file = folder.path().join("backup.tar.gz");
    let missing = |error: ArchiveError| match error {
        ArchiveError::Missing => ApiError::from(damaged(&error)),
        _ => ApiError::unavailable(error),
    };
    archive::fetch(&app.archives, &backup.id, &file).await.map_err(missing)?;
    let read = tokio::task::spawn_blocking(move || archive::read(&file, None, |_, _| Ok(())));
    let found = read.await.map_err(ApiError::internal)?.map_err(|error| damaged(&error))?;
    if found.digest != backup.digest {
        let problem = Problem::new(422, "not_a_backup", "The archive cannot be used");
        return Err(problem.with_detail("The archive: it is another than the one that was made.").into());
    }
    backups::verified(app.db.write(), &backup.id, app.clock.millis()).await?;
    Ok(Json(super::show(&app, &backup.id).await?))
}
