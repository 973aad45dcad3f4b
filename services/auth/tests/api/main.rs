//! The auth service through its routes, on both databases. One file for each part of the API.

mod accounts;
mod operators;
mod profile;
mod sessions;
mod support;
