//! A folder of Markdown goes through the real services, twice.
#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]

use std::{fs, path::Path, sync::Arc};

use contracts::blog::{Paged, Post, PostSummary, Redirect, Term};
use maru::{
    config::Config,
    data_dir::DataDir,
    embedded::Embedded,
    importer::{Import, Library, Progress, Report},
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
