//! Parts of the layout.

mod account;
mod footer;
mod header;
mod icon;
mod notice;
mod toasts;

pub(crate) use footer::Footer;
pub(crate) use header::Header;
pub(crate) use notice::NoticePage;
pub(crate) use toasts::Toasts;
