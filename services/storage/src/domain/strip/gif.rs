//! GIF: a head, then blocks.

use super::{Stripped, Walk};

const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;
const END: u8 = 0x3b;
const CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

pub(super) fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut walk = Walk::new(bytes);
    let head = walk.take(13)?;
    walk.take(table(head[10]))?;
    let mut kept = bytes.get(..walk.at)?.to_vec();
    let mut frames = 0_u32;
    loop {
        let start = walk.at;
        match walk.byte()? {
            EXTENSION => {
                let label = walk.byte()?;
                let content = walk.at;
                blocks(&mut walk)?;
                let loops = label == APPLICATION && bytes.get(content..)?.starts_with(b"\x0bNETSCAPE2.0");
                if label == CONTROL || loops {
                    kept.extend(bytes.get(start..walk.at)?);
                }
            }
            PICTURE => {
                let head = walk.take(9)?;
                walk.take(table(head[8]))?;
                // How many bits a code has.
                walk.byte()?;
                blocks(&mut walk)?;
                kept.extend(bytes.get(start..walk.at)?);
                frames = frames.checked_add(1)?;
            }
            END if frames > 0 => {
                kept.push(END);
                return Some(Stripped { bytes: kept, frames });
            }
            _ => return None,
        }
    }
}

/// Bytes of a colour table.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Passes over blocks with their lengths, up to an empty one.
fn blocks(walk: &mut Walk<'_>) -> Option<()> {
    loop {
        match walk.byte()? {
            0 => return Some(()),
            length => walk.take(length.into())?,
        };
    }
}
