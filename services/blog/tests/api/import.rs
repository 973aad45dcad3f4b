//! Imports.

use contracts::blog::{
    ImportCategory, ImportChange, ImportOutcome, ImportPost, ImportTag, Paged, Post, PostStatus, Redirect, Term,
    WholeTerms,
};
use kit::testing::Backend;

use crate::support::{Blog, change, public, titles, write};

kit::on_both_databases!(
    importing_twice_changes_nothing,
    slugs_and_aliases_survive,
    what_was_thrown_away_stays_away,
    no_time_publishes_what_is_a_draft_here,
    odd_posts_are_refused,
    the_longest_posts_are_taken,
    terms_come_with_their_addresses,
    what_an_export_says_is_kept,
);

fn post(source: &str, title: &str) -> ImportPost {
    ImportPost {
        source: format!("markdown:{source}"),
        slug: source.to_owned(),
        title: title.to_owned(),
        content: "Text with `code`.".to_owned(),
        author_id: "imported".to_owned(),
        author_name: "An Imported Author".to_owned(),
        co_authors: vec!["Another".to_owned()],
        category: Some("Release notes".to_owned()),
        tags: vec!["Rust".to_owned()],
        status: PostStatus::Public,
        published_at: Some("2015-05-15T00:00:00Z".to_owned()),
        aliases: vec!["/2015/05/15/Rust-1.0.html".to_owned()],
        ..ImportPost::default()
    }
}

async fn import(blog: &Blog, post: &ImportPost) -> (ImportChange, String) {
    let outcome: ImportOutcome = blog.client.service().put("/internal/import/posts", post).await.json(200);
    (outcome.change, outcome.slug)
}

async fn importing_twice_changes_nothing(backend: Backend) {
    let blog = Blog::start(backend).await;
    let first = post("rust-1.0", "Rust 1.0");
    assert_eq!(import(&blog, &first).await, (ImportChange::Created, "rust-1-0".into()));
    let before: Post = blog.client.get("/api/posts/rust-1-0").await.json(200);
    assert_eq!(import(&blog, &first).await, (ImportChange::Unchanged, "rust-1-0".into()));
    let after: Post = blog.client.get("/api/posts/rust-1-0").await.json(200);
    assert_eq!(before, after);
    assert_eq!(before.summary.published_at.as_deref(), Some("2015-05-15T00:00:00Z"));
    assert_eq!(before.summary.author_name, "An Imported Author");
    assert_eq!(before.co_authors, ["Another"]);

    let changed = ImportPost { content: "New text.".into(), tags: vec![], ..first };
    assert_eq!(import(&blog, &changed).await, (ImportChange::Updated, "rust-1-0".into()));
    let after: Post = blog.client.get("/api/posts/rust-1-0").await.json(200);
    assert_eq!((after.summary.version, after.html.trim()), (2, "<p>New text.</p>"));
    let tags = blog.client.get("/api/tags?size=100").await.json::<Paged<Term>>(200).items;
    assert_eq!((tags.len(), tags[0].posts), (1, 0));
    let categories = blog.client.get("/api/categories?size=100").await.json::<Paged<Term>>(200).items;
    assert_eq!((categories[0].slug.as_str(), categories[0].posts), ("release-notes", 1));
}

async fn slugs_and_aliases_survive(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &public("hello")).await;
    assert_eq!(import(&blog, &post("hello", "Hello")).await.1, "hello-2");
    assert_eq!(import(&blog, &ImportPost { title: "New".into(), ..post("hello", "x") }).await.1, "hello-2");
    for path in ["/2015/05/15/Rust-1.0.html", "/2015/05/15/Rust%2D1.0.html/"] {
        let redirect: Redirect = blog.client.service().get(&format!("/internal/redirects?path={path}")).await.json(200);
        assert_eq!(redirect.location, "/posts/hello-2");
    }
    blog.client.service().get("/internal/redirects?path=/nothing").await.problem(404);
}

async fn what_was_thrown_away_stays_away(backend: Backend) {
    let blog = Blog::start(backend).await;
    import(&blog, &post("a", "A")).await;
    let read: Post = blog.admin().get("/api/posts/a").await.json(200);
    change(&blog.admin(), &read, public("Edited here")).await;
    // The file did not change, so what was edited here stays.
    assert_eq!(import(&blog, &post("a", "A")).await.0, ImportChange::Unchanged);
    assert_eq!(titles(&blog.client, "/api/posts").await, ["Edited here"]);
    blog.admin().delete("/api/posts/a").await;
    assert_eq!(import(&blog, &post("a", "Another title")).await.0, ImportChange::Updated);
    assert_eq!(titles(&blog.client, "/api/posts").await, Vec::<String>::new());
}

async fn no_time_publishes_what_is_a_draft_here(backend: Backend) {
    let blog = Blog::start(backend).await;
    let draft = |title: &str| ImportPost { status: PostStatus::Draft, published_at: None, ..post("a", title) };
    let due = |source: &str, at: &str| ImportPost {
        status: PostStatus::Scheduled,
        scheduled_at: Some(at.to_owned()),
        published_at: None,
        ..post(source, "Due")
    };
    import(&blog, &draft("A")).await;
    for at in ["2015-05-15T00:00:00Z", "2999-05-15T00:00:00Z"] {
        assert_eq!(import(&blog, &due("a", at)).await.0, ImportChange::Updated);
        let read: Post = blog.admin().get("/api/posts/a").await.json(200);
        assert_eq!((read.summary.title.as_str(), read.summary.status), ("Due", PostStatus::Draft));
        assert_eq!(read.summary.scheduled_at, None);
    }
    // What comes for the first time is public as of its time.
    import(&blog, &due("b", "2015-05-15T00:00:00Z")).await;
    let read: Post = blog.client.get("/api/posts/b").await.json(200);
    assert_eq!(read.summary.published_at.as_deref(), Some("2015-05-15T00:00:00Z"));
}

