//! Folders of Markdown and exports go through the real services, twice.
#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]

mod drafts;
mod left_out;
mod round_trip;

use std::{fs, path::Path, sync::Arc};

use contracts::{
    blog::{Paged, Post, PostSummary, Redirect, Term},
    content::CommentPage,
    page::Page,
};
use maru::{
    config::Config,
    data_dir::DataDir,
    embedded::Embedded,
    importer::{Import, Library, Progress, Report, System, load_export},
};

struct Silent;

impl Progress for Silent {
    fn advance(&self) {}
}

const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><path d="M0 0h4v3z"/></svg>"#;

struct Site {
    folder: tempfile::TempDir,
    embedded: Embedded,
}

impl Site {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().join("data"), ..Config::default() };
        let data = DataDir::open(&config.data).unwrap();
        let embedded = Embedded::start(&config, &data, &config.address(8080).unwrap()).await.unwrap();
        embedded.open();
        Self { folder, embedded }
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.content().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn content(&self) -> std::path::PathBuf {
        self.folder.path().join("content")
    }

    async fn import(&self) -> Report {
        import(&self.embedded, &self.content()).await
    }

    async fn post(&self, slug: &str) -> Post {
        self.embedded.services.blog().get(&format!("/api/posts/{slug}")).await.unwrap()
    }
}

async fn import(embedded: &Embedded, content: &Path) -> Report {
    let (library, mut report) = Library::load(content, None).unwrap();
    report.add(Import::new(embedded.services.clone(), library, "markdown", Arc::new(Silent)).run().await);
    report
}

fn changes(report: &Report) -> [usize; 4] {
    [report.created, report.updated, report.unchanged, report.failed.len()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_comes_in_once_and_changes_only_what_changed() {
    let site = Site::start().await;
    site.write("_index.md", "+++\ntitle = \"Field Notes Blog\"\ndescription = \"From outside\"\n+++\n");
    site.write(
        "first/index.md",
        "+++\ntitle = \"First\"\npath = \"2019/11/07/First-Post\"\nauthors = [\"Ada, Grace and Lin\"]\n[taxonomies]\ntags = [\"Rust\"]\n+++\n\
         ![here](dot.svg) ![gone](gone.png) `![code](dot.svg)` [next](../second.md#end)\n",
    );
    site.write("first/dot.svg", SVG);
    site.write("second.md", "---\ntitle: 두 번째\ndate: 2020-01-02\nslug: 두-번째\nredirect_from: /old/second\n---\n[back](@/first/index.md)\n");
    site.write("draft.md", "---\ntitle: Later\ndate: 2020-01-03\ndraft: true\n---\nNot yet\n");
    site.write("broken.md", "+++\ntitle = \"Broken\"\ndate = \n+++\n");

    let report = site.import().await;
    assert_eq!(changes(&report), [3, 0, 0, 1], "{report}");
    assert_eq!((report.images, report.skipped.len()), (1, 1), "{report}");
    let failed = &report.failed[0];
    assert_eq!((failed.file.as_str(), failed.line), ("broken.md", Some(3)));
    let warning = &report.warnings[0];
    assert!(warning.to_string().starts_with("first/index.md:8: the image `gone.png`"), "{warning}");

    let first = site.post("first-post").await;
    assert_eq!(first.summary.published_at.as_deref(), Some("2019-11-07T00:00:00Z"));
    assert_eq!((first.summary.author_name.as_str(), first.co_authors.len()), ("Ada", 2));
    assert!(first.html.contains("src=\"/media/"), "{}", first.html);
    assert!(first.html.contains("![code](dot.svg)"), "{}", first.html);
    assert!(first.html.contains("#end"), "{}", first.html);
    assert_eq!(first.summary.category.map(|category| category.name).as_deref(), Some("Field Notes"));
    let category: Term = site.embedded.services.blog().get("/api/categories/field-notes").await.unwrap();
    assert_eq!(category.description.as_deref(), Some("From outside"));
    let public: Paged<PostSummary> = site.embedded.services.blog().get("/api/posts").await.unwrap();
    assert_eq!(public.total, 2);
    for old in ["/2019/11/07/First-Post/", "/2019/11/07/First-Post.html"] {
        let moved: Redirect =
            site.embedded.services.blog().get(&format!("/internal/redirects?path={old}")).await.unwrap();
        assert_eq!(moved.location, "/posts/first-post", "{old}");
    }

    assert_eq!(changes(&site.import().await), [0, 0, 3, 1]);

    site.write("draft.md", "---\ntitle: Later\ndate: 2020-01-03\n---\nNow\n");
    assert_eq!(changes(&site.import().await), [0, 1, 2, 1]);
    assert!(site.post("draft").await.html.contains("Now"));
    site.embedded.stop().await;
}

const WORDPRESS: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name>Ada</wp:author_display_name></wp:author>
<item><title>Hello</title><link>https://old.example/2020/01/hello/</link><dc:creator>ada</dc:creator>
<content:encoded><![CDATA[<!-- wp:paragraph --><p>See <a href="https://old.example/about/">us</a> <img src="https://old.example/wp-content/uploads/2020/dot-300x200.svg"></p><!-- /wp:paragraph -->]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt><wp:post_name>hello</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><category domain="category" nicename="n">News</category>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Lin</wp:comment_author><wp:comment_date_gmt>2020-01-03 00:00:00</wp:comment_date_gmt><wp:comment_content>First</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_author>Ada</wp:comment_author><wp:comment_date_gmt>2020-01-04 00:00:00</wp:comment_date_gmt><wp:comment_content>Second</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>1</wp:comment_parent></wp:comment></item>
<item><title>About us</title><link>https://old.example/about/</link><dc:creator>ada</dc:creator><content:encoded><![CDATA[Two of us.]]></content:encoded>
<wp:post_id>8</wp:post_id><wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt><wp:post_name>about</wp:post_name><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
</channel></rss>"#;

const GHOST: &str = r#"{"db":[{"data":{"posts":[{"id":"a1","title":"From Ghost","slug":"from-ghost","html":"<p>A <a href=\"__GHOST_URL__/second/\">link</a></p>",
  "type":"post","status":"published","published_at":"2021-01-02T03:04:05.000Z"},
  {"id":"a2","title":"Second","slug":"second","html":"<p>B</p>","type":"post","status":"published","published_at":"2021-01-03T03:04:05.000Z"}],
  "users":[{"id":"u1","name":"Grace"}],"posts_authors":[{"post_id":"a1","author_id":"u1"}]}}]}"#;

