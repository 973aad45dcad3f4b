//! Comparing with their owners what events brought, and repairing it.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{
    blog::InternalPosts,
    content::PostTotalsPage,
    reconcile::{Check, Report},
};
use kit::{ApiResult, peers::PeerError};

use crate::{
    app::App,
    store::{
        recount, rollup,
        targets::{self, Facts, Kind},
    },
};

const LIMIT: u32 = 200;

/// Recounts everything.
pub(crate) async fn run(app: &App) -> ApiResult<Report> {
    rollup::run(&app.db).await?;
    let mut checks = posts(app).await?;
    checks.push(counts(app).await?);
    let (checked, drift) = recount::totals(&app.db).await?;
    checks.push(check("view_totals", checked, drift));
    Ok(Report { service: "analytics".to_owned(), checks })
}

fn check(name: &str, checked: u64, drift: u64) -> Check {
    Check { name: name.to_owned(), checked, drift, repaired: drift }
}

/// Copies of titles, slugs and authors; posts that are not there any more.
async fn posts(app: &App) -> ApiResult<Vec<Check>> {
    let (mut copies, mut changed) = (0, 0);
    let mut theirs = BTreeSet::new();
    let mut after = String::new();
    loop {
        let page: InternalPosts =
            app.peers.get("blog", &format!("/internal/posts?after={after}&limit={LIMIT}")).await?;
        for post in &page.items {
            let facts = Facts {
                kind: Kind::Post,
                id: &post.post_id,
                slug: &post.slug,
                url: &format!("/posts/{}", post.slug),
                title: &post.title,
                author_id: Some(post.author_id.as_str()).filter(|author| !author.is_empty()),
                status: post.status.as_str(),
            };
            copies += 1;
            changed += u64::from(targets::learn(app.db.write(), &facts).await?);
            theirs.insert(post.post_id.clone());
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    let (mut ours, mut gone) = (0, 0);
    let mut after = String::new();
    loop {
        let ids = targets::ids(&app.db, Kind::Post, &after, LIMIT).await?;
        let Some(last) = ids.last().cloned() else { break };
        for id in ids {
            ours += 1;
            // Asked for once more: it may be newer than the list.
            if !theirs.contains(&id) && crate::owners::post(app, &id).await?.is_none() {
                let tx = app.db.begin().await?;
                targets::remove(&tx, Kind::Post, &id).await?;
                tx.commit().await?;
                gone += 1;
            }
        }
        after = last;
    }
    Ok(vec![check("post_copies", copies, changed), check("purged_posts", ours, gone)])
}

/// Comments and likes of posts.
async fn counts(app: &App) -> ApiResult<Check> {
    let theirs = totals(app).await?;
    let (checked, drift) = recount::comments_and_likes(&app.db, &theirs).await?;
    Ok(check("comments_and_likes", checked, drift))
}

async fn totals(app: &App) -> Result<BTreeMap<String, (u32, u32)>, PeerError> {
    let mut all = BTreeMap::new();
    let mut after = String::new();
    loop {
        let path = format!("/internal/posts/counts?after={after}&limit={LIMIT}");
        let page: PostTotalsPage = app.peers.get("content", &path).await?;
        all.extend(page.items.into_iter().map(|post| (post.post_id, (post.comments, post.likes))));
        match page.next {
            Some(next) => after = next,
            None => return Ok(all),
        }
    }
}
