//! Taking out of a file everything but the picture, without decoding it: no place, no camera, no
//! name, no thumbnail of what was cut away, nothing behind the end. Colour profiles stay.
//!
//! Each kind has its own walk over the parts of a file; a part that does not end, or an end that does
//! not come, means that the file is broken.

mod gif;
mod jpeg;
mod png;
mod webp;

use super::format::{Format, Refusal};

/// A file without metadata.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stripped {
    pub(super) bytes: Vec<u8>,
    /// 1 unless it is an animation.
    pub(super) frames: u32,
}

/// The file without metadata. Only for kinds that have a walk.
pub(super) fn strip(format: Format, bytes: &[u8]) -> Result<Stripped, Refusal> {
    let stripped = match format {
        Format::Jpeg => jpeg::strip(bytes),
        Format::Png => png::strip(bytes),
        Format::Gif => gif::strip(bytes),
        Format::WebP => webp::strip(bytes),
        Format::Avif | Format::Svg => None,
    };
    stripped.ok_or(Refusal::NotAnImage)
}

/// Reads a file part by part; every step says when there is no more.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let part = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(part)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|part| part[0])
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}
