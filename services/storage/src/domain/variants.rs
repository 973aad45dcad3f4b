//! Smaller images, for who needs no larger one.

use fast_image_resize::{PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image, images::ImageRef};
use image::DynamicImage;

use super::{
    format::{Format, Refusal},
    pixels,
};

/// Widths that are made, where the image is wider.
const WIDTHS: [u32; 5] = [320, 640, 960, 1280, 1920];
const QUALITY: f32 = 80.0;
/// No WebP is higher.
const MAX_SIDE: u32 = 16_383;
/// Of the image from which the blurhash is made.
const TINY: u32 = 32;

/// A smaller image.
pub(crate) struct Smaller {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bytes: Vec<u8>,
}

/// All that is made of an image.
pub(crate) struct Made {
    pub(crate) blurhash: Option<String>,
    pub(crate) smaller: Vec<Smaller>,
}

/// Makes everything. Takes time and memory: call it in the pool (see [`super::pool`]). An animation
/// gets no smaller ones: they would stand still.
pub(crate) fn make(format: Format, bytes: &[u8], animated: bool) -> Result<Made, Refusal> {
    let image = pixels::decode(format, bytes)?.into_srgb();
    let mut smaller = Vec::new();
    if !animated {
        for width in WIDTHS.into_iter().filter(|width| *width < image.width()) {
            let height = scaled(&image, width);
            if height > MAX_SIDE {
                continue;
            }
            let Some(resized) = resize(&image, width, height) else { continue };
            if let Some(bytes) = webp(&resized, QUALITY) {
                smaller.push(Smaller { width, height, bytes });
            }
        }
    }
    Ok(Made { blurhash: blurhash(&image), smaller })
}

fn scaled(image: &DynamicImage, width: u32) -> u32 {
    let height =
        (u64::from(image.height()) * u64::from(width) + u64::from(image.width()) / 2) / u64::from(image.width().max(1));
    u32::try_from(height.max(1)).unwrap_or(u32::MAX)
}

/// Lanczos, aware of alpha.
fn resize(image: &DynamicImage, width: u32, height: u32) -> Option<DynamicImage> {
    let (pixels, kind): (&[u8], PixelType) = match image {
        DynamicImage::ImageRgb8(image) => (image, PixelType::U8x3),
        DynamicImage::ImageRgba8(image) => (image, PixelType::U8x4),
        _ => return None,
    };
    let source = ImageRef::new(image.width(), image.height(), pixels, kind).ok()?;
    let mut target = Image::new(width, height, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(fast_image_resize::FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    let pixels = target.into_vec();
    match kind {
        PixelType::U8x3 => image::RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
        _ => image::RgbaImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8),
    }
}

/// Lossy WebP of an image with eight bits a channel.
pub(super) fn webp(image: &DynamicImage, quality: f32) -> Option<Vec<u8>> {
    let (width, height) = (image.width(), image.height());
    let encoder = match image {
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels, width, height),
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, width, height),
        _ => return None,
    };
    encoder.encode_simple(false, quality).ok().map(|file| file.to_vec())
}

fn blurhash(image: &DynamicImage) -> Option<String> {
    let side = |side: u32| side.clamp(1, TINY);
    let tiny = resize(image, side(image.width()), side(image.height()))?.into_rgba8();
    let (across, down) = if image.width() >= image.height() { (4, 3) } else { (3, 4) };
    blurhash::encode(across, down, tiny.width(), tiny.height(), &tiny).ok()
}
