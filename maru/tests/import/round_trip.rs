//! What is exported imports back to the same: exported again from there, the folder is the same byte for byte.

use std::{collections::BTreeMap, fs, io::Write, path::Path};

use axum::{Router, body::Body};
use contracts::{
    auth::{LoginInput, NewUser, Tokens},
    blog::{Paged, Post, PostInput, PostStatus, PostSummary, Term, TermInput},
    content::{CommentInput, WholeComments, Written},
    module::Role,
    page::{Page, PageInput, PageKind, PageStatus, PageTemplate},
    storage::Image,
};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use maru::exporter;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{SVG, Site, changes, import};

/// Somebody who is signed in, or a guest.
pub(crate) struct Person<'a> {
    site: &'a Site,
    token: Option<String>,
}

impl<'a> Person<'a> {
    fn guest(site: &'a Site) -> Self {
        Self { site, token: None }
    }

    pub(crate) async fn join(site: &'a Site, name: &str, role: Role) -> Self {
        let email = format!("{}@example.com", name.to_lowercase());
        let password = "correct horse battery".to_owned();
        let user = NewUser { email: email.clone(), name: name.to_owned(), password: password.clone(), role };
        let services = &site.embedded.services;
        let _: Value = services.auth().post("/internal/users", &user).await.unwrap();
        let login = LoginInput { email, password, audience: None };
        let tokens: Tokens = services.auth().post("/api/auth/login", &login).await.unwrap();
        Self { site, token: Some(tokens.access_token) }
    }

    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        router: &Router,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> T {
        // What is deleted by users is deleted without a word.
        let silent = method == Method::DELETE;
        let mut request = Request::builder().method(method).uri(path).header("x-client-address", "192.0.2.7");
        if !silent {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = if silent { Body::empty() } else { Body::from(serde_json::to_vec(body).unwrap()) };
        let request = request.body(body).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&bytes));
        let bytes = if status == StatusCode::NO_CONTENT { b"null".as_slice().into() } else { bytes };
        serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) async fn write(&self, post: PostInput) -> Post {
        self.call(&self.site.embedded.services.blog, Method::POST, "/api/posts", &post).await
    }

    pub(crate) async fn change(&self, post: &Post, input: PostInput) -> Post {
        let path = format!("/api/posts/{}", post.summary.slug);
        let input = PostInput { version: Some(post.summary.version), ..input };
        self.call(&self.site.embedded.services.blog, Method::PUT, &path, &input).await
    }

    async fn page(&self, page: PageInput) -> Page {
        self.call(&self.site.embedded.services.page, Method::POST, "/api/pages", &page).await
    }

    pub(crate) async fn term(&self, method: Method, path: &str, term: TermInput) -> Term {
        self.call(&self.site.embedded.services.blog, method, path, &term).await
    }

    async fn comment(&self, comment: CommentInput) -> Written {
        self.call(&self.site.embedded.services.content, Method::POST, "/api/comments", &comment).await
    }

    async fn act(&self, method: Method, path: &str) {
        let _: Value = self.call(&self.site.embedded.services.content, method, path, &json!({})).await;
    }
}

/// A picture of one pixel that says where it was made.
fn png() -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut pixels = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    pixels.write_all(&[0, 10, 20, 30]).unwrap();
    let pixels = pixels.finish().unwrap();
    let parts: [(&[u8], &[u8]); 4] = [
        (b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]),
        (b"tEXt", b"Comment\0at home"),
        (b"IDAT", &pixels),
        (b"IEND", b""),
    ];
    for (name, content) in parts {
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(content);
        file.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        file.extend(name);
        file.extend(content);
        file.extend(crc.sum().to_be_bytes());
    }
    file
}

pub(crate) fn post(title: &str, content: &str) -> PostInput {
    PostInput {
        title: title.to_owned(),
        content: content.to_owned(),
        status: Some(PostStatus::Public),
        ..PostInput::default()
    }
}

