//! Where images lie: their bytes in an object store, a row for each in the database.

use std::{io, path::Path, sync::Arc};

use bytes::Bytes;
use contracts::storage::Image;
use kit::{ApiError, ApiResult, db::sql, id};
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as ObjectPath};
use sea_orm::{DbErr, FromQueryResult};
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    format::{Format, Size},
};

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("the folder could not be made")]
    Make(#[from] io::Error),
    #[error("the folder could not be opened")]
    Open(#[from] object_store::Error),
}

/// A checked image on its way in.
pub(crate) struct Upload {
    pub(crate) bytes: Bytes,
    pub(crate) format: Format,
    pub(crate) size: Size,
    pub(crate) filename: String,
    pub(crate) uploader_id: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    name: String,
    filename: String,
    media_type: String,
    size: i32,
    width: i32,
    height: i32,
}

/// The store of the files, its folder made when it is missing.
pub(crate) fn objects(folder: &Path) -> Result<Arc<dyn ObjectStore>, FolderError> {
    std::fs::create_dir_all(folder)?;
    Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?))
}

/// Stores an image. The same bytes are stored once.
pub(crate) async fn put(app: &App, upload: Upload) -> ApiResult<Image> {
    let name = format!("{}.{}", digest(&upload.bytes), upload.format.extension());
    if let Some(image) = by_name(app, &name).await? {
        return Ok(image);
    }
    let size = i32::try_from(upload.bytes.len()).map_err(ApiError::internal)?;
    // The file first: a row never points to nothing. Killed in between, the next upload writes it again.
    app.objects.put(&ObjectPath::from(name.as_str()), upload.bytes.into()).await.map_err(ApiError::internal)?;
    let query = "INSERT INTO images (name, id, filename, media_type, size, width, height, uploader_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (name) DO NOTHING";
    let pixels = |side: u32| i32::try_from(side).unwrap_or_default();
    let values = [
        name.as_str().into(),
        id::new().into(),
        upload.filename.into(),
        upload.format.media_type().into(),
        size.into(),
        pixels(upload.size.width).into(),
        pixels(upload.size.height).into(),
        upload.uploader_id.into(),
        app.clock.millis().into(),
    ];
    sql::execute(app.db.write(), query, values).await?;
    by_name(app, &name).await?.ok_or_else(|| ApiError::internal("the new image is gone"))
}

async fn by_name(app: &App, name: &str) -> Result<Option<Image>, DbErr> {
    let query = "SELECT id, name, filename, media_type, size, width, height FROM images WHERE name = $1";
    Ok(sql::one::<Row, _>(app.db.read(), query, [name.into()]).await?.map(Image::from))
}

impl From<Row> for Image {
    fn from(row: Row) -> Self {
        // Sizes are never negative; the databases only have signed integers.
        let unsigned = |number: i32| u32::try_from(number).unwrap_or_default();
        Self {
            id: row.id,
            url: format!("/media/{}", row.name),
            filename: row.filename,
            size: unsigned(row.size),
            media_type: row.media_type,
            width: unsigned(row.width),
            height: unsigned(row.height),
        }
    }
}

/// 160 bits of SHA-256 in hexadecimal: long enough that nobody finds two, short enough for a URL.
fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)[..20].iter().fold(String::with_capacity(40), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
