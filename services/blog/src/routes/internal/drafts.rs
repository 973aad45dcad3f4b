//! `GET /internal/drafts?after=&limit=`: everybody's drafts, as the posts that they would become.

use axum::{Json, extract::State};
use contracts::blog::{Draft, Post, PostStatus, PostSummary, TermRef, WholeDraft, WholeDrafts};
use kit::{ApiResult, auth::ServiceCaller, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    domain::{
        input,
        slug::{is_reserved, slugify},
    },
    rendering,
    routes::page::within,
    store::{
        drafts,
        terms::{self, Kind},
    },
};

/// Together they stay within the 16 MiB that callers read of an answer, however long their texts are.
const MAX_LIMIT: u32 = 5;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// The last id of the page before.
    after: Option<String>,
    /// From 1 to 5, which it is when absent.
    #[param(minimum = 1, maximum = 5)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/internal/drafts", tag = "internal", params(After),
    responses((status = 200, description = "All drafts there are, by id", body = WholeDrafts)))]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<After>,
) -> ApiResult<Json<WholeDrafts>> {
    let limit = within("limit", params.limit.unwrap_or(MAX_LIMIT), MAX_LIMIT)?;
    let drafts = drafts::all::page(&app.db, params.after.as_deref().unwrap_or_default(), limit).await?;
    let full = drafts.len() == usize::try_from(limit).unwrap_or(usize::MAX);
    let next = drafts.last().filter(|_| full).map(|draft| draft.summary.id.clone());
    let mut items = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let summary = draft.summary.clone();
        let post = if summary.post_id.is_none() { Some(as_post(&app, draft).await?) } else { None };
        items.push(WholeDraft { draft: summary, post });
    }
    Ok(Json(WholeDrafts { items, next }))
}

/// The post that the draft would become now.
async fn as_post(app: &App, draft: Draft) -> ApiResult<Post> {
    let typed = draft.slug.as_deref().map(slugify).filter(|slug| !slug.is_empty() && !is_reserved(slug));
    let slug = typed.unwrap_or_else(|| input::from_title(&draft.summary.title));
    let locale = match draft.locale {
        Some(locale) => locale,
        None => rendering::render(app, &draft.content, None).await?.locale.to_owned(),
    };
    let category = match &draft.category {
        // One that is gone meanwhile is nobody's any more.
        Some(slug) => at(app, Kind::Category, slug).await?,
        None => None,
    };
    let tags = tags(app, &draft.tags).await?;
    let summary = PostSummary {
        id: draft.summary.id,
        slug,
        title: draft.summary.title,
        cover: draft.cover,
        author_id: draft.summary.author_id,
        author_name: draft.summary.author_name,
        category,
        tags,
        status: PostStatus::Draft,
        updated_at: draft.summary.updated_at,
        locale,
        version: draft.summary.version,
        ..PostSummary::default()
    };
    Ok(Post {
        summary,
        content: Some(draft.content),
        written_excerpt: draft.excerpt,
        canonical: draft.canonical,
        seo_title: draft.seo_title,
        seo_description: draft.seo_description,
        translation_group: draft.translation_group,
        comments_allowed: draft.comments_allowed.unwrap_or(true),
        created_at: draft.summary.created_at,
        ..Post::default()
    })
}

/// The tags that these names mean, each once; one that does not exist as it would be made.
async fn tags(app: &App, names: &[String]) -> ApiResult<Vec<TermRef>> {
    let mut tags: Vec<TermRef> = Vec::with_capacity(names.len());
    for name in names {
        let slug = slugify(name);
        let known = match terms::id_by_name(app.db.read(), Kind::Tag, name).await? {
            Some(id) => by_id(app, Kind::Tag, &id).await?,
            None => at(app, Kind::Tag, &slug).await?,
        };
        let tag = known.unwrap_or_else(|| TermRef { name: name.clone(), slug, color: 0 });
        if tags.iter().all(|other| other.slug != tag.slug) {
            tags.push(tag);
        }
    }
    Ok(tags)
}

/// The term that is, or once was, at `slug`.
async fn at(app: &App, kind: Kind, slug: &str) -> ApiResult<Option<TermRef>> {
    match terms::id_of(app.db.read(), kind, slug).await? {
        Some(id) => by_id(app, kind, &id).await,
        None => Ok(None),
    }
}

async fn by_id(app: &App, kind: Kind, id: &str) -> ApiResult<Option<TermRef>> {
    let term = terms::by_id(app.db.read(), kind, id).await?;
    Ok(term.map(|term| TermRef { name: term.name, slug: term.slug, color: term.color }))
}
