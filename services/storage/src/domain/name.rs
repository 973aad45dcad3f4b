//! Names of files: the digest of what was uploaded, a width for a smaller one, and what it is.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::format::Format;

/// 160 bits of SHA-256 in hexadecimal: long enough that nobody finds two, short enough for a URL.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..20])
}

/// In hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `<stem>.<ext>`
pub(crate) fn with(stem: &str, format: Format) -> String {
    format!("{stem}.{}", format.extension())
}

/// `<digest>-<width>.webp`
pub(crate) fn of_variant(name: &str, width: u32) -> String {
    format!("{}-{width}.webp", name.split('.').next().unwrap_or_default())
}

/// The kind of a name that this service gave; no other leads to a file.
pub(crate) fn format_of(name: &str) -> Option<Format> {
    let (stem, extension) = name.split_once('.')?;
    let (digest, width) = stem.split_once('-').map_or((stem, None), |(digest, width)| (digest, Some(width)));
    let is_digest = digest.len() == 40 && digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let is_width = width.is_none_or(|width| {
        (2..=5).contains(&width.len()) && width.bytes().all(|b| b.is_ascii_digit()) && extension == "webp"
    });
    (is_digest && is_width).then(|| Format::of_extension(extension)).flatten()
}

/// The name in a URL of this service: the last part of `/media/<name>`, of a variant that of its
/// original's digest (see [`stem`]).
pub(crate) fn of_url(url: &str) -> Option<&str> {
    let name = url.strip_prefix("/media/")?;
    let name = name.split(['?', '#']).next().unwrap_or_default();
    format_of(name).map(|_| name)
}

/// What all files of an image share.
pub(crate) fn stem(name: &str) -> &str {
    name.split(['-', '.']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{format_of, of_url, of_variant, stem};

    const DIGEST: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn only_names_of_ours_lead_anywhere() {
        for name in [format!("{DIGEST}.png"), format!("{DIGEST}-640.webp")] {
            assert!(format_of(&name).is_some(), "{name}");
        }
        for name in [
            "../secret.png",
            "x.png",
            DIGEST,
            &format!("{DIGEST}.html"),
            &format!("{DIGEST}.png.png"),
            &format!("{DIGEST}-640.png"),
            &format!("{DIGEST}-.webp"),
            &format!("{DIGEST}--1.webp"),
            &format!("{DIGEST}-640-640.webp"),
            &format!("{DIGEST}-6400000.webp"),
        ] {
            assert!(format_of(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_url_leads_to_its_image() {
        let (url, variant) = (format!("/media/{DIGEST}.png"), of_variant(&format!("{DIGEST}.png"), 320));
        assert_eq!(of_url(&url), Some(&url[7..]));
        assert_eq!(stem(&variant), DIGEST);
        assert_eq!(of_url(&format!("https://other.test{url}")), None);
        assert_eq!(of_url("/media/../x.png"), None);
    }
}
