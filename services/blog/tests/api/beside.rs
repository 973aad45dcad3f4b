//! Posts beside a post, the preview, and texts that are rendered anew.

use contracts::{
    blog::{Post, PostInput, PostStatus},
    events::LikeToggled,
    module::Role,
    search::{Adjacent, Preview, PreviewInput, Related},
    storage::{Lookup, Picture, Variant},
};
use kit::{
    db::sql,
    on_both_databases,
    testing::{Backend, Client, eventually},
};

use crate::support::{Blog, public, titles, write};

on_both_databases!(
    neighbours_are_those_that_the_reader_may_see,
    related_posts_share_tags_or_words,
    long_posts_are_related_by_title_and_by_what_they_repeat,
    liked_posts_lead_after_the_chosen,
    authors_preview_what_readers_will_see,
    images_have_sizes_when_the_storage_knows_them,
    texts_of_an_old_pipeline_are_rendered_anew,
);

async fn adjacent(client: &Client, slug: &str) -> (Option<String>, Option<String>) {
    let found: Adjacent = client.get(&format!("/api/posts/{slug}/adjacent")).await.json(200);
    (found.previous.map(|post| post.title), found.next.map(|post| post.title))
}

async fn neighbours_are_those_that_the_reader_may_see(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    for title in ["A", "B", "C"] {
        let post = write(&author, &public(title)).await;
        if title == "B" {
            // It was published, and is private now.
            let input =
                PostInput { status: Some(PostStatus::Private), version: Some(post.summary.version), ..public(title) };
            author.put("/api/posts/b", &input).await.json::<Post>(200);
        }
        blog.shared.advance(time::Duration::minutes(1));
    }
    write(&author, &PostInput { status: Some(PostStatus::Draft), ..public("Draft") }).await;
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(adjacent(&blog.client, "a").await, (None, name("C")));
    assert_eq!(adjacent(&blog.client, "c").await, (name("A"), None));
    assert_eq!(adjacent(&blog.user("other", Role::Author), "c").await, (name("A"), None));
    for insider in [author.clone(), blog.admin()] {
        assert_eq!(adjacent(&insider, "a").await, (None, name("B")));
        assert_eq!(adjacent(&insider, "b").await, (name("A"), name("C")));
        assert_eq!(adjacent(&insider, "draft").await, (None, None));
    }
    for hidden in ["b", "draft", "none"] {
        blog.client.get(&format!("/api/posts/{hidden}/adjacent")).await.problem(404);
    }
}

async fn related_posts_share_tags_or_words(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let post = |title: &str, tags: &[&str], content: &str| PostInput {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        content: content.to_owned(),
        ..public(title)
    };
    write(&author, &post("Base", &["rust", "async"], "Schedulers poll futures in an executor.")).await;
    write(&author, &post("Two tags", &["rust", "async"], "Something else.")).await;
    write(&author, &post("One tag", &["rust"], "Another thing.")).await;
    write(&author, &post("Words", &["cooking"], "An executor has schedulers that poll futures.")).await;
    write(&author, &post("Stranger", &["travel"], "바다에 갔다.")).await;
    write(&author, &PostInput { status: Some(PostStatus::Draft), ..post("Hidden", &["rust", "async"], "x") }).await;
    let related = || async {
        let found: Related = blog.client.get("/api/posts/base/related").await.json(200);
        let titles: Vec<String> = found.items.into_iter().map(|post| post.title).collect();
        (titles == ["Two tags", "One tag", "Words"]).then_some(())
    };
    eventually("related posts are known", related).await;
    let one: Related = blog.client.get("/api/posts/base/related?size=1").await.json(200);
    assert_eq!(one.items.len(), 1);
    blog.client.get("/api/posts/hidden/related").await.problem(404);
    blog.client.get("/api/posts/base/related?size=21").await.problem(400);
}

