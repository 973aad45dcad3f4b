//! The whole folder: its posts, and where a reference in one of them leads.

mod folder;
mod paths;
mod target;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use time::OffsetDateTime;

use super::{
    authors::Author,
    foreign::{Comment, Export},
    report::{Note, Report},
    sections::Sections,
    source::{self, File, Reading, Source},
};
use crate::exporter::EXPORT_MARK;

pub(super) use self::{paths::is_image, target::Target};

/// The posts of a folder, joined.
#[derive(Debug)]
pub struct Library {
    root: PathBuf,
    pub(super) sources: Vec<Source>,
    sections: Sections,
    /// Host of the old site, whose absolute links are its own.
    host: Option<String>,
    /// Beginnings of addresses of the old site's files that `root` may leave out.
    file_prefixes: &'static [&'static str],
    /// Whether it is an export of ours, which means exactly what it says.
    exact: bool,
    pub(super) comments: Vec<Comment>,
    by_name: HashMap<String, usize>,
    by_old_path: HashMap<String, usize>,
}

impl Library {
    /// Reads every `.md` and `.markdown` file under `root`. `site` is the address of the old site,
    /// whose absolute links are then followed too.
    pub fn load(root: &Path, site: Option<&url::Url>) -> io::Result<(Self, Report)> {
        let root = folder::content_folder(fs::canonicalize(root)?);
        let mut names = Vec::new();
        folder::walk(&root, "", &mut names)?;
        names.sort();

        let exact = root.join(EXPORT_MARK).is_file();
        let (mut sources, mut sections, mut report) = (Vec::new(), Sections::default(), Report::default());
        let mut discussions = HashMap::new();
        for name in names {
            let path = root.join(&name);
            let (bytes, modified) = match folder::read_file(&path) {
                Ok(read) => read,
                Err(error) => {
                    report.failed.push(Note { file: name, line: None, reason: format!("it cannot be read: {error}") });
                    continue;
                }
            };
            if name == "_index.md" || name.ends_with("/_index.md") {
                if exact {
                    sections.read_term(&name, &bytes);
                    continue;
                }
                sections.read(&name, &bytes);
            }
            match source::read(&File { name: &name, path: &path, bytes: &bytes, modified, exact }) {
                Reading::Post(source) => {
                    if exact {
                        discussions.insert(name.clone(), folder::discussion(&path, &name, &mut report));
                    }
                    sources.push(*source);
                }
                Reading::Skipped(note) => report.skipped.push(note),
                Reading::Failed(note) => report.failed.push(note),
            }
        }
        for source in &mut sources {
            report.warnings.append(&mut source.notes);
        }
        // Older first, so that a new file never takes the slug of one that was imported before.
        sources.sort_by(|one, other| (one.published, &one.name).cmp(&(other.published, &other.name)));
        number_equal_slugs(&mut sources);
        let host = site.and_then(|site| site.host_str().map(str::to_owned));
        let (by_name, by_old_path) = index(&sources);
        let mut comments = Vec::new();
        for (post, source) in sources.iter().enumerate() {
            let found = discussions.remove(&source.name).unwrap_or_default();
            comments.extend(found.into_iter().map(|comment| Comment { post, ..comment }));
        }
        let library = Self { root, sources, sections, host, file_prefixes: &[], exact, comments, by_name, by_old_path };
        Ok((library, report))
    }

    /// The library of another system's export. `site` is its address, when the export does not say.
    pub(super) fn of_export(export: Export, site: Option<&url::Url>, now: OffsetDateTime) -> (Self, Report) {
        let Export { site: own, folder, file_prefixes, entries, mut comments, mut report } = export;
        let mut sources: Vec<(usize, Source)> =
            entries.into_iter().map(|entry| entry.into_source(now)).enumerate().collect();
        sources.sort_by(|(_, one), (_, other)| (one.published, &one.name).cmp(&(other.published, &other.name)));
        let places: HashMap<usize, usize> = sources.iter().enumerate().map(|(place, (old, _))| (*old, place)).collect();
        let mut sources: Vec<Source> = sources.into_iter().map(|(_, source)| source).collect();
        for source in &mut sources {
            report.warnings.append(&mut source.notes);
        }
        number_equal_slugs(&mut sources);
        for comment in &mut comments {
            comment.post = places.get(&comment.post).copied().unwrap_or(comment.post);
        }
        let host = site.or(own.as_ref()).and_then(|site| site.host_str().map(str::to_owned));
        let (by_name, by_old_path) = index(&sources);
        let sections = Sections::default();
        let library =
            Self { root: folder, sources, sections, host, file_prefixes, exact: false, comments, by_name, by_old_path };
        (library, report)
    }

