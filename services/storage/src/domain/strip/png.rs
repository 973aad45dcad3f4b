//! PNG: a signature, then chunks. An animation becomes its first picture.

use super::{Stripped, Walk};

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

pub(super) fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut walk = Walk::new(bytes);
    if walk.take(8)? != SIGNATURE {
        return None;
    }
    let mut kept = SIGNATURE.to_vec();
    loop {
        let start = walk.at;
        let length = walk.take(4)?;
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]);
        let name = walk.take(4)?;
        walk.take(usize::try_from(length).ok()?)?;
        walk.take(4)?;
        let whole = walk.bytes.get(start..walk.at)?;
        match name {
            b"IHDR" | b"PLTE" | b"IDAT" | b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"iCCP" | b"cICP" | b"sBIT" => {
                kept.extend(whole);
            }
            b"IEND" => {
                kept.extend(whole);
                return Some(Stripped { bytes: kept, frames: 1 });
            }
            // A capital letter first: nobody can show the picture without it.
            _ if name[0].is_ascii_uppercase() => return None,
            _ => {}
        }
    }
}
