//! The blog area: what everybody reads.
#![allow(unreachable_pub, reason = "`#[component]` makes a pub function and pub props")]

mod components;
mod head;
mod pages;
mod routes;
mod text;

shared_ui::module!(crate::routes::Blog);
