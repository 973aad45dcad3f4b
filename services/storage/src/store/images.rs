//! A row for each image.

use std::collections::HashMap;

use contracts::storage::{Image, Variant};
use kit::{clock::rfc3339, db::sql};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::{small, variants};

/// A row.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) stem: String,
    pub(crate) filename: String,
    pub(crate) media_type: String,
    pub(crate) size: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) blurhash: Option<String>,
    pub(crate) folder: String,
    pub(crate) animated: i32,
    pub(crate) state: String,
    pub(crate) uploader_id: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) uses: i64,
}

/// `FROM images i` is to follow.
pub(crate) const SELECT: &str = "SELECT i.id, i.name, i.stem, i.filename, i.media_type, i.size, i.width, i.height,
    i.blurhash, i.folder, i.animated, i.state, i.uploader_id, i.created_at,
    (SELECT COUNT(*) FROM uses u WHERE u.stem = i.stem) AS uses";

impl Row {
    pub(crate) fn into_image(self, variants: Vec<Variant>) -> Image {
        Image {
            id: self.id,
            url: format!("/media/{}", self.name),
            filename: self.filename,
            size: small(self.size.into()),
            media_type: self.media_type,
            width: small(self.width.into()),
            height: small(self.height.into()),
            blurhash: self.blurhash,
            variants,
            pending: matches!(self.state.as_str(), "raw" | "waiting"),
            folder: self.folder,
            uses: small(self.uses),
            uploader_id: self.uploader_id,
            created_at: rfc3339(self.created_at),
        }
    }
}

/// Rows with their variants.
pub(crate) async fn with_variants<C: ConnectionTrait>(db: &C, rows: Vec<Row>) -> Result<Vec<Image>, DbErr> {
    let stems: Vec<&str> = rows.iter().map(|row| row.stem.as_str()).collect();
    let mut variants: HashMap<String, Vec<Variant>> = variants::of(db, &stems).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let variants = variants.remove(&row.stem).unwrap_or_default();
            row.into_image(variants)
        })
        .collect())
}

/// The image of these bytes, as they were sent, if it is here.
pub(crate) async fn by_stem<C: ConnectionTrait>(db: &C, stem: &str) -> Result<Option<Row>, DbErr> {
    sql::one(db, &format!("{SELECT} FROM images i WHERE i.stem = $1"), [stem.into()]).await
}

pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<Row>, DbErr> {
    sql::one(db, &format!("{SELECT} FROM images i WHERE i.id = $1"), [id.into()]).await
}

pub(crate) async fn one<C: ConnectionTrait>(db: &C, row: Row) -> Result<Image, DbErr> {
    let images = with_variants(db, vec![row]).await?;
    images.into_iter().next().ok_or_else(|| DbErr::RecordNotFound("the image just read".to_owned()))
}

/// Bytes of all images of an uploader.
pub(crate) async fn used<C: ConnectionTrait>(db: &C, uploader: &str) -> Result<u64, DbErr> {
    let query = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS n FROM images WHERE uploader_id = $1";
    sql::number(db, query, [uploader.into()]).await.map(super::unsigned)
}

/// Bytes of all images.
pub(crate) async fn used_by_all<C: ConnectionTrait>(db: &C) -> Result<u64, DbErr> {
    let query = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS n FROM images";
    sql::number(db, query, []).await.map(super::unsigned)
}
