//! Markdown in, HTML that is safe to show out: for posts, pages and comments.
//!
//! Everything is made when a text is written, so that reading one is only a query. What comes out
//! went through the sanitiser last; nothing is added to it after.
#![forbid(unsafe_code)]

mod embeds;
mod headings;
mod highlight;
mod html;
mod math;
mod options;
mod pictures;
mod renderer;
mod sanitise;
mod slug;
mod text;
mod tree;

use comrak::{Arena, options::Plugins, parse_document};
use contracts::pages::TocEntry;

use headings::Headings;

pub use html::absolute;
pub use options::Options;
pub use pictures::{Picture, Pictures};
pub use renderer::{RenderFailed, Renderer};
pub use slug::slugify;

/// Grows whenever the same text comes out otherwise than before: what is stored can then be made
/// anew.
pub const VERSION: u32 = 3;

/// What a text becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Sanitised HTML.
    pub html: String,
    /// Headings of level 2 and 3. Comments have none.
    pub toc: Vec<TocEntry>,
    /// The beginning as plain text, at most about 200 characters.
    pub excerpt: String,
    /// All of it as plain text, code included: what a search looks through.
    pub text: String,
    /// URLs of the images it shows and of the files of this site (`/media/…`) that it links to, each
    /// once, in the order of the text.
    pub images: Vec<String>,
    /// `ko` or `en`.
    pub locale: &'static str,
    /// How long it takes to read, at least 1.
    pub reading_minutes: u32,
    /// Whether a later rendering will know more of its images.
    pub pending: bool,
}

/// Renders Markdown. Takes milliseconds for a long text: call it off the async threads, or through a
/// [`Renderer`].
pub fn render(source: &str, options: &Options) -> Rendered {
    let parsing = options.comrak();
    let arena = Arena::new();
    let root = parse_document(&arena, source, &parsing);
    let text = text::read(root);
    let locale = match options.language() {
        Some("ko") => "ko",
        Some("en") => "en",
        _ => text::language(&text.all),
    };
    let headings = Headings::new(locale, tree::heading_texts(root));
    tree::prepare(&arena, root, options, locale);

    let mut plugins = Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    let mut html = String::with_capacity(source.len() * 2);
    // Writing to a string does not fail.
    let _ = comrak::format_html_with_plugins(root, &parsing, &mut html, &plugins);

    let html = sanitise::clean(&html, options.flavour());
    Rendered {
        images: html::files(&html),
        html,
        toc: headings.into_toc(),
        excerpt: text::excerpt(&text.prose),
        locale,
        reading_minutes: text::reading_minutes(&text.all),
        text: text.all,
        pending: options.known_pictures().are_pending(),
    }
}

/// All of a text as plain text, as [`Rendered::text`], without making HTML of it.
pub fn plain_text(source: &str, options: &Options) -> String {
    let arena = Arena::new();
    text::read(parse_document(&arena, source, &options.comrak())).all
}

/// URLs of the images that a text shows by Markdown: those that [`Pictures`] may tell of.
pub fn pictures_of(source: &str, options: &Options) -> Vec<String> {
    // Most texts have none, and need not be parsed for it.
    if !source.contains("![") {
        return Vec::new();
    }
    let arena = Arena::new();
    tree::pictures(parse_document(&arena, source, &options.comrak()))
}

#[cfg(test)]
mod tests;
