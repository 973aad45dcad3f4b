//! What kind of text it is.

use crate::Pictures;

/// How a text is rendered. Reads like the question: `Options::post().locale(Some("ko"))`.
#[derive(Clone, Debug, Default)]
pub struct Options {
    flavour: Flavour,
    locale: Option<String>,
    pictures: Pictures,
}

/// Who writes, and so what they may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Authors: everything.
    #[default]
    Article,
    /// Anybody: emphasis, links, lists, quotes, code.
    Comment,
}

impl Options {
    /// A post: GitHub's Markdown, math, callouts, embeds, harmless HTML.
    pub fn post() -> Self {
        Self::default()
    }

    /// A static page or a notice: like a post.
    pub fn page() -> Self {
        Self::default()
    }

    /// A comment: emphasis, links (`nofollow ugc`), lists, quotes and code. Images become links,
    /// headings bold lines; HTML is shown as it was typed.
    pub fn comment() -> Self {
        Self { flavour: Flavour::Comment, ..Self::default() }
    }

    /// Names the language (`ko`, `en`) where the author did; otherwise it is recognised.
    #[must_use]
    pub fn locale(mut self, locale: Option<&str>) -> Self {
        self.locale = locale.map(str::to_owned);
        self
    }

    /// What is known of the images that it shows.
    #[must_use]
    pub fn pictures(mut self, pictures: Pictures) -> Self {
        self.pictures = pictures;
        self
    }

    pub(crate) fn flavour(&self) -> Flavour {
        self.flavour
    }

    pub(crate) fn language(&self) -> Option<&str> {
        self.locale.as_deref()
    }

    pub(crate) fn known_pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// The parser's and writer's settings.
    pub(crate) fn comrak(&self) -> comrak::Options<'static> {
        let mut options = comrak::Options::default();
        let extension = &mut options.extension;
        extension.strikethrough = true;
        extension.autolink = true;
        extension.cjk_friendly_emphasis = true;
        match self.flavour {
            Flavour::Article => {
                extension.table = true;
                extension.tasklist = true;
                extension.footnotes = true;
                extension.alerts = true;
                extension.math_dollars = true;
                extension.math_code = true;
                options.parse.relaxed_tasklist_matching = true;
                // Raw HTML passes here because the sanitiser comes after.
                options.render.r#unsafe = true;
            }
            Flavour::Comment => {
                options.render.escape = true;
                // Who writes a comment means the line that they end.
                options.render.hardbreaks = true;
            }
        }
        options
    }
}
