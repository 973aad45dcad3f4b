//! Likes of posts and comments.

use contracts::{blog::PostStatus, content::LikeStatus};
use futures_util::future::join_all;
use kit::{
    db::sql,
    testing::{Backend, Client},
};
use sea_orm::FromQueryResult;

use crate::support::{Content, act, input, path, write};

kit::on_both_databases!(
    users_like_once,
    guests_like_once_from_each_address,
    many_at_once_count_each_once,
    a_wish_is_done_once,
    only_what_is_seen_is_liked,
);

async fn toggle(who: &Client, post: &str, query: &str) -> (bool, u32) {
    let status: LikeStatus = act(who, &format!("/api/likes/{post}/toggle{query}")).await.json(200);
    (status.liked, status.likes)
}

async fn status(who: &Client, post: &str) -> (bool, u32) {
    let status: LikeStatus = who.get(&format!("/api/likes/{post}/status")).await.json(200);
    (status.liked, status.likes)
}

async fn users_like_once(backend: Backend) {
    let content = Content::start(backend).await;
    let id = content.post().post_id;
    let (a, b) = (content.reader("a"), content.reader("b"));
    assert_eq!(toggle(&a, &id, "").await, (true, 1));
    assert_eq!(toggle(&b, &id, "").await, (true, 2));
    // Another device of the same user.
    assert_eq!(status(&content.reader("a").with_header("x-client-address", "203.0.113.1"), &id).await, (true, 2));
    assert_eq!(toggle(&a, &id, "").await, (false, 1));
    assert_eq!((status(&a, &id).await, status(&b, &id).await), ((false, 1), (true, 1)));
    content.heard(&id, 0, 1).await;
}

#[derive(FromQueryResult)]
struct Actor {
    actor: String,
}

async fn guests_like_once_from_each_address(backend: Backend) {
    let content = Content::start(backend).await;
    let id = content.post().post_id;
    assert_eq!(toggle(&content.guest("198.51.100.7"), &id, "").await, (true, 1));
    assert_eq!(toggle(&content.guest("2001:db8::1"), &id, "").await, (true, 2));
    assert_eq!(status(&content.guest("2001:db8::ffff"), &id).await, (true, 2));
    assert_eq!(status(&content.guest("198.51.100.8"), &id).await, (false, 2));
    assert_eq!(toggle(&content.guest("::ffff:198.51.100.7"), &id, "").await, (false, 1));
    let actors = sql::all::<Actor, _>(content.db.connect().await.read(), "SELECT actor FROM likes", []).await;
    let actors = actors.expect("likes");
    assert!(actors.len() == 1 && !actors[0].actor.contains("2001"), "never the address itself");
}

async fn many_at_once_count_each_once(backend: Backend) {
    let content = Content::start(backend).await;
    let id = content.post().post_id;
    let users: Vec<Client> = (0..12).map(|n| content.reader(&format!("u{n}"))).collect();
    let answers = join_all(users.iter().map(|user| toggle(user, &id, "?liked=true"))).await;
    assert!(answers.iter().all(|(liked, _)| *liked));
    assert_eq!(status(&content.client, &id).await, (false, 12));
    content.heard(&id, 0, 12).await;
    // One user, two clicks at once: as if none had been.
    let one = content.reader("twice");
    let (left, right) = futures_util::future::join(toggle(&one, &id, ""), toggle(&one, &id, "")).await;
    let mut both = [left, right];
    both.sort_unstable();
    assert_eq!((both, status(&one, &id).await), ([(false, 12), (true, 13)], (false, 12)));
    // And a wish twice at once is one like.
    join_all((0..4).map(|_| toggle(&one, &id, "?liked=true"))).await;
    assert_eq!(status(&one, &id).await, (true, 13));
    content.heard(&id, 0, 13).await;
}

async fn a_wish_is_done_once(backend: Backend) {
    let content = Content::start(backend).await;
    let id = content.post().post_id;
    let reader = content.reader("a");
    for (query, expected) in [("?liked=false", (false, 0)), ("?liked=true", (true, 1)), ("?liked=true", (true, 1))] {
        assert_eq!(toggle(&reader, &id, query).await, expected);
    }
    act(&reader, &format!("/api/likes/{id}/toggle?liked=maybe")).await.problem(400);
    let comment = write(&reader, &input(&content.post(), "hello")).await;
    for expected in [(true, 1), (false, 0), (true, 1)] {
        let status: LikeStatus = act(&content.client, &format!("{}/like", path(&comment))).await.json(200);
        assert_eq!((status.liked, status.likes), expected);
    }
}

async fn only_what_is_seen_is_liked(backend: Backend) {
    let content = Content::start(backend).await;
    let draft = content.others.post("author", PostStatus::Draft).post_id;
    for id in [draft.as_str(), "nonsense", "00000000-0000-7000-8000-000000000000"] {
        act(&content.reader("a"), &format!("/api/likes/{id}/toggle")).await.problem(404);
        content.client.get(&format!("/api/likes/{id}/status")).await.problem(404);
    }
    assert_eq!(toggle(&content.author(), &draft, "").await, (true, 1));
}
