//! Components that more than one module shows.

mod avatar;
mod failure;
mod pager;
mod skeleton;

pub use avatar::Avatar;
pub use failure::Failure;
pub use pager::Pager;
pub use skeleton::Skeleton;
