//! Bodies of the storage service.

use serde::{Deserialize, Serialize};

/// A stored image: answer of `POST /api/upload` and `PUT /internal/images`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
}
