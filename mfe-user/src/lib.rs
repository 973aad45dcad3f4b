//! The user area: signing in and what is one's own.
#![allow(unreachable_pub, reason = "`#[component]` makes a pub function and pub props")]

mod pages;
mod routes;
mod text;

shared_ui::module!(crate::routes::User);
