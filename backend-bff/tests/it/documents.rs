//! What a document holds.

use base64::{Engine, engine::general_purpose::STANDARD};
use contracts::module::{LeanBoot, ModuleTable};
use http::{Method, Request, header};
use sha2::{Digest, Sha256};

use crate::{bundles::TestBundle, site::Site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_whole() {
    let site = Site::start().await;
    let reply = site.get("/good/post/%EB%A7%88%EB%A3%A8").await;
    assert_eq!(reply.status, 200);
    let html = reply.text();
    assert!(html.starts_with("<!doctype html><html lang=\"en\" dir=\"ltr\"><head><meta charset=\"utf-8\">"), "{html}");
    assert!(html.contains("<title>A &lt;/title&gt;&lt;script&gt; title · Test Hall</title>"));
    assert!(html.contains("<link rel=\"canonical\" href=\"http://localhost:8080/good\">"));
    assert!(html.contains(r#"{"name":"\u003c/script>\u003cscript>alert(1)\u003c/script>"}"#));

    let boot = reply.boot();
    assert_eq!(boot["rendered"], true);
    assert_eq!(boot["request"]["path"], "/good/post/%EB%A7%88%EB%A3%A8");
    assert_eq!(boot["request"]["shell"]["area"], "good");
    assert_eq!(boot["modules"]["release"], reply.header("x-maru-release"));
    let page = &reply.data()["/bff/pages/post/%EB%A7%88%EB%A3%A8"];
    assert_eq!(page["html"], "<p>One < two</p><script>alert(1)</script><!-- -->");
    assert_eq!(page["card"]["slug"], "마루");
    assert_eq!(page["author_bio"], "writes");
    assert!(html.contains("<p>One < two</p>\\u003cscript>"), "only what could end the element is escaped");
    assert!(!html.contains("<script>alert"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_script_and_wasm_is_named_once_with_its_digest() {
    let site = Site::start().await;
    let reply = site.get("/good").await;
    let html = reply.text();
    let modules = reply.boot()["modules"]["modules"].clone();
    for module in modules.as_array().expect("a list") {
        if module["name"] == "hostile" {
            assert!(module["js"].is_null() && module["wasm"].is_null(), "what this page does not need: {module}");
            continue;
        }
        for (part, rel) in [("js", "modulepreload"), ("wasm", "preload"), ("css", "stylesheet")] {
            let (url, integrity) = (module[part]["url"].as_str(), module[part]["integrity"].as_str());
            let (url, integrity) = (url.expect("a URL"), integrity.expect("a digest"));
            let start = match (module["name"].as_str(), part) {
                (Some("shell"), "js") => "script type=\"module\"".to_owned(),
                _ => format!("link rel=\"{rel}\""),
            };
            let tag = html.split('<').find(|tag| tag.starts_with(&start) && tag.contains(url));
            assert_eq!(html.split("<body>").next().expect("a head").matches(url).count(), 1, "{url}");
            // Browsers know no integrity of a preloaded `fetch`: the loader gives it.
            let named = if part == "wasm" { "data-integrity" } else { " integrity" };
            assert!(tag.is_some_and(|tag| tag.contains(&format!("{named}=\"{integrity}\""))), "{url}");
            let file = site.get(url).await;
            assert_eq!(file.status, 200);
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        }
    }
    let scripts: Vec<&str> = html.match_indices("<script").map(|(at, _)| &html[at..html.len().min(at + 80)]).collect();
    for script in &scripts {
        let inline = script.starts_with("<script>try{");
        let data = script.starts_with("<script type=\"application/");
        assert!(inline || data || script.starts_with("<script type=\"module\" src=\"/_m/shell/"), "{script}");
    }
    let inline = reply.between("<script>", "</script>");
    let digest = STANDARD.encode(Sha256::digest(inline));
    let policy = reply.header("content-security-policy");
    assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{digest}';")), "{policy}");
    assert!(!policy.contains("unsafe-inline") && policy.starts_with("default-src 'none'"));
    assert!(!html.contains(" style=") && !html.contains(" onclick="));
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_shell_is_told_only_what_stands_nowhere_else() {
    let site = Site::start().await;
    let old = site.get("/good?page=2").await;
    let mut shell = TestBundle::shell().version("1.1.0");
    shell.manifest.contract = "1.1".into();
    assert_eq!(site.publish(&shell).await.status, 201);
    let reply = site.get("/good?page=2").await;
    let boot: LeanBoot = serde_json::from_value(reply.boot()).expect("a lean boot");
    assert_eq!((boot.request.path.as_str(), boot.request.query.as_str()), ("/good", "page=2"));
    assert_eq!((boot.request.shell.area.as_deref(), boot.request.locale.as_str()), (Some("good"), "en"));
    assert!(boot.rendered && boot.request.viewer.is_none());
    assert_eq!(boot.release, reply.header("x-maru-release"));
    assert!(reply.body.len() + 1000 < old.body.len());
    let known = site.get(&format!("/_m/modules/{}", boot.release)).await;
    assert_eq!(known.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(known.body, site.get("/_m/modules.json").await.body);
    site.get("/_m/modules/000000000000").await.problem(404);

    // Whatever of a module's files the table names stands in the head with its digest.
    let table: ModuleTable = known.json();
    for module in table.modules.iter().filter(|module| module.name != "hostile") {
        for asset in [Some(&module.js), module.wasm.as_ref(), module.css.as_ref()].into_iter().flatten() {
            let head = reply.between("<head>", "</head>");
            let tag = head.split('<').find(|tag| tag.contains(&asset.url)).expect("a tag");
            assert!(tag.contains(&format!("integrity=\"{}\"", asset.integrity)), "{tag}");
        }
    }
    let mut member = site.signed_in("user").await;
    let boot: LeanBoot = serde_json::from_value(member.get("/good").await.boot()).expect("a lean boot");
    assert_eq!(boot.request.viewer.expect("who asks").name, "user");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses_come_from_the_page() {
    let site = Site::start().await;
    let missing = site.get("/good/post/missing").await;
    assert_eq!(missing.status, 404);
    assert!(missing.outlet().contains("no such post"), "the area's own words");
    assert!(missing.text().contains("<meta name=\"robots\" content=\"noindex\">"));

    let moved = site.get("/good/post/old").await;
    assert_eq!((moved.status.as_u16(), moved.header("location")), (301, "/good/post/%EB%A7%88%EB%A3%A8"));

    let broken = site.get("/good/post/broken").await;
    assert_eq!(broken.status, 502);
    assert_eq!(broken.header("cache-control"), "private, no-store");

    let nowhere = site.get("/nowhere").await;
    assert_eq!(nowhere.status, 404);
    assert!(nowhere.text().contains("status 404"), "the shell's own page");
    assert_eq!(nowhere.boot()["request"]["shell"]["status"], 404);

    let alias = site.get("/2019/01/old-post.html").await;
    assert_eq!((alias.status.as_u16(), alias.header("location")), (301, "/good/post/%EB%A7%88%EB%A3%A8"));

    let slash = site.get("/good/x/?a=b").await;
    assert_eq!((slash.status.as_u16(), slash.header("location")), (308, "/good/x?a=b"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_see_what_is_decided_here() {
    let site = Site::start().await;
    for path in ["/admin/posts?page=2", "/%61dmin/posts?page=2"] {
        let guest = site.get(path).await;
        assert_eq!(guest.status, 303);
        let (path, _) = path.split_once('?').expect("a query");
        let wanted = format!("/login?next={}%3Fpage%3D2", path.replace('%', "%25").replace('/', "%2F"));
        assert_eq!(guest.header("location"), wanted);
    }
    let user = site.signed_in("user").await.get("/admin").await;
    assert_eq!(user.status, 403);
    assert!(user.text().contains("status 403"));
    let mut author = site.signed_in("author").await;
    let page = author.get("/admin").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("<nav>Good|Admin</nav>"));
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert!(site.get("/good").await.text().contains("<nav>Good</nav>"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_revalidate() {
    let site = Site::start().await;
    let first = site.get("/good").await;
    assert_eq!(first.header("cache-control"), "public, max-age=0, s-maxage=60, stale-while-revalidate=0");
    assert_eq!(first.header("vary"), "Accept-Encoding, Accept-Language, Cookie");
    let again = Request::builder().uri("/good").header(header::IF_NONE_MATCH, first.header("etag"));
    let again = site.send(again.body(axum::body::Body::empty()).expect("a request")).await;
    assert_eq!(again.status, 304);
    assert!(again.body.is_empty());
    let head = Request::builder().method(Method::HEAD).uri("/good").body(axum::body::Body::empty());
    let head = site.send(head.expect("a request")).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), first.body.len().to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_language_follows_the_visitor() {
    let site = Site::start().await;
    let korean = Request::builder().uri("/good").header(header::ACCEPT_LANGUAGE, "ko-KR,ko;q=0.9,en;q=0.8");
    let reply = site.send(korean.body(axum::body::Body::empty()).expect("a request")).await;
    assert!(reply.text().contains("<html lang=\"ko\"") && reply.text().contains("<nav>좋은</nav>"));
    let mut browser = site.browser();
    let chosen = browser.post("/forms/locale", &[("locale", "ko"), ("next", "/good")]).await;
    assert_eq!((chosen.status.as_u16(), chosen.header("location")), (303, "/good"));
    assert!(browser.get("/good").await.text().contains("<html lang=\"ko\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_optional_part_that_fails_leaves_its_corner_empty() {
    let site = Site::start().await;
    let home: serde_json::Value = site.get("/bff/pages/home").await.json();
    assert_eq!(home["total"], 2);
    assert_eq!(home["featured"]["slug"], "one", "the newest leads when the featured ones are away");
    assert_eq!(home["latest"][0]["slug"], "two");
    site.get("/bff/pages/post/broken").await.problem(502);
    site.get("/bff/pages/post/missing").await.problem(404);
    site.get("/bff/pages/nothing").await.problem(404);
    site.get("/bff/pages/admin").await.problem(401);
    site.signed_in("user").await.get("/bff/pages/admin").await.problem(403);
}
