//! The admin area: what is written.

mod comments;
mod drafts;
mod home;
mod pages;
mod posts;
mod revisions;
mod terms;

pub use comments::*;
pub use drafts::*;
pub use home::*;
pub use pages::*;
pub use posts::*;
pub use revisions::*;
pub use terms::*;
