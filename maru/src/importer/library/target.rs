//! Where a reference in a post leads.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use super::{
    Library,
    paths::{inside, is_image, normal, original},
};
use crate::importer::{slug, source::Source};

/// Where a reference leads.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::importer) enum Target {
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
    /// Where `destination`, written in `source`, leads.
    pub(in crate::importer) fn target(&self, source: &Source, destination: &str) -> Target {
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::tests::{library, named};
    use super::*;

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
}
