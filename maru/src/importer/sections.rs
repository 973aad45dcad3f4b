//! Folders as categories: what `_index.md` says of the posts in its folder.

use std::collections::HashMap;

use contracts::blog::ImportCategory;

use super::{
    front_matter::{self, scalar},
    slug,
    source::Source,
};

/// The sections of a folder, by path; the imported folder itself is the empty path.
#[derive(Debug, Default)]
pub(super) struct Sections(HashMap<String, ImportCategory>);

impl Sections {
    /// Takes note of `_index.md` at `name`. One that cannot be read says nothing.
    pub(super) fn read(&mut self, name: &str, bytes: &[u8]) {
        let folder = name.strip_suffix("_index.md").unwrap_or_default().trim_end_matches('/');
        let Some(parts) = std::str::from_utf8(bytes).ok().and_then(|text| front_matter::split(text).ok()) else {
            return;
        };
        let text = |key: &str| parts.fields.get(key).and_then(scalar).filter(|text| !text.trim().is_empty());
        let Some(title) = text("title") else { return };
        let color =
            parts.fields.get("extra").and_then(|extra| extra.get("color")).or_else(|| parts.fields.get("color"));
        let category = ImportCategory {
            name: category_name(&title).to_owned(),
            description: text("description"),
            color: color.and_then(serde_json::Value::as_u64).and_then(|color| u32::try_from(color).ok()),
        };
        self.0.insert(folder.to_owned(), category);
    }

    /// The category of a post: its own word, else its section's title, else its folder's name.
    pub(super) fn category(&self, source: &Source) -> Option<String> {
        source.meta.category.clone().or_else(|| match self.0.get(&source.section) {
            Some(section) => Some(section.name.clone()),
            None if source.section.is_empty() => None,
            None => source.section.rsplit('/').next().map(slug::title_case),
        })
    }

    /// What the sections say of the categories that `used` names.
    pub(super) fn described<'a>(&self, used: impl Iterator<Item = &'a str>) -> Vec<ImportCategory> {
        let used: std::collections::BTreeSet<&str> = used.collect();
        let mut described: Vec<_> =
            self.0.values().filter(|section| used.contains(section.name.as_str())).cloned().collect();
        described.sort_by(|one, other| one.name.cmp(&other.name));
        described
    }
}

/// A section called "Inside Rust Blog" is the category "Inside Rust" of this one.
fn category_name(title: &str) -> &str {
    let title = title.trim();
    match title.strip_suffix(" Blog").or_else(|| title.strip_suffix(" blog")) {
        Some(name) if !name.trim().is_empty() => name.trim(),
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_page_describes_its_folder() {
        let mut sections = Sections::default();
        let text = "+++\ntitle = \"Inside Rust Blog\"\ndescription = \"Follow along\"\n[extra]\ncolor = 3\n+++\n";
        sections.read("inside-rust/_index.md", text.as_bytes());
        sections.read("broken/_index.md", b"+++\ntitle");
        let described = sections.described(["Inside Rust", "Other"].into_iter());
        assert_eq!(
            described,
            [ImportCategory { name: "Inside Rust".into(), description: Some("Follow along".into()), color: Some(3) }]
        );
        assert_eq!(category_name("Blog"), "Blog");
    }
}
