//! What the exports of other systems have in common: posts and pages as HTML, comments, the address of the site.

use std::path::{Path, PathBuf};

use contracts::content::CommentState;
use time::OffsetDateTime;

use super::{
    limits,
    meta::Meta,
    report::{Note, Report},
    slug,
    source::{self, Kind, Source},
};

/// Why a file cannot be read as an export at all.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Unreadable {
    /// Line, when the trouble has one.
    pub line: Option<usize>,
    /// What is the matter, and what to do about it.
    pub reason: String,
}

/// Everything that one file of an export holds.
#[derive(Debug)]
pub(super) struct Export {
    pub(super) site: Option<url::Url>,
    /// Where files of the old site may lie on this machine.
    pub(super) folder: PathBuf,
    /// Beginnings of the addresses of its files, which may be left out in `folder`.
    pub(super) file_prefixes: &'static [&'static str],
    pub(super) entries: Vec<Entry>,
    pub(super) comments: Vec<Comment>,
    pub(super) report: Report,
}

/// A post or a page.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// How notes call it, and what identifies it across imports.
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) slug: String,
    pub(super) title: String,
    /// Markdown.
    pub(super) body: String,
    pub(super) published: Option<OffsetDateTime>,
    /// Where the old site had it: a path or a whole address.
    pub(super) old_address: Option<String>,
    pub(super) meta: Meta,
}

/// A comment on one of the entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Comment {
    /// As the old system calls it.
    pub(super) id: String,
    pub(super) parent: Option<String>,
    /// Place in `entries`; later, in the library's sources.
    pub(super) post: usize,
    pub(super) author: String,
    /// Whether an account wrote it rather than a guest.
    pub(super) member: bool,
    /// Markdown.
    pub(super) content: String,
    pub(super) created: Option<OffsetDateTime>,
    pub(super) edited: Option<OffsetDateTime>,
    pub(super) state: CommentState,
    pub(super) private: bool,
    /// Whether `id` is one that it can have here.
    pub(super) keeps_id: bool,
}

impl Export {
    pub(super) fn new(site: Option<&str>, folder: &Path, file_prefixes: &'static [&'static str]) -> Self {
        Self {
            site: site.and_then(|site| url::Url::parse(site).ok()),
            folder: folder.to_owned(),
            file_prefixes,
            entries: Vec::new(),
            comments: Vec::new(),
            report: Report::default(),
        }
    }

    /// Takes an entry in and says its place.
    pub(super) fn add(&mut self, entry: Entry) -> usize {
        self.entries.push(entry);
        self.entries.len() - 1
    }
}

impl Entry {
    /// As the importer takes posts. One without a date gets `now`, and says so.
    pub(super) fn into_source(mut self, now: OffsetDateTime) -> Source {
        let mut notes = limits::apply(self.kind, &mut self.meta, &self.name);
        let scheduled = self.meta.scheduled;
        let dated = self.published.is_some() || !(self.meta.draft || scheduled.is_some());
        let published = self.published.or(scheduled).unwrap_or_else(|| {
            if dated {
                let reason = "it names no date; today was taken".to_owned();
                notes.push(Note { file: self.name.clone(), line: None, reason });
            }
            now
        });
        if let Some(at) = scheduled.filter(|at| *at <= now) {
            let reason =
                format!("it was to become public on {}, which has passed: a new post is public since then", at.date());
            notes.push(Note { file: self.name.clone(), line: None, reason });
        }
        let old_paths = self.old_address.as_deref().and_then(slug::old_path);
        let own = format!("/{}/{}", self.kind.folder(), self.slug);
        let old_paths = old_paths.into_iter().filter(|path| *path != own && !source::is_taken(path)).collect();
        Source {
            kind: self.kind,
            name: self.name,
            folder: self.folder,
            title: self.title,
            body: self.body,
            body_line: 1,
            slug: self.slug,
            published,
            dated,
            section: String::new(),
            locale: self.meta.locale.clone(),
            old_paths,
            notes,
            meta: self.meta,
        }
    }
}

/// The slug an entry asks for, else one from its title, else from its id.
pub(super) fn slug_or_title(wanted: Option<&str>, title: &str, id: &str) -> String {
    let made = [wanted.unwrap_or_default(), title].into_iter().map(slug::slug).find(|slug| !slug.is_empty());
    made.unwrap_or_else(|| format!("post-{id}"))
}
