//! All six services, each on a port of its own, for tests that call them from outside.
//!
//! `cargo run -p maru --example services [-- --postgres]` writes one line of JSON, `{"services": {name: URL},
//! "token": …}`, and ends when its standard input does. Everything it writes is gone then. Events travel in
//! process; databases are SQLite files, or databases of a PostgreSQL server that it starts.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "whoever starts it reads the addresses there")]

use std::{collections::BTreeMap, io::Read};

use anyhow::{Context, Result};
use axum::Router;
use kit::testing::{Backend, TestDb};
use maru::{
    config::{Config, Databases},
    data_dir::DataDir,
    embedded::Embedded,
};
use tokio::net::TcpListener;
use url::Url;

const NAMES: [&str; 6] = ["auth", "blog", "content", "page", "analytics", "storage"];

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
    let folder = tempfile::tempdir()?;
    let on_postgres = std::env::args().any(|argument| argument == "--postgres");
    let (database, _kept) = if on_postgres { postgres().await } else { (Databases::default(), Vec::new()) };
    let config = Config { data: folder.path().to_owned(), database, ..Config::default() };
    let data = DataDir::open(&config.data)?;
    let embedded = Embedded::start(&config, &data, &Url::parse("http://localhost")?).await?;
    let services = &embedded.services;
    let routers: [&Router; 6] =
        [&services.auth, &services.blog, &services.content, &services.page, &services.analytics, &services.storage];
    let mut urls = BTreeMap::new();
    for (name, router) in NAMES.into_iter().zip(routers) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        urls.insert(name, format!("http://{}", listener.local_addr()?));
        tokio::spawn(axum::serve(listener, router.clone()).into_future());
    }
    embedded.open();
    println!("{}", serde_json::json!({ "services": urls, "token": services.token.expose() }));
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await.context("waiting")??;
    embedded.stop().await;
    Ok(())
}

/// A new database for each service.
async fn postgres() -> (Databases, Vec<TestDb>) {
    let mut made = Vec::new();
    for _ in NAMES {
        made.push(TestDb::new(Backend::Postgres).await);
    }
    let mut urls = made.iter().map(|database| database.url.clone());
    let databases = Databases {
        auth: urls.next(),
        blog: urls.next(),
        content: urls.next(),
        page: urls.next(),
        analytics: urls.next(),
        storage: urls.next(),
        bff: None,
    };
    (databases, made)
}
