//! Comparing with their owners which images are used, and files with rows.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use contracts::{
    blog::InternalPosts,
    reconcile::{Check, Report},
    storage::ImagesOfPage,
};
use futures_util::TryStreamExt;
use kit::{ApiError, ApiResult, db::sql, peers::PeerError};
use sea_orm::FromQueryResult;

use crate::{
    app::App,
    backup::archive,
    domain::name,
    store::{
        backups, orphans,
        uses::{self, Used, UserOf},
        variants,
    },
};

const LIMIT: u32 = 200;
/// A file may lie there so long before its row does.
const GRACE_MS: i64 = 60 * 60 * 1000;

/// What uses images, but for posts: its kind in [`UserOf`], how its check is called, and where its owner lists it.
struct Listing {
    kind: &'static str,
    check: &'static str,
    peer: &'static str,
    path: &'static str,
}

const LISTINGS: [Listing; 4] = [
    Listing { kind: "page", check: "image_ties_of_pages", peer: "page", path: "/internal/pages/images" },
    Listing { kind: "draft", check: "image_ties_of_drafts", peer: "blog", path: "/internal/drafts/images" },
    Listing { kind: "profile", check: "image_ties_of_profiles", peer: "auth", path: "/internal/users/images" },
    Listing {
        kind: "bug_report",
        check: "image_ties_of_bug_reports",
        peer: "analytics",
        path: "/internal/bug-reports/images",
    },
];

/// Recounts everything.
pub(crate) async fn run(app: &App) -> ApiResult<Report> {
    let mut checks = recount_ties(app).await?;
    checks.push(unused(app).await?);
    checks.extend(files(app).await?);
    checks.push(archives(app).await?);
    Ok(Report { service: "storage".to_owned(), checks })
}

/// Asks the owners of everything that uses images which. All of them, before anything is changed: that somebody is away
/// leaves every tie as it is.
pub(crate) async fn recount_ties(app: &App) -> ApiResult<Vec<Check>> {
    let mut found = vec![("post", "image_ties_of_posts", posts(app).await?)];
    for Listing { kind, check, peer, path } in LISTINGS {
        found.push((kind, check, listed(app, peer, path).await?));
    }
    let mut checks = Vec::with_capacity(found.len());
    for (kind, name, theirs) in &found {
        checks.push(ties(app, kind, name, theirs).await?);
    }
    Ok(checks)
}

fn check(name: &str, checked: u64, drift: u64) -> Check {
    Check { name: name.to_owned(), checked, drift, repaired: drift }
}

async fn posts(app: &App) -> Result<Used, PeerError> {
    let mut all = Used::new();
    let mut after = String::new();
    loop {
        let path = format!("/internal/posts?after={after}&limit={LIMIT}");
        let page: InternalPosts = app.peers.get("blog", &path).await?;
        for post in page.items {
            all.insert(post.post_id, uses::stems(post.images.iter().map(String::as_str)));
        }
        match page.next {
            Some(next) => after = next,
            None => return Ok(all),
        }
    }
}

async fn listed(app: &App, peer: &str, path: &str) -> Result<Used, PeerError> {
    let mut all = Used::new();
    let mut after = String::new();
    loop {
        let page: ImagesOfPage = app.peers.get(peer, &format!("{path}?after={after}&limit={LIMIT}")).await?;
        for user in page.items {
            all.insert(user.id, uses::stems(user.images.iter().map(String::as_str)));
        }
        match page.next {
            Some(next) => after = next,
            None => return Ok(all),
        }
    }
}

/// Which images those of a kind use.
async fn ties(app: &App, kind: &str, name: &str, theirs: &Used) -> ApiResult<Check> {
    let ours = uses::of_kind(app.db.read(), kind).await?;
    let nothing = BTreeSet::new();
    let ids: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let mut drift = 0;
    for id in &ids {
        let stems = theirs.get(*id).unwrap_or(&nothing);
        if ours.get(*id).unwrap_or(&nothing) == stems {
            continue;
        }
        let tx = app.db.begin().await?;
        drift += u64::from(uses::set(&tx, UserOf { kind, id }, stems, app.clock.millis()).await?);
        tx.commit().await?;
    }
    Ok(check(name, ids.len() as u64, drift))
}

