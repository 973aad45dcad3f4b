//! Which pictures of themselves people use, as storage asks.

use contracts::{
    auth::{AuthorInput, Me, ProfileInput, UserCard},
    module::Role,
    storage::{ImagesOf, ImagesOfPage},
};
use kit::testing::Backend;

use crate::support::Auth;

kit::on_both_databases!(avatars_are_listed_in_pages);

async fn listed(auth: &Auth) -> (Vec<ImagesOf>, u32) {
    let service = auth.client.service();
    let (mut items, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let path = format!("/internal/users/images?limit=2&after={after}");
        let page: ImagesOfPage = service.get(&path).await.json(200);
        items.extend(page.items);
        pages += 1;
        match page.next {
            Some(next) => after = next,
            None => return (items, pages),
        }
    }
}

async fn avatars_are_listed_in_pages(backend: Backend) {
    let auth = Auth::start(backend).await;
    let service = auth.client.service();
    let of = |id: String, url: &str| ImagesOf { id, images: vec![url.to_owned()] };
    let input = AuthorInput {
        key: "import:somebody".into(),
        name: "Somebody".into(),
        avatar: Some("/media/author.png".into()),
        ..AuthorInput::default()
    };
    let author: UserCard = service.put("/internal/authors", &input).await.json(200);
    let mut expected = vec![of(author.id, "/media/author.png")];
    let set = async |client: &kit::testing::Client, url: &str| {
        let input = ProfileInput { avatar: Some(url.to_owned()), ..ProfileInput::default() };
        client.put("/api/auth/profile", &input).await.json::<Me>(200)
    };
    let mut last = None;
    for name in ["a", "b", "c"] {
        let client = auth.signed_in(&auth.member(&format!("{name}@example.com"), Role::User).await);
        if name != "b" {
            let url = format!("/media/{name}.png");
            expected.push(of(set(&client, &url).await.id, &url));
        }
        last = Some(client);
    }
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(listed(&auth).await, (expected.clone(), 2));
    // Who has none any more is not there.
    let gone = set(&last.expect("a member"), "").await.id;
    expected.retain(|of| of.id != gone);
    assert_eq!(listed(&auth).await.0, expected);
    for query in ["limit=0", "limit=501", "limit=x"] {
        service.get(&format!("/internal/users/images?{query}")).await.problem(400);
    }
    auth.client.get("/internal/users/images").await.problem(401);
}
