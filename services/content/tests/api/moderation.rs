//! Reports, the queue, and what admins do.

use contracts::{
    blog::Paged,
    content::{
        Ban, BulkAction, BulkInput, BulkOutcome, CommentSettings, CommentState, QueuePage, ReportInput, ReportReason,
    },
    module::Role,
};
use kit::testing::{Answer, Backend, Client};
use serde_json::json;

use crate::support::{Content, act, by_guest, input, path, seen, write, write_as_guest};

kit::on_both_databases!(
    the_queue_is_for_admins,
    a_reader_reports_once,
    many_reports_of_members_hold_a_comment,
    admins_decide,
    many_at_once,
    rules_are_settings,
    an_address_can_be_banned,
    the_queue_finds_words,
);

async fn report(who: &Client, id: &str, reason: ReportReason, note: Option<&str>) -> Answer {
    who.post(&format!("/api/comments/{id}/report"), &ReportInput { reason, note: note.map(str::to_owned) }).await
}

async fn queue(content: &Content, query: &str) -> QueuePage {
    content.admin().get(&format!("/api/comments/queue?{query}")).await.json(200)
}

async fn the_queue_is_for_admins(backend: Backend) {
    let content = Content::start(backend).await;
    let comment = write(&content.reader("a"), &input(&content.post(), "hello")).await;
    for (other, status) in [(content.client.clone(), 401), (content.reader("a"), 403), (content.author(), 403)] {
        for url in ["/api/comments/queue", "/api/comments/settings", "/api/comments/bans"] {
            other.get(url).await.problem(status);
        }
        for action in ["approve", "hide", "purge"] {
            act(&other, &format!("{}/{action}", path(&comment))).await.problem(status);
        }
        other.post(&format!("{}/ban", path(&comment)), &json!({})).await.problem(status);
        other.post("/api/comments/bulk", &json!({ "action": "HIDE", "ids": [comment.id] })).await.problem(status);
        other.put("/api/comments/settings", &CommentSettings::default()).await.problem(status);
        other.delete(&format!("/api/comments/bans/{}", comment.id)).await.problem(status);
    }
    for query in ["state=loud", "page=0", "size=500", "post=x", &format!("q={}", "x".repeat(201))] {
        content.admin().get(&format!("/api/comments/queue?{query}")).await.problem(400);
    }
}

async fn a_reader_reports_once(backend: Backend) {
    let content = Content::start(backend).await;
    let comment = write(&content.reader("a"), &input(&content.post(), "hello")).await;
    let (member, guest) = (content.reader("b"), content.guest("203.0.113.5"));
    assert_eq!(report(&member, &comment.id, ReportReason::Other, Some("rude")).await.status, 204);
    assert_eq!(report(&guest, &comment.id, ReportReason::Spam, None).await.status, 204);
    for again in [&member, &guest] {
        assert_eq!(report(again, &comment.id, ReportReason::Abuse, None).await.problem(409).code, "already_reported");
    }
    assert_eq!(
        report(&content.reader("a"), &comment.id, ReportReason::Spam, None).await.problem(409).code,
        "own_comment"
    );
    let field = report(&content.reader("c"), &comment.id, ReportReason::Other, Some(" ")).await.field_error();
    assert_eq!(field, ("note".into(), "required".into()));
    let url = format!("{}/report", path(&comment));
    let field = content.reader("c").post(&url, &json!({ "reason": "BORING" })).await.field_error();
    assert_eq!(field, ("reason".into(), "invalid".into()));
    let page = queue(&content, "state=reported").await;
    assert_eq!((page.total, page.counts.reported, page.items[0].reports.len()), (1, 1, 2));
    assert!(page.items[0].reports.iter().any(|report| report.by_member && report.note.as_deref() == Some("rude")));
    // Whoever approves has read them.
    assert_eq!(act(&content.admin(), &format!("{}/approve", path(&comment))).await.status, 204);
    assert_eq!(queue(&content, "state=reported").await.items, []);
    assert_eq!(report(&member, &comment.id, ReportReason::Spam, None).await.problem(409).code, "already_reported");
}

