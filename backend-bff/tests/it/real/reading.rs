//! What readers see.

use axum::body::Body;
use contracts::{
    module::Role,
    pages::{ArchivePage, HomePage, NoticesPage, PostListPage, PostPage, SearchPage, StaticPage, TermsPage},
};
use http::Request;

use super::{Hall, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_are_listed_found_and_read() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    admin.done("/forms/categories", &[("name", "Making"), ("color", "3")]).await;
    let tagged = [("tags", "Rust, WebAssembly"), ("category", "making")];
    author.publish("The first hall", &tagged).await;
    author.publish("The second hall", &tagged).await;
    author
        .publish("러스트로 짓는 마루", &[("slug", "rust-maru"), ("content", "러스트로 마루를 짓는 이야기입니다.")])
        .await;

    let mut guest = hall.guest();
    let home: HomePage = guest.page("/home").await;
    assert_eq!((home.total, home.latest.len()), (3, 2), "one leads");
    assert_eq!(home.missing, Vec::<String>::new());
    assert_eq!(home.categories.iter().map(|term| (&*term.name, term.posts)).collect::<Vec<_>>(), [("Making", 2)]);
    assert_eq!(home.popular.len(), 3);

    let list: PostListPage = guest.page("/posts?category=making&sort=popular").await;
    assert_eq!((list.total, &*list.sort, &*list.category), (2, "popular", "making"));
    assert_eq!(list.categories.len(), 1);
    let nonsense: PostListPage = guest.page("/posts?page=-1&sort=colour").await;
    assert_eq!((nonsense.page, &*nonsense.sort, nonsense.total), (1, "newest", 3));
    let of_tag: PostListPage = guest.page("/tags/rust").await;
    assert_eq!(of_tag.term.expect("a tag").name, "Rust");
    let tags: TermsPage = guest.page("/tags").await;
    assert_eq!(tags.items.len(), 2);
    guest.get("/bff/pages/tags/nothing").await.problem(404);
    let archive: ArchivePage = guest.page("/archive").await;
    assert_eq!(archive.months.iter().map(|month| month.posts.len()).sum::<usize>(), 3);

    // The search index, which knows what is alike, follows within moments.
    let post = until(&mut guest, "/post/the-second-hall", |page: &PostPage| !page.related.is_empty()).await;
    assert_eq!(post.missing, Vec::<String>::new());
    assert_eq!(post.toc.len(), 1);
    assert_eq!(post.previous.expect("an earlier one").slug, "the-first-hall");
    assert_eq!(post.next.expect("a later one").slug, "rust-maru");
    assert_eq!(post.related.first().expect("a related one").slug, "the-first-hall");
    assert!(post.comments.open && post.comments.items.is_empty());
    let own: PostListPage = guest.page(&format!("/authors/{}", post.card.author_id)).await;
    assert_eq!((own.total, own.author.expect("an author").name), (3, "writer".to_owned()));

    let found = until(&mut guest, "/search?q=러스트", |page: &SearchPage| page.total > 0).await;
    assert_eq!(found.items[0].href, "/posts/rust-maru");
    assert!(found.items[0].title.iter().any(|piece| piece.hit));
    assert_eq!((found.pages.len(), found.missing.len()), (0, 0));
    let notice =
        [("title", "A loose stair"), ("content", "Mind the third step."), ("kind", "NOTICE"), ("status", "PUBLISHED")];
    admin.done("/forms/pages", &notice).await;
    let found: SearchPage = guest.page("/search?q=third%20STAIR").await;
    assert_eq!((found.total, found.pages.len()), (0, 1), "by all words, of title and text");
    assert_eq!((&*found.pages[0].href, found.pages[0].notice), ("/notices/a-loose-stair", true));
    let narrowed: SearchPage = guest.page("/search?q=stair&tag=rust").await;
    assert_eq!(narrowed.pages.len(), 0, "pages have no tags");
    let nothing: SearchPage = guest.page("/search?q=").await;
    assert_eq!((nothing.total, nothing.items.len(), nothing.pages.len()), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_stands_while_its_corners_are_away() {
    let hall = Hall::open().await;
    hall.member("writer", Role::Author).await.publish("Alone", &[]).await;
    let mut guest = hall.guest();
    let page: PostPage = guest.page("/post/alone?comments=99").await;
    assert!(page.comments.items.is_empty() && page.missing.is_empty());
    guest.get("/bff/pages/post/nothing").await.problem(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_and_maps_are_where_programs_look_for_them() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    author.publish("Fed", &[("tags", "Rust")]).await;
    let mut guest = hall.guest();
    for (path, kind, inside) in [
        ("/feed.xml", "xml", "Fed"),
        ("/atom.xml", "xml", "Fed"),
        ("/feed.json", "json", "Fed"),
        ("/tags/rust/feed.xml", "xml", "Fed"),
        ("/sitemap.xml", "xml", "/posts/fed"),
        ("/robots.txt", "text/plain", "sitemap.xml"),
    ] {
        let feed = guest.get(path).await;
        assert_eq!(feed.status, 200, "{path}: {}", feed.text());
        assert!(feed.header("content-type").contains(kind), "{path}: {}", feed.header("content-type"));
        assert!(feed.text().contains(inside), "{path}: {}", feed.text());
    }
    let etag = guest.get("/feed.xml").await.header("etag").to_owned();
    let again = guest.send(Request::builder().uri("/feed.xml").header("if-none-match", etag), Body::empty()).await;
    assert_eq!(again.status, 304);
    assert_eq!(guest.get("/tags/nothing/feed.xml").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_and_notices_have_their_places() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let about = [("title", "About"), ("content", "Who we are."), ("kind", "STATIC"), ("status", "PUBLISHED")];
    assert_eq!(admin.done("/forms/pages", &about).await.1, "page_saved");
    let notice = [
        ("title", "Moved"),
        ("content", "We moved."),
        ("kind", "NOTICE"),
        ("status", "PUBLISHED"),
        ("badge", "New"),
        ("pinned", "true"),
    ];
    admin.done("/forms/pages", &notice).await;
    admin.done("/forms/pages", &[("title", "Hidden"), ("content", "Not yet."), ("kind", "NOTICE")]).await;
    let mut guest = hall.guest();
    let notices: NoticesPage = guest.page("/notices").await;
    assert_eq!(
        notices.items.iter().map(|one| (&*one.title, &*one.badge, one.pinned)).collect::<Vec<_>>(),
        [("Moved", "New", true)]
    );
    let home: HomePage = guest.page("/home").await;
    assert_eq!(home.notices, notices.items);
    assert_eq!(home.pages.iter().map(|page| (&*page.slug, &*page.title)).collect::<Vec<_>>(), [("about", "About")]);
    let about: StaticPage = guest.page("/pages/about").await;
    assert!(about.html.contains("Who we are.") && !about.can_edit);
    let elsewhere = guest.get("/bff/pages/pages/moved").await.problem(301);
    assert_eq!(elsewhere.location.as_deref(), Some("/notices/moved"));
    guest.get("/bff/pages/notices/hidden").await.problem(404);
}