/// Since when images are unused.
async fn unused(app: &App) -> ApiResult<Check> {
    let checked = sql::number(app.db.read(), "SELECT COUNT(*) AS n FROM images", []).await?;
    let used = "EXISTS (SELECT 1 FROM uses WHERE uses.stem = images.stem)";
    let free = format!("UPDATE images SET unused_since = NULL WHERE unused_since IS NOT NULL AND {used}");
    let bind = format!("UPDATE images SET unused_since = $1 WHERE unused_since IS NULL AND NOT {used}");
    let tx = app.db.begin().await?;
    let drift = sql::execute(&tx, &free, []).await? + sql::execute(&tx, &bind, [app.clock.millis().into()]).await?;
    tx.commit().await?;
    Ok(check("unused_images", u64::try_from(checked).unwrap_or_default(), drift))
}

#[derive(FromQueryResult)]
struct FileRow {
    name: String,
    original: String,
}

/// Files that rows name and that are missing (smaller ones are made again), and files that no row
/// names (removed).
async fn files(app: &App) -> ApiResult<Vec<Check>> {
    let now = app.clock.millis();
    let mut there = BTreeMap::new();
    let mut listing = app.images.list(None);
    while let Some(file) = listing.try_next().await.map_err(ApiError::unavailable)? {
        there.insert(file.location.to_string(), file.last_modified.timestamp_millis());
    }
    let query = "SELECT name, name AS original FROM images
        UNION ALL SELECT v.name, i.name AS original FROM variants v JOIN images i ON i.stem = v.stem";
    let rows = sql::all::<FileRow, _>(app.db.read(), query, []).await?;
    let (mut missing, mut repaired) = (0, 0);
    let mut again = HashSet::new();
    for row in &rows {
        if there.contains_key(&row.name) {
            continue;
        }
        missing += 1;
        if row.name != row.original {
            repaired += 1;
            let forget = "DELETE FROM variants WHERE name = $1";
            sql::execute(app.db.write(), forget, [row.name.as_str().into()]).await?;
            if again.insert(&row.original) {
                variants::again(app.db.write(), &row.original).await?;
            }
        } else {
            tracing::error!(image = %row.name, "the file of an image is missing: restore it from a backup");
        }
    }
    app.to_make.notify_one();
    let known: HashSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let mut extra = 0;
    for (name, changed) in &there {
        // Only what this service may have written, and not what is being written.
        let is_ours = name::format_of(name).is_some() && !known.contains(name.as_str()) && changed + GRACE_MS < now;
        if is_ours && orphans::delete_extra(app, name).await? {
            extra += 1;
        }
    }
    let missing = Check { name: "missing_files".to_owned(), checked: rows.len() as u64, drift: missing, repaired };
    Ok(vec![missing, check("extra_files", there.len() as u64, extra)])
}

/// Archives of which no backup tells. They stay: after a loss of the database they are all that there is.
async fn archives(app: &App) -> ApiResult<Check> {
    let now = app.clock.millis();
    let known = backups::ids(app.db.read()).await?;
    let (mut checked, mut drift) = (0, 0);
    let mut listing = app.archives.list(None);
    while let Some(file) = listing.try_next().await.map_err(ApiError::unavailable)? {
        let Some(id) = archive::id_of(&file.location) else { continue };
        checked += 1;
        if !known.contains(&id) && file.last_modified.timestamp_millis() + GRACE_MS < now {
            drift += 1;
            tracing::warn!(archive = %file.location, "there is no backup of this archive: bring it, or delete it");
        }
    }
    Ok(Check { name: "archives_without_a_backup".to_owned(), checked, drift, repaired: 0 })
}
