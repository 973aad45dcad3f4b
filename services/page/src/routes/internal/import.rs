//! `PUT /internal/import/pages`: one page of an import. The same body twice changes nothing.

use axum::{Json, extract::State};
use contracts::{
    blog::ImportChange,
    events::{PageCreated, PageUpdated},
    page::{ImportPage, ImportedPage, PageInput, PageStatus},
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::ServiceCaller, clock::parse_rfc3339, events::outbox, extract::Body, id};
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    domain::{
        input, names,
        slug::{from_title, is_reserved, slugify},
    },
    routes::pages::{on_conflict, render},
    store::{
        authors,
        pages::{self, Change, Current},
        redirects,
    },
};

#[utoipa::path(
    put, path = "/internal/import/pages", tag = "internal", operation_id = "internal_import_pages",
    description = "Makes the page with this source, or changes it where it differs.",
    request_body = ImportPage, responses((status = 200, body = ImportedPage)),
)]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Body(page): Body<ImportPage>,
) -> ApiResult<Json<ImportedPage>> {
    let (page, times) = check(page)?;
    let digest = digest(&page)?;
    if let Some(known) = pages::by_source(app.db.read(), &page.source).await?
        && known.source_digest.as_deref() == Some(&digest)
    {
        return Ok(Json(ImportedPage { change: ImportChange::Unchanged, id: known.id, slug: known.slug }));
    }
    let rendered = render(&app, &page.content, page.locale.as_deref()).await?;
    let now = app.clock.millis();

    let tx = app.db.begin().await?;
    authors::ensure(&tx, &page.author_id, &page.author_name, page.author_avatar.as_deref()).await?;
    let current = pages::lock_by_source(&tx, &page.source).await?;
    let id = current.as_ref().map_or_else(id::new, |current| current.id.clone());
    let slug = slug(&tx, &page, current.as_ref(), &id).await?;
    // What was thrown away here stays in the trash.
    let trashed = current.as_ref().is_some_and(Current::is_trashed);
    let status = if trashed { PageStatus::Trashed } else { page.status };
    let published_at = (status == PageStatus::Published).then_some(times.published.unwrap_or(now)).or(times.published);
    let change = Change {
        slug: &slug,
        title: &page.title,
        content: &page.content,
        kind: page.kind,
        status,
        badge: page.badge.as_deref(),
        pinned: page.pinned,
        template: page.template,
        rendered: &rendered,
        published_at,
        updated_at: times.updated.or(published_at).unwrap_or(now),
    };
    match &current {
        Some(_) => pages::update(&tx, &id, &change).await,
        None => pages::insert(&tx, &id, &page.author_id, &change).await,
    }
    .map_err(on_conflict)?;
    pages::set_origin(&tx, &id, &page.source, &digest, &page.author_id).await?;
    let before = current.as_ref().map(Current::path);
    lead_here(&tx, &id, &names::path(page.kind, &slug), before, &page.aliases).await?;
    let images = rendered.images.clone();
    let change = match current {
        Some(_) => {
            outbox::add(&tx, &id, &PageUpdated { page_id: id.clone(), slug: slug.clone(), images }, now).await?;
            ImportChange::Updated
        }
        None => {
            outbox::add(&tx, &id, &PageCreated { page_id: id.clone(), slug: slug.clone(), images }, now).await?;
            ImportChange::Created
        }
    };
    tx.commit().await?;
    app.relay.wake();
    Ok(Json(ImportedPage { change, id, slug }))
}

/// Times of a page, as the databases keep them.
struct Times {
    published: Option<i64>,
    updated: Option<i64>,
}

fn check(mut page: ImportPage) -> Result<(ImportPage, Times), Problem> {
    let checked = input::check(PageInput {
        title: page.title.clone(),
        content: page.content.clone(),
        badge: page.badge.clone(),
        locale: page.locale.clone(),
        status: Some(page.status),
        ..PageInput::default()
    });
    let (mut problem, tidy) = match checked {
        Ok((tidy, _)) => (Problem::validation(), tidy),
        Err(problem) => (problem, PageInput::default()),
    };
    for (field, value) in [("source", &page.source), ("author_id", &page.author_id)] {
        if value.trim().is_empty() {
            problem = problem.with_field(field, "required", "It must not be empty.");
        }
    }
    let longest = page.aliases.iter().map(|alias| alias.chars().count()).max().unwrap_or_default();
    let lengths = [
        ("source", 500, page.source.chars().count()),
        ("author_id", 100, page.author_id.chars().count()),
        ("author_name", 200, page.author_name.chars().count()),
        ("aliases", 500, longest),
    ];
    // What databases find pages by: an index of PostgreSQL has an end.
    for (field, most, length) in lengths {
        if length > most {
            problem = problem.with_field(field, "too_long", format!("At most {most} characters."));
        }
    }
    let time = |value: &Option<String>| value.as_deref().map(parse_rfc3339);
    let (published, updated) = (time(&page.published_at), time(&page.updated_at));
    for (field, time) in [("published_at", published), ("updated_at", updated)] {
        if time == Some(None) {
            problem = problem.with_field(field, "invalid", "A time is RFC 3339: 2026-01-31T09:00:00Z.");
        }
    }
    if !problem.errors.is_empty() {
        return Err(problem);
    }
    (page.title, page.content, page.badge, page.locale) = (tidy.title, tidy.content, tidy.badge, tidy.locale);
    Ok((page, Times { published: published.flatten(), updated: updated.flatten() }))
}

/// A digest of everything that the import brought.
fn digest(page: &ImportPage) -> ApiResult<String> {
    use std::fmt::Write;
    let json = serde_json::to_vec(page).map_err(ApiError::internal)?;
    Ok(Sha256::digest(json).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// A page keeps its slug as long as the import asks for the same; otherwise it gets the one asked
/// for, with a number when another page has it.
async fn slug(tx: &DatabaseTransaction, page: &ImportPage, current: Option<&Current>, id: &str) -> ApiResult<String> {
    let wanted = slugify(&page.slug);
    let wanted = if wanted.is_empty() || is_reserved(&wanted) { from_title(&page.title) } else { wanted };
    if let Some(current) = current {
        let is_numbered = current
            .slug
            .strip_prefix(&wanted)
            .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok()));
        if is_numbered {
            return Ok(current.slug.clone());
        }
    }
    Ok(pages::free_slug(tx, &wanted, id).await?)
}

async fn lead_here(
    tx: &DatabaseTransaction,
    id: &str,
    here: &str,
    before: Option<String>,
    aliases: &[String],
) -> ApiResult<()> {
    redirects::remove(tx, here).await?;
    for path in aliases.iter().map(|alias| redirects::normal(alias)).chain(before) {
        if path != here && path != "/" {
            redirects::add(tx, &path, id).await?;
        }
    }
    Ok(())
}
