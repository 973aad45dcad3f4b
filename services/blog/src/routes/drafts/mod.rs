//! `/api/drafts`: an author's own; admins see and change everybody's.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod read;
pub(crate) mod update;

use contracts::{blog::Draft, module::Role, problem::Problem};
use kit::{ApiError, ApiResult, auth::Viewer};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::{changes, store::drafts};

/// The draft with this id. Somebody else's is not there.
async fn find<C: ConnectionTrait>(db: &C, viewer: &Viewer, id: &str) -> ApiResult<Draft> {
    viewer.require(Role::Author)?;
    let own = |draft: &Draft| viewer.role() >= Role::Admin || draft.summary.author_id == viewer.id();
    let draft = drafts::by_id(db, id).await?.filter(own);
    Ok(draft.ok_or_else(|| Problem::not_found("draft"))?)
}

/// Removes the draft as `tx` read it. On PostgreSQL it may have been saved since, which whoever saved it was told: then
/// it stays, and this is a 409 with the draft as it is now.
async fn remove(tx: &DatabaseTransaction, viewer: &Viewer, draft: &Draft, now: i64) -> ApiResult<()> {
    if changes::drafts::delete(tx, draft, now).await? {
        return Ok(());
    }
    let current = find(tx, viewer, &draft.summary.id).await?;
    Err(ApiError::stale(draft.summary.version, current.summary.version, &current))
}
