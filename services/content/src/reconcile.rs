//! Recounts what events maintain, from its owners.

use std::collections::HashMap;

use contracts::{
    auth::UserCard,
    blog::InternalPosts,
    events::PostFacts,
    reconcile::{Check, Report},
};
use kit::ApiResult;

use crate::{
    app::App,
    counting::{self, Change},
    store::{authors, posts},
};

/// Posts looked at together.
const POSTS: u32 = 200;
/// Accounts looked at together: so many cards auth gives at once.
const ACCOUNTS: i64 = 100;

/// All checks.
pub(crate) async fn run(app: &App) -> ApiResult<Report> {
    let checks = vec![post_copies(app).await?, author_copies(app).await?, counts(app).await?];
    app.relay.wake();
    Ok(Report { service: "content".to_owned(), checks })
}

fn check(name: &str) -> Check {
    Check { name: name.to_owned(), ..Check::default() }
}

/// The copies of posts against the blog service. What belongs to a post that is gone goes.
async fn post_copies(app: &App) -> ApiResult<Check> {
    let mut check = check("post_copies");
    let owners = owners_posts(app).await?;
    let mut after = String::new();
    loop {
        let page = posts::page(app.db.read(), &after, i64::from(POSTS)).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        for post in page {
            check.checked += 1;
            match owners.get(&post.id) {
                Some(facts) if post.says(facts) => {}
                // It may have changed, or be new, since they were listed.
                _ if correct(app, &post.id).await? => {
                    check.drift += 1;
                    check.repaired += 1;
                }
                _ => {}
            }
        }
    }
    Ok(check)
}

/// Makes the copy what its owner says right now. False when it was already.
async fn correct(app: &App, id: &str) -> ApiResult<bool> {
    let owners = crate::posts::ask(app, id).await?;
    let tx = app.db.begin().await?;
    let copy = posts::lock(&tx, id).await?;
    match owners {
        Some(facts) if copy.is_some_and(|copy| copy.says(&facts)) => return Ok(false),
        Some(facts) => posts::correct(&tx, &facts).await?,
        // Newer than whatever was said before.
        None => posts::purge(&tx, id, app.clock.millis()).await?,
    }
    tx.commit().await?;
    Ok(true)
}

async fn owners_posts(app: &App) -> ApiResult<HashMap<String, PostFacts>> {
    let mut all = HashMap::new();
    let mut path = format!("/internal/posts?limit={POSTS}");
    loop {
        let page: InternalPosts = app.peers.get("blog", &path).await?;
        all.extend(page.items.into_iter().map(|post| (post.post_id.clone(), post)));
        match page.next {
            Some(next) => path = format!("/internal/posts?limit={POSTS}&after={next}"),
            None => return Ok(all),
        }
    }
}

/// The copies of accounts against the auth service.
async fn author_copies(app: &App) -> ApiResult<Check> {
    let mut check = check("author_copies");
    let mut after = String::new();
    loop {
        let page = authors::page(app.db.read(), &after, ACCOUNTS).await?;
        let Some(last) = page.last() else { return Ok(check) };
        after.clone_from(&last.id);
        let ids: Vec<&str> = page.iter().map(|author| author.id.as_str()).collect();
        let cards: Vec<UserCard> = app.peers.get("auth", &format!("/api/users?ids={}", ids.join(","))).await?;
        for author in &page {
            check.checked += 1;
            // One that auth does not know says nothing of what it is called.
            let Some(card) = cards.iter().find(|card| card.id == author.id) else { continue };
            if card.name != author.name || card.avatar != author.avatar {
                check.drift += 1;
                authors::set(app.db.write(), &card.id, &card.name, card.avatar.as_deref()).await?;
                check.repaired += 1;
            }
        }
    }
}

/// The kept numbers against the rows they count. Who copied a wrong one is told the right one.
async fn counts(app: &App) -> ApiResult<Check> {
    let mut check = check("counts");
    let mut after = String::new();
    loop {
        let page = posts::page(app.db.read(), &after, i64::from(POSTS)).await?;
        let Some(last) = page.last() else { return Ok(check) };
        after.clone_from(&last.id);
        for post in page {
            check.checked += 1;
            let (tx, now) = (app.db.begin().await?, app.clock.millis());
            let Some(before) = posts::lock(&tx, &post.id).await? else { continue };
            if posts::recount_all(&tx, &post.id).await? {
                check.drift += 1;
                counting::comments(&tx, &before, "", Change::Maybe, now).await?;
                if let Some(now_right) = posts::by_id(&tx, &post.id).await? {
                    counting::tell_likes(&tx, &now_right, now).await?;
                }
                tx.commit().await?;
                check.repaired += 1;
            }
        }
    }
}
