//! Which images drafts use, as storage asks.

use contracts::{
    blog::{Draft, DraftInput, PublishInput},
    storage::{ImagesOf, ImagesOfPage},
};
use kit::testing::Backend;

use crate::support::Blog;

kit::on_both_databases!(images_of_drafts_are_listed_in_pages);

async fn listed(blog: &Blog, limit: u32) -> (Vec<ImagesOf>, u32) {
    let service = blog.client.service();
    let (mut items, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let path = format!("/internal/drafts/images?limit={limit}&after={after}");
        let page: ImagesOfPage = service.get(&path).await.json(200);
        items.extend(page.items);
        pages += 1;
        match page.next {
            Some(next) => after = next,
            None => return (items, pages),
        }
    }
}

async fn images_of_drafts_are_listed_in_pages(backend: Backend) {
    let blog = Blog::start(backend).await;
    let mut expected = Vec::new();
    for (n, cover) in [None, Some("/media/cover.png"), None].into_iter().enumerate() {
        let url = format!("/media/{n}.png");
        let input = DraftInput {
            title: "T".into(),
            content: format!("![x]({url})"),
            cover: cover.map(str::to_owned),
            ..DraftInput::default()
        };
        let draft: Draft = blog.author().post("/api/drafts", &input).await.json(201);
        let images = cover.map(str::to_owned).into_iter().chain([url]).collect();
        expected.push(ImagesOf { id: draft.summary.id, images });
    }
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(listed(&blog, 2).await, (expected.clone(), 2));
    // Published, it is none any more.
    let last = expected.pop().expect("a draft");
    let path = format!("/api/drafts/{}/publish", last.id);
    assert_eq!(blog.author().post(&path, &PublishInput::default()).await.status, 201);
    assert_eq!(listed(&blog, 2).await.0, expected);
    // More on a page than are read at once, with and without images.
    for n in 0..43 {
        let content = if n % 2 == 0 { format!("![x](/media/more-{n}.png)") } else { "None.".to_owned() };
        let input = DraftInput { title: "T".into(), content, ..DraftInput::default() };
        let draft: Draft = blog.author().post("/api/drafts", &input).await.json(201);
        let images = if n % 2 == 0 { vec![format!("/media/more-{n}.png")] } else { Vec::new() };
        expected.push(ImagesOf { id: draft.summary.id, images });
    }
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(listed(&blog, 22).await, (expected, 3));
    let service = blog.client.service();
    for query in ["limit=0", "limit=501", "limit=x"] {
        service.get(&format!("/internal/drafts/images?{query}")).await.problem(400);
    }
    blog.admin().get("/internal/drafts/images").await.problem(401);
}
