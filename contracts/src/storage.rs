//! Bodies of the storage service.

use serde::{Deserialize, Serialize};

/// A stored image: item of the answer of `POST /api/upload`, of `GET /api/images`, answer of
/// `PUT /internal/images`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Image {
    /// UUIDv7.
    pub id: String,
    /// Where browsers get it: `/media/<digest>.<ext>`.
    pub url: String,
    /// Name it came with.
    pub filename: String,
    /// Bytes.
    pub size: u32,
    /// Media type: `image/png`, …
    #[serde(rename = "type")]
    pub media_type: String,
    /// Pixels; 0 when not known (SVG without a size).
    #[serde(default)]
    pub width: u32,
    /// See `width`.
    #[serde(default)]
    pub height: u32,
    /// A few colours to show until it is there; see blurha.sh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blurhash: Option<String>,
    /// Smaller ones, narrowest first. Empty for an SVG or an animation, and until they are made.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// Whether variants and blurhash are still to be made.
    #[serde(default)]
    pub pending: bool,
    /// Where its uploader put it: `posts`, `avatars`, …
    #[serde(default)]
    pub folder: String,
    /// How many posts, pages and profiles use it.
    #[serde(default)]
    pub uses: u32,
    /// Who uploaded it; none for an import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploader_id: Option<String>,
    /// RFC 3339.
    #[serde(default)]
    pub created_at: String,
}

/// A smaller image made of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Variant {
    /// `/media/<digest>-<width>.webp`, or with the extension of the original.
    pub url: String,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub size: u32,
}

/// Answer of `POST /api/upload?purpose=post|avatar|screenshot&folder=` (`multipart/form-data`, each
/// `file` an image). `post` (the default) asks for an AUTHOR; the others for any USER. When one file
/// is refused none is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Uploaded {
    /// In the order of the files.
    pub items: Vec<Image>,
    /// The first one's URL.
    pub url: String,
}

/// `GET /api/images?q=&folder=&page=&size=` (own; ADMIN: all) and `GET /api/images/orphans`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageList {
    /// The items of this page, newest first.
    pub items: Vec<Image>,
    /// Items on all pages.
    pub total: u32,
    /// Bytes of all the viewer's images.
    #[serde(default)]
    pub used: u64,
    /// Bytes that the viewer may have; 0: no limit.
    #[serde(default)]
    pub quota: u64,
}

/// Answer of `DELETE /api/images/orphans`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Removed {
    /// Images that are gone.
    pub images: u32,
    /// Bytes that are free again.
    pub bytes: u64,
}

/// Body of `POST /internal/images/lookup`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LookupInput {
    /// `/media/…`, at most 500.
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub urls: Vec<String>,
}

/// Answer of `POST /internal/images/lookup`: those that exist.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lookup {
    /// In no particular order.
    pub items: Vec<Picture>,
}

/// What an `<img>` needs to know of an image, and whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Picture {
    /// As it was asked for.
    pub url: String,
    /// Pixels; 0 when not known.
    pub width: u32,
    /// See `width`.
    pub height: u32,
    /// See [`Image::blurhash`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blurhash: Option<String>,
    /// See [`Image::variants`].
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// Whether more variants are to come.
    #[serde(default)]
    pub pending: bool,
    /// See [`Image::folder`]; a storage of an older version does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// See [`Image::uploader_id`]; a storage of an older version does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploader_id: Option<String>,
}

/// Which images something uses: item of [`ImagesOfPage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImagesOf {
    /// Id of the page, draft, user or bug report.
    pub id: String,
    /// URLs (`/media/…`) of all images it uses, the cover included.
    pub images: Vec<String>,
}

/// `?after=<id>&limit=` of `GET /internal/pages/images` (page), `/internal/drafts/images` (blog),
/// `/internal/users/images` (auth: pictures of themselves) and `/internal/bug-reports/images` (analytics:
/// screenshots): everything that there is, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImagesOfPage {
    /// At most `limit`; those without images may be left out.
    pub items: Vec<ImagesOf>,
    /// The `after` of the next page; none on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Where a backup stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum BackupStatus {
    /// Being made.
    #[default]
    Running,
    /// Whole and verified.
    Ready,
    /// Not made; `error` says why.
    Failed,
}

/// Where a restore stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum RestoreStatus {
    /// The services stage what is to come; nothing has changed yet.
    #[default]
    Preparing,
    /// Every service takes what it staged.
    Committing,
    /// Everything is as it was in the backup.
    Done,
    /// A step failed; what was done is being undone.
    Undoing,
    /// A step failed; everything is as it was before.
    Undone,
}

/// A backup: answer of `POST /api/backups` (ADMIN; 202, it goes on in the background),
/// `GET /api/backups/:id`, `POST /api/backups/:id/verify`, `POST /api/backups/:id/restore` (202); item
/// of `GET /api/backups`. `GET /api/backups/:id/download` is the archive (`.tar.gz`),
/// `DELETE /api/backups/:id` removes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Backup {
    /// UUIDv7.
    pub id: String,
    /// Where it stands.
    pub status: BackupStatus,
    /// What happens now, while it runs: `auth`, `blog`, …, `objects`, `verify`.
    #[serde(default)]
    pub step: String,
    /// Hundredths of the work that are done.
    pub percent: u32,
    /// Bytes of the archive.
    #[serde(default)]
    pub size: u64,
    /// SHA-256 of the archive, in hexadecimal.
    #[serde(default)]
    pub digest: String,
    /// What it holds.
    #[serde(default)]
    pub parts: Vec<BackupPart>,
    /// Images and their variants.
    #[serde(default)]
    pub objects: u32,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// When its digests were last compared, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<String>,
    /// The last time it was restored, or is being.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore: Option<Restore>,
}

/// The rows of one service in a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackupPart {
    /// `auth`, `blog`, …
    pub service: String,
    /// Rows of all its tables.
    pub rows: u32,
    /// Bytes, before they are compressed.
    pub size: u64,
    /// SHA-256 of these bytes.
    pub digest: String,
}

/// A restore of a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Restore {
    /// UUIDv7.
    pub id: String,
    /// Where it stands.
    pub status: RestoreStatus,
    /// What happens now: `objects`, `prepare blog`, `commit auth`, …
    #[serde(default)]
    pub step: String,
    /// Hundredths of the work that are done.
    pub percent: u32,
    /// Why it was undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

/// `GET /api/backups` (ADMIN).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackupList {
    /// Newest first.
    pub items: Vec<Backup>,
    /// How many there are.
    pub total: u32,
}
