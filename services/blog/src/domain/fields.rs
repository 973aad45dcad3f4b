//! The rules of single fields, shared by posts and drafts. Each names the field that breaks it.

use contracts::problem::Problem;
use kit::clock::parse_rfc3339;

use super::slug::slugify;

const MAX_TITLE: usize = 200;
const MAX_CONTENT: usize = 500_000;
const MAX_EXCERPT: usize = 500;
const MAX_SEO_TITLE: usize = 200;
const MAX_GROUP: usize = 80;
const MAX_TAGS: usize = 20;
const MAX_TAG: usize = 50;
const MAX_URL: usize = 2_000;
/// Nobody plans further ahead: ten years, in milliseconds.
const MAX_AHEAD: i64 = 10 * 366 * 24 * 60 * 60 * 1000;

/// Collects what is wrong.
#[derive(Debug)]
pub(crate) struct Fields(Problem);

impl Fields {
    pub(crate) fn new() -> Self {
        Self(Problem::validation())
    }

    pub(crate) fn refuse(&mut self, field: &str, code: &str, message: impl Into<String>) {
        let problem = std::mem::take(&mut self.0);
        self.0 = problem.with_field(field, code, message);
    }

    /// All that is wrong, if anything is.
    pub(crate) fn done(self) -> Result<(), Problem> {
        if self.0.errors.is_empty() { Ok(()) } else { Err(self.0) }
    }

    fn at_most(&mut self, field: &str, text: &str, max: usize, what: &str) {
        // No character is shorter than a byte, so most texts need not be counted.
        if text.len() > max && text.chars().count() > max {
            self.refuse(field, "too_long", format!("{what} has at most {max} characters."));
        }
    }

    /// On one line; empty only for drafts.
    pub(crate) fn title(&mut self, title: &mut String, may_be_empty: bool) {
        *title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() && !may_be_empty {
            self.refuse("title", "required", "A post needs a title.");
        }
        self.at_most("title", title, MAX_TITLE, "A title");
        title.retain(|c| !c.is_control());
    }

    pub(crate) fn content(&mut self, content: &mut String) {
        self.at_most("content", content, MAX_CONTENT, "A text");
        // PostgreSQL cannot keep it, and no text means it.
        content.retain(|c| c != '\0');
    }

    pub(crate) fn excerpt(&mut self, excerpt: Option<&str>) {
        self.at_most("excerpt", excerpt.unwrap_or_default(), MAX_EXCERPT, "An excerpt");
    }

    pub(crate) fn seo(&mut self, title: Option<&str>, description: Option<&str>) {
        self.at_most("seo_title", title.unwrap_or_default(), MAX_SEO_TITLE, "A title for search engines");
        let description = description.unwrap_or_default();
        self.at_most("seo_description", description, MAX_EXCERPT, "A description for search engines");
    }

    pub(crate) fn cover(&mut self, cover: Option<&str>) {
        if cover.is_some_and(|cover| !is_image_url(cover)) {
            self.refuse("cover", "invalid", "A cover is a path on this site or an https:// address.");
        }
    }

    pub(crate) fn canonical(&mut self, url: Option<&str>) {
        let fits = |url: &str| {
            url.is_empty()
                || (url.len() <= MAX_URL
                    && !url.contains(|c: char| c.is_control() || c.is_whitespace())
                    && url
                        .strip_prefix("https://")
                        .or_else(|| url.strip_prefix("http://"))
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '[')))
        };
        if url.is_some_and(|url| !fits(url)) {
            self.refuse("canonical", "invalid", format!("An https:// address of at most {MAX_URL} characters."));
        }
    }

    pub(crate) fn group(&mut self, group: Option<&str>) {
        let group = group.unwrap_or_default();
        let odd = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_');
        if group.chars().count() > MAX_GROUP || group.contains(odd) {
            let rule = format!("Letters, digits and dashes, at most {MAX_GROUP}.");
            self.refuse("translation_group", "invalid", rule);
        }
    }

    pub(crate) fn locale(&mut self, locale: Option<&str>) {
        if !matches!(locale, None | Some("" | "ko" | "en")) {
            self.refuse("locale", "invalid", "The language is `ko` or `en`.");
        }
    }

    pub(crate) fn tags(&mut self, tags: &mut Vec<String>) {
        *tags = tidy_tags(tags);
        if tags.len() > MAX_TAGS {
            self.refuse("tags", "too_many", format!("A post has at most {MAX_TAGS} tags."));
        }
        if tags.iter().any(|tag| tag.chars().count() > MAX_TAG) {
            self.refuse("tags", "too_long", format!("A tag has at most {MAX_TAG} characters."));
        }
        if tags.iter().any(|tag| slugify(tag).is_empty()) {
            self.refuse("tags", "invalid", "A tag needs a letter or a digit.");
        }
    }

    /// A time that is still to come.
    pub(crate) fn future(&mut self, field: &str, text: Option<&str>, now: i64) -> Option<i64> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let time = parse_rfc3339(text);
        match time {
            None => self.refuse(field, "invalid", "A time is RFC 3339: 2026-01-31T09:00:00Z."),
            Some(time) if time <= now => self.refuse(field, "past", "That time has passed."),
            Some(time) if time - now > MAX_AHEAD => self.refuse(field, "too_far", "At most ten years from now."),
            Some(_) => {}
        }
        time
    }
}

/// How many tags a post has at most.
pub(crate) fn has_room_for_a_tag(tags: usize) -> bool {
    tags < MAX_TAGS
}

/// Trimmed and without U+0000, empty where it was; absent stays absent.
pub(crate) fn trimmed(text: &mut Option<String>) {
    if let Some(text) = text {
        *text = text.trim().replace('\0', "");
    }
}

/// What a field becomes: the new text, the old one where none was sent, nothing where an empty one was.
pub(crate) fn kept(new: Option<&str>, old: Option<&str>) -> Option<String> {
    new.or(old).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Trimmed, without repetitions (by slug), in the given order.
pub(crate) fn tidy_tags(tags: &[String]) -> Vec<String> {
    let mut seen = Vec::new();
    let mut kept = Vec::new();
    for tag in tags {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "");
        let slug = slugify(&tag);
        if !tag.is_empty() && !seen.contains(&slug) {
            seen.push(slug);
            kept.push(tag);
        }
    }
    kept
}

fn is_image_url(url: &str) -> bool {
    let local = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    url.is_empty()
        || (url.len() <= MAX_URL && !url.contains(char::is_control) && (local || url.starts_with("https://")))
}
