//! One Markdown file, read and understood, but not yet joined to the others.

mod name;
mod old_paths;

use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use self::{name::Name, old_paths::old_paths};
use super::{
    dates,
    front_matter::{self, Parts},
    limits,
    meta::{self, Meta},
    report::Note,
    slug,
};

pub(super) use self::old_paths::is_taken;

/// What a source becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Post,
    Page,
    Notice,
}

impl Kind {
    /// First part of its address on this site.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Post => "posts",
            Self::Page => "pages",
            Self::Notice => "notices",
        }
    }
}

/// A post as its file tells it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) kind: Kind,
    /// Path within the imported folder, with `/`.
    pub(super) name: String,
    /// Folder that relative references start from.
    pub(super) folder: PathBuf,
    pub(super) meta: Meta,
    pub(super) title: String,
    /// Markdown without front matter, and without the first heading when that became the title.
    pub(super) body: String,
    /// Line of the file that `body` starts on.
    pub(super) body_line: usize,
    pub(super) slug: String,
    pub(super) published: OffsetDateTime,
    /// Whether `published` is a date of its own rather than one to sort it by.
    pub(super) dated: bool,
    /// The folder that tells what kind of post this is; empty for the imported folder itself.
    pub(super) section: String,
    pub(super) locale: Option<String>,
    /// Where the old site had it, the page itself first; each starts with `/`.
    pub(super) old_paths: Vec<String>,
    /// Things to tell that do not keep it from being imported.
    pub(super) notes: Vec<Note>,
}

/// What a file turned out to be.
pub(super) enum Reading {
    Post(Box<Source>),
    Skipped(Note),
    Failed(Note),
}

/// A file to read.
pub(super) struct File<'a> {
    /// Path within the imported folder, with `/`.
    pub(super) name: &'a str,
    /// Where it is.
    pub(super) path: &'a Path,
    pub(super) bytes: &'a [u8],
    /// When it was changed last: the date of a post that names none.
    pub(super) modified: OffsetDateTime,
    /// Whether the folder is an export of ours, which means exactly what it says.
    pub(super) exact: bool,
}

/// Files that speak about a folder rather than being a post.
const ABOUT_FOLDERS: [&str; 7] =
    ["readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "security"];

/// Reads one file.
pub(super) fn read(file: &File<'_>) -> Reading {
    let note = |line, reason: String| Note { file: file.name.to_owned(), line, reason };
    let text = match std::str::from_utf8(file.bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = file.bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            return Reading::Failed(note(Some(line), "this is not UTF-8 text; save the file as UTF-8".to_owned()));
        }
    };
    let parts = match front_matter::split(text) {
        Ok(parts) => parts,
        Err(error) => return Reading::Failed(note(Some(error.line), error.to_string())),
    };
    let name = Name::of(file.name);
    if name.stem == "_index" {
        return Reading::Skipped(note(None, "a section page, not a post".to_owned()));
    }
    let meta = match meta::read(&parts.fields) {
        Ok(meta) => meta,
        Err(mistake) => return Reading::Failed(note(line_of(text, &mistake.field), mistake.to_string())),
    };
    if !parts.present && ABOUT_FOLDERS.contains(&name.stem.to_lowercase().as_str()) {
        return Reading::Skipped(note(None, "it speaks about the folder and has no front matter".to_owned()));
    }
    if parts.body.trim().is_empty() && meta.title.is_none() {
        return Reading::Skipped(note(None, "it has neither a title nor a text".to_owned()));
    }
    Reading::Post(Box::new(assemble(file, &name, parts, meta)))
}

fn assemble(file: &File<'_>, name: &Name<'_>, parts: Parts<'_>, mut meta: Meta) -> Source {
    let mut notes = Vec::new();
    let (title, body, body_line) = title_and_body(&meta, &parts, name);
    let path_date = [meta.path.as_deref(), Some(file.name)].into_iter().flatten().find_map(dates::in_path);
    meta.draft |= name.folders.contains(&"_drafts");
    if !file.exact {
        notes.extend(limits::tags(&mut meta, file.name));
    }
    notes.extend(limits::apply(meta.kind, &mut meta, file.name));
    let named = if file.exact { meta.published } else { meta.published.or(name.date).or(path_date) };
    // What is not published yet needs none.
    let dated = named.is_some() || !(file.exact || meta.draft || meta.scheduled.is_some());
    if dated && named.is_none() {
        notes.push(Note {
            file: file.name.to_owned(),
            line: None,
            reason: "it names no date; the time of the file was taken".to_owned(),
        });
    }
    let published = named.unwrap_or(file.modified);
    let locale = meta.locale.clone().or_else(|| name.locale.map(str::to_owned));
    let wanted = [meta.slug.as_deref(), meta.path.as_deref(), Some(name.title), Some(&title)];
    let mut new_slug =
        wanted.into_iter().flatten().map(slug::slug).find(|slug| !slug.is_empty()).unwrap_or_else(|| "post".to_owned());
    // Translations of one page share their name.
    if let (Some(locale), None, None) = (name.locale, &meta.slug, &meta.path) {
        new_slug = format!("{new_slug}-{locale}");
    }
    if file.exact
        && let Some(slug) = &meta.slug
    {
        new_slug.clone_from(slug);
    }
    let old_paths = if file.exact { meta.aliases.clone() } else { old_paths(&meta, name, published, &new_slug) };
    Source {
        kind: meta.kind,
        name: file.name.to_owned(),
        folder: file.path.parent().map(Path::to_path_buf).unwrap_or_default(),
        title,
        body,
        body_line,
        slug: new_slug,
        published,
        dated,
        section: name.section(),
        locale,
        old_paths,
        notes,
        meta,
    }
}

