//! RSS 2.0, with whole texts.

use rss::{
    Category, Channel, Guid, Item as Entry,
    extension::{
        atom::{AtomExtension, Link},
        dublincore::DublinCoreExtension,
    },
};
use time::format_description::well_known::Rfc2822;

use super::{Feed, Item, Site, legible, time};

pub(super) fn write(site: &Site, feed: &Feed) -> String {
    let itself = Link {
        href: site.url(&feed.path),
        rel: "self".to_owned(),
        mime_type: Some("application/rss+xml".to_owned()),
        ..Link::default()
    };
    let namespaces = [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
    ];
    let title = feed.title(site);
    let channel = Channel {
        description: feed.description.as_deref().map_or_else(|| title.clone(), legible),
        title,
        link: site.url(&feed.page),
        last_build_date: Some(rfc2822(feed.updated)),
        generator: Some("Maru".to_owned()),
        items: feed.items.iter().map(|item| entry(site, item)).collect(),
        atom_ext: Some(AtomExtension { links: vec![itself] }),
        namespaces: namespaces.map(|(name, url)| (name.to_owned(), url.to_owned())).into(),
        ..Channel::default()
    };
    channel.to_string()
}

fn entry(site: &Site, item: &Item) -> Entry {
    let category = |name: &String| Category { name: legible(name), domain: None };
    Entry {
        title: Some(legible(&item.title)),
        link: Some(item.url(site)),
        description: Some(legible(&item.excerpt)),
        categories: item.category.iter().chain(&item.tags).map(category).collect(),
        guid: Some(Guid { value: item.id(), permalink: false }),
        pub_date: Some(rfc2822(item.published)),
        content: Some(item.content(site)),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: vec![legible(&item.author)],
            languages: vec![item.locale.clone()],
            ..DublinCoreExtension::default()
        }),
        ..Entry::default()
    }
}

fn rfc2822(millis: i64) -> String {
    time(millis).format(&Rfc2822).unwrap_or_default()
}
