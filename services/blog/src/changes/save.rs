//! Writing a post: new, or changed.

use std::sync::Arc;

use contracts::{
    blog::{PostInput, PostStatus},
    module::Role,
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::Viewer, id};
use markdown::Rendered;
use sea_orm::{DatabaseTransaction, DbErr, SqlErr};

use super::{events, terms as term_changes};
use crate::{
    app::App,
    domain::{
        fields::kept,
        input::{self, Checked, SlugWish},
        schedule::Standing,
    },
    rendering,
    store::{
        authors,
        change::{self, Change},
        posts::{self, Current},
        redirects, revisions, term_writes,
        terms::{self, Kind},
    },
};

/// A post as somebody wants it, checked and rendered: all that can be done before the transaction.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) input: PostInput,
    slug: SlugWish,
    scheduled_at: Option<i64>,
    rendered: Arc<Rendered>,
}

/// Checks and renders.
pub(crate) async fn prepare(app: &App, input: PostInput) -> ApiResult<Prepared> {
    let Checked { input, slug, scheduled_at } = input::check(input, app.clock.millis())?;
    let rendered = rendering::render(app, &input.content, input.locale.as_deref()).await?;
    Ok(Prepared { input, slug, scheduled_at, rendered })
}

/// A new post of `viewer`. Answers its slug.
pub(crate) async fn create(
    tx: &DatabaseTransaction,
    viewer: &Viewer,
    prepared: &Prepared,
    now: i64,
) -> ApiResult<String> {
    let Prepared { input, slug, scheduled_at, rendered } = prepared;
    let id = id::new();
    authors::ensure(tx, viewer.id(), viewer.name(), viewer.avatar()).await?;
    let slug = match slug {
        SlugWish::From(slug) => posts::free_slug(tx, slug, &id).await?,
        SlugWish::Exactly(slug) => exactly(tx, slug, &id).await?,
    };
    let category_id = category(tx, input.category.as_deref()).await?;
    let change = Change {
        slug: &slug,
        title: &input.title,
        content: &input.content,
        excerpt: input.excerpt.as_deref(),
        rendered,
        cover: kept(input.cover.as_deref(), None),
        category_id: category_id.clone(),
        standing: Standing::NEW.then(input.status, *scheduled_at, now)?,
        featured: featured(viewer, false, input.featured)?,
        canonical: kept(input.canonical.as_deref(), None),
        seo_title: kept(input.seo_title.as_deref(), None),
        seo_description: kept(input.seo_description.as_deref(), None),
        translation_group: kept(input.translation_group.as_deref(), None),
        comments_allowed: input.comments_allowed.unwrap_or(true),
        editor_id: Some(viewer.id()),
        updated_at: now,
    };
    change::insert(tx, &id, viewer.id(), change).await.map_err(on_conflict)?;
    let tags = term_changes::set_tags(tx, &id, &input.tags, now).await?;
    redirects::remove(tx, &format!("/posts/{slug}")).await?;
    term_writes::recount(tx, tags, category_id).await?;
    events::created(tx, &id, now).await?;
    Ok(slug)
}

/// The post `current`, changed by `viewer`. What was there before becomes a revision. Answers its slug.
pub(crate) async fn update(
    tx: &DatabaseTransaction,
    viewer: &Viewer,
    current: &Current,
    prepared: &Prepared,
    now: i64,
) -> ApiResult<String> {
    let Prepared { input, slug, scheduled_at, rendered } = prepared;
    authors::ensure(tx, viewer.id(), viewer.name(), viewer.avatar()).await?;
    let slug = match slug {
        SlugWish::Exactly(wanted) if *wanted != current.slug => exactly(tx, wanted, &current.id).await?,
        _ => current.slug.clone(),
    };
    let category_id = category(tx, input.category.as_deref()).await?;
    let standing = current.standing().then(input.status, *scheduled_at, now)?;
    if standing.status == PostStatus::Scheduled {
        check_schedule(current.status(), "scheduled_at")?;
    }
    let change = Change {
        slug: &slug,
        title: &input.title,
        content: &input.content,
        excerpt: input.excerpt.as_deref(),
        rendered,
        cover: kept(input.cover.as_deref(), current.cover.as_deref()),
        category_id: category_id.clone(),
        standing,
        featured: featured(viewer, current.featured, input.featured)?,
        canonical: kept(input.canonical.as_deref(), current.canonical.as_deref()),
        seo_title: kept(input.seo_title.as_deref(), current.seo_title.as_deref()),
        seo_description: kept(input.seo_description.as_deref(), current.seo_description.as_deref()),
        translation_group: kept(input.translation_group.as_deref(), current.translation_group.as_deref()),
        comments_allowed: input.comments_allowed.unwrap_or(current.comments_allowed),
        editor_id: Some(viewer.id()),
        updated_at: now,
    };
    write(tx, current, change, &input.tags, now).await?;
    Ok(slug)
}

