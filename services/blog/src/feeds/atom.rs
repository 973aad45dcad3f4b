//! Atom (RFC 4287), with whole texts.

use atom_syndication::{Category, Content, Entry, Feed as Document, FixedDateTime, Generator, Link, Person, Text};

use super::{Feed, Item, Site, legible, rfc3339};

pub(super) fn write(site: &Site, feed: &Feed) -> String {
    let document = Document {
        title: Text::plain(feed.title(site)),
        subtitle: feed.description.as_deref().map(|text| Text::plain(legible(text))),
        id: site.url(&feed.page),
        updated: date(feed.updated),
        authors: vec![Person { name: site.name().to_owned(), uri: Some(site.url("/")), ..Person::default() }],
        generator: Some(Generator { value: "Maru".to_owned(), ..Generator::default() }),
        links: vec![
            link("self", site.url(&feed.path), "application/atom+xml"),
            link("alternate", site.url(&feed.page), "text/html"),
        ],
        entries: feed.items.iter().map(|item| entry(site, item)).collect(),
        ..Document::default()
    };
    document.to_string()
}

fn entry(site: &Site, item: &Item) -> Entry {
    let category = |name: &String| Category { term: legible(name), ..Category::default() };
    let author = site.url(&format!("/authors/{}", item.author_id));
    Entry {
        title: Text::plain(legible(&item.title)),
        id: item.id(),
        updated: date(item.updated),
        published: Some(date(item.published)),
        authors: vec![Person { name: legible(&item.author), uri: Some(author), ..Person::default() }],
        categories: item.category.iter().chain(&item.tags).map(category).collect(),
        links: vec![link("alternate", item.url(site), "text/html")],
        summary: Some(Text::plain(legible(&item.excerpt))),
        content: Some(Content {
            value: Some(item.content(site)),
            content_type: Some("html".to_owned()),
            lang: Some(item.locale.clone()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

fn link(rel: &str, href: String, media_type: &str) -> Link {
    Link { rel: rel.to_owned(), href, mime_type: Some(media_type.to_owned()), ..Link::default() }
}

fn date(millis: i64) -> FixedDateTime {
    FixedDateTime::parse_from_rfc3339(&rfc3339(millis)).unwrap_or_default()
}
