//! The whole folder: its posts, and where a reference in one of them leads.

use std::{
    collections::HashMap,
    fs, io,
    path::{Component, Path, PathBuf},
};

use percent_encoding::percent_decode_str;
use time::OffsetDateTime;

use crate::{discussion, exporter::EXPORT_MARK};

use super::{
    authors::Author,
    dates,
    foreign::{Comment, Export},
    report::{Note, Report},
    sections::Sections,
    slug,
    source::{self, File, Reading, Source},
};

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

/// Where a reference leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Another post of the folder, and what follows its address.
    Post(usize, String),
    /// A file that comes along.
    File(PathBuf),
    /// Nothing: the file is not there, or lies outside of the folder.
    Missing,
    /// Another site, or a part of this page.
    Elsewhere,
}

impl Library {
    /// Reads every `.md` and `.markdown` file under `root`. `site` is the address of the old site,
    /// whose absolute links are then followed too.
    pub fn load(root: &Path, site: Option<&url::Url>) -> io::Result<(Self, Report)> {
        let root = content_folder(fs::canonicalize(root)?);
        let mut names = Vec::new();
        walk(&root, "", &mut names)?;
        names.sort();

        let exact = root.join(EXPORT_MARK).is_file();
        let (mut sources, mut sections, mut report) = (Vec::new(), Sections::default(), Report::default());
        let mut discussions = HashMap::new();
        for name in names {
            let path = root.join(&name);
            let (bytes, modified) = match read_file(&path) {
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
                        discussions.insert(name.clone(), discussion(&path, &name, &mut report));
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

    /// Where `destination`, written in `source`, leads.
    pub(super) fn target(&self, source: &Source, destination: &str) -> Target {
        let destination = destination.trim();
        if self.exact {
            return self.exported_file(destination);
        }
        let relative = match url::Url::parse(destination) {
            Ok(url) if url.has_host() && url.host_str() == self.host.as_deref() => {
                &destination[destination.find(url.path()).unwrap_or(0)..]
            }
            Ok(_) => return Target::Elsewhere,
            Err(_) => destination,
        };
        let (path, _) = relative.split_at(relative.find(['?', '#']).unwrap_or(relative.len()));
        let fragment = relative.find('#').map(|start| relative[start..].to_owned()).unwrap_or_default();
        let Ok(path) = percent_decode_str(path).decode_utf8() else { return Target::Missing };
        if path.is_empty() || path.starts_with("//") {
            return Target::Elsewhere;
        }
        if let Some(name) = path.strip_prefix("@/") {
            return normal(name)
                .and_then(|name| self.post_named(&name))
                .map_or(Target::Missing, |post| Target::Post(post, fragment));
        }
        if path.starts_with('/') {
            return self.below_site_root(&path, fragment);
        }
        self.beside_file(source, &path, &fragment)
            .or_else(|| self.beside_old_page(source, &path, &fragment))
            .unwrap_or(Target::Missing)
    }

    /// Only its own images were given another address by an export of ours.
    fn exported_file(&self, destination: &str) -> Target {
        let path = destination.split(['?', '#']).next().unwrap_or_default();
        let file = path.strip_prefix("../media/").and_then(|name| {
            let folder = self.root.join("media");
            inside(&folder, &folder.join(name))
        });
        file.map_or(Target::Elsewhere, Target::File)
    }

    fn post_named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    fn below_site_root(&self, path: &str, fragment: String) -> Target {
        if let Some(post) = slug::old_path(path).and_then(|old| self.by_old_path.get(&old)) {
            return Target::Post(*post, fragment);
        }
        if !is_image(path) {
            return Target::Elsewhere;
        }
        if let Some(file) = self.file_of_old_site(path) {
            return Target::File(file);
        }
        let up = |levels: usize| self.root.ancestors().nth(levels);
        let site = [Some(self.root.as_path()), up(1), up(2), up(3)].into_iter().flatten();
        let candidates = site.flat_map(|folder| ["static", "public", "assets"].map(|name| folder.join(name)));
        std::iter::once(self.root.clone())
            .chain(candidates)
            .find_map(|base| inside(&base, &base.join(path.trim_start_matches('/'))))
            .map_or(Target::Missing, Target::File)
    }

    /// A file of the old site whose folder of uploads is at hand, in the size it was made of.
    fn file_of_old_site(&self, path: &str) -> Option<PathBuf> {
        self.file_prefixes.iter().find_map(|prefix| {
            // The site may have lived below a path of its own.
            let short = &path[path.find(prefix)? + prefix.len()..];
            let long = format!("{}{short}", prefix.trim_start_matches('/'));
            let names = [long.as_str(), short].into_iter().flat_map(|name| [Some(name.to_owned()), original(name)]);
            names.flatten().find_map(|name| inside(&self.root, &self.root.join(name)))
        })
    }

    /// Relative to the file, as it lies on the disk.
    fn beside_file(&self, source: &Source, path: &str, fragment: &str) -> Option<Target> {
        let folder = source.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let post = normal(&format!("{folder}/{path}")).and_then(|name| self.post_named(&name));
        post.map(|post| Target::Post(post, fragment.to_owned()))
            .or_else(|| inside(&self.root, &source.folder.join(path)).map(Target::File))
    }

    /// Relative to the page, as the old site served it.
    fn beside_old_page(&self, source: &Source, path: &str, fragment: &str) -> Option<Target> {
        let page = source.old_paths.first()?;
        let full = format!("/{}", normal(&format!("{page}/{path}"))?);
        let old = slug::old_path(&full)?;
        if let Some(post) = self.by_old_path.get(&old) {
            return Some(Target::Post(*post, fragment.to_owned()));
        }
        let (page, file) = old.rsplit_once('/')?;
        let owner = &self.sources[*self.by_old_path.get(page)?];
        inside(&self.root, &owner.folder.join(file)).map(Target::File)
    }
}

/// The comments in the file beside a post of an export of ours.
fn discussion(post: &Path, name: &str, report: &mut Report) -> Vec<Comment> {
    let file = post.with_extension("").into_os_string().into_string().unwrap_or_default() + discussion::ENDING;
    let read = match fs::read(&file) {
        Ok(bytes) => serde_json::from_slice::<Vec<discussion::Comment>>(&bytes).map_err(io::Error::from),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => Err(error),
    };
    match read {
        Ok(comments) => comments.into_iter().map(from_export).collect(),
        Err(error) => {
            let file = name.trim_end_matches(".md").to_owned() + discussion::ENDING;
            report.failed.push(Note { file, line: None, reason: format!("it cannot be read: {error}") });
            Vec::new()
        }
    }
}

fn from_export(comment: discussion::Comment) -> Comment {
    Comment {
        id: comment.id,
        parent: comment.parent,
        post: 0,
        author: comment.author,
        member: comment.member,
        content: comment.content,
        created: dates::parse(&comment.created),
        edited: comment.edited.as_deref().and_then(dates::parse),
        state: comment.state,
        private: comment.private,
        keeps_id: true,
    }
}

/// Whether the name ends like an image's.
pub(super) fn is_image(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg")
}

/// Someone who names the folder of a whole Zola or Hugo site means the posts in it.
fn content_folder(root: PathBuf) -> PathBuf {
    let site = ["config.toml", "zola.toml", "hugo.toml", "hugo.yaml", "hugo.json"]
        .iter()
        .any(|name| root.join(name).is_file());
    let content = root.join("content");
    if site && content.is_dir() { content } else { root }
}

fn walk(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file_name = entry.file_name();
        let Some(own) = file_name.to_str() else { continue };
        let name = if prefix.is_empty() { own.to_owned() } else { format!("{prefix}/{own}") };
        // Links to folders are not followed: they may lead in a circle.
        if entry.file_type()?.is_dir() {
            if !own.starts_with('.') && own != "node_modules" {
                walk(&entry.path(), &name, names)?;
            }
        } else if own.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "md" | "markdown")) {
            names.push(name);
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> io::Result<(Vec<u8>, OffsetDateTime)> {
    let modified = fs::metadata(path)?.modified().map_or(OffsetDateTime::UNIX_EPOCH, OffsetDateTime::from);
    Ok((fs::read(path)?, modified))
}

/// The file that a smaller copy was made of: `a-300x200.png` of WordPress, `size/w600/a.png` of Ghost.
fn original(name: &str) -> Option<String> {
    if let Some((before, sized)) = name.split_once("size/w") {
        let (_, rest) = sized.split_once('/')?;
        return Some(format!("{before}{rest}"));
    }
    let (stem, ending) = name.rsplit_once('.')?;
    let (stem, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (number(width) && number(height)).then(|| format!("{stem}.{ending}"))
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

/// `a/./b/../c` → `a/c`; none when it climbs out.
fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `path` when it is a file within `base`, links followed.
fn inside(base: &Path, path: &Path) -> Option<PathBuf> {
    if path.components().any(|part| matches!(part, Component::Prefix(_))) {
        return None;
    }
    let (base, path) = (fs::canonicalize(base).ok()?, fs::canonicalize(path).ok()?);
    (path.starts_with(base) && path.is_file()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(files: &[(&str, &str)], site: Option<&str>) -> (tempfile::TempDir, Library) {
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

    fn named<'a>(library: &'a Library, name: &str) -> (usize, &'a Source) {
        library.sources.iter().enumerate().find(|(_, source)| source.name == name).unwrap()
    }

    #[test]
    fn references_lead_to_posts_and_files() {
        let (folder, library) = library(
            &[
                ("a.md", "+++\ntitle=\"A\"\npath=\"2020/01/02/a\"\n+++\n"),
                ("deep/b/index.md", "+++\ntitle=\"B\"\npath=\"2020/01/03/b\"\n+++\n"),
                ("deep/b/b.png", "image"),
                ("deep/b/b.txt", "text"),
                ("../static/logo.png", "image"),
                ("../secret.png", "image"),
            ],
            Some("https://old.example"),
        );
        let (a, source_a) = named(&library, "a.md");
        let (b, source_b) = named(&library, "deep/b/index.md");
        let post = |post, rest: &str| Target::Post(post, rest.to_owned());
        for (source, destination, expected) in [
            (source_a, "deep/b/index.md#x", post(b, "#x")),
            (source_a, "./deep/b", post(b, "")),
            (source_a, "@/deep/b/index.md", post(b, "")),
            (source_a, "/2020/01/03/b/", post(b, "")),
            (source_a, "/2020/01/03/b.html?q#y", post(b, "#y")),
            (source_a, "../../03/b", post(b, "")),
            (source_a, "https://old.example/2020/01/03/b/#z", post(b, "#z")),
            (source_b, "../../a.md", post(a, "")),
            (source_a, "https://else.example/2020/01/03/b/", Target::Elsewhere),
            (source_a, "mailto:a@b.c", Target::Elsewhere),
            (source_a, "#part", Target::Elsewhere),
            (source_a, "//cdn.example/x.png", Target::Elsewhere),
            (source_a, "/elsewhere", Target::Elsewhere),
            (source_a, "missing.png", Target::Missing),
            (source_a, "@/missing.md", Target::Missing),
            (source_a, "../secret.png", Target::Missing),
            (source_a, "/../secret.png", Target::Missing),
        ] {
            assert_eq!(library.target(source, destination), expected, "{destination}");
        }
        let content = fs::canonicalize(folder.path()).unwrap();
        for (source, destination, expected) in [
            (source_b, "b.png", "content/deep/b/b.png"),
            (source_b, "./b.txt", "content/deep/b/b.txt"),
            (source_a, "deep/b/b%2Epng", "content/deep/b/b.png"),
            (source_a, "../../03/b/b.png", "content/deep/b/b.png"),
            (source_a, "/logo.png", "static/logo.png"),
        ] {
            assert_eq!(library.target(source, destination), Target::File(content.join(expected)), "{destination}");
        }
    }

    #[test]
    fn smaller_copies_lead_to_their_original() {
        assert_eq!(original("2020/01/a-300x200.png").as_deref(), Some("2020/01/a.png"));
        assert_eq!(original("content/images/size/w600/2020/a.png").as_deref(), Some("content/images/2020/a.png"));
        for plain in ["a.png", "a-b.png", "a-3x.png", "a"] {
            assert_eq!(original(plain), None, "{plain}");
        }
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
