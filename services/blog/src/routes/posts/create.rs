//! `POST /api/posts` (AUTHOR)

use axum::{extract::State, response::Response};
use contracts::{
    blog::{PostInput, PostStatus},
    module::Role,
};
use kit::{ApiError, ApiResult, auth::Viewer, extract::Body, http::created, id};

use super::write;
use crate::{
    app::App,
    domain::draft,
    store::{
        authors,
        posts::{self, Change},
        redirects, terms,
    },
};

pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<PostInput>,
) -> ApiResult<Response> {
    viewer.require(Role::Author)?;
    let (input, wish) = draft::check(input)?;
    let status = write::check_status(&input)?.unwrap_or_default();
    let rendered = write::render(input.content.clone(), input.locale.clone()).await?;
    let (id, now) = (id::new(), app.clock.millis());

    let tx = app.db.begin().await?;
    authors::ensure(&tx, viewer.id(), viewer.name(), viewer.avatar()).await?;
    let slug = write::slug(&tx, &wish, &id).await?;
    let category_id = write::category(&tx, &input).await?;
    let tags = input.tags.clone();
    let change = Change {
        slug: slug.clone(),
        cover: input.cover.clone().filter(|cover| !cover.is_empty()),
        category_id: category_id.clone(),
        status,
        featured: write::check_featured(&viewer, false, input.featured)?,
        published_at: (status == PostStatus::Public).then_some(now),
        updated_at: now,
        input,
        rendered,
    };
    posts::insert(&tx, &id, viewer.id(), change).await.map_err(write::on_conflict)?;
    let tags = terms::set_tags(&tx, &id, &tags).await?;
    redirects::remove(&tx, &format!("/posts/{slug}")).await?;
    terms::recount(&tx, tags, category_id).await?;
    tx.commit().await?;

    let post = posts::by_slug(&app.db, &slug).await?.ok_or_else(|| ApiError::internal("the new post is gone"))?;
    Ok(created(&format!("/api/posts/{slug}"), post.into_post(true)))
}
