//! What is backed up comes back.

use contracts::content::{Ban, Bookmark, Bookmarks, CommentSettings, LikeStatus, QueuePage};
use http::Method;
use kit::testing::Backend;
use serde_json::json;

use crate::support::{Content, act, answer, by_guest, delete_with, input, list, path, write, write_as_guest};

kit::on_both_databases!(a_restore_brings_everything_back);

async fn a_restore_brings_everything_back(backend: Backend) {
    let (old, new) = (Content::start(backend).await, Content::start(backend).await);
    old.set(|settings| settings.hold_links = 7).await;
    let post = old.post();
    let (guests, _) = write_as_guest(&old.guest("198.51.100.66"), &by_guest(&post, "guest")).await;
    old.admin().post(&format!("{}/ban", path(&guests)), &json!({})).await.json::<Ban>(200);
    act(&old.admin(), &format!("{}/approve", path(&guests))).await;
    let reply = write(&old.reader("a"), &answer(&post, &guests, "reply")).await;
    let gone = write(&old.reader("a"), &input(&post, "gone")).await;
    old.reader("a").delete(&path(&gone)).await;
    act(&old.reader("b"), &format!("{}/like", path(&reply))).await.json::<LikeStatus>(200);
    act(&old.reader("b"), &format!("/api/likes/{}/toggle", post.post_id)).await.json::<LikeStatus>(200);
    act(&old.reader("b"), &format!("/api/bookmarks/{}", post.post_id)).await.json::<Bookmark>(201);
    old.reader("b").post(&format!("{}/report", path(&reply)), &json!({ "reason": "SPAM" })).await;

    let snapshot = old.client.service().get("/internal/backup").await;
    assert_eq!(snapshot.status, 200);
    // Something else was there before, and goes.
    write(&new.reader("x"), &input(&new.post(), "else")).await;
    let service = new.client.service();
    let prepared = service.send(Method::POST, "/internal/restore/prepare?token=t", None, snapshot.body).await;
    assert_eq!(prepared.status, 200);
    assert_eq!(act(&service, "/internal/restore/commit?token=t").await.status, 204);

    new.others.change(&post);
    let (before, after) = (list(&old.reader("b"), &post).await, list(&new.reader("b"), &post).await);
    assert_eq!((after.items.len(), &after), (1, &before));
    let queue = async |content: &Content, state: &str| -> QueuePage {
        content.admin().get(&format!("/api/comments/queue?state={state}")).await.json(200)
    };
    for state in ["all", "trashed", "reported"] {
        assert_eq!(queue(&new, state).await, queue(&old, state).await);
    }
    let settings: CommentSettings = new.admin().get("/api/comments/settings").await.json(200);
    let bookmarks: Bookmarks = new.reader("b").get("/api/bookmarks").await.json(200);
    assert_eq!((settings.hold_links, bookmarks.total), (7, 1));
    // The guest's password still opens.
    assert_eq!(delete_with(&new.guest("203.0.113.1"), &path(&guests), "pass word").await.status, 204);
}
