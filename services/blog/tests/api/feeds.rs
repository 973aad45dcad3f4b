//! Feeds, the map of the site, the rules for robots.

use contracts::{
    blog::{PostInput, PostStatus},
    page::{SitemapPage, SitemapPages},
};
use kit::{
    on_both_databases,
    testing::{Answer, Backend, Client},
};

use crate::support::{Blog, public, write};

on_both_databases!(
    feeds_list_public_posts_of_all_and_of_each,
    who_has_it_already_is_told_so,
    the_map_lists_everything_public,
);

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    String::from_utf8(answer.body.to_vec()).expect("text")
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn feeds_list_public_posts_of_all_and_of_each(backend: Backend) {
    let blog = Blog::start(backend).await;
    let tagged =
        PostInput { tags: vec!["Rust".into()], content: "![x](/media/a.png)".into(), ..public("마루 & 친구") };
    write(&blog.author(), &tagged).await;
    write(&blog.author(), &PostInput { status: Some(PostStatus::Draft), ..public("Hidden") }).await;
    write(&blog.user("other", contracts::module::Role::Author), &public("Other")).await;
    for (path, both) in [("", true), ("/tags/rust", false), ("/authors/author", false)] {
        for (file, media_type) in [
            ("feed.xml", "application/rss+xml"),
            ("atom.xml", "application/atom+xml"),
            ("feed.json", "application/feed+json"),
        ] {
            let answer = blog.client.get(&format!("{path}/{file}")).await;
            let body = text(&answer);
            assert!(header(&answer, "content-type").starts_with(media_type), "{path}/{file}");
            assert!(body.contains("https://maru.test/posts/%EB%A7%88%EB%A3%A8-%EC%B9%9C%EA%B5%AC"), "{body}");
            assert!(body.contains("https://maru.test/media/a.png"), "{body}");
            assert!(!body.contains("Hidden"), "{body}");
            assert_eq!(body.contains("https://maru.test/posts/other"), both, "{path}/{file}: {body}");
        }
    }
    for path in ["/tags/none/feed.xml", "/categories/none/feed.xml", "/authors/none/feed.xml", "/tags/rust/other.xml"] {
        blog.client.get(path).await.problem(404);
    }
}

async fn who_has_it_already_is_told_so(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &public("One")).await;
    for path in ["/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/robots.txt"] {
        let first = blog.client.get(path).await;
        let tag = header(&first, "etag").to_owned();
        assert!(tag.starts_with('"'), "{path}");
        for known in [tag.clone(), format!("\"other\", W/{tag}")] {
            let again = blog.client.with_header("if-none-match", &known).get(path).await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
            assert_eq!(header(&again, "etag"), tag);
        }
        if path != "/robots.txt" {
            let modified = header(&first, "last-modified").to_owned();
            let again = blog.client.with_header("if-modified-since", &modified).get(path).await;
            assert_eq!(again.status, 304, "{path}");
        }
    }
    let before = header(&blog.client.get("/feed.xml").await, "etag").to_owned();
    write(&blog.author(), &public("Two")).await;
    let changed = blog.client.with_header("if-none-match", &before).get("/feed.xml").await;
    assert!(text(&changed).contains("Two"));
}

async fn the_map_lists_everything_public(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &PostInput { tags: vec!["Rust".into()], ..public("One") }).await;
    write(&blog.author(), &PostInput { status: Some(PostStatus::Private), ..public("Hidden") }).await;
    // The service of static pages, as far as it matters here.
    let pages = SitemapPages {
        items: vec![SitemapPage {
            path: "/pages/about".into(),
            updated_at: "2026-01-01T00:00:00Z".into(),
            ..SitemapPage::default()
        }],
        next: None,
    };
    let router = axum::Router::new().route("/internal/pages", axum::routing::get(async || axum::Json(pages)));
    blog.shared.shared.peers.register("page", router);
    let map = text(&blog.client.get("/sitemap.xml").await);
    for path in ["/", "/posts", "/posts/one", "/tags/rust", "/pages/about"] {
        assert!(map.contains(&format!("<loc>https://maru.test{path}</loc>")), "{path} is missing in {map}");
    }
    assert!(!map.contains("hidden"), "{map}");
    assert_eq!(text(&blog.client.get("/sitemaps/1.xml").await), map);
    blog.client.get("/sitemaps/2.xml").await.problem(404);
    blog.client.get("/sitemaps/x").await.problem(404);
    let robots = text(&Client::get(&blog.client, "/robots.txt").await);
    assert!(robots.contains("Disallow: /admin\n") && robots.contains("Sitemap: https://maru.test/sitemap.xml"));
}
