//! Images on their way in: the same file is kept once, and an uploader has so much room.

use bytes::Bytes;
use contracts::{problem::Problem, storage::Image};
use futures_util::future::join_all;
use kit::{ApiError, ApiResult, db::sql, error::Chain, id};
use object_store::Error;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::{images, locks, objects, orphans, variants};
use crate::{
    app::App,
    domain::{clean::Cleaned, format::Format, name},
};

/// A cleaned image on its way in.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// What all its files' names begin with: the digest of what was sent.
    pub(crate) stem: String,
    pub(crate) cleaned: Cleaned,
    pub(crate) filename: String,
    pub(crate) folder: String,
    pub(crate) uploader_id: Option<String>,
}

/// How many bytes the images of an uploader may have together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room<'a> {
    pub(crate) uploader: &'a str,
    pub(crate) quota: u64,
}

impl Room<'_> {
    /// 409: it is full.
    pub(crate) fn full(&self) -> Problem {
        let megabytes = self.quota >> 20;
        let detail = format!("Your images may have {megabytes} MB together. Delete some that nothing uses.");
        Problem::new(409, "quota_exceeded", "There is no room left for you").with_detail(detail)
    }
}

/// What is to be stored of an arrival.
struct File {
    name: String,
    bytes: Bytes,
    arrival: Arrival,
}

impl File {
    fn of(mut arrival: Arrival) -> Self {
        let bytes = std::mem::take(&mut arrival.cleaned.bytes).into();
        Self { name: name::with(&arrival.stem, arrival.cleaned.format), bytes, arrival }
    }

    async fn put(&self, app: &App) -> Result<(), Error> {
        objects::put(&app.images, &self.name, self.bytes.clone()).await
    }

    async fn put_if_missing(&self, app: &App) -> ApiResult<()> {
        if objects::size(&app.images, &self.name).await.map_err(ApiError::unavailable)?.is_some() {
            return Ok(());
        }
        self.put(app).await.map_err(ApiError::unavailable)?;
        // Whoever makes the smaller ones may have looked for it already.
        variants::again(app.db.write(), &self.name).await?;
        // Whoever removed the image meanwhile found no file yet. While there is a row, this deletes nothing.
        Ok(orphans::delete_files(app, &self.arrival.stem, std::slice::from_ref(&self.name)).await?)
    }
}

/// Stores images, all or none, and answers them in their order. One that is here already stays as it is, and there is
/// a day again to use it.
pub(crate) async fn add(app: &App, mut arrivals: Vec<Arrival>, room: Option<Room<'_>>) -> ApiResult<Vec<Image>> {
    let order: Vec<String> = arrivals.iter().map(|arrival| arrival.stem.clone()).collect();
    arrivals.sort_by(|one, other| one.stem.cmp(&other.stem));
    arrivals.dedup_by(|later, first| later.stem == first.stem);
    let files: Vec<File> = arrivals.into_iter().map(File::of).collect();
    // The files first: a row never points to nothing. Killed in between, the next upload writes them again.
    for file in &files {
        if images::by_stem(app.db.read(), &file.arrival.stem).await?.is_none() {
            file.put(app).await.map_err(ApiError::unavailable)?;
        }
    }
    let now = app.clock.millis();
    let turn = match room {
        Some(room) => Some(app.turns.take(room.uploader).await),
        None => None,
    };
    let tx = app.db.begin().await?;
    if let Some(room) = room {
        // Of several requests at once each sees what the one before took.
        locks::hold(&tx, &format!("room of {}", room.uploader)).await?;
    }
    for file in &files {
        locks::hold(&tx, &file.arrival.stem).await?;
    }
    let mut new = Vec::new();
    for file in &files {
        if insert(&tx, file, now).await? {
            new.push(file);
        } else {
            restart(&tx, &file.arrival.stem, now).await?;
        }
    }
    if let Some(room) = room
        && !new.is_empty()
        && images::used(&tx, room.uploader).await? > room.quota
    {
        tx.rollback().await?;
        drop(turn);
        drop_files(app, &new).await;
        return Err(room.full().into());
    }
    let new = new.len();
    let mut all = Vec::with_capacity(order.len());
    for stem in &order {
        let row = images::by_stem(&tx, stem).await?.ok_or_else(swept_away)?;
        all.push(images::one(&tx, row).await?);
    }
    let again = app.clone();
    app.to_the_end(async move {
        tx.commit().await?;
        drop(turn);
        keep(&again, &files, new).await
    })
    .await?;
    Ok(all)
}

