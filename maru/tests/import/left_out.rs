//! What an import leaves behind is told, with how much it is and why.

use contracts::{
    blog::{Paged, Post, PostStatus, PostSummary},
    content::WholeComments,
    module::Role,
};
use http::Method;
use maru::importer::{Note, System};
use serde_json::json;

use crate::{Site, bring, changes, round_trip::Person};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>"#;

fn item(id: u32, kind: &str, status: &str, date: &str, title: &str, comments: &str) -> String {
    format!(
        "<item><title>{title}</title><content:encoded><![CDATA[Text {id}]]></content:encoded><wp:post_id>{id}</wp:post_id>\
         <wp:post_date_gmt>{date}</wp:post_date_gmt><wp:post_name>post-{id}</wp:post_name><wp:status>{status}</wp:status>\
         <wp:post_type>{kind}</wp:post_type>{comments}</item>"
    )
}

fn comment(id: u32, kind: &str, approved: &str, text: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>Lin</wp:comment_author>\
         <wp:comment_date_gmt>2020-01-03 00:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[{text}]]></wp:comment_content>\
         <wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type></wp:comment>"
    )
}

fn told(notes: &[Note]) -> Vec<String> {
    let mut told: Vec<String> = notes.iter().map(ToString::to_string).collect();
    told.sort();
    told
}

fn next_year() -> i32 {
    kit::Clock::system().now().year() + 1
}

