//! The folder that an export writes.

use std::{collections::HashSet, fs, path::PathBuf};

use anyhow::{Context, Result};

/// A folder with `posts/`, `pages/` and `media/`.
pub(super) struct Folder {
    root: PathBuf,
    images: HashSet<String>,
}

impl Folder {
    pub(super) fn create(root: PathBuf) -> Result<Self> {
        for part in ["posts", "pages", "media"] {
            fs::create_dir_all(root.join(part)).with_context(|| format!("{} cannot be made", root.display()))?;
        }
        Ok(Self { root, images: HashSet::new() })
    }

    /// Writes a text beneath its front matter (TOML).
    pub(super) fn write(&self, part: &str, slug: &str, front: &str, content: &str) -> Result<()> {
        let path = self.root.join(part).join(format!("{}.md", file_name(slug)));
        fs::write(&path, format!("+++\n{front}+++\n{content}"))
            .with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Writes what is known of a category.
    pub(super) fn write_section(&self, slug: &str, front: &str) -> Result<()> {
        let folder = self.root.join("categories").join(file_name(slug));
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join("_index.md"), format!("+++\n{front}+++\n")))
            .with_context(|| format!("{} cannot be written", folder.display()))
    }

    pub(super) fn has_image(&self, name: &str) -> bool {
        self.images.contains(name)
    }

    pub(super) fn write_image(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.root.join("media").join(name);
        fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
        self.images.insert(name.to_owned());
        Ok(())
    }

    pub(super) fn images(&self) -> usize {
        self.images.len()
    }
}

/// Whether this is the name of a file and of nothing else.
pub(super) fn is_plain(name: &str) -> bool {
    !name.starts_with('.') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

/// A slug as a file name: slugs hold letters, digits and `-`, but what is not ours may hold more, and file systems
/// take 255 bytes.
fn file_name(slug: &str) -> String {
    let plain: String =
        slug.chars().map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' }).collect();
    let mut end = plain.len().min(200);
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    plain[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_lead_elsewhere() {
        assert!(is_plain("a183be.svg") && !is_plain("../a") && !is_plain("a/b") && !is_plain(".a"));
        assert_eq!(file_name("한옥-마루"), "한옥-마루");
        assert_eq!(file_name("../x"), "___x");
        assert!(file_name(&"마".repeat(200)).len() <= 200);
    }
}
