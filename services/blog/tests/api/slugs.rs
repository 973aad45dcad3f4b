//! Addresses.

use contracts::blog::{Post, PostInput};
use kit::testing::Backend;

use crate::support::{Blog, change, encode, path, public, write};

kit::on_both_databases!(
    hangul_slugs_are_ordinary,
    a_changed_slug_leads_on,
    a_taken_slug_gets_a_number_or_an_advice,
    many_at_once_get_addresses_of_their_own,
);

async fn hangul_slugs_are_ordinary(backend: Backend) {
    let blog = Blog::start(backend).await;
    let answer = blog.author().post("/api/posts", &public("마루 소개")).await;
    let post: Post = answer.json(201);
    assert_eq!(answer.headers["location"], path(&post));
    assert_eq!(post.summary.slug, "마루-소개");
    let read: Post = blog.client.get(&path(&post)).await.json(200);
    assert_eq!(read.summary.title, "마루 소개");
    // Decomposed, as some systems type it.
    let decomposed = "\u{1106}\u{1161}\u{1105}\u{116e}-\u{1109}\u{1169}\u{1100}\u{1162}";
    let answer = blog.client.get(&format!("/api/posts/{}", encode(decomposed))).await;
    assert_eq!(answer.problem(301).location.as_deref(), Some("/posts/마루-소개"));
    for odd in ["%FF", "%00", "%F0%9F%A6%80", "a%2Fb", "%2e%2e", "%", "x%E2%80%AE"] {
        blog.client.get(&format!("/api/posts/{odd}")).await.problem(404);
    }
}

async fn a_changed_slug_leads_on(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let post = write(&author, &public("First")).await;
    let renamed = change(&author, &post, PostInput { slug: Some("두번째".into()), ..public("First") }).await;
    let again = change(&author, &renamed, PostInput { slug: Some("third".into()), ..public("First") }).await;
    for old in ["first", "두번째"] {
        let answer = blog.client.get(&format!("/api/posts/{}", encode(old))).await;
        assert_eq!(answer.headers["location"], "/posts/third", "{old}");
        assert_eq!(answer.problem(301).code, "moved");
    }
    let target = blog.client.service().get("/internal/redirects?path=/posts/first/").await;
    assert_eq!(target.json::<contracts::blog::Redirect>(200).location, "/posts/third");
    // A new post takes the old address over.
    assert_eq!(write(&author, &public("First")).await.summary.slug, "first");
    blog.client.get("/api/posts/first").await.json::<Post>(200);
    author.delete(&path(&again)).await;
    blog.client.get(&format!("/api/posts/{}", encode("두번째"))).await.problem(404);
}

async fn a_taken_slug_gets_a_number_or_an_advice(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    for expected in ["hello", "hello-2", "hello-3"] {
        assert_eq!(write(&author, &public("Hello")).await.summary.slug, expected);
    }
    let problem =
        author.post("/api/posts", &PostInput { slug: Some("Hello".into()), ..public("x") }).await.problem(422);
    assert_eq!((problem.errors[0].field.as_str(), problem.errors[0].code.as_str()), ("slug", "taken"));
    assert!(problem.errors[0].message.contains("`hello-4` is free"), "{}", problem.errors[0].message);
    let field = author.post("/api/posts", &PostInput { slug: Some("featured".into()), ..public("x") }).await;
    assert_eq!(field.field_error(), ("slug".into(), "reserved".into()));
    assert_eq!(write(&author, &public("Featured")).await.summary.slug, "featured-post");
    assert_eq!(write(&author, &public("🦀")).await.summary.slug, "post");
}

async fn many_at_once_get_addresses_of_their_own(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let input = public("Same");
    let answers = futures_util::future::join_all((0..6).map(|_| author.post("/api/posts", &input))).await;
    let mut slugs: Vec<String> = answers.into_iter().map(|answer| answer.json::<Post>(201).summary.slug).collect();
    slugs.sort();
    assert_eq!(slugs, ["same", "same-2", "same-3", "same-4", "same-5", "same-6"]);
}
