//! What other programs read of the site: feeds, the map, the rules for robots.

mod atom;
mod json;
mod rss;
pub(crate) mod sitemap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// What a path keeps as it is.
const PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'`').add(b'%');

/// Whose URLs they are.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// `https://…`, without a slash at the end.
    url: String,
    name: String,
}

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Rss,
    Atom,
    Json,
}

/// A list of posts for other programs.
#[derive(Debug)]
pub(crate) struct Feed {
    /// What it is a list of, when not of all.
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    /// Path of the page that shows the same.
    pub(crate) page: String,
    /// Path of the feed.
    pub(crate) path: String,
    /// Last change, in milliseconds.
    pub(crate) updated: i64,
    pub(crate) items: Vec<Item>,
}

/// A post in a feed.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) excerpt: String,
    pub(crate) html: String,
    pub(crate) author: String,
    pub(crate) author_id: String,
    pub(crate) cover: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) locale: String,
    pub(crate) published: i64,
    pub(crate) updated: i64,
}

impl Site {
    pub(crate) fn new(url: &str, name: &str) -> Self {
        Self { url: url.trim_end_matches('/').to_owned(), name: name.to_owned() }
    }

    #[must_use]
    pub(crate) fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// The URL of a path or, when it is one already, itself.
    pub(crate) fn url(&self, path: &str) -> String {
        if path.contains("://") { path.to_owned() } else { format!("{}{}", self.url, utf8_percent_encode(path, PATH)) }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Format {
    /// The last part of its path.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Rss => "feed.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
        }
    }

    pub(crate) fn write(self, site: &Site, feed: &Feed) -> String {
        match self {
            Self::Rss => rss::write(site, feed),
            Self::Atom => atom::write(site, feed),
            Self::Json => json::write(site, feed),
        }
    }
}

impl Feed {
    fn title(&self, site: &Site) -> String {
        match &self.title {
            Some(title) => format!("{} · {}", legible(title), site.name),
            None => site.name.clone(),
        }
    }
}

impl Item {
    fn url(&self, site: &Site) -> String {
        site.url(&format!("/posts/{}", self.slug))
    }

    /// A name for it that no change of its address changes.
    fn id(&self) -> String {
        format!("urn:uuid:{}", self.id)
    }

    fn content(&self, site: &Site) -> String {
        legible(&markdown::absolute(&self.html, &site.url, &self.url(site)))
    }
}

/// What XML can carry.
fn legible(text: &str) -> String {
    let fits =
        |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(fits).collect()
}

fn time(millis: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn rfc3339(millis: i64) -> String {
    time(millis).format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests;
