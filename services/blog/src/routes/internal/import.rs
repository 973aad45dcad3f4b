//! `PUT /internal/import/posts`: one post of an import. The same body twice changes nothing.

use axum::{Json, extract::State};
use contracts::{
    blog::{ImportChange, ImportOutcome, ImportPost, PostInput, PostStatus},
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::ServiceCaller, clock::parse_rfc3339, extract::Body, id};
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    domain::{draft, slug::is_reserved, slug::slugify},
    routes::posts::render,
    store::{
        authors,
        posts::{self, Change, Current, Origin},
        redirects, terms,
    },
};

pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Body(post): Body<ImportPost>,
) -> ApiResult<Json<ImportOutcome>> {
    let (post, times) = check(post)?;
    let digest = digest(&post)?;
    if let Some(outcome) = unchanged(&app, &post.source, &digest).await? {
        return Ok(Json(outcome));
    }
    let rendered = render(post.content.clone(), post.locale.clone()).await?;
    let now = app.clock.millis();

    let tx = app.db.begin().await?;
    authors::ensure(&tx, &post.author_id, &post.author_name, post.author_avatar.as_deref()).await?;
    let current = posts::lock_by_source(&tx, &post.source).await?;
    let id = current.as_ref().map_or_else(id::new, |current| current.id.clone());
    let slug = slug(&tx, &post, current.as_ref(), &id).await?;
    let category_id = match &post.category {
        Some(name) => terms::ensure_category(&tx, name).await?,
        None => None,
    };
    // What was thrown away here stays in the trash.
    let trashed = current.as_ref().is_some_and(|current| current.status() == PostStatus::Trashed);
    let status = if trashed { PostStatus::Trashed } else { post.status };
    let published_at = (status == PostStatus::Public).then_some(times.published.unwrap_or(now)).or(times.published);
    let change = Change {
        slug: slug.clone(),
        rendered,
        cover: post.cover.clone(),
        category_id: category_id.clone(),
        status,
        featured: post.featured,
        published_at,
        updated_at: times.updated.or(published_at).unwrap_or(now),
        input: PostInput {
            title: post.title.clone(),
            content: post.content.clone(),
            excerpt: post.excerpt.clone(),
            ..PostInput::default()
        },
    };
    let mut tags = terms::tags_of(&tx, &id).await?;
    match &current {
        Some(_) => posts::update(&tx, &id, change).await?,
        None => posts::insert(&tx, &id, &post.author_id, change).await?,
    }
    let origin = Origin {
        source: &post.source,
        digest: &digest,
        author_id: &post.author_id,
        co_authors: &post.co_authors,
        canonical: post.canonical.as_deref(),
    };
    posts::set_origin(&tx, &id, origin).await?;
    let before = current.as_ref().map(|current| current.slug.as_str()).filter(|before| *before != slug);
    lead_here(&tx, &id, &slug, before, &post.aliases).await?;
    tags.extend(terms::set_tags(&tx, &id, &post.tags).await?);
    let categories = current.as_ref().and_then(|current| current.category_id.clone()).into_iter().chain(category_id);
    terms::recount(&tx, tags, categories).await?;
    tx.commit().await?;

    let change = if current.is_some() { ImportChange::Updated } else { ImportChange::Created };
    Ok(Json(ImportOutcome { change, slug }))
}

/// Times of a post, as the databases keep them.
struct Times {
    published: Option<i64>,
    updated: Option<i64>,
}

fn check(mut post: ImportPost) -> Result<(ImportPost, Times), Problem> {
    let mut problem = Problem::validation();
    for (field, value) in [("source", &post.source), ("title", &post.title), ("author_id", &post.author_id)] {
        if value.trim().is_empty() {
            problem = problem.with_field(field, "required", "It must not be empty.");
        }
    }
    let time = |value: &Option<String>| value.as_deref().map(parse_rfc3339);
    let (published, updated) = (time(&post.published_at), time(&post.updated_at));
    for (field, time) in [("published_at", published), ("updated_at", updated)] {
        if time == Some(None) {
            problem = problem.with_field(field, "invalid", "A time is RFC 3339: 2026-01-31T09:00:00Z.");
        }
    }
    if matches!(post.status, PostStatus::Private | PostStatus::Trashed) {
        problem = problem.with_field("status", "invalid", "DRAFT or PUBLIC.");
    }
    if !problem.errors.is_empty() {
        return Err(problem);
    }
    post.title = post.title.split_whitespace().collect::<Vec<_>>().join(" ");
    post.content.retain(|c| c != '\0');
    post.excerpt = post.excerpt.map(|text| text.trim().replace('\0', "")).filter(|text| !text.is_empty());
    post.tags = draft::tidy_tags(&post.tags).into_iter().filter(|tag| !slugify(tag).is_empty()).collect();
    Ok((post, Times { published: published.flatten(), updated: updated.flatten() }))
}

/// A digest of everything that the import brought.
fn digest(post: &ImportPost) -> ApiResult<String> {
    use std::fmt::Write;
    let json = serde_json::to_vec(post).map_err(ApiError::internal)?;
    Ok(Sha256::digest(json).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

async fn unchanged(app: &App, source: &str, digest: &str) -> ApiResult<Option<ImportOutcome>> {
    let current = posts::by_source(&app.db, source).await?;
    let same = current.filter(|current| current.source_digest.as_deref() == Some(digest));
    Ok(same.map(|current| ImportOutcome { change: ImportChange::Unchanged, slug: current.slug }))
}

/// A post keeps its slug as long as the import asks for the same; otherwise it gets the one asked
/// for, with a number when another post has it.
async fn slug(tx: &DatabaseTransaction, post: &ImportPost, current: Option<&Current>, id: &str) -> ApiResult<String> {
    let wanted = slugify(&post.slug);
    let wanted = if wanted.is_empty() || is_reserved(&wanted) { draft::from_title(&post.title) } else { wanted };
    if let Some(current) = current {
        let is_numbered = current
            .slug
            .strip_prefix(&wanted)
            .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok()));
        if is_numbered {
            return Ok(current.slug.clone());
        }
    }
    Ok(posts::free_slug(tx, &wanted, id).await?)
}

async fn lead_here(
    tx: &DatabaseTransaction,
    id: &str,
    slug: &str,
    before: Option<&str>,
    aliases: &[String],
) -> ApiResult<()> {
    let here = format!("/posts/{slug}");
    redirects::remove(tx, &here).await?;
    for path in aliases.iter().map(|alias| redirects::normal(alias)).chain(before.map(|slug| format!("/posts/{slug}")))
    {
        if path != here && path != "/" {
            redirects::add(tx, &path, id).await?;
        }
    }
    Ok(())
}
