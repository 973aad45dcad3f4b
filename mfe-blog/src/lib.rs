//! The blog area: what everybody reads.

mod components;
mod head;
mod pages;
mod routes;
mod text;

shared_ui::module!(crate::routes::Blog);
