//! Searching.

use contracts::{
    blog::{PostInput, PostStatus, Term, TermInput},
    events::UserProfileUpdated,
    reconcile::Check,
    search::{Hit, SearchPage, Segment, SuggestionKind, Suggestions},
};
use kit::{
    db::sql,
    on_both_databases,
    testing::{Backend, Client, TestDb, TestShared, eventually},
};

use crate::support::{Blog, change, encode, public, write};

on_both_databases!(
    korean_is_found_with_any_particle_and_in_parts,
    english_is_found_by_stem_and_despite_slips,
    titles_count_more_and_marks_say_why,
    filters_and_facets_narrow_the_hits,
    only_public_posts_are_found,
    changes_of_terms_and_authors_are_found,
    suggestions_complete_words_and_name_posts,
    bad_questions_are_refused,
    an_index_on_disk_catches_up_after_a_stop,
    a_damaged_index_is_made_anew,
    what_differs_is_found_and_repaired,
);

fn text(title: &str, content: &str) -> PostInput {
    PostInput { content: content.to_owned(), ..public(title) }
}

async fn page(client: &Client, query: &str) -> SearchPage {
    client.get(&format!("/api/search?{query}")).await.json(200)
}

async fn found(client: &Client, q: &str) -> Vec<String> {
    let page = page(client, &format!("q={}", encode(q))).await;
    page.items.into_iter().map(|hit| hit.post.title).collect()
}

/// Waits until a search finds exactly these, in any order: the index follows within a second.
async fn finds(client: &Client, q: &str, expected: &[&str]) {
    let mut expected: Vec<&str> = expected.to_vec();
    expected.sort_unstable();
    eventually(&format!("`{q}` finds {expected:?}"), || async {
        let mut titles = found(client, q).await;
        titles.sort_unstable();
        (titles == expected).then_some(())
    })
    .await;
}

fn marked(segments: &[Segment]) -> Vec<&str> {
    segments.iter().filter(|segment| segment.marked).map(|segment| segment.text.as_str()).collect()
}

fn shown(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.text.as_str()).collect()
}

async fn korean_is_found_with_any_particle_and_in_parts(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    write(&author, &text("첫째", "러스트로 서버를 만들었다.")).await;
    write(&author, &text("둘째", "데이터베이스에서는 러스트가 빠르다.")).await;
    write(&author, &text("셋째", "Rust로 만든 웹서버 이야기")).await;
    write(&author, &text("넷째", "고양이는 집에서 잔다.")).await;
    finds(&blog.client, "러스트", &["첫째", "둘째"]).await;
    finds(&blog.client, "러스트는", &["첫째", "둘째"]).await;
    // Parts of words: within one, and what two words were joined to.
    finds(&blog.client, "베이스", &["둘째"]).await;
    finds(&blog.client, "서버", &["첫째", "셋째"]).await;
    finds(&blog.client, "서버를", &["첫째", "셋째"]).await;
    // A noun that ends like one with a particle.
    finds(&blog.client, "고양이", &["넷째"]).await;
    finds(&blog.client, "집", &["넷째"]).await;
    // Two scripts in one word, on either side.
    finds(&blog.client, "rust", &["셋째"]).await;
    finds(&blog.client, "Rust는", &["셋째"]).await;
    // Decomposed, as some keyboards and file systems write it.
    finds(&blog.client, "\u{1105}\u{1165}\u{1109}\u{1173}\u{1110}\u{1173}", &["첫째", "둘째"]).await;
    finds(&blog.client, "없는말", &[]).await;
}

