//! The shell: the hall around the areas. It owns the layout, history, theme, messages and, in
//! `tail.js`, the loading of areas. It knows no area by name.
//!
//! The Rust half renders the layout and keeps it up to date; the script half loads, mounts and swaps
//! areas, since that is work with modules, elements and promises and not with views.
#![allow(unreachable_pub, reason = "`#[component]` makes a pub function and pub props")]

mod components;
mod layout;
mod state;
mod text;

#[cfg(feature = "client")]
mod browser;
#[cfg(feature = "server")]
mod server;
