//! The trash empties itself.

use contracts::content::QueuePage;
use kit::testing::Backend;

use crate::support::{Content, answer, input, path, seen, write};

kit::on_both_databases!(the_trash_is_emptied_after_thirty_days, nothing_of_a_purged_comment_is_left);

async fn the_trash_is_emptied_after_thirty_days(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let root = write(&content.reader("a"), &input(&post, "root")).await;
    let middle = write(&content.reader("a"), &answer(&post, &root, "middle")).await;
    let leaf = write(&content.reader("b"), &answer(&post, &middle, "leaf")).await;
    for comment in [&root, &middle] {
        assert_eq!(content.reader("a").delete(&path(comment)).await.status, 204);
    }
    let db = content.db.connect().await;
    let step = async |days: i64| {
        content.shared.advance(time::Duration::days(days));
        content::upkeep_step(&db, content.shared.shared.clock.millis()).await.expect("tidied");
    };
    let trashed = async || -> u32 {
        content.admin().get("/api/comments/queue?state=trashed").await.json::<QueuePage>(200).counts.trashed
    };
    step(29).await;
    assert_eq!(trashed().await, 2);
    step(2).await;
    assert_eq!((trashed().await, seen(&content.client, &post).await.as_str()), (0, "-(-(leaf))"));
    // With the last answer the empty places go.
    assert_eq!(content.reader("b").delete(&path(&leaf)).await.status, 204);
    step(31).await;
    let left = kit::db::sql::number(db.read(), "SELECT COUNT(*) AS n FROM comments", []).await.expect("counted");
    assert_eq!(left, 0);
    content.heard(&post.post_id, 0, 0).await;
}

async fn nothing_of_a_purged_comment_is_left(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let root = write(&content.reader("a"), &input(&post, "a secret")).await;
    write(&content.reader("b"), &answer(&post, &root, "leaf")).await;
    content.reader("a").delete(&path(&root)).await;
    let purge = format!("{}/purge", path(&root));
    assert_eq!(crate::support::act(&content.admin(), &purge).await.status, 204);
    let db = content.db.connect().await;
    let query = "SELECT COUNT(*) AS n FROM comments WHERE content LIKE '%secret%' OR html LIKE '%secret%'
        OR author_id = 'a'";
    assert_eq!(kit::db::sql::number(db.read(), query, []).await.expect("counted"), 0);
    crate::support::act(&content.reader("a"), &format!("{}/restore", path(&root))).await.problem(404);
}
