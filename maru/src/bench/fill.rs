//! Fills the services: posts as an import brings them, comments as a backup does, which is the quick way
//! for many.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context, Result, bail};
use contracts::{
    blog::ImportOutcome,
    reconcile::{Check, Report},
};
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::sleep};

use super::{
    corpus::{self, Corpus},
    random::Random,
};
use crate::services::{Callee, Services};

/// Posts brought in side by side: their Markdown is rendered meanwhile.
const SIDE_BY_SIDE: usize = 4;
/// The most that one post has.
const MOST_COMMENTS: usize = 400;
const SEED: u64 = 0x6d61_7275;

/// Brings everything in and waits until events and the search index are through with it.
pub(super) async fn fill(services: &Services, posts: usize, comments: usize) -> Result<()> {
    let mut corpus = Corpus::new(SEED);
    let mut running = JoinSet::new();
    for number in 0..posts {
        if running.len() >= SIDE_BY_SIDE {
            joined(&mut running).await?;
        }
        let (post, services) = (corpus.post(number, posts), services.clone());
        running.spawn(async move {
            let brought = services.blog().put::<ImportOutcome>("/internal/import/posts", &post).await;
            brought.map(|_| ()).context("a post")
        });
    }
    while !running.is_empty() {
        joined(&mut running).await?;
    }
    until("events are delivered", async || delivered(services.blog()).await).await?;
    bring_comments(services, &mut corpus, comments).await?;
    // The totals that events would have brought.
    services.blog().post::<Report>("/internal/reconcile", &()).await.context("counting comments")?;
    until("the search index is complete", async || {
        let check: Check = services.blog().post("/internal/search/reconcile", &()).await?;
        Ok(check.checked > 0 && check.drift == 0)
    })
    .await
}

async fn joined(running: &mut JoinSet<Result<()>>) -> Result<()> {
    running.join_next().await.context("nothing is running")??
}

async fn until(what: &str, done: impl AsyncFn() -> Result<bool>) -> Result<()> {
    // A slow machine takes a minute.
    for _ in 0..1_200 {
        if done().await? {
            return Ok(());
        }
        sleep(Duration::from_millis(500)).await;
    }
    bail!("it takes too long until {what}")
}

async fn delivered(service: Callee<'_>) -> Result<bool> {
    let figures = service.get_bytes("/metrics").await?;
    let figures = String::from_utf8_lossy(&figures).into_owned();
    let waiting = figures.lines().find(|line| line.starts_with("maru_outbox_events{")).context("no count of events")?;
    Ok(waiting.ends_with(" 0"))
}

/// Adds comments to content's own backup and brings that back.
async fn bring_comments(services: &Services, corpus: &mut Corpus, count: usize) -> Result<()> {
    let backup = services.content().get_bytes("/internal/backup").await.context("the backup of content")?;
    let mut lines: Vec<Value> = Vec::new();
    for line in backup.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        lines.push(serde_json::from_slice(line)?);
    }
    let authors = (0..20).map(|number| {
        json!({ "table": "authors", "row": { "id": corpus::author_id(number), "name": corpus::author_name(number) } })
    });
    let mut snapshot = String::new();
    let mut under = Vec::new();
    let posts: Vec<&mut Value> = lines.iter_mut().filter(|line| line["table"] == "posts").collect();
    let counts = shares(corpus.random(), posts.len(), count);
    for (post, count) in posts.into_iter().zip(counts) {
        post["row"]["comments"] = count.into();
        let id = post["row"]["id"].as_str().context("a post has an id")?.to_owned();
        under.extend(comments_of(&id, corpus, count));
    }
    for line in lines.into_iter().chain(authors).chain(under) {
        snapshot.push_str(&line.to_string());
        snapshot.push('\n');
    }
    let content = services.content();
    content.post_bytes::<Value>("/internal/restore/prepare?token=bench", snapshot.into_bytes()).await?;
    for step in ["commit", "forget"] {
        content.post::<()>(&format!("/internal/restore/{step}?token=bench"), &()).await?;
    }
    Ok(())
}

/// How many comments each post has: some have many, most a few.
fn shares(random: &mut Random, posts: usize, comments: usize) -> Vec<usize> {
    let mut counts = vec![0; posts];
    if posts == 0 {
        return counts;
    }
    for _ in 0..comments {
        let popular = random.skewed(posts);
        let place = if counts[popular] < MOST_COMMENTS { popular } else { random.below(posts) };
        counts[place] += 1;
    }
    counts
}

fn comments_of(post: &str, corpus: &mut Corpus, count: usize) -> Vec<Value> {
    let comments = corpus.comments(count);
    let ids: Vec<String> = comments.iter().map(|_| kit::id::new()).collect();
    let mut roots: HashMap<usize, usize> = HashMap::new();
    let mut lines = Vec::with_capacity(count);
    for (place, comment) in comments.into_iter().enumerate() {
        let root = comment.answers.and_then(|above| roots.get(&above).copied()).unwrap_or(place);
        roots.insert(place, root);
        let guest = comment.author.is_none().then_some("Guest");
        lines.push(json!({ "table": "comments", "row": {
            "id": ids[place],
            "post_id": post,
            "parent_id": comment.answers.map(|above| &ids[above]),
            "root_id": ids[root],
            "author_id": comment.author.map(corpus::author_id),
            "guest_name": guest,
            "state": "VISIBLE",
            "is_private": false,
            "created_at": 1_700_000_000_000_i64 + i64::try_from(place).unwrap_or_default() * 60_000,
            "likes": comment.likes,
            "text_digest": format!("{post}{place}"),
            "html": format!("<p>{}</p>", comment.text),
            "content": comment.text,
        }}));
    }
    lines
}
