//! Asking the owners of posts and pages what is known of one.

use contracts::blog::PostRef;
use kit::{ApiResult, peers::PeerError};
use serde::Deserialize;

use crate::{
    app::App,
    store::targets::{self, Facts, Kind, Target},
};

/// What matters here of `contracts::page::Page`.
#[derive(Deserialize)]
struct PageRef {
    id: String,
    slug: String,
    title: String,
    status: String,
    #[serde(rename = "type")]
    kind: String,
}

/// What is known of a post or page that everybody may see: from what events told, or, where they
/// have not come yet, from its owner. `None` for what is not there or not public.
pub(crate) async fn public(app: &App, kind: Kind, id: &str) -> ApiResult<Option<Target>> {
    let known = targets::find(app.db.read(), kind, id).await?;
    match known {
        Some(target) if target.is_public() => return Ok(Some(target)),
        Some(target) if target.status == targets::DELETED => return Ok(None),
        _ => {}
    }
    if !learn(app, kind, id).await? {
        return Ok(None);
    }
    Ok(targets::find(app.db.write(), kind, id).await?.filter(Target::is_public))
}

/// Asks the owner; says whether it knows it.
async fn learn(app: &App, kind: Kind, id: &str) -> ApiResult<bool> {
    match kind {
        Kind::Post => {
            let Some(post) = post(app, id).await? else { return Ok(false) };
            let facts = Facts {
                kind,
                id: &post.id,
                slug: &post.slug,
                url: &format!("/posts/{}", post.slug),
                title: &post.title,
                author_id: Some(post.author_id.as_str()).filter(|author| !author.is_empty()),
                status: post.status.as_str(),
            };
            targets::learn(app.db.write(), &facts).await?;
        }
        Kind::Page => {
            let path = format!("/internal/pages/{id}");
            let Some(page) = app.peers.find::<PageRef>("page", &path).await? else { return Ok(false) };
            let area = if page.kind == "NOTICE" { "notices" } else { "pages" };
            let facts = Facts {
                kind,
                id: &page.id,
                slug: &page.slug,
                url: &format!("/{area}/{}", page.slug),
                title: &page.title,
                author_id: None,
                status: &page.status,
            };
            targets::learn(app.db.write(), &facts).await?;
        }
    }
    Ok(true)
}

/// A post as blog knows it.
pub(crate) async fn post(app: &App, id: &str) -> Result<Option<PostRef>, PeerError> {
    app.peers.find("blog", &format!("/internal/posts/{id}")).await
}