async fn english_is_found_by_stem_and_despite_slips(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    write(&author, &text("Runtime", "Running async tasks with Tokio is easy.")).await;
    write(&author, &text("Modules", "WebAssembly components in a sandbox.")).await;
    finds(&blog.client, "runs task", &["Runtime"]).await;
    finds(&blog.client, "component", &["Modules"]).await;
    // One slip in a short word, two in a long one, and letters that changed places.
    for (typed, meant, title) in [
        ("tokoi", "tokio", "Runtime"),
        ("sandbix", "sandbox", "Modules"),
        ("webasembly", "webassembly", "Modules"),
        ("webbasembly", "webassembly", "Modules"),
    ] {
        let page = page(&blog.client, &format!("q={typed}")).await;
        assert_eq!(page.items.first().map(|hit| hit.post.title.as_str()), Some(title), "{typed}");
        assert_eq!(page.did_you_mean.as_deref(), Some(meant), "{typed}");
    }
    assert_eq!(page(&blog.client, "q=tokio").await.did_you_mean, None);
    // A beginning is enough while somebody types.
    assert_eq!(found(&blog.client, "webas").await, ["Modules"]);
    // Not all words together: then what has one of them.
    assert_eq!(found(&blog.client, "tokio sandbox").await.len(), 2);
    assert_eq!(found(&blog.client, "zzzzzz").await, Vec::<String>::new());
    assert_eq!(found(&blog.client, "!?").await, Vec::<String>::new());
}

async fn titles_count_more_and_marks_say_why(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let long =
        format!("{} <script>alert(1)</script> `<b>` 러스트로 된 예시. {}", "채움 글. ".repeat(60), "더. ".repeat(60));
    write(&author, &text("본문", &long)).await;
    write(&author, &text("러스트 입문", "배우기")).await;
    finds(&blog.client, "러스트", &["본문", "러스트 입문"]).await;
    let page = page(&blog.client, &format!("q={}", encode("러스트"))).await;
    let [first, second]: [Hit; 2] = page.items.try_into().expect("two hits");
    assert_eq!(marked(&first.title), ["러스트"]);
    assert_eq!(shown(&first.title), "러스트 입문");
    assert_eq!(marked(&second.snippet), ["러스트"]);
    let snippet = shown(&second.snippet);
    assert!(snippet.starts_with("… ") && snippet.contains("러스트로 된 예시"), "{snippet}");
    assert!(snippet.contains("<b>") && !snippet.contains("<script>"), "text, not HTML: {snippet}");
    assert!(snippet.chars().count() < 200, "{snippet}");
}

async fn filters_and_facets_narrow_the_hits(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let category: Term = blog
        .admin()
        .post("/api/categories", &TermInput { name: "서버".into(), ..TermInput::default() })
        .await
        .json(201);
    let tagged = |title: &str, tags: &[&str], category: Option<&str>| PostInput {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        category: category.map(str::to_owned),
        ..text(title, "같은 낱말")
    };
    write(&author, &tagged("A", &["Rust", "Web"], Some(&category.slug))).await;
    write(&author, &tagged("B", &["Rust"], None)).await;
    write(&blog.user("other", contracts::module::Role::Author), &tagged("C", &["Web"], None)).await;
    finds(&blog.client, "낱말", &["A", "B", "C"]).await;
    let q = encode("낱말");
    let all = page(&blog.client, &format!("q={q}&size=1")).await;
    assert_eq!((all.total, all.items.len()), (3, 1));
    let counts = |facets: &[contracts::search::Facet]| -> Vec<(String, String, u32)> {
        facets.iter().map(|facet| (facet.value.clone(), facet.name.clone(), facet.count)).collect()
    };
    assert_eq!(counts(&all.facets.categories), [("서버".into(), "서버".into(), 1)]);
    assert_eq!(counts(&all.facets.tags), [("rust".into(), "Rust".into(), 2), ("web".into(), "Web".into(), 2)]);
    assert_eq!(all.facets.years.len(), 1);
    for (filter, expected) in [
        (format!("category={}", encode("서버")), vec!["A"]),
        ("tag=rust".to_owned(), vec!["A", "B"]),
        ("tag=rust&tag2=x".to_owned(), vec!["A", "B"]),
        ("author=other".to_owned(), vec!["C"]),
        ("from=2020-01-01&to=2099-12-31".to_owned(), vec!["A", "B", "C"]),
        ("to=2020-01-01".to_owned(), vec![]),
    ] {
        for query in [format!("q={q}&{filter}"), filter.clone()] {
            let mut titles: Vec<String> =
                page(&blog.client, &query).await.items.into_iter().map(|hit| hit.post.title).collect();
            titles.sort_unstable();
            assert_eq!(titles, expected, "{query}");
        }
    }
    // Names of categories, tags and authors are found, too.
    finds(&blog.client, "web", &["A", "C"]).await;
    assert_eq!(page(&blog.client, &format!("q={q}&size=2&page=2")).await.items.len(), 1);
}

