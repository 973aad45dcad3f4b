//! Who may see and change a post.

use contracts::{blog::PostStatus, module::Role};
use kit::auth::Viewer;

/// Whether `viewer` may see a post with this author and status.
pub(crate) fn may_see(viewer: Option<&Viewer>, author_id: &str, status: PostStatus) -> bool {
    status == PostStatus::Public || may_edit(viewer, author_id)
}

/// Whether `viewer` may change it: its author (while they are one) and admins.
pub(crate) fn may_edit(viewer: Option<&Viewer>, author_id: &str) -> bool {
    viewer.is_some_and(|viewer| match viewer.role() {
        Role::Admin => true,
        Role::Author => viewer.id() == author_id,
        Role::User => false,
    })
}
