//! `PUT /api/posts/:slug` (its author, ADMIN): title, text, tags, category and excerpt become what is
//! sent; slug, cover, status and featured stay when they are absent.

use axum::{Json, extract::State};
use contracts::{
    blog::{Post, PostInput, PostStatus},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Body, Path},
};
use sea_orm::DatabaseTransaction;

use super::write;
use crate::{
    app::App,
    domain::{
        draft::{self, SlugWish},
        visibility::{may_edit, may_see},
    },
    store::{
        posts::{self, Change, Current},
        redirects, terms,
    },
};

pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    Body(input): Body<PostInput>,
) -> ApiResult<Json<Post>> {
    viewer.require(Role::Author)?;
    let (input, wish) = draft::check(input)?;
    let version = input
        .version
        .ok_or_else(|| Problem::validation().with_field("version", "required", "Send the version that you changed."))?;
    let status = write::check_status(&input)?;
    let rendered = write::render(input.content.clone(), input.locale.clone()).await?;
    let now = app.clock.millis();

    let tx = app.db.begin().await?;
    let current = find(&tx, &viewer, &slug, Some(version)).await?;
    let new_slug = match &wish {
        SlugWish::Exactly(wanted) if *wanted != current.slug => write::slug(&tx, &wish, &current.id).await?,
        _ => current.slug.clone(),
    };
    let category_id = write::category(&tx, &input).await?;
    let status = status.unwrap_or(current.status());
    let names = input.tags.clone();
    let change = Change {
        slug: new_slug.clone(),
        cover: input.cover.clone().or(current.cover.clone()).filter(|cover| !cover.is_empty()),
        category_id: category_id.clone(),
        status,
        featured: write::check_featured(&viewer, current.featured, input.featured)?,
        published_at: current.published_at.or_else(|| (status == PostStatus::Public).then_some(now)),
        updated_at: now,
        input,
        rendered,
    };
    posts::update(&tx, &current.id, change).await.map_err(write::on_conflict)?;
    if new_slug != current.slug {
        redirects::remove(&tx, &format!("/posts/{new_slug}")).await?;
        redirects::add(&tx, &format!("/posts/{}", current.slug), &current.id).await?;
    }
    let mut tags = terms::tags_of(&tx, &current.id).await?;
    tags.extend(terms::set_tags(&tx, &current.id, &names).await?);
    terms::recount(&tx, tags, current.category_id.into_iter().chain(category_id)).await?;
    tx.commit().await?;

    match posts::by_slug(&app.db, &new_slug).await? {
        Some(post) => Ok(Json(post.into_post(true))),
        None => Err(ApiError::internal("the changed post is gone")),
    }
}

/// The post at `slug`, if `viewer` may change it and has seen its last version.
pub(super) async fn find(
    tx: &DatabaseTransaction,
    viewer: &Viewer,
    slug: &str,
    version: Option<u32>,
) -> ApiResult<Current> {
    let current = posts::lock_by_slug(tx, slug).await?.ok_or_else(|| Problem::not_found("post"))?;
    if !may_edit(Some(viewer), &current.author_id) {
        // Who may not see it does not learn that it is there.
        let hidden = !may_see(Some(viewer), &current.author_id, current.status());
        return Err(if hidden { Problem::not_found("post") } else { Problem::forbidden() }.into());
    }
    if version.is_some_and(|version| i64::from(version) != i64::from(current.version)) {
        return Err(stale(current.version, version.unwrap_or_default()).into());
    }
    Ok(current)
}

fn stale(current: i32, yours: u32) -> Problem {
    Problem::new(409, "stale_version", "Somebody changed this in the meantime")
        .with_detail(format!("It is at version {current} now; yours was made from version {yours}."))
        .with_field("version", "stale", current.to_string())
}
