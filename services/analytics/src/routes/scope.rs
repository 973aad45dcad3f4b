//! Whose numbers somebody may see.

use contracts::module::Role;
use kit::{ApiResult, auth::Viewer};

use crate::store::reports::Scope;

/// The whole site for an admin, their own posts for an author; 403 for others.
pub(super) fn of(viewer: &Viewer) -> ApiResult<Scope> {
    viewer.require(Role::Author)?;
    Ok(if viewer.role() == Role::Admin { Scope::Site } else { Scope::Author(viewer.id().to_owned()) })
}
