//! The map of the site, in parts where it is large.

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use super::{Site, rfc3339};

/// URLs in one file: what the protocol allows.
pub(crate) const LIMIT: usize = 50_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// A page of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: String,
    /// Last change, in milliseconds.
    pub(crate) updated: Option<i64>,
}

/// How many parts so many places need.
pub(crate) fn parts(places: usize, limit: usize) -> usize {
    places.div_ceil(limit).max(1)
}

/// The places themselves.
pub(crate) fn places(site: &Site, places: &[Place]) -> String {
    document("urlset", |writer| {
        for place in places {
            entry(writer, "url", &site.url(&place.path), place.updated)?;
        }
        Ok(())
    })
}

/// Where the parts are.
pub(crate) fn index(site: &Site, parts: usize, updated: Option<i64>) -> String {
    document("sitemapindex", |writer| {
        for part in 1..=parts {
            entry(writer, "sitemap", &site.url(&format!("/sitemaps/{part}.xml")), updated)?;
        }
        Ok(())
    })
}

/// The rules for robots.
pub(crate) fn robots(site: &Site) -> String {
    let hidden = ["/admin", "/api/", "/bff/", "/forms/", "/login", "/my/", "/register", "/search"];
    let rules: String = hidden.iter().map(|path| format!("Disallow: {path}\n")).collect();
    format!("User-agent: *\n{rules}\nSitemap: {}\n", site.url("/sitemap.xml"))
}

type Xml = Writer<Vec<u8>>;

fn document(name: &str, fill: impl FnOnce(&mut Xml) -> std::io::Result<()>) -> String {
    let mut writer = Writer::new(Vec::new());
    let written = (|| {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let mut root = BytesStart::new(name);
        root.push_attribute(("xmlns", NAMESPACE));
        writer.write_event(Event::Start(root))?;
        fill(&mut writer)?;
        writer.write_event(Event::End(BytesEnd::new(name)))
    })();
    // Writing to memory does not fail.
    debug_assert!(written.is_ok());
    String::from_utf8(writer.into_inner()).unwrap_or_default()
}

fn entry(writer: &mut Xml, name: &str, url: &str, updated: Option<i64>) -> std::io::Result<()> {
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    text(writer, "loc", url)?;
    if let Some(updated) = updated {
        text(writer, "lastmod", &rfc3339(updated))?;
    }
    writer.write_event(Event::End(BytesEnd::new(name)))
}

fn text(writer: &mut Xml, name: &str, text: &str) -> std::io::Result<()> {
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    writer.write_event(Event::Text(BytesText::new(text)))?;
    writer.write_event(Event::End(BytesEnd::new(name)))
}
