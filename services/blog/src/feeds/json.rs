//! JSON Feed 1.1, with whole texts.

use serde_json::{Value, json};

use super::{Feed, Item, Site, rfc3339};

pub(super) fn write(site: &Site, feed: &Feed) -> String {
    let mut document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title(site),
        "home_page_url": site.url(&feed.page),
        "feed_url": site.url(&feed.path),
        "items": feed.items.iter().map(|item| entry(site, item)).collect::<Vec<_>>(),
    });
    if let Some(description) = &feed.description {
        document["description"] = description.as_str().into();
    }
    document.to_string()
}

fn entry(site: &Site, item: &Item) -> Value {
    let tags: Vec<&String> = item.category.iter().chain(&item.tags).collect();
    let mut entry = json!({
        "id": item.id(),
        "url": item.url(site),
        "title": item.title,
        "content_html": item.content(site),
        "summary": item.excerpt,
        "date_published": rfc3339(item.published),
        "date_modified": rfc3339(item.updated),
        "authors": [{ "name": item.author, "url": site.url(&format!("/authors/{}", item.author_id)) }],
        "tags": tags,
        "language": item.locale,
    });
    if let Some(cover) = &item.cover {
        entry["image"] = site.url(cover).into();
    }
    entry
}
