//! What operators set while everything ran, in the BFF's own database.

use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult};

use super::{Upstreams, mirror::Setting};

/// The two tables.
#[derive(Clone, Debug)]
pub(super) struct Store {
    db: Db,
}

#[derive(FromQueryResult)]
struct WeightRow {
    upstream: String,
    target: String,
    weight: i64,
}

#[derive(FromQueryResult)]
struct MirrorRow {
    upstream: String,
    target: String,
    percent: i64,
}

impl Store {
    pub(super) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Brings `upstreams` to what was set. What names a version that is not there is left out.
    pub(super) async fn apply(&self, upstreams: &Upstreams) -> Result<(), DbErr> {
        let weights: Vec<WeightRow> =
            sql::all(self.db.read(), "SELECT upstream, target, weight FROM upstream_weights", []).await?;
        let mirrors: Vec<MirrorRow> =
            sql::all(self.db.read(), "SELECT upstream, target, percent FROM upstream_mirrors", []).await?;
        for row in weights {
            let target = upstreams.named(&row.upstream).and_then(|upstream| upstream.target(&row.target));
            if let (Some(target), Ok(weight)) = (target, u32::try_from(row.weight)) {
                target.set_weight(weight);
            }
        }
        for row in mirrors {
            let Some(upstream) = upstreams.named(&row.upstream) else { continue };
            let percent = u8::try_from(row.percent).unwrap_or_default();
            let known = percent > 0 && upstream.target(&row.target).is_some();
            upstream.0.mirror.set(known.then_some(Setting { target: row.target, percent }));
        }
        Ok(())
    }

    pub(super) async fn set_weights(&self, upstream: &str, weights: &[(String, u32)], now: i64) -> Result<(), DbErr> {
        let transaction = self.db.begin().await?;
        for (target, weight) in weights {
            let upsert = "INSERT INTO upstream_weights (upstream, target, weight, changed_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT (upstream, target) DO UPDATE SET weight = excluded.weight, changed_at = excluded.changed_at";
            let values = [upstream.into(), target.into(), i64::from(*weight).into(), now.into()];
            sql::execute(&transaction, upsert, values).await?;
        }
        transaction.commit().await
    }

    /// With `percent` 0 nothing is mirrored, whatever the configuration says.
    pub(super) async fn set_mirror(&self, upstream: &str, target: &str, percent: u8, now: i64) -> Result<(), DbErr> {
        let upsert = "INSERT INTO upstream_mirrors (upstream, target, percent, changed_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (upstream) DO UPDATE
            SET target = excluded.target, percent = excluded.percent, changed_at = excluded.changed_at";
        let values = [upstream.into(), target.into(), i64::from(percent).into(), now.into()];
        sql::execute(self.db.write(), upsert, values).await?;
        Ok(())
    }
}
