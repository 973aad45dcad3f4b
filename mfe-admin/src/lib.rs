//! The admin area: writing and looking after the site.

mod components;
mod happenings;
mod pages;
mod routes;
mod text;

shared_ui::module!(crate::routes::Admin);
