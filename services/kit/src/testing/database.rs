//! A database of one's own, for one test.

use tempfile::TempDir;

use super::{Server, postgres};
use crate::{db::Db, id};

/// On which database a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a folder that goes away.
    Sqlite,
    /// A database of its own on a real server.
    Postgres,
}

/// An empty database. Keep it as long as the test uses it.
#[derive(Debug)]
pub struct TestDb {
    /// For `Settings::database_url`.
    pub url: String,
    _folder: Option<TempDir>,
}

impl TestDb {
    /// A new, empty database.
    ///
    /// # Panics
    /// When there is none to be had: a test never passes because it could not run.
    pub async fn new(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
                Self { url, _folder: Some(folder) }
            }
            Backend::Postgres => {
                let server =
                    tokio::task::spawn_blocking(postgres::url).await.expect("PostgreSQL must start for the tests");
                Self::new_on(server).await
            }
        }
    }

    /// A new, empty database on a PostgreSQL server of one's own.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn on(server: &Server) -> Self {
        Self::new_on(&server.url).await
    }

    async fn new_on(server: &str) -> Self {
        let name = format!("maru_test_{}", id::new().replace('-', ""));
        let admin = Db::connect(server).await.expect("the PostgreSQL server must answer");
        let create = format!("CREATE DATABASE {name}");
        sea_orm::ConnectionTrait::execute_unprepared(admin.write(), &create).await.expect("a new database");
        admin.close().await.expect("closing a connection");
        let (server, _) = server.rsplit_once('/').expect("a server URL names a database");
        Self { url: format!("{server}/{name}"), _folder: None }
    }

    /// A connection beside the service's own.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn connect(&self) -> Db {
        Db::connect(&self.url).await.expect("the test's database must answer")
    }
}
