//! The `maru` program: everything in one process with embedded storage, and the command line.
//!
//! A library, so that tests can start what the program starts. Domain rules are the services';
//! what this crate knows is how things are started, configured, brought in and published.
#![forbid(unsafe_code)]

pub mod accounts;
pub mod allocator;
mod bench;
pub mod commands;
pub mod config;
pub mod data_dir;
mod demo;
mod discussion;
pub mod embedded;
pub mod exporter;
pub mod front;
pub mod importer;
mod logging;
pub mod operation;
mod operator;
pub mod parts;
mod reload;
pub mod services;
mod signals;
mod sockets;
mod traces;
pub mod upstreams;
