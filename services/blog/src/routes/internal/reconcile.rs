//! `POST /internal/reconcile`: recounts what events maintain, from its owners, and repairs it.

use std::collections::HashMap;

use axum::{Json, extract::State};
use contracts::{
    analytics::PostViewsPage,
    auth::UserCard,
    content::PostTotalsPage,
    reconcile::{Check, Report},
};
use kit::{ApiResult, auth::ServiceCaller, id};

use crate::{
    app::App,
    store::{
        change::Count,
        recount::{self, Author, Totals},
        term_writes,
        terms::Kind,
    },
};

/// How much is asked for at a time.
const PAGE: usize = 100;

#[utoipa::path(post, path = "/internal/reconcile", tag = "internal",
    responses((status = 200, description = "What was not as it should be", body = Report)))]
pub(crate) async fn handle(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Report>> {
    let (comments, likes) = content_totals(&app).await?;
    let views = view_totals(&app).await?;
    let checks = vec![
        counts(&app, "comment_counts", Count::Comments, &comments).await?,
        counts(&app, "like_counts", Count::Likes, &likes).await?,
        counts(&app, "view_counts", Count::Views, &views).await?,
        terms(&app, "category_counts", Kind::Category).await?,
        terms(&app, "tag_counts", Kind::Tag).await?,
        authors(&app).await?,
        app.search()?.reconcile().await?,
    ];
    Ok(Json(Report { service: "blog".to_owned(), checks }))
}

fn path(of: &str, after: Option<&str>) -> String {
    format!("{of}?limit={PAGE}&after={}", after.unwrap_or_default())
}

/// Comments and likes of all posts that have any.
async fn content_totals(app: &App) -> ApiResult<(Totals, Totals)> {
    let (mut comments, mut likes) = (Totals::new(), Totals::new());
    let mut after = None;
    loop {
        let page: PostTotalsPage = app.peers.get("content", &path("/internal/posts/counts", after.as_deref())).await?;
        for post in page.items {
            comments.insert(post.post_id.clone(), post.comments.into());
            likes.insert(post.post_id, post.likes.into());
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok((comments, likes)),
        }
    }
}

/// Views of all posts that have any, as they were last told.
async fn view_totals(app: &App) -> ApiResult<Totals> {
    let mut views = Totals::new();
    let mut after = None;
    loop {
        let page: PostViewsPage = app.peers.get("analytics", &path("/internal/views", after.as_deref())).await?;
        for post in page.items {
            views.insert(post.post_id, i64::try_from(post.views).unwrap_or(i64::MAX));
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(views),
        }
    }
}

async fn counts(app: &App, name: &str, count: Count, right: &Totals) -> ApiResult<Check> {
    let (checked, wrong) = recount::wrong(&app.db, count, right).await?;
    let mut check = Check { name: name.to_owned(), checked, ..Check::default() };
    for (post_id, total) in wrong {
        check.drift += 1;
        check.repaired += recount::set(&app.db, count, &post_id, total).await?;
    }
    Ok(check)
}

async fn terms(app: &App, name: &str, kind: Kind) -> ApiResult<Check> {
    let tx = app.begin().await?;
    let checked = u64::try_from(crate::store::terms::count(&tx, kind).await?).unwrap_or_default();
    let drift = term_writes::recount_all(&tx, kind).await?;
    app.commit(tx).await?;
    Ok(Check { name: name.to_owned(), checked, drift, repaired: drift })
}

/// Names and pictures of the authors who still have an account. Of those who have none there is
/// nothing to compare with: `user.deleted` said what becomes of them.
async fn authors(app: &App) -> ApiResult<Check> {
    let mut check = Check { name: "author_copies".to_owned(), ..Check::default() };
    let mut after = String::new();
    loop {
        let page = recount::authors(&app.db, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(check) };
        after.clone_from(&last.id);
        let ids: Vec<&str> =
            page.iter().map(|author| author.id.as_str()).filter(|id| id::parse(id).is_some()).collect();
        if ids.is_empty() {
            continue;
        }
        let cards: Vec<UserCard> = app.peers.get("auth", &format!("/api/users?ids={}", ids.join(","))).await?;
        let cards: HashMap<&str, &UserCard> = cards.iter().map(|card| (card.id.as_str(), card)).collect();
        for Author { id, name, avatar } in &page {
            let Some(card) = cards.get(id.as_str()) else { continue };
            check.checked += 1;
            if card.name != *name || card.avatar != *avatar {
                check.drift += 1;
                let tx = app.db.begin().await?;
                crate::store::authors::set(&tx, id, &card.name, card.avatar.as_deref()).await?;
                tx.commit().await?;
                check.repaired += 1;
            }
        }
    }
}
