//! Smaller images, for who needs no larger one.

use fast_image_resize::{MulDiv, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image, images::ImageRef};
use image::DynamicImage;

use super::{
    format::{Format, Refusal},
    pixels,
};

/// Widths that are made, where the image is wider.
const WIDTHS: [u32; 5] = [320, 640, 960, 1280, 1920];
const WIDEST: u32 = 1920;
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
    let mut image = pixels::decode(format, bytes)?.into_srgb();
    premultiply(&mut image);
    while image.width() / 2 >= WIDEST {
        image = halved(image);
    }
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

/// Multiplies colours by their alpha, in place: where nothing is seen, no colour is to bleed into what is. Resizing
/// could do it, each time on a copy of the whole image.
fn premultiply(image: &mut DynamicImage) {
    let (width, height) = (image.width(), image.height());
    if let DynamicImage::ImageRgba8(pixels) = image
        && let Ok(mut view) = Image::from_slice_u8(width, height, pixels, PixelType::U8x4)
    {
        // Fails for other kinds of pixels only.
        let _ = MulDiv::default().multiply_alpha_inplace(&mut view);
    }
}

/// Half as wide and high, each pixel the mean of four, in the memory that the image has already: what comes after
/// needs some of its own.
fn halved(image: DynamicImage) -> DynamicImage {
    let (width, height) = (image.width() / 2, image.height() / 2);
    if height == 0 {
        return image;
    }
    match image {
        DynamicImage::ImageRgb8(pixels) => {
            let full = pixels.width();
            let halves = mean_of_four(pixels.into_raw(), full, (width, height), 3);
            image::RgbImage::from_raw(width, height, halves).map(DynamicImage::ImageRgb8).unwrap_or_default()
        }
        DynamicImage::ImageRgba8(pixels) => {
            let full = pixels.width();
            let halves = mean_of_four(pixels.into_raw(), full, (width, height), 4);
            image::RgbaImage::from_raw(width, height, halves).map(DynamicImage::ImageRgba8).unwrap_or_default()
        }
        other => other,
    }
}

/// Of `full` pixels a row. What is written lies never behind what is still to be read.
fn mean_of_four(mut pixels: Vec<u8>, full: u32, (width, height): (u32, u32), channels: usize) -> Vec<u8> {
    let (full, width, height) = (full as usize, width as usize, height as usize);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..channels {
                let at = |x: usize, y: usize| u16::from(pixels[(y * full + x) * channels + channel]);
                let sum = at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1);
                pixels[(y * width + x) * channels + channel] = ((sum + 2) / 4) as u8;
            }
        }
    }
    pixels.truncate(width * height * channels);
    pixels.shrink_to_fit();
    pixels
}

/// Lanczos of an image whose colours were multiplied by alpha; in the smaller one they are not.
fn resize(image: &DynamicImage, width: u32, height: u32) -> Option<DynamicImage> {
    let (pixels, kind): (&[u8], PixelType) = match image {
        DynamicImage::ImageRgb8(image) => (image, PixelType::U8x3),
        DynamicImage::ImageRgba8(image) => (image, PixelType::U8x4),
        _ => return None,
    };
    let source = ImageRef::new(image.width(), image.height(), pixels, kind).ok()?;
    let mut target = Image::new(width, height, kind);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(fast_image_resize::FilterType::Lanczos3))
        .use_alpha(false);
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    if kind == PixelType::U8x4 {
        MulDiv::default().divide_alpha_inplace(&mut target).ok()?;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_the_means_of_four() {
        let wide = image::RgbImage::from_fn(5, 4, |x, y| image::Rgb([(x * 10) as u8, (y * 20) as u8, 7]));
        let half = halved(DynamicImage::ImageRgb8(wide)).into_rgb8();
        assert_eq!(half.dimensions(), (2, 2));
        assert_eq!(half.get_pixel(0, 0).0, [5, 10, 7]);
        assert_eq!(half.get_pixel(1, 1).0, [25, 50, 7]);
    }

    #[test]
    fn what_is_not_seen_has_no_colour() {
        let pixels = [[255, 0, 0, 0], [0, 0, 255, 255]].concat().repeat(2);
        let mut image = DynamicImage::ImageRgba8(image::RgbaImage::from_raw(2, 2, pixels).unwrap());
        premultiply(&mut image);
        let one = resize(&image, 1, 1).unwrap().into_rgba8();
        let [red, _, blue, alpha] = one.get_pixel(0, 0).0;
        assert!(red == 0 && blue > 250 && (100..156).contains(&alpha), "{one:?}");
    }
}