async fn only_public_posts_are_found(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let with = |status, title: &str| PostInput { status: Some(status), ..text(title, "secretword") };
    let post = write(&author, &with(PostStatus::Public, "Public")).await;
    write(&author, &with(PostStatus::Draft, "Draft")).await;
    write(&author, &with(PostStatus::Private, "Private")).await;
    finds(&blog.client, "secretword", &["Public"]).await;
    assert_eq!(found(&author, "secretword").await, ["Public"]);
    // What goes away is not found any more, and what comes back is.
    let post = change(&author, &post, with(PostStatus::Private, "Public")).await;
    finds(&blog.client, "secretword", &[]).await;
    let post = change(&author, &post, with(PostStatus::Public, "Renamed")).await;
    finds(&blog.client, "renamed secretword", &["Renamed"]).await;
    author.delete(&format!("/api/posts/{}?version={}", post.summary.slug, post.summary.version)).await;
    finds(&blog.client, "secretword", &[]).await;
}

async fn changes_of_terms_and_authors_are_found(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &PostInput { tags: vec!["Wasm".into()], ..text("Post", "body") }).await;
    finds(&blog.client, "wasm", &["Post"]).await;
    let tag: Term = blog.client.get("/api/tags/wasm").await.json(200);
    let input = TermInput { name: "Components".into(), version: Some(tag.version), ..TermInput::default() };
    blog.admin().put("/api/tags/wasm", &input).await.json::<Term>(200);
    finds(&blog.client, "components", &["Post"]).await;
    let update = UserProfileUpdated { user_id: "author".into(), name: "Penname".into(), avatar: None };
    blog.deliver("author", 1, &update).await;
    finds(&blog.client, "penname", &["Post"]).await;
}

async fn suggestions_complete_words_and_name_posts(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &PostInput { tags: vec!["Tokyo".into()], ..text("Tokio in depth", "Schedulers") }).await;
    finds(&blog.client, "tokio", &["Tokio in depth"]).await;
    let suggestions: Suggestions = blog.client.get("/api/search/suggest?q=tok").await.json(200);
    let has = |kind, text: &str, path: &str| {
        suggestions.items.iter().any(|item| item.kind == kind && item.text == text && item.path == path)
    };
    assert!(has(SuggestionKind::Word, "tokio", "/search?q=tokio"), "{suggestions:?}");
    assert!(has(SuggestionKind::Tag, "Tokyo", "/tags/tokyo"), "{suggestions:?}");
    assert!(has(SuggestionKind::Post, "Tokio in depth", "/posts/tokio-in-depth"), "{suggestions:?}");
    let empty: Suggestions = blog.client.get("/api/search/suggest?q=").await.json(200);
    assert!(empty.items.is_empty());
}

async fn bad_questions_are_refused(backend: Backend) {
    let blog = Blog::start(backend).await;
    for query in [
        format!("q={}", "x".repeat(201)),
        "from=yesterday".to_owned(),
        "to=2026-02-30".to_owned(),
        "size=0".to_owned(),
        "size=51".to_owned(),
        "page=0".to_owned(),
        "page=101".to_owned(),
        "page=-1".to_owned(),
    ] {
        blog.client.get(&format!("/api/search?{query}")).await.problem(400);
    }
    // Whatever is typed is text: operators of query languages, signs, half a character.
    for q in ["\"", "title:x AND (", "a*b~5^2", "\u{0}", "%", "🦀", "+-!(){}[]^\"~*?:\\/"] {
        page(&blog.client, &format!("q={}", encode(q))).await;
    }
    blog.client.post("/internal/search/rebuild", &()).await.problem(401);
}

