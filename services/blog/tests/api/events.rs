//! `user.profile.updated`, from another service's outbox to the posts.

use contracts::{blog::Post, events::UserProfileUpdated, module::Role};
use kit::{
    db::Migration,
    events::{outbox, relay::Relay},
    testing::{Backend, TestDb},
};

use crate::support::{Blog, public, write};

kit::on_both_databases!(a_new_name_reaches_every_post, a_name_known_before_the_first_post_is_used);

const OUTBOX: &[Migration] = &[Migration { number: 1, name: "outbox", sql: outbox::SQL }];

/// Renames `user` as the auth service does, and delivers.
async fn rename(blog: &Blog, backend: Backend, user: &str, name: &str) {
    let test = TestDb::new(backend).await;
    let db = test.connect().await;
    db.migrate(OUTBOX).await.expect("an outbox");
    let tx = db.begin().await.expect("a transaction");
    let event = UserProfileUpdated { user_id: user.into(), name: name.into(), avatar: Some("/media/me.png".into()) };
    outbox::add(&tx, user, &event, 0).await.expect("added");
    tx.commit().await.expect("committed");
    blog.shared.shared.bus.open();
    let relay = Relay::new(db, blog.shared.shared.bus.clone(), blog.shared.shared.clock.clone());
    relay.deliver_due().await.expect("delivered");
}

async fn a_new_name_reaches_every_post(backend: Backend) {
    let blog = Blog::start(backend).await;
    for title in ["One", "Two"] {
        write(&blog.author(), &public(title)).await;
    }
    write(&blog.user("other", Role::Author), &public("Other")).await;
    rename(&blog, backend, "author", "새 이름").await;
    for slug in ["one", "two"] {
        let post: Post = blog.client.get(&format!("/api/posts/{slug}")).await.json(200);
        assert_eq!(
            (post.summary.author_name.as_str(), post.summary.author_avatar.as_deref()),
            ("새 이름", Some("/media/me.png"))
        );
    }
    let other: Post = blog.client.get("/api/posts/other").await.json(200);
    assert_eq!(other.summary.author_name, "Name of other");
    // A token that still says the old name does not bring it back.
    assert_eq!(write(&blog.author(), &public("Three")).await.summary.author_name, "새 이름");
}

async fn a_name_known_before_the_first_post_is_used(backend: Backend) {
    let blog = Blog::start(backend).await;
    rename(&blog, backend, "author", "New").await;
    assert_eq!(write(&blog.author(), &public("One")).await.summary.author_name, "New");
}