pub(crate) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Something of everything that an install holds.
async fn fill(site: &Site) {
    let admin = Person::join(site, "Admin", Role::Admin).await;
    let author = Person::join(site, "Sora", Role::Author).await;
    let storage = site.embedded.services.storage();
    let image: Image = storage.put_bytes("/internal/images?filename=home.png", png()).await.unwrap();
    let drawing: Image = storage.put_bytes("/internal/images?filename=dot.svg", SVG.into()).await.unwrap();

    let category = TermInput {
        name: "한옥".to_owned(),
        slug: text("hanok"),
        description: text("Houses of \"old\" Korea"),
        icon: text("🏠"),
        color: Some(7),
        ..TermInput::default()
    };
    admin.term(Method::POST, "/api/categories", category.clone()).await;
    let unused = TermInput { name: "Nothing yet Blog".to_owned(), ..TermInput::default() };
    admin.term(Method::POST, "/api/categories", unused).await;
    admin.term(Method::POST, "/api/tags", TermInput { name: "마루".to_owned(), ..TermInput::default() }).await;
    let renamed = TermInput { name: "마루".to_owned(), slug: text("maru"), ..TermInput::default() };
    let path =
        format!("/api/tags/{}", percent_encoding::utf8_percent_encode("마루", percent_encoding::NON_ALPHANUMERIC));
    admin.term(Method::PUT, &path, renamed).await;

    let full = PostInput {
        slug: text("the-first"),
        excerpt: text("In short:\n\"quoted\""),
        cover: Some(drawing.url.clone()),
        category: text("hanok"),
        tags: vec!["마루".to_owned(), "C++".to_owned()],
        featured: Some(true),
        canonical: text("https://elsewhere.example/first"),
        seo_title: text("First of all"),
        seo_description: text("Found by machines"),
        translation_group: text("first"),
        locale: text("en"),
        ..post(
            "+++ The \"first\" \\ of all",
            &format!(
                "# Lines\r\nof a form, ![one]({url} \"t\") ![two]({url}?v=2#x)\r\n\r\n[next](/posts/old-address) [up](../about) \
                 `![code]({url})`\r\n\r\n<img src=\"{url}\" alt=\"raw\">\r\n\r\n```toml\r\n+++\r\n```\r\n",
                url = image.url
            ),
        )
    };
    let first = admin.write(full.clone()).await;
    let old = author.write(PostInput { slug: text("old-address"), ..post("Moved", "Here I am.") }).await;
    author.change(&old, PostInput { slug: text("new-address"), ..post("Moved", "There I am.") }).await;
    author.write(PostInput { locale: text("ko"), translation_group: text("first"), ..post("첫 글", "마루") }).await;
    author.write(PostInput { status: Some(PostStatus::Draft), ..post("2020-01-02 A draft", "Not yet") }).await;
    author.write(PostInput { status: Some(PostStatus::Private), ..post("Mine", "For me") }).await;
    // As far off as may be asked for, and no time that comes while this runs.
    let next_year = kit::Clock::system().now().year() + 1;
    let scheduled = PostInput {
        status: Some(PostStatus::Scheduled),
        scheduled_at: text(&format!("{next_year}-12-31T23:30:00Z")),
        comments_allowed: Some(false),
        ..post("New year", "Soon")
    };
    author.write(scheduled).await;
    let gone = author.write(post("Gone", "In the trash")).await;
    let blog = &site.embedded.services.blog;
    let path = format!("/api/posts/{}?version={}", gone.summary.slug, gone.summary.version);
    let _: Value = author.call(blog, Method::DELETE, &path, &json!({})).await;

    let wide = PageInput {
        template: Some(PageTemplate::Wide),
        status: Some(PageStatus::Published),
        ..page("About us", &format!("![home]({})", image.url))
    };
    let about = admin.page(wide.clone()).await;
    let moved = PageInput { slug: text("who-we-are"), version: Some(about.summary.version), ..wide };
    let path = format!("/api/pages/{}", about.summary.id);
    let _: Page = admin.call(&site.embedded.services.page, Method::PUT, &path, &moved).await;
    admin.page(page("Later", "A draft of a page")).await;
    let notice = PageInput {
        kind: Some(PageKind::Notice),
        status: Some(PageStatus::Published),
        badge: text("중요"),
        pinned: Some(true),
        ..page("Closed on Monday", "Sorry")
    };
    admin.page(notice).await;
    admin.page(PageInput { kind: Some(PageKind::Notice), ..page("A notice to come", "…") }).await;

    talk(site, &admin, &first.summary.id).await;
}

fn page(title: &str, content: &str) -> PageInput {
    PageInput { title: title.to_owned(), content: content.to_owned(), ..PageInput::default() }
}

