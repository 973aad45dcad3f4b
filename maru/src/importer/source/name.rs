//! What a file's name and folders say of the post in it.

use time::OffsetDateTime;

use crate::importer::{dates, meta};

/// Folders that hold posts without saying anything about them.
const CONTAINERS: [&str; 10] =
    ["posts", "pages", "notices", "post", "_posts", "_drafts", "blog", "articles", "content", "src"];

/// What a file's name and folders say.
pub(super) struct Name<'a> {
    /// Without its ending.
    pub(super) stem: &'a str,
    /// Folders above the post; the folder of a page bundle is not among them.
    pub(super) folders: Vec<&'a str>,
    /// The stem (of a page bundle, its folder) without date and language.
    pub(super) title: &'a str,
    pub(super) date: Option<OffsetDateTime>,
    pub(super) locale: Option<&'a str>,
}

impl<'a> Name<'a> {
    pub(super) fn of(name: &'a str) -> Self {
        let mut folders: Vec<&str> = name.split('/').collect();
        let file = folders.pop().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let (plain, locale) = match stem.rsplit_once('.') {
            Some((plain, code)) if matches!(code, "ko" | "en" | "ja" | "zh" | "de" | "fr" | "es") => {
                (plain, Some(code))
            }
            _ => (stem, None),
        };
        let own = if plain == "index" { folders.pop().unwrap_or(plain) } else { plain };
        let (date, title) = match dates::leading(own) {
            Some((date, rest)) if !rest.is_empty() => (Some(date), rest),
            Some((date, _)) => (Some(date), own),
            None => (None, own),
        };
        Self { stem, folders, title, date, locale }
    }

    /// The first folder that says something about the posts in it.
    pub(super) fn section(&self) -> String {
        let telling = |folder: &str| {
            let is_language = meta::locale(folder).as_deref() == Some(folder) && folder.len() == 2;
            !CONTAINERS.contains(&folder) && !is_language && !folder.bytes().all(|byte| byte.is_ascii_digit())
        };
        let first = self.folders.iter().position(|folder| telling(folder));
        first.map(|first| self.folders[..=first].join("/")).unwrap_or_default()
    }
}
