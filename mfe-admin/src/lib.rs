//! The admin area: writing and looking after the site.
#![allow(unreachable_pub, reason = "`#[component]` makes a pub function and pub props")]

mod components;
mod pages;
mod routes;
mod text;

shared_ui::module!(crate::routes::Admin);