async fn odd_posts_are_refused(backend: Backend) {
    let blog = Blog::start(backend).await;
    let cases = [
        (ImportPost { title: String::new(), ..post("a", "x") }, "title"),
        (ImportPost { published_at: Some("yesterday".into()), ..post("a", "x") }, "published_at"),
        (ImportPost { status: PostStatus::Trashed, ..post("a", "x") }, "status"),
        (post(&long(500), "x"), "source"),
        (post("a", &long(501)), "title"),
        (ImportPost { author_id: long(101), ..post("a", "x") }, "author_id"),
        (ImportPost { author_name: long(201), ..post("a", "x") }, "author_name"),
        (ImportPost { category: Some(long(201)), ..post("a", "x") }, "category"),
        (ImportPost { tags: vec![long(201)], ..post("a", "x") }, "tags"),
        (ImportPost { aliases: vec![long(501)], ..post("a", "x") }, "aliases"),
    ];
    for (post, field) in cases {
        assert_eq!(blog.client.service().put("/internal/import/posts", &post).await.field_error().0, field);
    }
    let category = ImportCategory { name: long(201), ..ImportCategory::default() };
    assert_eq!(blog.client.service().put("/internal/import/categories", &category).await.field_error().0, "name");
}

async fn the_longest_posts_are_taken(backend: Backend) {
    let blog = Blog::start(backend).await;
    let source = long(500);
    let longest = ImportPost {
        source: source.clone(),
        author_id: long(100),
        author_name: long(200),
        category: Some(long(200)),
        tags: vec![long(200)],
        aliases: vec![format!("/{}", long(499))],
        ..post("a", &long(500))
    };
    assert_eq!(import(&blog, &longest).await.0, ImportChange::Created);
    assert_eq!(import(&blog, &ImportPost { source, ..longest }).await.0, ImportChange::Unchanged);
}

/// A text of so many characters that no index packs any smaller.
fn long(length: u32) -> String {
    let mut state = length;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(u32::from('가') + (state >> 8) % 11_172).unwrap_or('가')
    };
    std::iter::repeat_with(next).take(usize::try_from(length).expect("small")).collect()
}

async fn terms_come_with_their_addresses(backend: Backend) {
    let blog = Blog::start(backend).await;
    let service = blog.client.service();
    let category = ImportCategory {
        name: "한옥".into(),
        slug: Some("hanok".into()),
        description: Some("Houses".into()),
        icon: Some("🏠".into()),
        color: Some(7),
        aliases: vec!["houses".into()],
    };
    let tag = ImportTag { name: "C++".into(), slug: Some("cpp".into()), aliases: vec!["c-plus".into()] };
    for _ in 0..2 {
        let term: Term = service.put("/internal/import/categories", &category).await.json(200);
        assert_eq!((term.slug.as_str(), term.icon.as_deref(), term.color), ("hanok", Some("🏠"), 7));
        let term: Term = service.put("/internal/import/tags", &tag).await.json(200);
        assert_eq!((term.slug.as_str(), term.name.as_str()), ("cpp", "C++"));
    }
    // Posts name them, and mean those.
    let named = ImportPost { category: Some("한옥".into()), tags: vec!["C++".into()], ..post("a", "A") };
    import(&blog, &named).await;
    let read: Post = blog.client.get("/api/posts/a").await.json(200);
    assert_eq!(read.summary.category.map(|category| category.slug).as_deref(), Some("hanok"));
    assert_eq!(read.summary.tags[0].slug, "cpp");
    let whole: WholeTerms = service.get("/internal/terms").await.json(200);
    assert_eq!((whole.categories.len(), whole.tags.len()), (1, 1));
    assert_eq!(
        (&whole.categories[0].aliases[..], &whole.tags[0].aliases[..]),
        (&["houses".into()][..], &["c-plus".into()][..])
    );
    let nameless = ImportTag { name: "!?".into(), ..ImportTag::default() };
    assert_eq!(service.put("/internal/import/tags", &nameless).await.field_error().0, "name");
    blog.client.get("/internal/terms").await.problem(401);
}

async fn what_an_export_says_is_kept(backend: Backend) {
    let blog = Blog::start(backend).await;
    let full = ImportPost {
        seo_title: Some("For machines".into()),
        seo_description: Some("Found".into()),
        translation_group: Some("group".into()),
        comments_allowed: Some(false),
        ..post("a", "A")
    };
    import(&blog, &full).await;
    // What another import does not know of stays.
    import(&blog, &ImportPost { title: "B".into(), ..post("a", "B") }).await;
    let read: Post = blog.admin().get("/api/posts/a").await.json(200);
    assert_eq!((read.seo_title.as_deref(), read.seo_description.as_deref()), (Some("For machines"), Some("Found")));
    assert_eq!((read.translation_group.as_deref(), read.comments_allowed), (Some("group"), false));
}
