//! Services over HTTP, slow ones, and ones that are away.

use std::sync::Arc;

use axum::{Router, routing::get};
use backend_bff::{Upstream, Upstreams};

use crate::{
    services::{self, Calls},
    site::Site,
};

/// A real server; answers where it is.
pub(crate) async fn listen(router: Router) -> url::Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base.parse().expect("a URL")
}

async fn serve(router: Router) -> Upstream {
    Upstream::http(listen(router).await).expect("a client")
}

/// A site with other services than the usual ones.
pub(crate) async fn with(change: impl FnOnce(Upstreams) -> Upstreams) -> Site {
    Site::start_with(Site::folder(), "http://localhost:8080", change).await.expect("it starts")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_may_live_elsewhere() {
    let calls = Arc::new(Calls::default());
    let blog = serve(services::blog(calls.clone())).await;
    let site = Site::start_with(Site::folder(), "http://localhost:8080", |usual| Upstreams { blog, ..usual });
    let site = site.await.expect("it starts");
    let page = site.get("/good/post/hello").await;
    assert_eq!(page.status, 200);
    assert!(page.outlet().contains("<p>read</p>"));
    let mut author = site.signed_in("author").await;
    let done = author.post("/forms/posts", &[("title", "Hello"), ("content", "text")]).await;
    assert_eq!(done.status, 303);
    let seen = calls.blog.lock().expect("not poisoned");
    assert!(seen.iter().any(|call| call == "POST /api/posts Bearer access-author-0"), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_away_or_late_costs_its_own_part() {
    let nobody = Upstream::http("http://127.0.0.1:1".parse().expect("a URL")).expect("a client");
    let late = Router::new().fallback(get(async || std::future::pending::<()>().await));
    let change = |usual| Upstreams { blog: nobody, storage: Upstream::in_process(late), ..usual };
    let site = Site::start_with(Site::folder(), "http://localhost:8080", change).await.expect("it starts");
    site.get("/bff/pages/posts").await.problem(503);
    site.get("/api/posts").await.problem(503);
    site.get("/media/x.png").await.problem(503);
    let page = site.get("/good/post/hello").await;
    assert_eq!(page.status, 503);
    assert!(page.text().contains("<nav>Good</nav>"), "the page stands, its content is missing");
    assert_eq!(site.get("/nowhere").await.status, 404);
    assert_eq!(site.get("/_ready").await.status, 503);
    let mut user = site.signed_in("user").await;
    let refused = user.post("/forms/posts", &[("title", "Hello"), ("content", "long text")]).await;
    assert_eq!(refused.status, 403, "who may not write is told before anything else");
    let mut author = site.signed_in("author").await;
    let refused = author.post("/forms/posts", &[("title", "Hello"), ("content", "long text")]).await;
    assert_eq!(refused.status, 503);
    assert!(refused.text().contains("long text"), "what was typed is not lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_says_which_of_its_corners_are_away() {
    let nobody = Upstream::http("http://127.0.0.1:1".parse().expect("a URL")).expect("a client");
    let site = with(|usual| Upstreams { content: nobody.clone(), page: nobody.clone(), auth: nobody, ..usual }).await;
    let post: contracts::pages::PostPage = site.get("/bff/pages/post/hello").await.json();
    assert_eq!(post.missing, ["author", "comments", "adjacent", "related"]);
    assert!(post.html.starts_with("<p>One") && !post.comments.open);
    let home: contracts::pages::HomePage = site.get("/bff/pages/home").await.json();
    assert_eq!(home.missing, ["featured", "notices", "pages"]);
    assert_eq!(home.total, 2);
    assert_eq!(site.get("/good/post/hello").await.status, 200, "the document stands as well");
    site.get("/bff/pages/notices").await.problem(503);
}