async fn long_posts_are_related_by_title_and_by_what_they_repeat(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    // Words that are in no other text, more of them than a short text has.
    let long = |title: &str, content: &str| {
        let others = (0..200).map(|number| format!("{}{number}", title.replace(' ', ""))).collect::<Vec<_>>();
        PostInput { content: format!("{content} {}", others.join(" ")), ..public(title) }
    };
    write(&author, &long("Walking a moraine", "A glacier left it. The glacier is gone, with a teapot.")).await;
    write(&author, &long("Ice", "Here is a glacier too.")).await;
    write(&author, &long("What a moraine is", "Stones.")).await;
    write(&author, &long("Kitchen", "One teapot.")).await;
    let related = || async {
        let found: Related = blog.client.get("/api/posts/walking-a-moraine/related").await.json(200);
        let mut titles: Vec<String> = found.items.into_iter().map(|post| post.title).collect();
        titles.sort_unstable();
        (titles == ["Ice", "What a moraine is"]).then_some(())
    };
    eventually("related posts are known", related).await;
}

async fn liked_posts_lead_after_the_chosen(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.admin(), &PostInput { featured: Some(true), ..public("Chosen") }).await;
    let liked = write(&blog.author(), &public("Liked")).await;
    blog.shared.advance(time::Duration::days(3));
    write(&blog.author(), &public("New")).await;
    assert_eq!(titles(&blog.client, "/api/posts/featured").await, ["Chosen", "New", "Liked"]);
    let id = liked.summary.id;
    blog.deliver(&id, 1, &LikeToggled { post_id: id.clone(), likes: 40 }).await;
    eventually("the likes count", || async {
        (titles(&blog.client, "/api/posts/featured?size=2").await == ["Chosen", "Liked"]).then_some(())
    })
    .await;
}

async fn authors_preview_what_readers_will_see(backend: Backend) {
    let blog = Blog::start(backend).await;
    let input = PreviewInput { content: "## 제목\n\n$x^2$ <script>1</script>".into(), locale: None };
    let preview: Preview = blog.author().post("/api/posts/preview", &input).await.json(200);
    assert!(preview.html.contains("<math") && !preview.html.contains("<script"), "{}", preview.html);
    assert_eq!((preview.toc.len(), preview.locale.as_str(), preview.reading_minutes), (1, "ko", 1));
    blog.client.post("/api/posts/preview", &input).await.problem(401);
    blog.user("reader", Role::User).post("/api/posts/preview", &input).await.problem(403);
    let wrong = PreviewInput { locale: Some("fr".into()), ..input };
    blog.author().post("/api/posts/preview", &wrong).await.problem(422);
}

async fn images_have_sizes_when_the_storage_knows_them(backend: Backend) {
    let blog = Blog::start(backend).await;
    let variant = Variant {
        url: "/media/a-320.webp".into(),
        media_type: "image/webp".into(),
        width: 320,
        height: 160,
        ..Variant::default()
    };
    let picture =
        Picture { url: "/media/a.png".into(), width: 800, height: 400, variants: vec![variant], ..Picture::default() };
    let found = Lookup { items: vec![picture] };
    let router = axum::Router::new().route("/internal/images/lookup", axum::routing::post(async || axum::Json(found)));
    blog.shared.shared.peers.register("storage", router);
    let input = PostInput { content: "![a](/media/a.png) ![b](/media/b.png)".into(), ..public("Pictures") };
    let html = write(&blog.author(), &input).await.html;
    assert!(html.contains("srcset=\"/media/a-320.webp 320w, /media/a.png 800w\""), "{html}");
    assert!(html.contains("width=\"800\" height=\"400\""), "{html}");
    assert!(html.contains("<img src=\"/media/b.png\" alt=\"b\" ") && !html.contains("b-320"), "{html}");
}

async fn texts_of_an_old_pipeline_are_rendered_anew(backend: Backend) {
    let blog = Blog::start(backend).await;
    let post = write(&blog.author(), &PostInput { content: "New *text*".into(), ..public("Old") }).await;
    let db = blog.db.connect().await;
    sql::execute(db.write(), "UPDATE post_texts SET html = '<p>old</p>', pipeline = 1", []).await.expect("updated");
    let Blog { db, .. } = blog;
    let blog = Blog::start_on(db).await;
    let renewed = eventually("the text is rendered anew", || async {
        let found: Post = blog.client.get("/api/posts/old").await.json(200);
        found.html.contains("<em>text</em>").then_some(found)
    })
    .await;
    assert_eq!(renewed.summary.version, post.summary.version);
    assert!(blog.kinds(&post.summary.id).await.contains(&"post.updated".to_owned()));
}