/// Sees to it that the files of rows are there, after these were committed: nobody is to wait for the place of the
/// images in a transaction.
///
/// All of them were, unless the same image was being removed meanwhile: deletions look for a row under the lock that the
/// transaction held, so those before it may have taken what was written before it, and there are none after it. Until
/// such a file is here again, its row points to nothing. That stays so when the process dies now, when the place of the
/// images fails, or when it does late what a deletion gave up waiting for; reconciling tells (`missing_files`), and
/// whoever sends the same again brings it back, which is why those of older rows are looked for too.
async fn keep(app: &App, files: &[File], new: usize) -> ApiResult<()> {
    let kept = join_all(files.iter().map(|file| file.put_if_missing(app))).await;
    for _ in 0..new {
        app.to_make.notify_one();
    }
    kept.into_iter().collect()
}

/// The image of this stem, if it is here: there is a day again to use it.
pub(crate) async fn again(app: &App, stem: &str) -> Result<Option<Image>, DbErr> {
    let db = app.db.write();
    restart(db, stem, app.clock.millis()).await?;
    match images::by_stem(db, stem).await? {
        Some(row) => images::one(db, row).await.map(Some),
        None => Ok(None),
    }
}

/// Says whether it was not here.
async fn insert(tx: &DatabaseTransaction, file: &File, now: i64) -> ApiResult<bool> {
    let File { name, bytes, arrival } = file;
    let Cleaned { format, size, animated, .. } = &arrival.cleaned;
    let smaller_ones = !matches!(format, Format::Svg | Format::Avif);
    let query = "INSERT INTO images (name, id, stem, filename, media_type, size, width, height, uploader_id, folder,
            animated, state, created_at, unused_since)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
            CASE WHEN EXISTS (SELECT 1 FROM uses WHERE stem = $3) THEN NULL ELSE $14 END)
        ON CONFLICT DO NOTHING";
    let pixels = |side: u32| i32::try_from(side).unwrap_or_default();
    let values = [
        name.as_str().into(),
        id::new().into(),
        arrival.stem.as_str().into(),
        arrival.filename.as_str().into(),
        format.media_type().into(),
        i32::try_from(bytes.len()).map_err(ApiError::internal)?.into(),
        pixels(size.width).into(),
        pixels(size.height).into(),
        arrival.uploader_id.clone().into(),
        arrival.folder.as_str().into(),
        i32::from(*animated).into(),
        (if smaller_ones { "waiting" } else { "done" }).into(),
        now.into(),
        now.into(),
    ];
    Ok(sql::execute(tx, query, values).await? > 0)
}

/// Nothing has used it since now, if nothing does.
async fn restart<C: ConnectionTrait>(db: &C, stem: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE images SET unused_since = $2 WHERE stem = $1 AND unused_since IS NOT NULL";
    sql::execute(db, query, [stem.into(), now.into()]).await.map(|_| ())
}

/// Deletes the files of images that were not kept. What stays behind is found by reconciling.
async fn drop_files(app: &App, files: &[&File]) {
    for file in files {
        let dropped = orphans::delete_files(app, &file.arrival.stem, std::slice::from_ref(&file.name)).await;
        if let Err(error) = dropped {
            tracing::warn!(image = %file.name, cause = %Chain(&error), "the file of a refused image stays behind");
        }
    }
}

/// 409: a restore that ended meanwhile brought the rows of another time.
fn swept_away() -> Problem {
    Problem::new(409, "busy", "A restore was under way").with_detail("Send the image again.")
}
