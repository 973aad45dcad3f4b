//! `POST /api/posts/bulk` (ADMIN): the same for many posts. Each is a change of its own, so that one
//! that cannot be done does not undo the others; the answer says what became of each.

use axum::{Json, extract::State};
use contracts::{
    blog::{BulkAction, BulkInput, BulkOutcome, BulkResult, PostStatus},
    module::Role,
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::Viewer, extract::Body};
use sea_orm::DatabaseTransaction;

use crate::{
    app::App,
    changes::{events, life, terms as term_changes},
    domain::{
        fields::{has_room_for_a_tag, tidy_tags},
        slug::slugify,
    },
    store::{
        change,
        posts::{self, Current},
        term_writes,
        terms::{self, Kind},
    },
};

const MAX_IDS: usize = 100;
const MAX_TAG: usize = 50;

#[utoipa::path(post, path = "/api/posts/bulk", tag = "posts", request_body = BulkInput, security(("bearer" = [])),
    responses((status = 200, description = "What became of each", body = BulkOutcome)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<BulkInput>,
) -> ApiResult<Json<BulkOutcome>> {
    viewer.require(Role::Admin)?;
    let what = check(&app, &input).await?;
    let mut outcome = BulkOutcome::default();
    for id in &input.ids {
        let word = match one(&app, id, &what).await {
            Ok(true) => "changed".to_owned(),
            Ok(false) => "unchanged".to_owned(),
            Err(error) if error.problem().status < 500 => error.problem().code.clone(),
            Err(error) => return Err(error),
        };
        outcome.changed += u32::from(word == "changed");
        outcome.results.push(BulkResult { id: id.clone(), outcome: word });
    }
    Ok(Json(outcome))
}

/// An action with all it needs.
enum What {
    Status(PostStatus),
    Trash,
    Restore,
    Purge,
    Category(Option<String>),
    Tag(String),
}

async fn check(app: &App, input: &BulkInput) -> ApiResult<What> {
    let refused = |field, code, message: String| Err(Problem::validation().with_field(field, code, message).into());
    if input.ids.is_empty() || input.ids.len() > MAX_IDS {
        return refused("ids", "invalid", format!("From 1 to {MAX_IDS} posts."));
    }
    Ok(match input.action {
        BulkAction::Publish => What::Status(PostStatus::Public),
        BulkAction::Unpublish => What::Status(PostStatus::Draft),
        BulkAction::Trash => What::Trash,
        BulkAction::Restore => What::Restore,
        BulkAction::Purge => What::Purge,
        BulkAction::SetCategory => match input.category.as_deref().map(str::trim).filter(|slug| !slug.is_empty()) {
            None => What::Category(None),
            Some(slug) => match terms::id_of(app.db.read(), Kind::Category, slug).await? {
                Some(id) => What::Category(Some(id)),
                None => return refused("category", "unknown", "There is no such category.".to_owned()),
            },
        },
        BulkAction::AddTag => match tidy_tags(input.tag.as_slice()).pop() {
            None => return refused("tag", "required", "Name a tag.".to_owned()),
            Some(tag) if slugify(&tag).is_empty() => {
                return refused("tag", "invalid", "A tag needs a letter or a digit.".to_owned());
            }
            Some(tag) if tag.chars().count() > MAX_TAG => {
                return refused("tag", "too_long", format!("A tag has at most {MAX_TAG} characters."));
            }
            Some(tag) => What::Tag(tag),
        },
    })
}

/// Does it to one post. Whether it changed.
async fn one(app: &App, id: &str, what: &What) -> ApiResult<bool> {
    let now = app.clock.millis();
    let tx = app.begin().await?;
    let post = posts::current_by_id(&tx, id).await?.ok_or_else(|| Problem::not_found("post"))?;
    let trashed = post.status() == PostStatus::Trashed;
    let changed = match what {
        What::Trash if trashed => false,
        What::Trash => {
            life::trash(&tx, &post, now).await?;
            true
        }
        What::Restore if !trashed => false,
        What::Restore => {
            life::restore(&tx, &post, now).await?;
            true
        }
        What::Purge if !trashed => return Err(life::not_in_trash().into()),
        What::Purge => {
            life::purge(&tx, &post, now).await?;
            true
        }
        _ if trashed => return Err(in_trash()),
        What::Status(status) => life::set_status(&tx, &post, *status, now).await?,
        What::Category(category) => set_category(&tx, &post, category.as_deref(), now).await?,
        What::Tag(tag) => add_tag(&tx, &post, tag, now).await?,
    };
    app.commit(tx).await?;
    Ok(changed)
}

fn in_trash() -> ApiError {
    Problem::new(409, "in_trash", "This is in the trash").with_detail("Restore the post first.").into()
}

async fn set_category(tx: &DatabaseTransaction, post: &Current, category: Option<&str>, now: i64) -> ApiResult<bool> {
    if post.category_id.as_deref() == category {
        return Ok(false);
    }
    change::set_category(tx, &post.id, category, now).await?;
    let both = post.category_id.clone().into_iter().chain(category.map(str::to_owned));
    term_writes::recount(tx, None, both).await?;
    events::changed(tx, post, now).await?;
    Ok(true)
}

async fn add_tag(tx: &DatabaseTransaction, post: &Current, tag: &str, now: i64) -> ApiResult<bool> {
    let mut tags = terms::tags_of(tx, &post.id).await?;
    let Some(id) = term_changes::ensure(tx, Kind::Tag, tag, now).await? else { return Ok(false) };
    if tags.contains(&id) {
        return Ok(false);
    }
    if !has_room_for_a_tag(tags.len()) {
        return Err(Problem::new(422, "too_many_tags", "This post has as many tags as it can have").into());
    }
    tags.push(id.clone());
    term_writes::set_tags(tx, &post.id, &tags).await?;
    change::touch(tx, &post.id, now).await?;
    term_writes::recount(tx, [id], None).await?;
    events::changed(tx, post, now).await?;
    Ok(true)
}
