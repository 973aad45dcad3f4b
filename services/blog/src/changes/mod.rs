//! What can happen to posts and terms. Each takes the transaction that [`crate::app::begin`] began, and
//! writes its events into it: whoever changes something goes through here.

pub(crate) mod drafts;
pub(crate) mod events;
pub(crate) mod life;
pub(crate) mod save;
pub(crate) mod terms;
