//! The folder that an export writes.

use std::{collections::HashSet, fs, path::PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::EXPORT_MARK;
use crate::discussion::{self, Comment};

/// A folder with `posts/`, `pages/`, `notices/` and `media/`.
pub(super) struct Folder {
    root: PathBuf,
    images: HashSet<String>,
}

impl Folder {
    pub(super) fn create(root: PathBuf) -> Result<Self> {
        for part in ["posts", "pages", "notices", "media"] {
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

    /// Writes the comments of a post beside it.
    pub(super) fn write_comments(&self, slug: &str, comments: &[Comment]) -> Result<()> {
        let path = self.root.join("posts").join(format!("{}{}", file_name(slug), discussion::ENDING));
        let json = serde_json::to_string_pretty(comments)? + "\n";
        fs::write(&path, json).with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Says that the folder is a whole export, and of which form.
    pub(super) fn mark(&self) -> Result<()> {
        let path = self.root.join(EXPORT_MARK);
        fs::write(&path, "{ \"version\": 1 }\n").with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Writes what is known of a category or a tag.
    pub(super) fn write_section(&self, part: &str, slug: &str, front: &str) -> Result<()> {
        let folder = self.root.join(part).join(file_name(slug));
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

/// Bytes that file systems give to a name, less those of the longest ending.
const LONGEST: usize = 255 - discussion::ENDING.len();

/// A slug as a file name: slugs hold letters, digits and `-`, but what is not ours may hold more. One that is too long
/// is cut, and told from others by a digest.
fn file_name(slug: &str) -> String {
    let plain: String =
        slug.chars().map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' }).collect();
    if plain.len() <= LONGEST {
        return plain;
    }
    let digest = Sha256::digest(plain.as_bytes());
    let digest = format!("_{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]);
    plain[..plain.floor_char_boundary(LONGEST - digest.len())].to_owned() + &digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_lead_elsewhere() {
        assert!(is_plain("a183be.svg") && !is_plain("../a") && !is_plain("a/b") && !is_plain(".a"));
        assert_eq!(file_name("한옥-마루"), "한옥-마루");
        assert_eq!(file_name("../x"), "___x");
        let long = |last: &str| file_name(&("마".repeat(200) + last));
        assert!(long("a").len() <= LONGEST);
        assert_ne!(long("a"), long("b"));
    }
}
