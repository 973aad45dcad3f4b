//! The user area: accounts, and what belongs to them.

mod pages;
mod routes;
mod text;

shared_ui::module!(crate::routes::User);