async fn many_reports_of_members_hold_a_comment(backend: Backend) {
    let content = Content::start(backend).await;
    content.set(|settings| settings.hold_reports = 2).await;
    let post = content.post();
    let comment = write(&content.reader("a"), &input(&post, "hello")).await;
    for n in 0..4 {
        let guest = content.guest(&format!("203.0.113.{n}"));
        assert_eq!(report(&guest, &comment.id, ReportReason::Spam, None).await.status, 204);
    }
    assert_eq!(seen(&content.client, &post).await, "hello", "guests alone take nothing away");
    for member in ["b", "c"] {
        assert_eq!(report(&content.reader(member), &comment.id, ReportReason::Spam, None).await.status, 204);
    }
    assert_eq!(seen(&content.client, &post).await, "");
    content.heard(&post.post_id, 0, 0).await;
    let page = queue(&content, "state=pending").await;
    assert_eq!(page.items[0].held_for, ["reports"]);
}

async fn admins_decide(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let (reader, admin) = (content.reader("a"), content.admin());
    let comment = write(&reader, &input(&post, "hello")).await;
    assert_eq!(act(&admin, &format!("{}/hide", path(&comment))).await.status, 204);
    assert_eq!((seen(&content.client, &post).await, seen(&reader, &post).await), (String::new(), String::new()));
    content.heard(&post.post_id, 0, 0).await;
    let shown = crate::support::list(&admin, &post).await;
    assert!(shown.items[0].is_hidden);
    reader.put(&path(&comment), &json!({ "content": "changed" })).await.problem(404);
    assert_eq!(act(&admin, &format!("{}/approve", path(&comment))).await.status, 204);
    content.heard(&post.post_id, 1, 0).await;
    // The trash: by an admin, so that its writer cannot take it out.
    assert_eq!(act(&admin, &format!("{}/purge", path(&comment))).await.problem(409).code, "not_in_trash");
    assert_eq!(admin.delete(&path(&comment)).await.status, 204);
    for action in ["approve", "hide"] {
        assert_eq!(act(&admin, &format!("{}/{action}", path(&comment))).await.problem(409).code, "in_trash");
    }
    act(&reader, &format!("{}/restore", path(&comment))).await.problem(403);
    act(&content.reader("b"), &format!("{}/restore", path(&comment))).await.problem(404);
    assert_eq!(queue(&content, "state=trashed").await.items[0].id, comment.id);
    assert_eq!(act(&admin, &format!("{}/restore", path(&comment))).await.status, 204);
    assert_eq!(act(&admin, &format!("{}/restore", path(&comment))).await.problem(409).code, "not_in_trash");
    assert_eq!(admin.delete(&path(&comment)).await.status, 204);
    assert_eq!(act(&admin, &format!("{}/purge", path(&comment))).await.status, 204);
    act(&admin, &format!("{}/restore", path(&comment))).await.problem(404);
    content.heard(&post.post_id, 0, 0).await;
}

async fn many_at_once(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(write(&content.reader("a"), &input(&post, &format!("text {n}"))).await.id);
    }
    let bulk = async |action: BulkAction, ids: &[String]| -> BulkOutcome {
        content.admin().post("/api/comments/bulk", &BulkInput { action, ids: ids.to_vec() }).await.json(200)
    };
    let with_odd = [ids.clone(), vec!["nonsense".into(), post.post_id.clone()]].concat();
    let outcome = bulk(BulkAction::Hide, &with_odd).await;
    assert_eq!((outcome.done, outcome.skipped), (3, with_odd[3..].to_vec()));
    content.heard(&post.post_id, 0, 0).await;
    assert_eq!(bulk(BulkAction::Approve, &ids[..2]).await.done, 2);
    assert_eq!(bulk(BulkAction::Trash, &ids).await.done, 3);
    assert_eq!(bulk(BulkAction::Restore, &ids[..1]).await.done, 1);
    let outcome = bulk(BulkAction::Purge, &ids).await;
    assert_eq!((outcome.done, outcome.skipped), (2, ids[..1].to_vec()));
    assert_eq!(seen(&content.client, &post).await, "text 0");
    for ids in [vec![], vec!["x".to_owned(); 101]] {
        let input = BulkInput { action: BulkAction::Hide, ids };
        content.admin().post("/api/comments/bulk", &input).await.field_error();
    }
}

