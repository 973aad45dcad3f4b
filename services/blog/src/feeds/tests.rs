use super::{
    Feed, Format, Item, Site,
    sitemap::{self, Place},
};

fn site() -> Site {
    Site::new("https://maru.example/", "Maru & friends")
}

fn feed() -> Feed {
    let item = Item {
        id: "0190a0b0-0000-7000-8000-000000000000".into(),
        slug: "마루-소개".into(),
        title: "A <b> & ]]> \u{b}title".into(),
        excerpt: "Short & sweet".into(),
        html: "<p>Look <img src=\"/media/a.png\"> ]]> &amp; <a href=\"#x\">x</a></p>".into(),
        author: "김작가".into(),
        author_id: "a".into(),
        cover: Some("/media/c.png".into()),
        category: Some("R&D".into()),
        tags: vec!["rust".into()],
        locale: "ko".into(),
        published: 1_767_225_600_000,
        updated: 1_767_229_200_000,
    };
    Feed {
        title: Some("Rust".into()),
        description: None,
        page: "/tags/rust".into(),
        path: "/tags/rust/feed.xml".into(),
        updated: 1_767_229_200_000,
        items: vec![item],
    }
}

#[test]
fn rss_reads_back() {
    let xml = Format::Rss.write(&site(), &feed());
    let channel = rss::Channel::read_from(xml.as_bytes()).expect("RSS");
    assert_eq!(channel.title(), "Rust · Maru & friends");
    assert_eq!(channel.link(), "https://maru.example/tags/rust");
    let item = &channel.items()[0];
    assert_eq!(item.title(), Some("A <b> & ]]> title"));
    assert_eq!(item.pub_date(), Some("Thu, 01 Jan 2026 00:00:00 +0000"));
    let url = "https://maru.example/posts/%EB%A7%88%EB%A3%A8-%EC%86%8C%EA%B0%9C";
    assert_eq!(item.link(), Some(url));
    let content = item.content().expect("the text");
    assert!(content.contains("src=\"https://maru.example/media/a.png\""), "{content}");
    assert!(
        content.contains(&format!("href=\"{url}#x\"")) && content.contains("]]&gt;") | content.contains("]]>"),
        "{content}"
    );
    assert!(xml.contains("rel=\"self\""), "{xml}");
}

#[test]
fn atom_reads_back() {
    let xml = Format::Atom.write(&site(), &feed());
    let document = atom_syndication::Feed::read_from(xml.as_bytes()).expect("Atom");
    let entry = &document.entries()[0];
    assert_eq!(entry.id(), "urn:uuid:0190a0b0-0000-7000-8000-000000000000");
    assert_eq!(entry.authors()[0].name, "김작가");
    assert_eq!(entry.updated().to_rfc3339(), "2026-01-01T01:00:00+00:00");
    assert!(
        entry
            .content()
            .and_then(|content| content.value())
            .expect("the text")
            .contains("https://maru.example/media/a.png")
    );
}

#[test]
fn json_feed_has_what_it_must() {
    let json: serde_json::Value = serde_json::from_str(&Format::Json.write(&site(), &feed())).expect("JSON");
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    let item = &json["items"][0];
    assert_eq!(item["image"], "https://maru.example/media/c.png");
    assert_eq!(item["tags"], serde_json::json!(["R&D", "rust"]));
    assert_eq!(item["date_published"], "2026-01-01T00:00:00Z");
}

#[test]
fn large_sites_have_maps_in_parts() {
    assert_eq!(sitemap::parts(0, 10), 1);
    assert_eq!(sitemap::parts(10, 10), 1);
    assert_eq!(sitemap::parts(11, 10), 2);
    let index = sitemap::index(&site(), 2, None);
    assert!(index.contains("<sitemap><loc>https://maru.example/sitemaps/2.xml</loc></sitemap>"), "{index}");
    let place = Place { path: "/posts/a&b".into(), updated: Some(1_767_225_600_000) };
    let map = sitemap::places(&site(), &[place]);
    let entry = "<url><loc>https://maru.example/posts/a&amp;b</loc><lastmod>2026-01-01T00:00:00Z</lastmod></url>";
    assert!(map.contains(entry), "{map}");
}
