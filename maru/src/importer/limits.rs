//! What there can be of a post or a page here. What is more does not come, and a note says so.

use super::{meta::Meta, report::Note, source::Kind};

const MOST_TAGS: usize = 20;
/// In characters, as all of these.
const LONGEST_EXCERPT: usize = 500;
const LONGEST_SEO_TITLE: usize = 200;
const LONGEST_SEO_DESCRIPTION: usize = 500;

/// Leaves out what `meta` has too much of.
pub(super) fn apply(kind: Kind, meta: &mut Meta, file: &str) -> Vec<Note> {
    let mut reasons = Vec::new();
    if kind == Kind::Post {
        for (text, longest, what) in [
            (&mut meta.excerpt, LONGEST_EXCERPT, "description"),
            (&mut meta.seo_title, LONGEST_SEO_TITLE, "title for search engines"),
            (&mut meta.seo_description, LONGEST_SEO_DESCRIPTION, "description for search engines"),
        ] {
            let length = text.as_ref().map_or(0, |text| text.chars().count());
            if length > longest {
                *text = text.take().map(|text| text.chars().take(longest).collect());
                reasons.push(format!("its {what} has {length} characters: the first {longest} were taken"));
            }
        }
    } else {
        let lost: Vec<&str> = [
            ("cover", meta.cover.take().is_some()),
            ("category", meta.category.is_some()),
            ("tags", !meta.tags.is_empty()),
            ("description", meta.excerpt.is_some()),
            ("title or description for search engines", meta.seo_title.is_some() || meta.seo_description.is_some()),
        ]
        .into_iter()
        .filter_map(|(what, there)| there.then_some(what))
        .collect();
        if !lost.is_empty() {
            reasons.push(format!("pages have no {} here: left out", lost.join(", no ")));
        }
    }
    reasons.into_iter().map(|reason| note(file, reason)).collect()
}

/// Leaves out the tags that are too many.
pub(super) fn tags(meta: &mut Meta, file: &str) -> Option<Note> {
    let count = meta.tags.len();
    meta.tags.truncate(MOST_TAGS);
    (count > MOST_TAGS).then(|| note(file, format!("it has {count} tags: the first {MOST_TAGS} were taken")))
}

fn note(file: &str, reason: String) -> Note {
    Note { file: file.to_owned(), line: None, reason }
}