/// A service with its index in `folder`, on the database of `db`.
async fn on_disk(db: &TestDb, folder: &std::path::Path) -> (Client, TestShared) {
    let shared = TestShared::new();
    let settings =
        blog::Settings { database_url: db.url.clone(), search_dir: Some(folder.to_owned()), site_name: None };
    let service = blog::start(settings, &shared.shared).await.expect("blog starts");
    (Client::new(service.router), shared)
}

async fn stop(shared: TestShared) {
    shared.shared.shutdown.cancel();
    shared.shared.tasks.close();
    shared.shared.tasks.wait().await;
}

async fn an_index_on_disk_catches_up_after_a_stop(backend: Backend) {
    let folder = tempfile::tempdir().expect("a folder");
    let blog = Blog::start(backend).await;
    write(&blog.author(), &text("Before", "common")).await;
    let (client, shared) = on_disk(&blog.db, folder.path()).await;
    finds(&client, "common", &["Before"]).await;
    // A second process on the same folder reads while the first writes.
    let (second, second_shared) = on_disk(&blog.db, folder.path()).await;
    finds(&second, "common", &["Before"]).await;
    stop(shared).await;
    // Written while nobody indexes there; the other process takes over.
    write(&blog.author(), &text("While away", "common")).await;
    finds(&second, "common", &["Before", "While away"]).await;
    stop(second_shared).await;
    write(&blog.author(), &text("Later", "common")).await;
    let (client, shared) = on_disk(&blog.db, folder.path()).await;
    finds(&client, "common", &["Before", "While away", "Later"]).await;
    stop(shared).await;
}

async fn a_damaged_index_is_made_anew(backend: Backend) {
    let folder = tempfile::tempdir().expect("a folder");
    let blog = Blog::start(backend).await;
    write(&blog.author(), &text("Post", "common")).await;
    let (client, shared) = on_disk(&blog.db, folder.path()).await;
    finds(&client, "common", &["Post"]).await;
    stop(shared).await;
    std::fs::write(folder.path().join("meta.json"), "{ not an index").expect("written");
    let (client, shared) = on_disk(&blog.db, folder.path()).await;
    finds(&client, "common", &["Post"]).await;
    // And on demand, while it goes on answering.
    let answer: contracts::search::SearchRebuild =
        client.service().post("/internal/search/rebuild", &()).await.json(202);
    assert_eq!(answer.queued, 1);
    finds(&client, "common", &["Post"]).await;
    stop(shared).await;
}

async fn what_differs_is_found_and_repaired(backend: Backend) {
    let blog = Blog::start(backend).await;
    for title in ["One", "Two"] {
        write(&blog.author(), &text(title, "common")).await;
    }
    finds(&blog.client, "common", &["One", "Two"]).await;
    let check = || async { blog.client.service().post("/internal/search/reconcile", &()).await.json::<Check>(200) };
    let found = check().await;
    assert_eq!((found.checked, found.drift), (2, 0));
    // A write that no trigger saw: done by hand, and its note taken away.
    let db = blog.db.connect().await;
    let run = async |query: &str| sql::execute(db.write(), query, []).await.expect(query);
    match backend {
        Backend::Sqlite => run("DROP TRIGGER search_post_changed").await,
        Backend::Postgres => run("DROP TRIGGER search_post_changed ON posts").await,
    };
    run("UPDATE posts SET title = 'Three', version = version + 1 WHERE title = 'Two'").await;
    let found = check().await;
    assert_eq!((found.checked, found.drift, found.repaired), (2, 1, 1));
    finds(&blog.client, "three", &["Three"]).await;
    assert_eq!(check().await.drift, 0);
}
