//! The operator's calls about services: which versions there are, who gets which, what mirroring found.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    routing::{get, put},
};
use contracts::problem::Problem;
use kit::{
    ApiResult, Clock, Shared,
    db::Db,
    extract::{Body, Path},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use super::{Upstream, Upstreams, breaker::Standing, mirror::Setting, report::Report, store::Store};

/// How soon a replica follows what was set at another.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
/// Weights are shares, so there is no need for larger ones.
const MOST: u32 = 10_000;

/// Services, and where what is set about them is kept.
#[derive(Clone)]
pub(crate) struct Control {
    upstreams: Upstreams,
    store: Store,
    clock: Clock,
}

impl Control {
    /// Brings `upstreams` to what was set before, and keeps them at what other replicas set.
    pub(crate) async fn open(upstreams: Upstreams, db: Db, shared: &Shared) -> Result<Self, DbErr> {
        let control = Self { upstreams, store: Store::new(db), clock: shared.clock.clone() };
        control.store.apply(&control.upstreams).await?;
        if control.upstreams.all().iter().any(|(_, upstream)| upstream.0.targets.len() > 1) {
            let (follower, shutdown) = (control.clone(), shared.shutdown.clone());
            shared.tasks.spawn(async move {
                while tokio::time::timeout(FOLLOW_EVERY, shutdown.cancelled()).await.is_err() {
                    if let Err(error) = follower.store.apply(&follower.upstreams).await {
                        tracing::warn!(%error, "weights of services cannot be read; they stay as they are");
                    }
                }
            });
        }
        Ok(control)
    }

    fn upstream(&self, name: &str) -> Result<&Upstream, Problem> {
        let known = || self.upstreams.all().map(|(name, _)| name).join(", ");
        self.upstreams
            .named(name)
            .ok_or_else(|| Problem::not_found("service").with_detail(format!("Services are: {}.", known())))
    }
}

/// `/upstreams…` of the operator's listener.
pub(crate) fn routes(control: Control) -> Router {
    Router::new()
        .route("/upstreams", get(list))
        .route("/upstreams/{name}/weights", put(weigh))
        .route("/upstreams/{name}/mirror", put(mirror).get(report))
        .with_state(Arc::new(control))
}

/// A service as operators see it.
#[derive(Serialize)]
struct UpstreamRow {
    name: &'static str,
    targets: Vec<TargetRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mirror: Option<MirrorRow>,
}

#[derive(Serialize)]
struct TargetRow {
    name: String,
    weight: u32,
    addresses: Vec<AddressRow>,
}

#[derive(Serialize)]
struct AddressRow {
    address: String,
    breaker: Standing,
    under_way: usize,
}

#[derive(Serialize)]
struct MirrorRow {
    target: String,
    percent: u8,
}

async fn list(State(control): State<Arc<Control>>) -> Json<Vec<UpstreamRow>> {
    Json(control.upstreams.all().into_iter().map(|(name, upstream)| row(name, upstream)).collect())
}

fn row(name: &'static str, upstream: &Upstream) -> UpstreamRow {
    let targets = upstream.0.targets.iter().map(|target| TargetRow {
        name: target.name.to_string(),
        weight: target.weight(),
        addresses: target
            .addresses
            .iter()
            .map(|address| AddressRow {
                address: address.label.clone(),
                breaker: address.breaker.standing(),
                under_way: address.load(),
            })
            .collect(),
    });
    let mirror = upstream.0.mirror.setting().map(|Setting { target, percent }| MirrorRow { target, percent });
    UpstreamRow { name, targets: targets.collect(), mirror }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    weights: BTreeMap<String, u32>,
}

/// Versions that are not named keep their weight.
async fn weigh(
    State(control): State<Arc<Control>>,
    Path(name): Path<String>,
    Body(wanted): Body<Weights>,
) -> ApiResult<Json<UpstreamRow>> {
    let upstream = control.upstream(&name)?;
    let mut refused = Problem::validation();
    for (target, weight) in &wanted.weights {
        if upstream.target(target).is_none() {
            refused = unknown(refused, upstream, &format!("weights.{target}"));
        } else if *weight > MOST {
            refused = refused.with_field(&format!("weights.{target}"), "too_large", format!("At most {MOST}."));
        }
    }
    if wanted.weights.is_empty() {
        refused = refused.with_field("weights", "required", "Name at least one version and its weight.");
    }
    let after = |target: &super::Target| wanted.weights.get(&*target.name).copied().unwrap_or(target.weight());
    if refused.errors.is_empty() && upstream.0.targets.iter().all(|target| after(target) == 0) {
        refused = refused.with_field("weights", "invalid", "Some version must have a weight above 0.");
    }
    if !refused.errors.is_empty() {
        return Err(refused.into());
    }
    let weights: Vec<(String, u32)> = wanted.weights.into_iter().collect();
    control.store.set_weights(&name, &weights, control.clock.millis()).await?;
    for (target, weight) in &weights {
        if let Some(target) = upstream.target(target) {
            target.set_weight(*weight);
        }
    }
    tracing::info!(upstream = upstream.0.name, ?weights, "weights were changed");
    Ok(Json(row(upstream.0.name, upstream)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MirrorInput {
    target: String,
    percent: u8,
}

async fn mirror(
    State(control): State<Arc<Control>>,
    Path(name): Path<String>,
    Body(wanted): Body<MirrorInput>,
) -> ApiResult<Json<UpstreamRow>> {
    let upstream = control.upstream(&name)?;
    let MirrorInput { target, percent } = wanted;
    let mut refused = Problem::validation();
    if upstream.target(&target).is_none() {
        refused = unknown(refused, upstream, "target");
    }
    if percent > 100 {
        refused = refused.with_field("percent", "too_large", "From 0 (nothing) to 100 (every reading call).");
    }
    if !refused.errors.is_empty() {
        return Err(refused.into());
    }
    control.store.set_mirror(&name, &target, percent, control.clock.millis()).await?;
    upstream.0.mirror.set((percent > 0).then_some(Setting { target, percent }));
    Ok(Json(row(upstream.0.name, upstream)))
}

fn unknown(problem: Problem, upstream: &Upstream, field: &str) -> Problem {
    let known: Vec<&str> = upstream.0.targets.iter().map(|target| &*target.name).collect();
    problem.with_field(field, "unknown", format!("Versions of this service are: {}.", known.join(", ")))
}

async fn report(State(control): State<Arc<Control>>, Path(name): Path<String>) -> ApiResult<Json<Report>> {
    Ok(Json(control.upstream(&name)?.0.mirror.report()))
}
