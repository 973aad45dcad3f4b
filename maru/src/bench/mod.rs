//! The services under load: filled with posts and comments, each listening for itself, as
//! `cargo xtask bench services` measures them.

mod corpus;
mod endpoints;
mod fill;
mod random;

use std::{collections::HashMap, fs, net::SocketAddr};

use anyhow::{Context, Result};
use axum::Router;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::{data_dir::DataDir, embedded::Embedded};

/// What to ask, for who measures.
#[derive(Debug, Serialize)]
pub(crate) struct Asked {
    /// What it is.
    name: &'static str,
    /// Where.
    address: SocketAddr,
    /// File with the paths to ask for, one a line.
    paths: String,
}

/// Fills the data folder unless it was filled like that before.
pub(crate) async fn fill_once(embedded: &Embedded, data: &DataDir, posts: usize, comments: usize) -> Result<()> {
    let (marker, filled) = (data.root().join("run").join("bench"), format!("{posts} posts, {comments} comments\n"));
    if fs::read_to_string(&marker).is_ok_and(|found| found == filled) {
        return Ok(());
    }
    fill::fill(&embedded.services, posts, comments).await?;
    fs::write(&marker, filled).with_context(|| format!("{} cannot be written", marker.display()))
}

/// Listens with the services that are measured, and writes down what to ask them.
pub(crate) async fn listen(embedded: &Embedded, data: &DataDir) -> Result<Vec<Asked>> {
    let folder = data.root().join("bench");
    fs::create_dir_all(&folder)?;
    let mut addresses = HashMap::new();
    for (name, router) in [("blog", &embedded.services.blog), ("content", &embedded.services.content)] {
        addresses.insert(name, serve(router.clone()).await?);
    }
    let mut asked = Vec::new();
    for (number, endpoint) in endpoints::all(&embedded.services).await?.into_iter().enumerate() {
        let file = folder.join(format!("{number}.txt"));
        fs::write(&file, endpoint.paths.join("\n"))?;
        let address = *addresses.get(endpoint.service).context("every endpoint is of a service that listens")?;
        asked.push(Asked { name: endpoint.name, address, paths: file.display().to_string() });
    }
    Ok(asked)
}

async fn serve(router: Router) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
