//! What an answer may be packed as.

use std::io::Write;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Zstd,
    Gzip,
}

/// Packs as small as what is packed while it is sent would not be: it is done once.
const BROTLI_QUALITY: u32 = 5;
const ZSTD_LEVEL: i32 = 9;

impl Encoding {
    /// All of them; of those that a client likes equally the first is taken.
    pub(super) const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// The one that a client likes best; none when it takes none, or wants none.
    pub(super) fn best(headers: &HeaderMap) -> Option<Self> {
        let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
        let mut best: Option<(Self, f32)> = None;
        for encoding in Self::ALL {
            let weight = weight_of(accepted, encoding.name());
            if weight > 0.0 && best.is_none_or(|(_, most)| weight > most) {
                best = Some((encoding, weight));
            }
        }
        best.map(|(encoding, _)| encoding)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.name())
    }

    /// The packed form. None when there is nothing to gain. Takes milliseconds.
    pub(super) fn pack(self, plain: &[u8]) -> Option<Bytes> {
        let packed = match self {
            Self::Brotli => {
                let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, 20);
                writer.write_all(plain).ok()?;
                writer.into_inner()
            }
            Self::Zstd => zstd::bulk::compress(plain, ZSTD_LEVEL).ok()?,
            Self::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                writer.write_all(plain).ok()?;
                writer.finish().ok()?
            }
        };
        (packed.len() < plain.len()).then(|| Bytes::from(packed.into_boxed_slice()))
    }
}

/// How much a client likes a coding, 0 when not at all.
fn weight_of(accepted: &str, name: &str) -> f32 {
    let mut any = 0.0;
    for range in accepted.split(',') {
        let (coding, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse().ok()).unwrap_or(0.0);
        let coding = coding.trim();
        if coding.eq_ignore_ascii_case(name) {
            return weight;
        }
        if coding == "*" {
            any = weight;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(accepted: &str) -> Option<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(accepted).expect("a header"));
        Encoding::best(&headers)
    }

    #[test]
    fn the_best_liked_is_taken() {
        assert_eq!(best("gzip, deflate, br, zstd"), Some(Encoding::Brotli));
        assert_eq!(best("gzip, zstd"), Some(Encoding::Zstd));
        assert_eq!(best("br;q=0.5, GZIP"), Some(Encoding::Gzip));
        assert_eq!(best("br;q=0, *"), Some(Encoding::Zstd));
        for none in ["", "identity", "deflate", "br;q=0", "br;q=x", "*;q=0"] {
            assert_eq!(best(none), None, "{none}");
        }
        assert_eq!(Encoding::best(&HeaderMap::new()), None);
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let plain = "<p>The maru joins the rooms.</p>".repeat(200);
        let read = |packed: &[u8], reader: &mut dyn std::io::Read| {
            assert!(packed.len() < plain.len() / 4);
            let mut text = String::new();
            reader.read_to_string(&mut text).expect("text");
            assert_eq!(text, plain);
        };
        let packed = Encoding::Brotli.pack(plain.as_bytes()).expect("smaller");
        read(&packed, &mut brotli::Decompressor::new(&packed[..], 4096));
        let packed = Encoding::Gzip.pack(plain.as_bytes()).expect("smaller");
        read(&packed, &mut flate2::read::GzDecoder::new(&packed[..]));
        let packed = Encoding::Zstd.pack(plain.as_bytes()).expect("smaller");
        let text = zstd::bulk::decompress(&packed, plain.len()).expect("text");
        read(&packed, &mut text.as_slice());
        assert_eq!(Encoding::Brotli.pack(b"x"), None);
    }
}