async fn rules_are_settings(backend: Backend) {
    let content = Content::start(backend).await;
    let admin = content.admin();
    let defaults: CommentSettings = admin.get("/api/comments/settings").await.json(200);
    assert_eq!(defaults, CommentSettings::default());
    let words = CommentSettings { banned_words: vec![" Casino ".into()], hold_links: 1, ..defaults.clone() };
    let stored: CommentSettings = admin.put("/api/comments/settings", &words).await.json(200);
    assert_eq!((stored.version, stored.banned_words.clone()), (1, vec!["casino".to_owned()]));
    for stale in [&defaults, &CommentSettings { version: 7, ..defaults.clone() }] {
        let answer = admin.put("/api/comments/settings", stale).await;
        assert_eq!(answer.problem(409).errors[0].message, "1");
        assert_eq!(answer.json::<serde_json::Value>(409)["current"]["banned_words"][0], "casino");
    }
    let post = content.post();
    let held = async |who: &Client, text: &str| write(who, &input(&post, text)).await.is_pending;
    assert!(held(&content.reader("a"), "the best CASINO in town").await);
    assert!(held(&content.reader("a"), "see https://e.example/").await);
    assert!(!held(&content.reader("a"), "nothing of the kind").await);
    assert!(!held(&content.user("w", Role::Author), "see https://e.example/x").await, "authors are trusted");
    let links = (0..9).map(|n| format!("https://e.example/{n}")).collect::<Vec<_>>().join(" ");
    let field = content.reader("a").post("/api/comments", &input(&post, &links)).await.field_error();
    assert_eq!(field, ("content".into(), "too_many_links".into()));
    // What was let in is judged again when it changes.
    let comment = write(&content.reader("b"), &input(&post, "fine")).await;
    let changed = content.reader("b").put(&path(&comment), &json!({ "content": "casino" })).await;
    assert!(changed.json::<contracts::content::Comment>(200).is_pending);
    assert_eq!(queue(&content, "state=pending").await.items[0].held_for, ["edited", "banned_word"]);
    let odd = CommentSettings { hold_reports: 1000, ..stored };
    assert_eq!(admin.put("/api/comments/settings", &odd).await.field_error().0, "hold_reports");
}

async fn an_address_can_be_banned(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let spammer = content.guest("203.0.113.66");
    let (comment, _) = write_as_guest(&spammer, &by_guest(&post, "spam")).await;
    let url = format!("{}/ban", path(&comment));
    for odd in [json!({ "days": 0 }), json!({ "days": 4000 }), json!({ "reason": "x".repeat(201) })] {
        content.admin().post(&url, &odd).await.field_error();
    }
    let ban: Ban = content.admin().post(&url, &json!({ "reason": "spam", "days": 1 })).await.json(200);
    assert!(ban.until.is_some() && ban.address_tag.len() == 8);
    assert_eq!(spammer.post("/api/comments", &by_guest(&post, "more")).await.problem(403).code, "banned");
    assert_eq!(act(&spammer, &format!("/api/likes/{}/toggle", post.post_id)).await.problem(403).code, "banned");
    assert_eq!(queue(&content, "").await.items.iter().filter(|item| item.is_banned).count(), 1);
    write_as_guest(&content.guest("203.0.113.67"), &by_guest(&post, "not concerned")).await;
    let bans = content.admin().get("/api/comments/bans").await.json::<Paged<Ban>>(200).items;
    assert_eq!(bans, std::slice::from_ref(&ban));
    content.shared.advance(time::Duration::days(2));
    let (_, spammer) = write_as_guest(&spammer, &by_guest(&post, "again")).await;
    let forever: Ban = content.admin().post(&url, &json!({})).await.json(200);
    assert_eq!((forever.id.as_str(), forever.until), (ban.id.as_str(), None));
    spammer.post("/api/comments", &by_guest(&post, "and again")).await.problem(403);
    assert_eq!(content.admin().delete(&format!("/api/comments/bans/{}", ban.id)).await.status, 204);
    content.admin().delete(&format!("/api/comments/bans/{}", ban.id)).await.problem(404);
    spammer.post("/api/comments", &by_guest(&post, "once more")).await.json::<contracts::content::Written>(201);
}

async fn the_queue_finds_words(backend: Backend) {
    let content = Content::start(backend).await;
    let (post, other) = (content.post(), content.post());
    write(&content.reader("a"), &input(&post, "러스트로 만든 100% 블로그")).await;
    write(&content.reader("b"), &input(&other, "something else")).await;
    let found = async |query: String| -> u32 { queue(&content, &format!("state=all&{query}")).await.total };
    assert_eq!(found("q=%EB%9F%AC%EC%8A%A4%ED%8A%B8".into()).await, 1);
    assert_eq!(found("q=100%25".into()).await, 1);
    assert_eq!(found("q=10_%25".into()).await, 0);
    assert_eq!(found("q=SOMETHING%20name%20of%20b".into()).await, 1);
    assert_eq!(found(format!("post={}", other.post_id)).await, 1);
    assert_eq!(found("q=%27%3B%20DROP%20TABLE".into()).await, 0);
    assert_eq!(queue(&content, "state=all").await.items[0].state, CommentState::Visible);
}
