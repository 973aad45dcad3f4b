//! Public posts by words that only reading every text finds. Anybody may ask for them, so a page and its total take one
//! reading, and few are at it at a time; lists that need none go on beside it.
//!
//! The search index is no help: it knows words by their stems and not what stands within them, and it has few of the
//! orders in which these lists come.

use std::{sync::Arc, time::Duration};

use contracts::blog::{Paged, PostSummary};
use kit::{ApiError, ApiResult, db::sql};
use sea_orm::{DbErr, FromQueryResult};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{Filter, Sort};
use crate::{
    app::App,
    store::{beside, row::unsigned},
};

/// So many read all texts at a time: half of those that read from SQLite.
const AT_A_TIME: usize = 2;
/// How long the others wait: far less than the gateway waits for an answer, so that they are refused before it takes
/// the silence for a failure.
const PATIENCE: Duration = Duration::from_millis(250);
/// When those who were refused may come back, in seconds.
const AGAIN_AFTER: u64 = 1;

/// Turns at reading all texts.
#[derive(Clone, Debug)]
pub(crate) struct Turns(Arc<Semaphore>);

#[derive(FromQueryResult)]
struct Row {
    id: String,
    total: i64,
}

impl Turns {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }

    async fn next(&self) -> ApiResult<OwnedSemaphorePermit> {
        let turn = timeout(PATIENCE, self.0.clone().acquire_owned()).await;
        turn.map_err(|_| ApiError::too_many(AGAIN_AFTER))?.map_err(ApiError::internal)
    }
}

impl Filter {
    /// One page of the public posts that pass, and how many do.
    ///
    /// # Errors
    /// 429 when too many are at it; when the database does not answer.
    pub(crate) async fn scan(&self, app: &App, sort: Sort, page: u32, size: u32) -> ApiResult<Paged<PostSummary>> {
        let turn = app.scans.next().await?;
        let (filter, app) = (self.clone(), app.clone());
        // On a task of its own: the database goes on reading when whoever asked has left, and for so long the turn is
        // taken.
        let scan = tokio::spawn(async move {
            let _turn = turn;
            filter.scanned(&app, sort, page, size).await
        });
        Ok(scan.await.map_err(ApiError::internal)??)
    }

    async fn scanned(&self, app: &App, sort: Sort, page: u32, size: u32) -> Result<Paged<PostSummary>, DbErr> {
        let mut values = self.values.clone();
        values.push(i64::from(size).into());
        values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
        let query = format!(
            "SELECT p.id, COUNT(*) OVER () AS total FROM posts p {} ORDER BY {} LIMIT ${} OFFSET ${}",
            self.sql(),
            sort.sql(),
            values.len() - 1,
            values.len(),
        );
        let rows = sql::all::<Row, _>(app.db.read(), &query, values).await?;
        let total = match rows.first() {
            Some(row) => row.total,
            None if page <= 1 => 0,
            // After the last page.
            None => self.total(app).await?,
        };
        let ids: Vec<String> = rows.into_iter().map(|row| row.id).collect();
        Ok(Paged { items: beside::public_in_order(&app.db, &ids).await?, total: unsigned(total) })
    }
}
