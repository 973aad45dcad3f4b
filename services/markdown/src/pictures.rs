//! Images with their sizes, so that a page does not jump and a phone loads a small file.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write,
};

/// How wide an image of an article gets: the whole screen, at most the column.
const SIZES: &str = "(max-width: 43rem) 100vw, 43rem";

/// What is known of one image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Pixels; 0 when not known.
    pub width: u32,
    /// See `width`.
    pub height: u32,
    /// Smaller files of it: width and URL.
    pub variants: Vec<(u32, String)>,
    /// Whether more will be known later.
    pub pending: bool,
}

/// What is known of the images of a text, by URL. An image that is not in here is shown plainly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures(BTreeMap<String, Picture>);

impl FromIterator<(String, Picture)> for Pictures {
    fn from_iter<I: IntoIterator<Item = (String, Picture)>>(known: I) -> Self {
        Self(known.into_iter().collect())
    }
}

impl Pictures {
    /// Whether more will be known of one of them later.
    pub(crate) fn are_pending(&self) -> bool {
        self.0.values().any(|picture| picture.pending)
    }

    /// The `<img>` of `url`.
    pub(crate) fn tag(&self, url: &str, alt: &str, title: &str) -> String {
        let mut tag = format!("<img src=\"{}\" alt=\"{}\"", escaped(url), escaped(alt));
        // Writing to a string does not fail.
        if !title.is_empty() {
            let _ = write!(tag, " title=\"{}\"", escaped(title));
        }
        if let Some(picture) = self.0.get(url) {
            picture.write(url, &mut tag);
        }
        tag.push('>');
        tag
    }
}

impl Picture {
    fn write(&self, url: &str, tag: &mut String) {
        if self.width > 0 && self.height > 0 {
            let _ = write!(tag, " width=\"{}\" height=\"{}\"", self.width, self.height);
        }
        // A comma or a blank would end the URL inside `srcset`.
        let fits = |url: &str| !url.contains([',', ' ', '"', '<', '>', '&']);
        let mut widths = HashSet::new();
        let mut variants: Vec<_> =
            self.variants.iter().filter(|(width, url)| *width > 0 && fits(url) && widths.insert(*width)).collect();
        if variants.is_empty() || self.width == 0 || !fits(url) {
            return;
        }
        variants.sort_unstable();
        let set: Vec<_> = variants.iter().map(|(width, url)| format!("{url} {width}w")).collect();
        let _ = write!(tag, " srcset=\"{}, {url} {}w\" sizes=\"{SIZES}\"", set.join(", "), self.width);
    }
}

fn escaped(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    // Writing to a string does not fail.
    let _ = comrak::html::escape(&mut output, text);
    output
}
