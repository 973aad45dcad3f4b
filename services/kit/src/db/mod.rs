//! A service's database: SQLite or PostgreSQL behind one handle.

mod away;
mod connect;
mod migrate;
pub mod sql;

use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

pub use away::is_away;
pub use connect::ConnectError;
pub use migrate::{MigrateError, Migration};

/// Connections to a service's database. On SQLite one connection writes and a few read, so that a
/// reader never waits for a writer; on PostgreSQL both are one pool.
#[derive(Clone, Debug)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

impl Db {
    /// Connects to `sqlite://path?mode=rwc` (the folder is made when it is missing) or
    /// `postgres://…`.
    ///
    /// # Errors
    /// When the URL is neither, or the database does not answer.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        connect::connect(url).await
    }

    /// Brings the schema up to date. Forward only; see [`Migration`].
    ///
    /// # Errors
    /// When a migration fails, was changed after it ran, or the database is newer than this program.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<(), MigrateError> {
        migrate::migrate(self, migrations).await
    }

    /// For reading outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For single statements that write.
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// A transaction that may write. SQLite takes the write lock at once (`BEGIN IMMEDIATE`), so
    /// that a transaction that read first never fails to become a writer.
    ///
    /// # Errors
    /// When the database is away or stays locked.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let mode = (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        begin_apart(&self.write, options).await
    }

    /// A transaction that sees one moment: all of it from its first statement on.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin_reading(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = match self.backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            // Any does.
            _ => TransactionOptions::default(),
        };
        begin_apart(&self.read, options).await
    }

    /// Which of the two it is.
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.read.ping().await
    }

    /// Waits for running statements and closes all connections.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.read.close_by_ref().await?;
        self.write.close_by_ref().await
    }
}

/// Begins on a task of its own, which goes on when whoever asked has left: of a `BEGIN` whose answer nobody waits
/// for, sqlx 0.9 does not know on PostgreSQL that it began something. Its connection would stay in that transaction, and
/// what others then write on it and believe to be written would be lost.
#[expect(clippy::disallowed_methods, reason = "this is where it is done as it should be")]
async fn begin_apart(
    connection: &DatabaseConnection,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, DbErr> {
    let connection = connection.clone();
    let begun = tokio::spawn(async move { connection.begin_with_options(options).await });
    begun.await.map_err(|error| DbErr::Custom(format!("beginning a transaction failed: {error}")))?
}