async fn talk(site: &Site, admin: &Person<'_>, post: &str) {
    let member = Person::join(site, "Jun", Role::User).await;
    let guest = Person::guest(site);
    let say = |content: &str, parent: Option<&Written>| CommentInput {
        post_id: post.to_owned(),
        parent_id: parent.map(|parent| parent.comment.id.clone()),
        content: content.to_owned(),
        ..CommentInput::default()
    };
    let by_guest = |comment: CommentInput| CommentInput {
        guest_name: text("Passer-by"),
        guest_password: text("open sesame"),
        ..comment
    };
    let first = member.comment(say("The **first** word", None)).await;
    let answer = member.comment(say("An answer to myself", Some(&first))).await;
    let path = format!("/api/comments/{}", answer.comment.id);
    let change = json!({"content": "A better answer", "version": answer.comment.version});
    let _: Value = member.call(&site.embedded.services.content, Method::PUT, &path, &change).await;
    // The place of what was deleted stays, for its answer.
    member.act(Method::DELETE, &format!("/api/comments/{}", first.comment.id)).await;
    let private = guest.comment(by_guest(CommentInput { is_private: true, ..say("For the author", None) })).await;
    // The first word of a guest waits for an admin.
    admin.act(Method::POST, &format!("/api/comments/{}/approve", private.comment.id)).await;
    admin.comment(CommentInput { is_private: true, ..say("And back", Some(&private)) }).await;
    let hidden = guest.comment(by_guest(say("Not nice", None))).await;
    admin.act(Method::POST, &format!("/api/comments/{}/hide", hidden.comment.id)).await;
    let lonely = member.comment(say("Nobody answers this", None)).await;
    member.act(Method::DELETE, &format!("/api/comments/{}", lonely.comment.id)).await;
}

/// All files of a folder by their path within it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

pub(crate) fn assert_same(before: &Path, after: &Path) {
    let (before, after) = (files(before), files(after));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, bytes) in &before {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(bytes == &after[name], "{name}\n{}\n=== came back as\n{}", text(bytes), text(&after[name]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_imports_back_to_the_same() {
    let site = Site::start().await;
    fill(&site).await;
    let folder = site.folder.path().join("export");
    let written = exporter::export(&site.embedded.services, folder.clone()).await.unwrap();
    assert_eq!((written.posts, written.pages, written.comments, written.images), (6, 4, 5, 2));
    let refused = exporter::export(&site.embedded.services, folder.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("is not empty"), "{refused}");

    let other = Site::start().await;
    let report = import(&other.embedded, &folder).await;
    assert_eq!((changes(&report), report.comments), ([10, 0, 0, 0], 5), "{report}");
    assert!(report.warnings.is_empty(), "{report}");
    let again = other.folder.path().join("again");
    exporter::export(&other.embedded.services, again.clone()).await.unwrap();
    assert_same(&folder, &again);
    assert_eq!(changes(&import(&other.embedded, &folder).await), [0, 0, 10, 0]);

    same_for_readers(&site, &other).await;
    site.embedded.stop().await;
    other.embedded.stop().await;
}

/// The files are not all: the services mean the same by them.
async fn same_for_readers(site: &Site, other: &Site) {
    let (mut before, mut after) = (site.post("the-first").await, other.post("the-first").await);
    for post in [&mut before, &mut after] {
        // What belongs to the install.
        post.summary.id.clear();
        post.summary.author_id.clear();
        post.created_at.clear();
        post.summary.version = 0;
        // Counted by events, which may still be on their way.
        post.summary.comments = 0;
    }
    assert_eq!(before, after);
    let public: Paged<PostSummary> = other.embedded.services.blog().get("/api/posts").await.unwrap();
    assert_eq!(public.total, 3, "what was no one's business stays so");
    let first = other.post("the-first").await.summary.id;
    let whole: WholeComments =
        other.embedded.services.content().get(&format!("/internal/comments?post={first}")).await.unwrap();
    let members: Vec<&str> = whole
        .items
        .iter()
        .filter(|comment| comment.author_id.is_some())
        .map(|comment| comment.author_name.as_str())
        .collect();
    assert_eq!(members, ["Jun", "Admin"]);
    let term: Term = other.embedded.services.blog().get("/api/categories/hanok").await.unwrap();
    assert_eq!((term.icon.as_deref(), term.color), (Some("🏠"), 7));
}

/// The folder in `MARU_CORPUS`, where there is one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corpus_comes_back_the_same() {
    let Some(corpus) = std::env::var_os("MARU_CORPUS") else { return };
    let site = Site::start().await;
    let report = import(&site.embedded, Path::new(&corpus)).await;
    assert!(report.created > 0, "{report}");
    let folder = site.folder.path().join("export");
    exporter::export(&site.embedded.services, folder.clone()).await.unwrap();
    site.embedded.stop().await;

    let other = Site::start().await;
    let back = import(&other.embedded, &folder).await;
    assert_eq!((back.created, back.failed.len()), (report.created, 0), "{back}");
    let again = other.folder.path().join("again");
    exporter::export(&other.embedded.services, again.clone()).await.unwrap();
    assert_same(&folder, &again);
    other.embedded.stop().await;
}
