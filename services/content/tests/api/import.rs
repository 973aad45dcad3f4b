//! `PUT /internal/import/comments`

use contracts::{
    blog::ImportChange,
    content::{CommentState, ImportComment, ImportedComment, WholeComments},
    events::PostFacts,
};
use kit::testing::Backend;

use crate::support::{Content, act, list, seen};

kit::on_both_databases!(
    an_import_twice_changes_nothing,
    imports_are_checked,
    what_is_decided_here_stays,
    what_is_exported_comes_back_as_it_was,
);

fn comment(post: &PostFacts, source: &str, text: &str) -> ImportComment {
    ImportComment {
        source: source.to_owned(),
        post_id: post.post_id.clone(),
        author_name: "Old friend".into(),
        content: text.to_owned(),
        created_at: "2012-05-01T12:00:00+09:00".into(),
        ..ImportComment::default()
    }
}

async fn import(content: &Content, input: &ImportComment) -> (ImportChange, String) {
    let done: ImportedComment = content.client.service().put("/internal/import/comments", input).await.json(200);
    (done.change, done.id)
}

async fn an_import_twice_changes_nothing(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let root = comment(&post, "wordpress:1", "root");
    let reply = ImportComment {
        parent_source: Some("wordpress:1".into()),
        author_id: Some("member".into()),
        created_at: "2012-05-01T11:00:00+09:00".into(),
        ..comment(&post, "wordpress:2", "reply")
    };
    let (change, id) = import(&content, &root).await;
    assert_eq!(change, ImportChange::Created);
    assert_eq!(import(&content, &reply).await.0, ImportChange::Created);
    for input in [&root, &reply] {
        assert_eq!(import(&content, input).await.0, ImportChange::Unchanged);
    }
    let page = list(&content.client, &post).await;
    assert_eq!(seen(&content.client, &post).await, "root(reply)");
    assert_eq!((page.items[0].created_at.as_str(), page.items[0].is_guest), ("2012-05-01T03:00:00Z", true));
    assert!(!page.items[0].can_edit, "nobody knows a password of it");
    assert_eq!(page.items[0].replies[0].author_id.as_deref(), Some("member"));
    let changed = ImportComment { content: "changed".into(), ..root };
    assert_eq!(import(&content, &changed).await, (ImportChange::Updated, id));
    assert_eq!(seen(&content.client, &post).await, "changed(reply)");
    content.heard(&post.post_id, 2, 0).await;
}

async fn imports_are_checked(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let good = comment(&post, "wordpress:1", "text");
    let cases = [
        (ImportComment { source: " ".into(), ..good.clone() }, "source"),
        (ImportComment { content: " ".into(), ..good.clone() }, "content"),
        (ImportComment { author_name: "\u{200b}".into(), ..good.clone() }, "author_name"),
        (ImportComment { created_at: "yesterday".into(), ..good.clone() }, "created_at"),
        (ImportComment { edited_at: Some("later".into()), ..good.clone() }, "edited_at"),
        (ImportComment { id: Some("1".into()), ..good.clone() }, "id"),
        (ImportComment { parent_source: Some("wordpress:0".into()), ..good.clone() }, "parent_source"),
    ];
    for (input, field) in cases {
        let error = content.client.service().put("/internal/import/comments", &input).await.field_error();
        assert_eq!(error.0, field);
    }
    let nowhere = ImportComment { post_id: "nowhere".into(), ..good };
    content.client.service().put("/internal/import/comments", &nowhere).await.problem(404);
}

async fn what_is_decided_here_stays(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let waiting = ImportComment { state: CommentState::Pending, ..comment(&post, "wordpress:1", "spam?") };
    let (_, id) = import(&content, &waiting).await;
    assert_eq!(seen(&content.client, &post).await, "");
    let url = format!("/api/comments/{id}");
    assert_eq!(content.admin().delete(&url).await.status, 204);
    let approved = ImportComment { state: CommentState::Visible, ..waiting.clone() };
    assert_eq!(import(&content, &approved).await.0, ImportChange::Unchanged);
    assert_eq!(act(&content.admin(), &format!("{url}/purge")).await.status, 204);
    assert_eq!(import(&content, &approved).await.0, ImportChange::Unchanged);
    assert_eq!(seen(&content.client, &post).await, "");
}

async fn what_is_exported_comes_back_as_it_was(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let ids: Vec<String> = (0..4).map(|_| kit::id::new()).collect();
    let with_id = |place: usize, text: &str| ImportComment {
        id: Some(ids[place].clone()),
        ..comment(&post, &format!("maru:{place}"), text)
    };
    let gone = ImportComment { state: CommentState::Trashed, ..with_id(0, "what it said") };
    let answer = ImportComment {
        parent_source: Some("maru:0".into()),
        is_private: true,
        edited_at: Some("2012-06-01T00:00:00Z".into()),
        author_id: Some("member".into()),
        ..with_id(1, "answer")
    };
    let hidden = ImportComment { state: CommentState::Hidden, ..with_id(2, "hidden") };
    let taken = ImportComment { id: Some(ids[2].clone()), ..with_id(3, "second of its id") };
    for input in [&gone, &answer, &hidden] {
        let (change, id) = import(&content, input).await;
        assert_eq!((change, Some(&id)), (ImportChange::Created, input.id.as_ref()));
        assert_eq!(import(&content, input).await.0, ImportChange::Unchanged);
    }
    assert_ne!(import(&content, &taken).await.1, ids[2]);

    let path = format!("/internal/comments?post={}", post.post_id);
    let whole: WholeComments = content.client.service().get(&path).await.json(200);
    let [gone, answer, hidden, _] = &whole.items[..] else { panic!("{whole:?}") };
    assert_eq!((gone.state, gone.content.as_str(), gone.author_name.as_str()), (CommentState::Trashed, "", ""));
    assert_eq!((answer.parent_id.as_ref(), answer.is_private), (Some(&ids[0]), true));
    assert_eq!(answer.edited_at.as_deref(), Some("2012-06-01T00:00:00Z"));
    assert_eq!((answer.author_id.as_deref(), answer.content.as_str()), (Some("member"), "answer"));
    assert_eq!((hidden.state, hidden.author_name.as_str()), (CommentState::Hidden, "Old friend"));
    content.client.get(&path).await.problem(401);
}
