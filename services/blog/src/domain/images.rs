//! Which images of this site a post uses.

use std::collections::HashSet;

const PREFIX: &str = "/media/";

/// URLs of the images in a post's Markdown and its cover, each once, in the order of the text. What is
/// written in any way counts as used: rather one image too many than one lost.
pub(crate) fn used(cover: Option<&str>, content: &str) -> Vec<String> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for text in cover.into_iter().chain([content]) {
        for (at, _) in text.match_indices(PREFIX) {
            let rest = &text[at + PREFIX.len()..];
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')));
            let name = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
            if !name.is_empty() && seen.insert(name) {
                found.push(format!("{PREFIX}{name}"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn images_are_found_however_they_are_written() {
        let content = "![x](/media/a1.png \"t\") <img src='/media/b2.jpg'> [whole](https://x.test/media/c3.webp)\n\n\
            See /media/d4.png. And ![again](/media/a1.png), /media/ too.";
        let expected = ["/media/cover.avif", "/media/a1.png", "/media/b2.jpg", "/media/c3.webp", "/media/d4.png"];
        assert_eq!(used(Some("/media/cover.avif"), content), expected);
        assert_eq!(used(Some("https://elsewhere.test/x.png"), "none"), Vec::<String>::new());
    }
}
