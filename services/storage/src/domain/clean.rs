//! What is kept of a file that somebody sends: the picture, upright, and nothing else.

use std::io::Cursor;

use image::{
    AnimationDecoder, DynamicImage, ImageEncoder,
    codecs::{gif::GifDecoder, jpeg::JpegEncoder, png::PngEncoder, webp::WebPDecoder},
    metadata::Orientation,
};

use super::{
    format::{Format, MAX_PIXELS, Refusal, Size},
    pixels, strip, svg,
};

/// Frames of an animation.
const MAX_FRAMES: u32 = 500;
/// Pixels of all frames together.
const MAX_MOVING_PIXELS: u64 = 10 * MAX_PIXELS;
/// Quality of a JPEG or WebP that had to be turned.
const QUALITY: u8 = 90;

/// A file as it is kept.
#[derive(Debug)]
pub(crate) struct Cleaned {
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: Format,
    pub(crate) size: Size,
    pub(crate) animated: bool,
}

/// How thoroughly a file is looked at before it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Anybody's: every pixel is decoded, and only kinds that can be are taken.
    Nobody,
    /// The operator's own (an import): what does not decode is found when smaller ones are made. SVG is
    /// taken, sanitised, and AVIF as it is.
    Operator,
}

/// Cleans a file. Takes time and memory: call it in the pool (see [`super::pool`]).
pub(crate) fn clean(bytes: &[u8], trust: Trust) -> Result<Cleaned, Refusal> {
    let format = Format::recognise(bytes).ok_or(Refusal::NotAnImage)?;
    let size = format.size(bytes)?;
    if matches!(format, Format::Svg | Format::Avif) {
        if trust == Trust::Nobody {
            return Err(Refusal::NotAnImage);
        }
        let bytes = match format {
            Format::Svg => svg::sanitise(bytes).ok_or(Refusal::NotAnImage)?,
            _ => bytes.to_vec(),
        };
        return Ok(Cleaned { bytes, format, size, animated: false });
    }
    let stripped = strip::strip(format, bytes)?;
    let animated = stripped.frames > 1;
    if animated {
        let pixels = u64::from(size.width) * u64::from(size.height) * u64::from(stripped.frames);
        if stripped.frames > MAX_FRAMES || pixels > MAX_MOVING_PIXELS {
            return Err(Refusal::TooManyPixels);
        }
    }
    let orientation = pixels::orientation(format, bytes);
    if orientation != Orientation::NoTransforms && !animated {
        return turn(format, &stripped.bytes, orientation);
    }
    if trust == Trust::Nobody {
        verify(format, &stripped.bytes, animated)?;
    }
    Ok(Cleaned { bytes: stripped.bytes, format, size, animated })
}

/// Decodes everything, to see that it can be.
fn verify(format: Format, bytes: &[u8], animated: bool) -> Result<(), Refusal> {
    let broken = |_| Refusal::NotAnImage;
    if !animated {
        return pixels::decode(format, bytes).map(|_| ());
    }
    let frames = match format {
        Format::Gif => GifDecoder::new(Cursor::new(bytes)).map_err(broken)?.into_frames(),
        Format::WebP => WebPDecoder::new(Cursor::new(bytes)).map_err(broken)?.into_frames(),
        _ => return Err(Refusal::NotAnImage),
    };
    for frame in frames {
        frame.map_err(broken)?;
    }
    Ok(())
}

/// The picture as it was meant to be seen, in its own kind and colours.
fn turn(format: Format, bytes: &[u8], orientation: Orientation) -> Result<Cleaned, Refusal> {
    let mut pixels = pixels::decode(format, bytes)?;
    pixels.image.apply_orientation(orientation);
    let size = Size { width: pixels.image.width(), height: pixels.image.height() };
    let bytes = match format {
        Format::Jpeg => {
            let mut file = Vec::new();
            let mut encoder = JpegEncoder::new_with_quality(&mut file, QUALITY);
            keep_profile(&mut encoder, pixels.profile);
            encode(&DynamicImage::ImageRgb8(pixels.image.into_rgb8()), encoder)?;
            file
        }
        Format::Png => {
            let mut file = Vec::new();
            let mut encoder = PngEncoder::new(&mut file);
            keep_profile(&mut encoder, pixels.profile);
            encode(&pixels.image, encoder)?;
            file
        }
        Format::WebP => super::variants::webp(&pixels.into_srgb(), f32::from(QUALITY)).ok_or(Refusal::NotAnImage)?,
        Format::Gif | Format::Avif | Format::Svg => return Err(Refusal::NotAnImage),
    };
    Ok(Cleaned { bytes, format, size, animated: false })
}

fn keep_profile(encoder: &mut impl ImageEncoder, profile: Option<Vec<u8>>) {
    if let Some(profile) = profile {
        // Without it the colours are a little off, and that is all.
        let _ = encoder.set_icc_profile(profile);
    }
}

fn encode(image: &DynamicImage, encoder: impl ImageEncoder) -> Result<(), Refusal> {
    image.write_with_encoder(encoder).map_err(|_| Refusal::NotAnImage)
}
