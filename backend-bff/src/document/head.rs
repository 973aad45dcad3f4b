//! The head of a document.

use contracts::module::{Asset, Head, LiveModule};

use super::{THEME_SCRIPT, escape};
use crate::backend::Site;

/// What the head is made of.
pub(super) struct HeadParts<'a> {
    pub(super) site: &'a Site,
    pub(super) head: &'a Head,
    pub(super) locale: &'a str,
    /// False for pages that search engines should not keep.
    pub(super) index: bool,
    pub(super) shell: &'a LiveModule,
    pub(super) area: Option<&'a LiveModule>,
}

impl HeadParts<'_> {
    /// Writes `<head>…</head>`.
    pub(super) fn write(&self, out: &mut String) {
        out.push_str(
            "<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">",
        );
        out.push_str("<title>");
        if !self.head.title.is_empty() && self.head.title != self.site.name {
            escape::html(out, &self.head.title);
            out.push_str(" · ");
        }
        escape::html(out, &self.site.name);
        out.push_str("</title><script>");
        out.push_str(THEME_SCRIPT);
        out.push_str("</script>");
        self.assets(out);
        self.about(out);
        self.social(out);
        if let Some(json_ld) = &self.head.json_ld
            && serde_json::from_str::<serde::de::IgnoredAny>(json_ld).is_ok()
        {
            out.push_str("<script type=\"application/ld+json\">");
            escape::json(out, json_ld);
            out.push_str("</script>");
        }
        out.push_str("</head>");
    }

    /// Exactly what this page needs, each once.
    fn assets(&self, out: &mut String) {
        let modules = || std::iter::once(self.shell).chain(self.area);
        for css in modules().filter_map(|module| module.css.as_ref()) {
            link(out, "rel=\"stylesheet\"", css);
        }
        // The shell's own script stands below, which is as early.
        if let Some(area) = self.area {
            link(out, "rel=\"modulepreload\"", &area.js);
        }
        for wasm in modules().filter_map(|module| module.wasm.as_ref()) {
            // Browsers know no integrity of such a preload: who fetches it says what it must be, as it is told here.
            out.push_str("<link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"");
            escape::html(out, &wasm.url);
            out.push_str("\" data-integrity=\"");
            escape::html(out, &wasm.integrity);
            out.push_str("\">");
        }
        out.push_str("<script type=\"module\" src=\"");
        escape::html(out, &self.shell.js.url);
        out.push_str("\" integrity=\"");
        escape::html(out, &self.shell.js.integrity);
        out.push_str("\"></script>");
    }

    fn about(&self, out: &mut String) {
        out.push_str("<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">");
        out.push_str("<meta name=\"theme-color\" content=\"#fbfaf7\" media=\"(prefers-color-scheme:light)\">");
        out.push_str("<meta name=\"theme-color\" content=\"#14130f\" media=\"(prefers-color-scheme:dark)\">");
        if let Some(description) = &self.head.description {
            // Once for both who ask for it, where they are told the same.
            let kind = if self.shares_description() { "name=\"description\" property" } else { "name" };
            let name = if self.shares_description() { "og:description" } else { "description" };
            meta(out, kind, name, description);
        }
        match &self.head.robots {
            _ if !self.index => meta(out, "name", "robots", "noindex"),
            Some(robots) => meta(out, "name", "robots", robots),
            None => {}
        }
        let links = [("canonical", &self.head.canonical), ("prev", &self.head.prev), ("next", &self.head.next)];
        for (rel, url) in links {
            if let Some(url) = url {
                out.push_str("<link rel=\"");
                out.push_str(rel);
                out.push_str("\" href=\"");
                escape::html(out, &self.absolute(url));
                out.push_str("\">");
            }
        }
    }

    fn social(&self, out: &mut String) {
        if !self.index {
            return;
        }
        let given = &self.head.open_graph;
        let has = |name: &str| given.iter().any(|(property, _)| property == name);
        let told = |name: &str| name == "description" && self.shares_description();
        for (property, value) in given.iter().filter(|(property, _)| !told(property)) {
            let property = if property.contains(':') && !property.starts_with("image:") {
                property.clone()
            } else {
                format!("og:{property}")
            };
            let is_url = matches!(property.as_str(), "og:image" | "og:url" | "og:image:url");
            meta(out, "property", &property, &if is_url { self.absolute(value) } else { value.clone() });
        }
        let title = if self.head.title.is_empty() { &self.site.name } else { &self.head.title };
        let language = self.head.lang.as_deref().unwrap_or(self.locale);
        let defaults = [
            ("title", Some(title.as_str())),
            ("description", self.head.description.as_deref()),
            ("type", Some("website")),
            ("url", self.head.canonical.as_deref()),
            ("site_name", Some(self.site.name.as_str())),
            ("locale", Some(if language == "ko" { "ko_KR" } else { "en_US" })),
        ];
        for (name, value) in defaults {
            if let Some(value) = value.filter(|_| !has(name) && !told(name)) {
                let value = if name == "url" { self.absolute(value) } else { value.to_owned() };
                meta(out, "property", &format!("og:{name}"), &value);
            }
        }
        meta(out, "name", "twitter:card", if has("image") { "summary_large_image" } else { "summary" });
    }

    /// Whether programs that show previews are told the same description as those that search.
    fn shares_description(&self) -> bool {
        let own = self.head.open_graph.iter().find(|(property, _)| property == "description").map(|(_, text)| text);
        self.index
            && self.head.description.is_some()
            && own.is_none_or(|own| Some(own) == self.head.description.as_ref())
    }

    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.site.origin) } else { url.to_owned() }
    }
}

fn meta(out: &mut String, kind: &str, name: &str, content: &str) {
    out.push_str("<meta ");
    out.push_str(kind);
    out.push_str("=\"");
    escape::html(out, name);
    out.push_str("\" content=\"");
    escape::html(out, content);
    out.push_str("\">");
}

fn link(out: &mut String, how: &str, asset: &Asset) {
    out.push_str("<link ");
    out.push_str(how);
    out.push_str(" href=\"");
    escape::html(out, &asset.url);
    out.push_str("\" integrity=\"");
    escape::html(out, &asset.integrity);
    out.push_str("\">");
}
