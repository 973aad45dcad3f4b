//! `PUT /internal/import/posts`: one post of an import. The same body twice changes nothing.

use axum::{Json, extract::State};
use contracts::{
    blog::{ImportChange, ImportOutcome, ImportPost, PostStatus},
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::ServiceCaller, clock::parse_rfc3339, extract::Body, id};
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    changes::{events, save, terms as term_changes},
    domain::{
        fields::{kept, tidy_tags},
        input,
        schedule::Standing,
        slug::{is_reserved, slugify},
    },
    rendering,
    store::{
        authors,
        change::{self, Change, Origin},
        posts::{self, Current},
        redirects, term_writes,
        terms::Kind,
    },
};

#[utoipa::path(put, path = "/internal/import/posts", tag = "internal", request_body = ImportPost,
    responses((status = 200, description = "What happened", body = ImportOutcome)))]
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
    let rendered = rendering::render(&app, &post.content, post.locale.as_deref()).await?;
    let now = app.clock.millis();

    let tx = app.begin().await?;
    authors::ensure(&tx, &post.author_id, &post.author_name, post.author_avatar.as_deref()).await?;
    let current = posts::current_by_source(&tx, &post.source).await?;
    let id = current.as_ref().map_or_else(id::new, |current| current.id.clone());
    let slug = slug(&tx, &post, current.as_ref(), &id).await?;
    let category_id = match &post.category {
        Some(name) => term_changes::ensure(&tx, Kind::Category, name, now).await?,
        None => None,
    };
    let change = Change {
        slug: &slug,
        title: &post.title,
        content: &post.content,
        excerpt: post.excerpt.as_deref(),
        rendered: &rendered,
        cover: kept(post.cover.as_deref(), None),
        category_id: category_id.clone(),
        standing: standing(&post, &times, current.as_ref(), now),
        featured: post.featured,
        canonical: kept(post.canonical.as_deref(), None),
        seo_title: kept(post.seo_title.as_deref(), current.as_ref().and_then(|current| current.seo_title.as_deref())),
        seo_description: kept(
            post.seo_description.as_deref(),
            current.as_ref().and_then(|current| current.seo_description.as_deref()),
        ),
        translation_group: kept(
            post.translation_group.as_deref(),
            current.as_ref().and_then(|current| current.translation_group.as_deref()),
        ),
        comments_allowed: post
            .comments_allowed
            .unwrap_or_else(|| current.as_ref().is_none_or(|current| current.comments_allowed)),
        editor_id: None,
        updated_at: times.updated.or(times.published).unwrap_or(now),
    };
    let origin =
        Origin { source: &post.source, digest: &digest, author_id: &post.author_id, co_authors: &post.co_authors };
    match &current {
        Some(current) => {
            change::set_origin(&tx, &id, origin).await?;
            save::write(&tx, current, change, &post.tags, now).await?;
        }
        None => {
            change::insert(&tx, &id, &post.author_id, change).await?;
            change::set_origin(&tx, &id, origin).await?;
            let tags = term_changes::set_tags(&tx, &id, &post.tags, now).await?;
            redirects::remove(&tx, &format!("/posts/{slug}")).await?;
            term_writes::recount(&tx, tags, category_id).await?;
            events::created(&tx, &id, now).await?;
        }
    }
    lead_here(&tx, &id, &slug, &post.aliases).await?;
    app.commit(tx).await?;

    let change = if current.is_some() { ImportChange::Updated } else { ImportChange::Created };
    Ok(Json(ImportOutcome { change, id, slug }))
}

/// What was thrown away here stays in the trash, and no time publishes what is a draft here. A time that has passed is
/// when it was published.
fn standing(post: &ImportPost, times: &Times, current: Option<&Current>, now: i64) -> Standing {
    let stays = |current: &&Current| match current.status() {
        PostStatus::Trashed => true,
        PostStatus::Draft => post.status == PostStatus::Scheduled,
        _ => false,
    };
    if let Some(current) = current.filter(stays) {
        return current.standing();
    }
    let scheduled_at = times.scheduled.filter(|_| post.status == PostStatus::Scheduled);
    match scheduled_at {
        Some(at) if at <= now => Standing { status: PostStatus::Public, published_at: Some(at), scheduled_at: None },
        _ => Standing {
            status: post.status,
            published_at: times.published.or((post.status == PostStatus::Public).then_some(now)),
            scheduled_at,
        },
    }
}