/// Changes the post with all that follows from it: the revision, the old address, terms, counts,
/// events.
pub(crate) async fn write(
    tx: &DatabaseTransaction,
    current: &Current,
    change: Change<'_>,
    tags: &[String],
    now: i64,
) -> ApiResult<()> {
    let (slug, category_id) = (change.slug.to_owned(), change.category_id.clone());
    let before = revisions::now(tx, &current.id).await?;
    change::update(tx, &current.id, change).await.map_err(on_conflict)?;
    if slug != current.slug {
        redirects::remove(tx, &format!("/posts/{slug}")).await?;
        redirects::add(tx, &format!("/posts/{}", current.slug), &current.id).await?;
    }
    let mut counted = terms::tags_of(tx, &current.id).await?;
    counted.extend(term_changes::set_tags(tx, &current.id, tags, now).await?);
    if let (Some(before), Some(after)) = (before, revisions::now(tx, &current.id).await?)
        && !before.says_the_same_as(&after)
    {
        revisions::keep(tx, &current.id, &before).await?;
    }
    term_writes::recount(tx, counted, current.category_id.clone().into_iter().chain(category_id)).await?;
    Ok(events::changed(tx, current, now).await?)
}

/// The slug that was typed. One that is taken is a problem that names a free one.
async fn exactly(tx: &DatabaseTransaction, slug: &str, id: &str) -> ApiResult<String> {
    let free = posts::free_slug(tx, slug, id).await?;
    if free == slug { Ok(free) } else { Err(taken(&format!("`{free}` is free.")).into()) }
}

fn taken(advice: &str) -> Problem {
    Problem::validation().with_field("slug", "taken", format!("Another post has this address; {advice}"))
}

/// Only who writes past [`crate::app::begin`] can take an address between the look and the write.
fn on_conflict(error: DbErr) -> ApiError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => taken("choose another one.").into(),
        _ => error.into(),
    }
}

/// Id of the category at that slug.
async fn category(tx: &DatabaseTransaction, slug: Option<&str>) -> ApiResult<Option<String>> {
    let Some(slug) = slug else { return Ok(None) };
    match terms::id_of(tx, Kind::Category, slug).await? {
        Some(id) => Ok(Some(id)),
        None => Err(Problem::validation().with_field("category", "unknown", "There is no such category.").into()),
    }
}

/// Only admins choose what leads the home page.
fn featured(viewer: &Viewer, now: bool, wanted: Option<bool>) -> ApiResult<bool> {
    match wanted {
        Some(wanted) if wanted != now && viewer.role() < Role::Admin => {
            Err(Problem::forbidden().with_detail("Only admins choose featured posts.").into())
        }
        Some(wanted) => Ok(wanted),
        None => Ok(now),
    }
}

/// Whether a post may be given a time: not one that readers see already, from whom it would be taken until then.
/// `field` is what the caller calls the time.
pub(crate) fn check_schedule(status: PostStatus, field: &str) -> Result<(), Problem> {
    if status == PostStatus::Public {
        let message = "The post is public already: publish the change now.";
        return Err(Problem::validation().with_field(field, "invalid", message));
    }
    Ok(())
}