async fn bring(site: &Site, system: System, name: &str) -> Report {
    let (library, mut report) = load_export(system, &site.content().join(name), None, None).unwrap();
    let services = site.embedded.services.clone();
    report.add(Import::new(services, library, system.origin(), Arc::new(Silent)).run().await);
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exports_of_other_systems_come_in_once() {
    let site = Site::start().await;
    site.write("old.xml", WORDPRESS);
    site.write("wp-content/uploads/2020/dot.svg", SVG);
    site.write("old.json", GHOST);

    let report = bring(&site, System::WordPress, "old.xml").await;
    assert_eq!((changes(&report), report.images, report.comments), ([2, 0, 0, 0], 1, 2), "{report}");
    let hello = site.post("hello").await;
    assert!(hello.html.contains("src=\"/media/") && hello.html.contains("href=\"/pages/about\""), "{}", hello.html);
    assert_eq!((hello.summary.author_name.as_str(), hello.summary.category.unwrap().name.as_str()), ("Ada", "News"));
    let about: Page = site.embedded.services.page().get("/api/pages/about").await.unwrap();
    assert!(about.html.contains("Two of us"), "{}", about.html);
    let path = format!("/api/comments/post/{}", hello.summary.id);
    let comments: CommentPage = site.embedded.services.content().get(&path).await.unwrap();
    assert_eq!(comments.comments, 2, "{comments:?}");
    let moved: Redirect = site.embedded.services.blog().get("/internal/redirects?path=/2020/01/hello").await.unwrap();
    assert_eq!(moved.location, "/posts/hello");

    assert_eq!(changes(&bring(&site, System::WordPress, "old.xml").await), [0, 0, 2, 0]);
    let comments: CommentPage = site.embedded.services.content().get(&path).await.unwrap();
    assert_eq!(comments.comments, 2, "{comments:?}");

    let report = bring(&site, System::Ghost, "old.json").await;
    assert_eq!(changes(&report), [2, 0, 0, 0], "{report}");
    assert!(site.post("from-ghost").await.html.contains("href=\"/posts/second\""));
    site.embedded.stop().await;
}