/// Times of a post, as the databases keep them.
struct Times {
    published: Option<i64>,
    updated: Option<i64>,
    scheduled: Option<i64>,
}

fn check(mut post: ImportPost) -> Result<(ImportPost, Times), Problem> {
    let mut problem = Problem::validation();
    for (field, value) in [("source", &post.source), ("title", &post.title), ("author_id", &post.author_id)] {
        if value.trim().is_empty() {
            problem = problem.with_field(field, "required", "It must not be empty.");
        }
    }
    for (field, most, longest) in lengths(&post) {
        if longest > most {
            problem = problem.with_field(field, "too_long", format!("At most {most} characters."));
        }
    }
    let time = |value: &Option<String>| value.as_deref().map(parse_rfc3339);
    let (published, updated) = (time(&post.published_at), time(&post.updated_at));
    let scheduled = time(&post.scheduled_at);
    for (field, time) in [("published_at", published), ("updated_at", updated), ("scheduled_at", scheduled)] {
        if time == Some(None) {
            problem = problem.with_field(field, "invalid", "A time is RFC 3339: 2026-01-31T09:00:00Z.");
        }
    }
    if post.status == PostStatus::Trashed {
        problem = problem.with_field("status", "invalid", "DRAFT, PUBLIC, PRIVATE or SCHEDULED.");
    }
    if (post.status == PostStatus::Scheduled) != post.scheduled_at.is_some() {
        problem = problem.with_field("scheduled_at", "invalid", "SCHEDULED posts have a time, and only they.");
    }
    if !problem.errors.is_empty() {
        return Err(problem);
    }
    post.title = post.title.split_whitespace().collect::<Vec<_>>().join(" ");
    post.content.retain(|c| c != '\0');
    post.excerpt = post.excerpt.map(|text| text.trim().replace('\0', "")).filter(|text| !text.is_empty());
    post.tags = tidy_tags(&post.tags).into_iter().filter(|tag| !slugify(tag).is_empty()).collect();
    Ok((post, Times { published: published.flatten(), updated: updated.flatten(), scheduled: scheduled.flatten() }))
}

/// Fields that databases find posts by, with how many characters they may have and have. What an index of
/// PostgreSQL holds has an end.
fn lengths(post: &ImportPost) -> [(&'static str, usize, usize); 7] {
    let count = |text: &str| text.chars().count();
    let longest = |texts: &[String]| texts.iter().map(|text| count(text)).max().unwrap_or_default();
    [
        ("source", 500, count(&post.source)),
        ("title", 500, count(&post.title)),
        ("author_id", 100, count(&post.author_id)),
        ("author_name", 200, count(&post.author_name)),
        ("category", 200, post.category.as_deref().map(count).unwrap_or_default()),
        ("tags", 200, longest(&post.tags)),
        ("aliases", 500, longest(&post.aliases)),
    ]
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
    Ok(same.map(|current| ImportOutcome { change: ImportChange::Unchanged, id: current.id, slug: current.slug }))
}

/// A post keeps its slug as long as the import asks for the same; otherwise it gets the one asked
/// for, with a number when another post has it.
async fn slug(tx: &DatabaseTransaction, post: &ImportPost, current: Option<&Current>, id: &str) -> ApiResult<String> {
    let wanted = slugify(&post.slug);
    let wanted = if wanted.is_empty() || is_reserved(&wanted) { input::from_title(&post.title) } else { wanted };
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

/// Old addresses lead to the post.
async fn lead_here(tx: &DatabaseTransaction, id: &str, slug: &str, aliases: &[String]) -> ApiResult<()> {
    let here = format!("/posts/{slug}");
    for path in aliases.iter().map(|alias| redirects::normal(alias)) {
        if path != here && path != "/" {
            redirects::add(tx, &path, id).await?;
        }
    }
    Ok(())
}
