//! Decoding, with limits.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::format::{Format, MAX_PIXELS, Refusal};

/// Bytes of a decoded image: four for each pixel there may be.
const MAX_DECODED: u64 = 4 * MAX_PIXELS;
/// What a decoder may take besides.
const MAX_WORKING: u64 = MAX_DECODED + 64 * 1024 * 1024;

/// A decoded image and how its colours are to be read.
pub(crate) struct Pixels {
    pub(crate) image: DynamicImage,
    pub(crate) profile: Option<Vec<u8>>,
}

fn decoder(format: Format, bytes: &[u8]) -> Result<impl ImageDecoder + '_, Refusal> {
    let format = match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Gif => ImageFormat::Gif,
        Format::WebP => ImageFormat::WebP,
        Format::Avif | Format::Svg => return Err(Refusal::NotAnImage),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_WORKING);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    if decoder.total_bytes() > MAX_DECODED {
        return Err(Refusal::TooManyPixels);
    }
    Ok(decoder)
}

fn refusal(error: &image::ImageError) -> Refusal {
    if matches!(error, image::ImageError::Limits(_)) { Refusal::TooManyPixels } else { Refusal::NotAnImage }
}

/// How a camera was held; from the header alone.
pub(crate) fn orientation(format: Format, bytes: &[u8]) -> Orientation {
    decoder(format, bytes).ok().and_then(|mut decoder| decoder.orientation().ok()).unwrap_or(Orientation::NoTransforms)
}

/// The pixels; of an animation those of the first frame.
pub(crate) fn decode(format: Format, bytes: &[u8]) -> Result<Pixels, Refusal> {
    let mut decoder = decoder(format, bytes)?;
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    Ok(Pixels { image, profile })
}

impl Pixels {
    /// Eight bits for each of red, green, blue, and alpha where there is any, in sRGB.
    pub(crate) fn into_srgb(self) -> DynamicImage {
        let mut image = if self.image.color().has_alpha() {
            DynamicImage::ImageRgba8(self.image.into_rgba8())
        } else {
            DynamicImage::ImageRgb8(self.image.into_rgb8())
        };
        if let Some(profile) = self.profile {
            // A profile that cannot be read is as good as none.
            let _ = to_srgb(&mut image, &profile);
        }
        image
    }
}

fn to_srgb(image: &mut DynamicImage, profile: &[u8]) -> Option<()> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    // What was CMYK or grey was made RGB by the decoder.
    if profile.color_space != DataColorSpace::Rgb {
        return None;
    }
    let layout = if image.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let transform =
        profile.create_transform_8bit(layout, &ColorProfile::new_srgb(), layout, TransformOptions::default()).ok()?;
    let width = usize::try_from(image.width()).ok()? * usize::from(image.color().bytes_per_pixel());
    let pixels: &mut [u8] = match image {
        DynamicImage::ImageRgb8(image) => image,
        DynamicImage::ImageRgba8(image) => image,
        _ => return None,
    };
    let mut converted = vec![0; width];
    for row in pixels.chunks_exact_mut(width) {
        transform.transform(row, &mut converted).ok()?;
        row.copy_from_slice(&converted);
    }
    Some(())
}
