//! WebP: a RIFF file with chunks.

use super::{Stripped, Walk};

/// Bits of the first byte of `VP8X`.
const HAS_XMP: u8 = 0x04;
const HAS_EXIF: u8 = 0x08;

pub(super) fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut walk = Walk::new(bytes);
    let head = walk.take(12)?;
    let size = usize::try_from(u32::from_le_bytes([head[4], head[5], head[6], head[7]])).ok()?;
    if !head.starts_with(b"RIFF") || &head[8..] != b"WEBP" || size.checked_add(8)? > bytes.len() {
        return None;
    }
    let end = size + 8;
    let mut kept = head.to_vec();
    let (mut frames, mut pictures) = (0_u32, 0_u32);
    while walk.at + 8 <= end {
        let start = walk.at;
        let name = walk.take(4)?;
        let length = walk.take(4)?;
        let length = usize::try_from(u32::from_le_bytes([length[0], length[1], length[2], length[3]])).ok()?;
        walk.take(length)?;
        if length % 2 == 1 {
            // Some writers leave the last padding out.
            let _ = walk.take(1);
        }
        if walk.at > end {
            return None;
        }
        match name {
            b"VP8X" | b"ICCP" | b"ALPH" | b"ANIM" => {}
            b"VP8 " | b"VP8L" => pictures += 1,
            b"ANMF" => frames += 1,
            _ => continue,
        }
        let place = kept.len();
        kept.extend(bytes.get(start..walk.at)?);
        if name == b"VP8X" {
            *kept.get_mut(place + 8)? &= !(HAS_EXIF | HAS_XMP);
        }
    }
    if kept.len() % 2 == 1 {
        kept.push(0);
    }
    let size = u32::try_from(kept.len() - 8).ok()?;
    kept.get_mut(4..8)?.copy_from_slice(&size.to_le_bytes());
    (pictures == 1 || frames > 0).then_some(Stripped { bytes: kept, frames: frames.max(1) })
}
