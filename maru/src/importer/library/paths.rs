//! Paths as references have them: tidied, kept within a folder, led back to the image they are a copy of.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

/// Whether the name ends like an image's.
pub(in crate::importer) fn is_image(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg")
}

/// The file that a smaller copy was made of: `a-300x200.png` of WordPress, `size/w600/a.png` of Ghost.
pub(super) fn original(name: &str) -> Option<String> {
    if let Some((before, sized)) = name.split_once("size/w") {
        let (_, rest) = sized.split_once('/')?;
        return Some(format!("{before}{rest}"));
    }
    let (stem, ending) = name.rsplit_once('.')?;
    let (stem, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (number(width) && number(height)).then(|| format!("{stem}.{ending}"))
}

/// `a/./b/../c` → `a/c`; none when it climbs out.
pub(super) fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `path` when it is a file within `base`, links followed.
pub(super) fn inside(base: &Path, path: &Path) -> Option<PathBuf> {
    if path.components().any(|part| matches!(part, Component::Prefix(_))) {
        return None;
    }
    let (base, path) = (fs::canonicalize(base).ok()?, fs::canonicalize(path).ok()?);
    (path.starts_with(base) && path.is_file()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smaller_copies_lead_to_their_original() {
        assert_eq!(original("2020/01/a-300x200.png").as_deref(), Some("2020/01/a.png"));
        assert_eq!(original("content/images/size/w600/2020/a.png").as_deref(), Some("content/images/2020/a.png"));
        for plain in ["a.png", "a-b.png", "a-3x.png", "a"] {
            assert_eq!(original(plain), None, "{plain}");
        }
    }
}
