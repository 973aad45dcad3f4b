//! Where the old site had a page, for redirects from there.

use time::OffsetDateTime;

use super::Name;
use crate::importer::{meta::Meta, slug};

/// First segments that Maru answers itself; an old path there cannot redirect.
const TAKEN: [&str; 32] = [
    "_m",
    "_health",
    "_ready",
    "admin",
    "api",
    "archive",
    "atom.xml",
    "authors",
    "bff",
    "bug-report",
    "bug-reports",
    "categories",
    "favicon.ico",
    "feed.json",
    "feed.xml",
    "forgot",
    "forms",
    "login",
    "media",
    "my",
    "notices",
    "pages",
    "register",
    "reset",
    "robots.txt",
    "search",
    "setup",
    "sitemap.xml",
    "tags",
    "verify",
    ".well-known",
    "sitemap",
];

/// Where the old site had this page: by its own word, or as Zola, Hugo and Jekyll would have put it.
pub(super) fn old_paths(meta: &Meta, name: &Name<'_>, published: OffsetDateTime, new_slug: &str) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    let mut add = |path: &str| {
        let Some(path) = slug::old_path(path) else { return };
        if !is_taken(&path) && path != format!("/{}/{new_slug}", meta.kind.folder()) && !paths.contains(&path) {
            paths.push(path);
        }
    };
    match &meta.path {
        Some(path) => {
            add(path);
            if !path.contains('.') || path.rsplit('/').next().is_some_and(|last| !last.ends_with(".html")) {
                add(&format!("{}.html", path.trim_end_matches('/')));
            }
        }
        None => {
            let last = meta.slug.as_deref().unwrap_or(name.title);
            let folders: Vec<&str> = name.folders.iter().copied().filter(|folder| !folder.starts_with('_')).collect();
            if name.folders.contains(&"_posts") {
                let date = published.date();
                let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
                let base = format!("{}/{year:04}/{month:02}/{day:02}/{last}", folders.join("/"));
                add(&format!("{base}.html"));
                add(&base);
            } else if !folders.is_empty() {
                add(&format!("{}/{last}", folders.join("/")));
            }
        }
    }
    for alias in &meta.aliases {
        add(alias);
    }
    paths
}

/// Whether Maru answers this path itself, so that it cannot lead elsewhere.
pub(in crate::importer) fn is_taken(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    TAKEN.contains(&first)
}
