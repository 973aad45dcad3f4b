//! Brings a folder of Markdown, or the export of another system, into the blog.
//!
//! Reads front matter in the habits of Zola, Hugo, Jekyll and Astro, uploads the images that posts
//! refer to, rewrites references between posts, and hands everything to the services by their
//! internal routes. Whether a post is new, differs or is the same is the blog service's to say.

mod authors;
mod comments;
mod dates;
mod foreign;
mod front_matter;
mod ghost;
mod html;
mod left_out;
mod library;
mod limits;
mod load;
mod media;
mod meta;
mod posts;
mod references;
mod report;
mod sections;
mod slug;
mod source;
mod wordpress;

pub use library::Library;
pub use load::{System, load_export};
pub use posts::{Import, Progress};
pub use report::{Note, Report};

/// Who signs what names nobody.
pub(crate) const NOBODY: &str = "Maru";

/// Every destination of links and images in Markdown.
pub fn references_of(text: &str) -> Vec<String> {
    references::find(text).into_iter().map(|reference| text[reference.range].to_owned()).collect()
}

/// Markdown with each destination replaced for which `replace` has something else.
pub fn rewrite_references(text: &str, replace: impl Fn(&str) -> Option<String>) -> String {
    references::rewrite(text, |_, destination| replace(destination))
}
