//! What a file really is, judged by its bytes and never by its name.

/// A kind of image that browsers show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Png,
    Jpeg,
    Gif,
    WebP,
    Avif,
    Svg,
}

const ALL: [Format; 6] = [Format::Png, Format::Jpeg, Format::Gif, Format::WebP, Format::Avif, Format::Svg];

/// Larger images would cost every reader's machine too much to decode.
pub(crate) const MAX_PIXELS: u64 = 40_000_000;

/// Width and height; 0 when an SVG does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// None of the kinds, or broken.
    NotAnImage,
    /// More than [`MAX_PIXELS`], or more than that in all frames of an animation together.
    TooManyPixels,
}

impl Format {
    /// The kind of these bytes.
    pub(crate) fn recognise(bytes: &[u8]) -> Option<Self> {
        let at = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
            Some(Self::Gif)
        } else if bytes.starts_with(b"RIFF") && at(8, 12) == b"WEBP" {
            Some(Self::WebP)
        } else if at(4, 8) == b"ftyp" && matches!(at(8, 12), b"avif" | b"avis") {
            Some(Self::Avif)
        } else if is_svg(bytes) {
            Some(Self::Svg)
        } else {
            None
        }
    }

    /// The kind of this media type.
    pub(crate) fn of_media_type(media_type: &str) -> Option<Self> {
        ALL.into_iter().find(|format| format.media_type() == media_type)
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Avif => "image/avif",
            Self::Svg => "image/svg+xml",
        }
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Avif => "avif",
            Self::Svg => "svg",
        }
    }

    pub(crate) fn of_extension(extension: &str) -> Option<Self> {
        ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// Pixels, from the header alone.
    pub(crate) fn size(self, bytes: &[u8]) -> Result<Size, Refusal> {
        if self == Self::Svg {
            return Ok(svg_size(bytes));
        }
        let size = imagesize::blob_size(bytes).map_err(|_| Refusal::NotAnImage)?;
        let side = |pixels: usize| u32::try_from(pixels).map_err(|_| Refusal::TooManyPixels);
        let size = Size { width: side(size.width)?, height: side(size.height)? };
        if size.width == 0 || size.height == 0 {
            return Err(Refusal::NotAnImage);
        }
        if u64::from(size.width) * u64::from(size.height) > MAX_PIXELS {
            return Err(Refusal::TooManyPixels);
        }
        Ok(size)
    }
}

/// Whether the first element is `<svg`, after declaration, comments and document type.
fn is_svg(bytes: &[u8]) -> bool {
    svg_tag(bytes).is_some()
}

fn svg_tag(bytes: &[u8]) -> Option<&str> {
    let mut text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = if text.starts_with("<!--") {
            "-->"
        } else if text.starts_with("<?") {
            "?>"
        } else if text.starts_with("<!DOCTYPE svg") {
            ">"
        } else {
            break;
        };
        text = text.split_once(end)?.1.trim_start();
    }
    let tag = text.strip_prefix("<svg")?;
    let tag = tag.split('>').next()?;
    tag.starts_with(char::is_whitespace).then_some(tag)
}

fn svg_size(bytes: &[u8]) -> Size {
    let tag = svg_tag(bytes).unwrap_or_default();
    let attribute = |name: &str| {
        let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
        let number = value.trim_end_matches("px").split('.').next()?;
        number.parse().ok()
    };
    match (attribute("width"), attribute("height")) {
        (Some(width), Some(height)) => Size { width, height },
        _ => Size::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Refusal, Size};

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0";

    #[test]
    fn bytes_decide() {
        assert_eq!(Format::recognise(PNG), Some(Format::Png));
        assert_eq!(Format::recognise(b"GIF89a\x01\0\x01\0"), Some(Format::Gif));
        assert_eq!(Format::recognise(b"RIFF\0\0\0\0WEBPVP8 "), Some(Format::WebP));
        assert_eq!(Format::recognise(b"\0\0\0\x20ftypavif\0\0\0\0"), Some(Format::Avif));
        assert_eq!(Format::recognise(b"<?xml version=\"1.0\"?><!-- x --><svg xmlns=\"x\"/>"), Some(Format::Svg));
        for no in [&b""[..], b"<html><svg >", b"<svgx>", b"%PDF-1.7", b"MZ", b"<!doctype html>", b"\x89PN"] {
            assert_eq!(Format::recognise(no), None, "{no:?}");
        }
    }

    #[test]
    fn sizes_come_from_the_header() {
        assert_eq!(Format::Png.size(PNG), Ok(Size { width: 3, height: 2 }));
        assert_eq!(Format::Png.size(&PNG[..12]), Err(Refusal::NotAnImage));
        let mut huge = PNG.to_vec();
        huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert_eq!(Format::Png.size(&huge), Err(Refusal::TooManyPixels));
        assert_eq!(Format::Svg.size(b"<svg width=\"10\" height=\"20px\">"), Ok(Size { width: 10, height: 20 }));
        assert_eq!(Format::Svg.size(b"<svg viewBox=\"0 0 1 1\">"), Ok(Size::default()));
    }
}