async fn comments_of(site: &Site, slug: &str) -> usize {
    let post = site.post(slug).await.summary.id;
    let path = format!("/internal/comments?post={post}");
    site.embedded.services.content().get::<WholeComments>(&path).await.unwrap().items.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wordpress_comments_are_counted_and_plans_are_kept() {
    let site = Site::start().await;
    let many = [
        comment(1, "", "1", "Good"),
        comment(2, "pingback", "1", "A link"),
        comment(3, "trackback", "1", "A link"),
        comment(4, "comment", "spam", "Buy"),
        comment(5, "comment", "spam", "Buy more"),
        comment(6, "comment", "trash", "Rude"),
        comment(7, "comment", "1", ""),
    ];
    let future = format!("{}-12-31 23:30:00", next_year());
    let items = [
        item(1, "post", "publish", "2020-01-02 00:00:00", "Read", &many.concat()),
        item(2, "page", "publish", "2020-01-02 00:00:00", "About", &comment(8, "", "1", "On a page")),
        item(3, "post", "publish", "2020-01-02 00:00:00", &"Long ".repeat(101), &comment(9, "", "1", "Homeless")),
        item(4, "post", "future", &future, "To come", ""),
        item(5, "post", "future", "2020-02-03 04:05:06", "Overdue", ""),
        item(6, "page", "future", &future, "A page to come", ""),
    ];
    site.write("old.xml", format!("{HEAD}{}</channel></rss>", items.concat()));

    let report = bring(&site, System::WordPress, "old.xml").await;
    assert_eq!((report.created, report.comments), (5, 1), "{report}");
    let skipped = [
        "item 1: 1 comment was left out (in the trash there)",
        "item 1: 1 comment was left out (without a text)",
        "item 1: 2 comments were left out (pingback or trackback)",
        "item 1: 2 comments were left out (spam)",
        "item 2: 1 comment was left out (pages have no comments here)",
    ];
    assert_eq!(told(&report.skipped), skipped);
    let failed = told(&report.failed);
    assert_eq!((failed.len(), failed[0].as_str()), (2, "item 3: 1 comment was left out (the post did not come)"));
    let warnings = [
        "item 5: it was to become public on 2020-02-03, which has passed: a new post is public since then",
        "item 6: it was future there and comes as a draft",
    ];
    assert_eq!(told(&report.warnings), warnings);
    assert_eq!(comments_of(&site, "post-1").await, 1);

    let admin = Person::join(&site, "Admin", Role::Admin).await;
    let blog = &site.embedded.services.blog;
    let planned: Paged<PostSummary> = admin.call(blog, Method::GET, "/api/posts?status=SCHEDULED", &json!({})).await;
    let planned: Vec<_> = planned.items.iter().map(|post| (post.slug.as_str(), post.scheduled_at.as_deref())).collect();
    let at = format!("{}-12-31T23:30:00Z", next_year());
    assert_eq!(planned, [("post-4", Some(at.as_str()))]);
    let overdue = site.post("post-5").await.summary;
    assert_eq!(overdue.published_at.as_deref(), Some("2020-02-03T04:05:06Z"));
    // Brought again, it stays what it became.
    assert_eq!(changes(&bring(&site, System::WordPress, "old.xml").await), [0, 0, 5, 2]);
    site.embedded.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ghost_comments_are_counted_and_words_for_machines_come() {
    let site = Site::start().await;
    let at = format!("{}-12-31T23:30:00.000Z", next_year());
    let row = |id: &str, post: &str, html: Option<&str>, status: &str| json!({"id": id, "post_id": post, "html": html, "status": status, "created_at": "2020-01-03T00:00:00.000Z"});
    let post = |id: &str, kind: &str, status: &str, date: &str| {
        json!({"id": id, "title": id, "slug": id, "html": "<p>Text</p>", "type": kind, "status": status, "published_at": date,
            "feature_image": (kind == "page").then_some("https://old.example/cover.png")})
    };
    let export = json!({"db": [{"data": {
        "posts": [
            post("read", "post", "published", "2020-01-02T00:00:00.000Z"),
            post("about", "page", "published", "2020-01-02T00:00:00.000Z"),
            post("to-come", "post", "scheduled", &at),
        ],
        "posts_meta": [
            {"post_id": "read", "meta_title": "For machines", "meta_description": "d".repeat(501)},
        ],
        "comments": [
            row("c1", "read", Some("<p>Nice</p>"), "published"),
            row("c2", "read", Some("<p>Rude</p>"), "hidden"),
            row("c3", "read", Some("<p>Gone</p>"), "deleted"),
            row("c4", "read", Some("<p>Gone too</p>"), "deleted"),
            row("c5", "read", None, "published"),
            row("c6", "about", Some("<p>On a page</p>"), "published"),
        ],
    }}]});
    site.write("old.json", export.to_string());

    let report = bring(&site, System::Ghost, "old.json").await;
    assert_eq!((changes(&report), report.comments), ([3, 0, 0, 0], 1), "{report}");
    let skipped = [
        "post about: 1 comment was left out (pages have no comments here)",
        "post read: 1 comment was left out (hidden there)",
        "post read: 1 comment was left out (without a text)",
        "post read: 2 comments were left out (deleted there)",
    ];
    assert_eq!(told(&report.skipped), skipped);
    let warnings = [
        "post about: pages have no cover here: left out",
        "post read: its description for search engines has 501 characters: the first 500 were taken",
    ];
    assert_eq!(told(&report.warnings), warnings);
    let read = site.post("read").await;
    assert_eq!(read.seo_title.as_deref(), Some("For machines"));
    assert_eq!(read.seo_description.map(|text| text.len()), Some(500));
    let admin = Person::join(&site, "Admin", Role::Admin).await;
    let blog = &site.embedded.services.blog;
    let planned: Post = admin.call(blog, Method::GET, "/api/posts/to-come", &json!({})).await;
    assert_eq!((planned.summary.status, planned.summary.published_at), (PostStatus::Scheduled, None));
    site.embedded.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_that_are_too_many_are_told() {
    let site = Site::start().await;
    let tags: Vec<String> = (1..=22).map(|n| format!("tag-{n}")).collect();
    let text = |title: &str| format!("---\ntitle: {title}\ndate: 2020-01-02\ntags: {}\n---\nText\n", json!(tags));
    site.write("many.md", text("Many"));
    let report = site.import().await;
    assert_eq!(changes(&report), [1, 0, 0, 0], "{report}");
    assert_eq!(told(&report.warnings), ["many.md: it has 22 tags: the first 20 were taken"]);
    assert_eq!(site.post("many").await.summary.tags.len(), 20);
    site.embedded.stop().await;
}
