//! JPEG: segments, then scans.

use super::{Stripped, Walk};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

pub(super) fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut walk = Walk::new(bytes);
    if walk.take(2)? != [0xff, START] {
        return None;
    }
    let mut kept = vec![0xff, START];
    loop {
        if walk.byte()? != 0xff {
            return None;
        }
        // Any number of fill bytes may stand before a marker.
        let mut marker = walk.byte()?;
        while marker == 0xff {
            marker = walk.byte()?;
        }
        match marker {
            END => {
                kept.extend([0xff, END]);
                return Some(Stripped { bytes: kept, frames: 1 });
            }
            // Without content.
            0x01 | 0xd0..=0xd7 => kept.extend([0xff, marker]),
            // Another picture inside, or nothing that exists.
            0x00 | START => return None,
            _ => {
                let length = walk.take(2)?;
                let size = usize::from(u16::from_be_bytes([length[0], length[1]])).checked_sub(2)?;
                let content = walk.take(size)?;
                if is_kept(marker, content) {
                    kept.extend([0xff, marker]);
                    kept.extend(length);
                    kept.extend(content);
                }
                if marker == SCAN {
                    kept.extend(scan(&mut walk));
                }
            }
        }
    }
}

/// The picture's own parts: no EXIF, XMP, comment or maker's notes.
fn is_kept(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        // Says how colours are to be read.
        0xee => content.starts_with(b"Adobe"),
        0xe1 | 0xe3..=0xed | 0xef | 0xfe => false,
        _ => true,
    }
}

/// The compressed data, up to the next marker that is none of its own.
fn scan<'a>(walk: &mut Walk<'a>) -> &'a [u8] {
    let rest = walk.rest();
    let mut at = 0;
    let end = loop {
        let Some(found) = rest.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)) else {
            break rest.len();
        };
        at += found;
        match rest.get(at + 1) {
            Some(0x00 | 0xd0..=0xd7) => at += 2,
            Some(0xff) => at += 1,
            Some(_) => break at,
            None => break rest.len(),
        }
    };
    walk.take(end).unwrap_or_default()
}
