//! `/api/drafts`: an author's own; admins see and change everybody's.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod read;
pub(crate) mod update;

use contracts::{blog::Draft, module::Role, problem::Problem};
use kit::{ApiResult, auth::Viewer};
use sea_orm::ConnectionTrait;

use crate::store::drafts;

/// The draft with this id. Somebody else's is not there.
async fn find<C: ConnectionTrait>(db: &C, viewer: &Viewer, id: &str) -> ApiResult<Draft> {
    viewer.require(Role::Author)?;
    let own = |draft: &Draft| viewer.role() >= Role::Admin || draft.summary.author_id == viewer.id();
    let draft = drafts::by_id(db, id).await?.filter(own);
    Ok(draft.ok_or_else(|| Problem::not_found("draft"))?)
}
