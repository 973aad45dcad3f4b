//! The browser half: shows an area in the element that the shell gives it, and moves between its pages.

mod data;
mod host;
mod json;
mod mount;

pub use host::enter;
pub use host::{Boot, Host};
pub use js_sys::Promise;
pub use json::{decode, property, text};
pub use mount::{Mounted, mount};

pub(crate) use data::read;
pub(crate) use host::set_title;
