//! Folders as categories: what `_index.md` says of the posts in its folder.

use std::collections::HashMap;

use contracts::blog::{ImportCategory, ImportTag};

use super::{
    front_matter::{self, scalar},
    slug,
    source::Source,
};

/// The sections of a folder.
#[derive(Debug, Default)]
pub(super) struct Sections {
    /// By path; the imported folder itself is the empty path.
    by_folder: HashMap<String, ImportCategory>,
    /// Categories and tags of an export of ours, which come whether a post has them or not.
    categories: Vec<ImportCategory>,
    tags: Vec<ImportTag>,
}

impl Sections {
    /// Takes note of `_index.md` at `name`. One that cannot be read says nothing.
    pub(super) fn read(&mut self, name: &str, bytes: &[u8]) {
        let folder = name.strip_suffix("_index.md").unwrap_or_default().trim_end_matches('/');
        let Some((title, category)) = read(bytes) else { return };
        self.by_folder.insert(folder.to_owned(), ImportCategory { name: category_name(&title).to_owned(), ..category });
    }

    /// Takes note of a category or a tag of an export of ours.
    pub(super) fn read_term(&mut self, name: &str, bytes: &[u8]) {
        let Some((title, category)) = read(bytes) else { return };
        match name.split('/').next() {
            Some("categories") => self.categories.push(ImportCategory { name: title, ..category }),
            Some("tags") => {
                self.tags.push(ImportTag { name: title, slug: category.slug, aliases: category.aliases });
            }
            _ => {}
        }
    }

    /// The tags of an export of ours.
    pub(super) fn tags(&self) -> &[ImportTag] {
        &self.tags
    }

    /// The category of a post: its own word, else its section's title, else its folder's name.
    pub(super) fn category(&self, source: &Source) -> Option<String> {
        source.meta.category.clone().or_else(|| match self.by_folder.get(&source.section) {
            Some(section) => Some(section.name.clone()),
            None if source.section.is_empty() => None,
            None => source.section.rsplit('/').next().map(slug::title_case),
        })
    }

    /// What the sections say of the categories that `used` names.
    pub(super) fn described<'a>(&self, used: impl Iterator<Item = &'a str>) -> Vec<ImportCategory> {
        let used: std::collections::BTreeSet<&str> = used.collect();
        let mut described: Vec<_> =
            self.by_folder.values().filter(|section| used.contains(section.name.as_str())).cloned().collect();
        described.extend_from_slice(&self.categories);
        described.sort_by(|one, other| one.name.cmp(&other.name));
        described
    }
}

/// Title and the rest of what a section page says.
fn read(bytes: &[u8]) -> Option<(String, ImportCategory)> {
    let parts = front_matter::split(std::str::from_utf8(bytes).ok()?).ok()?;
    let text = |key: &str| parts.fields.get(key).and_then(scalar).filter(|text| !text.trim().is_empty());
    let color = parts.fields.get("extra").and_then(|extra| extra.get("color")).or_else(|| parts.fields.get("color"));
    let aliases = parts.fields.get("aliases").and_then(serde_json::Value::as_array);
    let category = ImportCategory {
        name: String::new(),
        description: text("description"),
        color: color.and_then(serde_json::Value::as_u64).and_then(|color| u32::try_from(color).ok()),
        slug: text("slug"),
        icon: text("icon"),
        aliases: aliases.into_iter().flatten().filter_map(scalar).collect(),
    };
    Some((text("title")?, category))
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
            [ImportCategory {
                name: "Inside Rust".into(),
                description: Some("Follow along".into()),
                color: Some(3),
                ..ImportCategory::default()
            }]
        );
        assert_eq!(category_name("Blog"), "Blog");
    }
}
