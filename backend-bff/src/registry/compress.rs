//! Compressing what browsers download, once, when a version is published.

use std::io::Write;

/// Brotli at its best. Blocks: about a second for a module.
pub(super) fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::with_capacity(bytes.len() / 3);
    let mut writer = brotli::CompressorWriter::new(&mut packed, 64 << 10, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(packed)
}

/// For the few clients without brotli.
pub(super) fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 2), flate2::Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}
