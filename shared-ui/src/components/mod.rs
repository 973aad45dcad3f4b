//! Components that more than one module shows.

mod avatar;
mod failure;
mod icon;
mod pager;
mod skeleton;

pub use avatar::{Avatar, avatar};
pub use failure::{failure, not_found};
pub use icon::{BOOKMARK, BUBBLE, CHAIN, EYE, HEART, icon};
pub use pager::{page_href, pager, pager_by};
pub use skeleton::skeleton;
