//! Markdown in, HTML that is safe to show out.
//!
//! Everything is made when a post is written, so that reading one is only a query. What comes out
//! went through the sanitiser last; nothing is added to it after.

mod headings;
mod highlight;
mod sanitise;
mod text;

use comrak::{Arena, Options, nodes::NodeValue, options::Plugins, parse_document};
use contracts::pages::TocEntry;

use headings::Headings;
use highlight::Highlighter;

/// What is kept of a post's text beside its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Sanitised HTML.
    pub html: String,
    /// Headings of level 2 and 3.
    pub toc: Vec<TocEntry>,
    /// The beginning as plain text, at most about 200 characters.
    pub excerpt: String,
    /// `ko` or `en`.
    pub locale: &'static str,
    /// How long it takes to read, at least 1.
    pub reading_minutes: u32,
}

/// Renders Markdown. `locale` names the language when the author did; otherwise it is recognised.
/// Takes milliseconds for a long post: call it off the async threads.
pub fn render(source: &str, locale: Option<&str>) -> Rendered {
    let options = options();
    let arena = Arena::new();
    let root = parse_document(&arena, source, &options);
    let text = text::read(root);
    let locale = match locale {
        Some("ko") => "ko",
        Some("en") => "en",
        _ => text::language(&text.all),
    };
    fit_headings_into_the_page(root);

    let headings = Headings::new(locale);
    let mut plugins = Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    plugins.render.codefence_syntax_highlighter = Some(&Highlighter);
    let mut html = String::with_capacity(source.len() * 2);
    // Writing to a string does not fail.
    let _ = comrak::format_html_with_plugins(root, &options, &mut html, &plugins);

    Rendered {
        html: sanitise::clean(&html),
        toc: headings.into_toc(),
        excerpt: text::excerpt(&text.prose),
        locale,
        reading_minutes: text::reading_minutes(&text.all),
    }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.alerts = true;
    extension.cjk_friendly_emphasis = true;
    options.parse.relaxed_tasklist_matching = true;
    // Raw HTML passes here because the sanitiser comes after.
    options.render.r#unsafe = true;
    options
}

/// The page's h1 is the title, so the highest heading of a text becomes an h2 and the others move
/// with it: the outline stays, and no level is left out above it.
fn fit_headings_into_the_page<'a>(root: comrak::nodes::Node<'a>) {
    let level = |node: comrak::nodes::Node<'a>| match &node.data().value {
        NodeValue::Heading(heading) => Some(heading.level),
        _ => None,
    };
    let Some(highest) = root.descendants().filter_map(level).min() else { return };
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data_mut().value {
            heading.level = (heading.level + 2 - highest).min(6);
        }
    }
}

#[cfg(test)]
mod tests;