    /// Number of posts.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is nothing to import.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The category of a post of this folder.
    pub(super) fn category(&self, source: &Source) -> Option<String> {
        self.sections.category(source)
    }

    /// What the folder says of the categories its posts are in.
    pub(super) fn described_categories(&self) -> Vec<contracts::blog::ImportCategory> {
        let used: Vec<String> = self.sources.iter().filter_map(|source| self.category(source)).collect();
        self.sections.described(used.iter().map(String::as_str))
    }

    /// What an export of ours says of tags.
    pub(super) fn described_tags(&self) -> &[contracts::blog::ImportTag] {
        self.sections.tags()
    }

    /// What stands behind the path of an address and stays with it: in other folders than ours it means something to
    /// another server.
    pub(super) fn rest_of<'a>(&self, address: &'a str) -> &'a str {
        let end = address.find(['?', '#']).unwrap_or(address.len());
        if self.exact { &address[end..] } else { "" }
    }

    /// What the folder says of an author, and where: the post that says most, whoever asks first.
    pub(super) fn introduction<'a>(&'a self, author: &'a Author) -> (Option<&'a Source>, &'a Author) {
        let known = |author: &Author| usize::from(!author.bio.is_empty()) + usize::from(author.avatar.is_some());
        let all = self.sources.iter().flat_map(|source| source.meta.authors.iter().map(move |author| (source, author)));
        all.filter(|(_, one)| one.name == author.name && known(one) > 0)
            .max_by_key(|(_, author)| known(author))
            .map_or((None, author), |(source, author)| (Some(source), author))
    }
}

fn number_equal_slugs(sources: &mut [Source]) {
    let mut taken: HashMap<(&'static str, String), usize> = HashMap::new();
    for source in sources {
        let folder = source.kind.folder();
        let wanted = source.slug.clone();
        while taken.contains_key(&(folder, source.slug.clone())) {
            let count = taken.entry((folder, wanted.clone())).or_insert(1);
            *count += 1;
            source.slug = format!("{wanted}-{count}");
        }
        taken.insert((folder, source.slug.clone()), 1);
    }
}

fn index(sources: &[Source]) -> (HashMap<String, usize>, HashMap<String, usize>) {
    let (mut by_name, mut by_old_path) = (HashMap::new(), HashMap::new());
    for (post, source) in sources.iter().enumerate() {
        let plain = source.name.rsplit_once('.').map_or(source.name.as_str(), |(plain, _)| plain);
        let folder = plain.strip_suffix("/index").unwrap_or(plain);
        for name in [&source.name, plain, folder] {
            by_name.entry(name.to_owned()).or_insert(post);
        }
        for path in &source.old_paths {
            by_old_path.entry(path.clone()).or_insert(post);
        }
    }
    (by_name, by_old_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn library(files: &[(&str, &str)], site: Option<&str>) -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join("content").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let site = site.map(|site| url::Url::parse(site).unwrap());
        let (library, report) = Library::load(&folder.path().join("content"), site.as_ref()).unwrap();
        assert!(report.failed.is_empty(), "{report}");
        (folder, library)
    }

    pub(super) fn named<'a>(library: &'a Library, name: &str) -> (usize, &'a Source) {
        library.sources.iter().enumerate().find(|(_, source)| source.name == name).unwrap()
    }

    #[test]
    fn equal_slugs_are_numbered_by_age() {
        let (_folder, library) = library(
            &[
                ("x/note.md", "---\ntitle: N\ndate: 2021-01-01\n---\n"),
                ("y/note.md", "---\ntitle: N\ndate: 2020-01-01\n---\n"),
                ("z/note.md", "---\ntitle: N\ndate: 2022-01-01\n---\n"),
            ],
            None,
        );
        assert_eq!(named(&library, "y/note.md").1.slug, "note");
        assert_eq!(named(&library, "x/note.md").1.slug, "note-2");
        assert_eq!(named(&library, "z/note.md").1.slug, "note-3");
    }
}
