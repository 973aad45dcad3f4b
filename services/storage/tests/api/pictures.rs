//! Pictures to upload.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A picture with a red corner at its top left.
pub(crate) fn scene(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 { Rgb([250, 10, 10]) } else { Rgb([(x % 256) as u8, (y % 256) as u8, 120]) }
    }))
}

pub(crate) fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("encoded");
    bytes.into_inner()
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    file(&scene(width, height), ImageFormat::Png)
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(&scene(width, height), ImageFormat::Jpeg)
}

/// A JPEG as a phone makes it: turned a quarter, with its place, a comment, and another picture behind
/// its end.
pub(crate) fn phone(width: u32, height: u32) -> Vec<u8> {
    let plain = jpeg(width, height);
    let mut bytes = plain[..2].to_vec();
    segment(&mut bytes, 0xe1, &exif(6));
    segment(&mut bytes, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPSLatitude</x:xmpmeta>");
    segment(&mut bytes, 0xfe, b"a comment: GPSMARK");
    bytes.extend_from_slice(&plain[2..]);
    bytes.extend_from_slice(b"\xff\xd8GPSMARK behind the end");
    bytes
}

fn segment(bytes: &mut Vec<u8>, marker: u8, content: &[u8]) {
    bytes.extend([0xff, marker]);
    bytes.extend(u16::try_from(content.len() + 2).expect("a short segment").to_be_bytes());
    bytes.extend(content);
}

/// How the camera was held, and a place.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let mut bytes = b"Exif\0\0".to_vec();
    bytes.extend(tiff(orientation));
    bytes
}

pub(crate) fn tiff(orientation: u16) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend(2_u16.to_le_bytes());
    for (tag, kind, count, value) in [(0x0112_u16, 3_u16, 1_u32, u32::from(orientation)), (0x8825, 4, 1, 38)] {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(0_u32.to_le_bytes());
    // GPSLatitudeRef and no more, then something to look for.
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend(b"\x01\0\x02\0\x02\0\0\0N\0\0\0");
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend(b"GPSMARK 37.5665 N 126.9780 E");
    bytes
}

/// A PNG with these chunks before its pixels.
pub(crate) fn png_with(plain: &[u8], chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    // Behind the signature and IHDR.
    let mut bytes = plain[..33].to_vec();
    for (name, content) in chunks {
        bytes.extend(chunk(name, content));
    }
    bytes.extend_from_slice(&plain[33..]);
    bytes
}

pub(crate) fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(content.len()).expect("short").to_be_bytes().to_vec();
    bytes.extend(name);
    bytes.extend(content);
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.update(content);
    bytes.extend(crc.sum().to_be_bytes());
    bytes
}

/// A PNG of this size whose pixels are all zero: tiny as a file.
pub(crate) fn bomb(width: u32, height: u32) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let row = vec![0_u8; width as usize * 4 + 1];
    for _ in 0..height {
        packed.write_all(&row).expect("packed");
    }
    let packed = packed.finish().expect("packed");
    bomb_of(width, height, &packed)
}

/// A PNG that says it is so large, with these packed pixels.
pub(crate) fn bomb_of(width: u32, height: u32, packed: &[u8]) -> Vec<u8> {
    let mut head = width.to_be_bytes().to_vec();
    head.extend(height.to_be_bytes());
    head.extend([8, 6, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &head));
    bytes.extend(chunk(b"IDAT", packed));
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

/// An animation of so many frames, with a comment.
pub(crate) fn gif(width: u16, height: u16, frames: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    {
        use image::{Delay, Frame, RgbaImage, codecs::gif::GifEncoder};
        let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
        encoder.set_repeat(image::codecs::gif::Repeat::Infinite).expect("repeats");
        for n in 0..frames {
            let colour = image::Rgba([(n * 40 % 256) as u8, 0, 0, 255]);
            let picture = RgbaImage::from_pixel(width.into(), height.into(), colour);
            let frame = Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1));
            encoder.encode_frame(frame).expect("a frame");
        }
    }
    // A comment right behind the head and its colours, if there are any.
    let table = if bytes[10] & 0x80 == 0 { 0 } else { 3 << ((bytes[10] & 7) + 1) };
    let head = 13 + table;
    let mut with = bytes[..head].to_vec();
    with.extend(b"\x21\xfe\x07GPSMARK\0");
    with.extend_from_slice(&bytes[head..]);
    with.extend(b"GPSMARK behind the end");
    with
}

/// A WebP with EXIF.
pub(crate) fn webp(width: u32, height: u32, orientation: u16) -> Vec<u8> {
    let scene = scene(width, height).into_rgb8();
    let plain = webp::Encoder::from_rgb(&scene, width, height).encode(90.0).to_vec();
    let mut body = b"WEBP".to_vec();
    let mut head = vec![0x08, 0, 0, 0];
    head.extend(&(width - 1).to_le_bytes()[..3]);
    head.extend(&(height - 1).to_le_bytes()[..3]);
    riff(&mut body, b"VP8X", &head);
    body.extend_from_slice(&plain[12..]);
    riff(&mut body, b"EXIF", &tiff(orientation));
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(u32::try_from(body.len()).expect("short").to_le_bytes());
    bytes.extend(body);
    bytes
}

fn riff(bytes: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    bytes.extend(name);
    bytes.extend(u32::try_from(content.len()).expect("short").to_le_bytes());
    bytes.extend(content);
    if content.len() % 2 == 1 {
        bytes.push(0);
    }
}

/// Whether a file holds something that tells where it was made.
pub(crate) fn tells(bytes: &[u8]) -> bool {
    [&b"GPSMARK"[..], b"Exif", b"eXIf", b"EXIF", b"xmpmeta", b"GPSLatitude"]
        .iter()
        .any(|mark| bytes.windows(mark.len()).any(|window| window == *mark))
}
