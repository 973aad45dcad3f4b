//! What somebody wrote and keeps.

use std::{collections::HashMap, sync::Arc};

use axum::{Json, extract::State};
use contracts::{
    blog::{PostRef, PostStatus},
    content::{Bookmarks, CommentState, MyComments},
    module::Role,
    pages::{BookmarkRow, BookmarksPage, MyComment, MyCommentsPage, PostLink},
};
use kit::{ApiResult, extract::Query};

use super::{Missing, PageQuery, TABLE_SIZE, require};
use crate::{backend::Backend, paths, sessions::Visitor, upstream::optional};

/// `GET /bff/pages/my/bookmarks?page=`
pub(super) async fn bookmarks(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<PageQuery>,
) -> ApiResult<Json<BookmarksPage>> {
    require(&visitor, Role::User)?;
    let page = which.number();
    let path = format!("/api/bookmarks?page={page}&size={TABLE_SIZE}");
    let found: Bookmarks = backend.upstreams.content.get(&path, &visitor).await?;
    let ids = found.items.iter().map(|bookmark| bookmark.post_id.clone());
    let (mut posts, missing) = posts(&backend, &visitor, ids).await;
    let items = found.items.into_iter().map(|bookmark| BookmarkRow {
        post: posts.remove(&bookmark.post_id).unwrap_or_default(),
        post_id: bookmark.post_id,
        created_at: bookmark.created_at,
    });
    Ok(Json(BookmarksPage { items: items.collect(), page, size: TABLE_SIZE, total: found.total, missing: missing.0 }))
}

/// The titles of these posts, as far as they are there and public. Who keeps a post may see it: the content
/// service has left the others out.
async fn posts(
    backend: &Backend,
    visitor: &Visitor,
    ids: impl Iterator<Item = String>,
) -> (HashMap<String, PostLink>, Missing) {
    let asked = ids.map(async |id| {
        let path = format!("/internal/posts/{}", paths::encode_segment(&id));
        let blog = &backend.upstreams.blog;
        let found = blog.get_internal::<PostRef>(&path, &backend.service_authorization, visitor);
        (id, optional(found).await)
    });
    let (mut links, mut missing) = (HashMap::new(), Missing::default());
    for (id, found) in futures_util::future::join_all(asked).await {
        match found {
            Ok(post) if post.status == PostStatus::Trashed => {}
            Ok(post) => {
                links.insert(id, PostLink { slug: post.slug, title: post.title, published_at: String::new() });
            }
            Err(error) if error.problem().status == 404 => {}
            Err(error) if missing.0.is_empty() => missing.or_default::<()>("posts", Err(error)),
            Err(_) => {}
        }
    }
    (links, missing)
}

/// `GET /bff/pages/my/comments?page=`
pub(super) async fn comments(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<PageQuery>,
) -> ApiResult<Json<MyCommentsPage>> {
    require(&visitor, Role::User)?;
    let page = which.number();
    let path = format!("/api/comments/mine?page={page}&size={TABLE_SIZE}");
    let found: MyComments = backend.upstreams.content.get(&path, &visitor).await?;
    let items = found.items.into_iter().map(|comment| MyComment {
        id: comment.id,
        post: PostLink {
            slug: comment.post_slug.unwrap_or_default(),
            title: comment.post_title.unwrap_or_default(),
            published_at: String::new(),
        },
        html: comment.html,
        created_at: comment.created_at,
        state: state(comment.state, comment.is_private).to_owned(),
    });
    Ok(Json(MyCommentsPage { items: items.collect(), page, size: TABLE_SIZE, total: found.total }))
}

/// The name of a state in view-models.
pub(super) fn state(state: CommentState, private: bool) -> &'static str {
    match state {
        CommentState::Pending => "held",
        CommentState::Hidden => "hidden",
        CommentState::Trashed => "deleted",
        CommentState::Visible if private => "private",
        CommentState::Visible => "visible",
    }
}