/// The title from front matter, else the first heading (which then leaves the text), else the name.
fn title_and_body(meta: &Meta, parts: &Parts<'_>, name: &Name<'_>) -> (String, String, usize) {
    if let Some(title) = &meta.title {
        return (title.clone(), parts.body.clone().into_owned(), parts.body_line);
    }
    let lead = parts.body.len() - parts.body.trim_start().len();
    let (heading, rest) = parts.body[lead..].split_once('\n').unwrap_or((&parts.body[lead..], ""));
    let heading = heading.strip_prefix("# ").map(|heading| heading.trim().trim_end_matches('#').trim());
    if let Some(heading) = heading.filter(|heading| !heading.is_empty()) {
        let line = parts.body_line + parts.body[..lead].matches('\n').count() + 1;
        return (heading.to_owned(), rest.to_owned(), line);
    }
    (slug::title_case(name.title), parts.body.clone().into_owned(), parts.body_line)
}

/// Line of the file that sets `field`.
fn line_of(text: &str, field: &str) -> Option<usize> {
    text.lines()
        .position(|line| {
            line.trim_start()
                .trim_start_matches('"')
                .strip_prefix(field)
                .is_some_and(|rest| rest.trim_start_matches('"').trim_start().starts_with(['=', ':']))
        })
        .map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(name: &str, text: &str) -> Reading {
        read(&File {
            name,
            path: Path::new(name),
            bytes: text.as_bytes(),
            modified: OffsetDateTime::UNIX_EPOCH,
            exact: false,
        })
    }

    fn post(name: &str, text: &str) -> Source {
        match reading(name, text) {
            Reading::Post(source) => *source,
            Reading::Skipped(note) | Reading::Failed(note) => panic!("{note}"),
        }
    }

    fn day(source: &Source) -> String {
        source.published.date().to_string()
    }

    #[test]
    fn a_zola_path_gives_date_slug_and_redirects() {
        let source = post(
            "inside-rust/x.md",
            "+++\ntitle = \"T\"\npath = \"inside-rust/2019/11/07/Async-await\"\naliases = [\"inside-rust/2019/11/07/Async-await.html\"]\n+++\nText",
        );
        assert_eq!((day(&source).as_str(), source.slug.as_str()), ("2019-11-07", "async-await"));
        assert_eq!(
            source.old_paths,
            ["/inside-rust/2019/11/07/Async-await", "/inside-rust/2019/11/07/Async-await.html"]
        );
        assert_eq!(source.section, "inside-rust");
        assert!(source.notes.is_empty());
    }

    #[test]
    fn a_jekyll_name_gives_date_slug_and_redirects() {
        let source = post("_posts/2019-11-07-First.md", "---\nlayout: post\n---\n\n# The first\n\nText");
        assert_eq!(
            (day(&source).as_str(), source.slug.as_str(), source.title.as_str()),
            ("2019-11-07", "first", "The first")
        );
        assert_eq!(source.old_paths, ["/2019/11/07/First.html", "/2019/11/07/First"]);
        assert_eq!((source.body.trim(), source.body_line), ("Text", 6));
        assert_eq!(source.section, "");
        assert!(post("_drafts/idea.md", "# Idea").meta.draft);
    }

    #[test]
    fn a_page_bundle_is_named_by_its_folder() {
        let source = post("blog/2020-01-02-한옥-산책/index.md", "---\n---\nText");
        assert_eq!(
            (day(&source).as_str(), source.slug.as_str(), source.title.as_str()),
            ("2020-01-02", "한옥-산책", "한옥 산책")
        );
        assert_eq!(source.old_paths, ["/blog/한옥-산책"]);
    }

    #[test]
    fn translations_get_their_own_slug_and_language() {
        let source = post("hello.ko.md", "---\ntitle: 안녕\ndate: 2020-01-01\n---\n글");
        assert_eq!((source.slug.as_str(), source.locale.as_deref()), ("hello-ko", Some("ko")));
        let explicit = post("hello.ko.md", "---\ntitle: 안녕\ndate: 2020-01-01\nslug: 안녕\n---\n글");
        assert_eq!(explicit.slug, "안녕");
    }

    #[test]
    fn old_paths_never_shadow_pages_of_this_site() {
        let source = post(
            "login/me.md",
            "---\ntitle: T\ndate: 2020-01-01\nslug: me\naliases: [/admin, /posts/me, /_m/x]\n---\n",
        );
        assert_eq!(source.old_paths, Vec::<String>::new());
    }

    #[test]
    fn what_is_no_post_is_skipped_and_what_is_broken_names_its_line() {
        for (name, text) in [
            ("_index.md", "+++\ntitle = \"S\"\n+++\n"),
            ("README.md", "# About"),
            ("latest.md", "+++\ntemplate = \"x\"\n+++\n"),
        ] {
            assert!(matches!(reading(name, text), Reading::Skipped(_)), "{name}");
        }
        let Reading::Failed(note) = reading("a.md", "---\ntitle: T\ndate: soon\n---\n") else { panic!("it was read") };
        assert_eq!(note.line, Some(3));
        let bytes = b"---\ntitle: \xff\n---\n";
        let file =
            File { name: "b.md", path: Path::new("b.md"), bytes, modified: OffsetDateTime::UNIX_EPOCH, exact: false };
        let Reading::Failed(note) = read(&file) else { panic!("it was read") };
        assert_eq!(note.line, Some(2));
    }
}
