//! `/_health`: this process lives. `/_ready`: it and every service behind it can answer.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State, response::IntoResponse, response::Response};
use http::StatusCode;
use serde::Serialize;

use crate::backend::Backend;

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    #[serde(flatten)]
    services: BTreeMap<&'static str, bool>,
    shell: bool,
}

pub(crate) async fn ready(State(backend): State<Arc<Backend>>) -> Response {
    let services = services(&backend).await;
    let shell = backend.registry.live().shell().is_some();
    let ready = shell && services.values().all(|ready| *ready);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, services, shell })).into_response()
}

/// Which services can answer now.
pub(crate) async fn services(backend: &Backend) -> BTreeMap<&'static str, bool> {
    let asked = backend.upstreams.all().map(async |(name, service)| (name, service.is_ready().await));
    futures_util::future::join_all(asked).await.into_iter().collect()
}
