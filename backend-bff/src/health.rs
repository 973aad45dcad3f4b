//! `/_health`: this process lives. `/_ready`: it and every service behind it can answer.

use std::sync::Arc;

use axum::{Json, extract::State, response::IntoResponse, response::Response};
use http::{HeaderMap, Method, StatusCode};
use serde::Serialize;

use crate::{backend::Backend, upstream::Upstream};

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    auth: bool,
    blog: bool,
    storage: bool,
    shell: bool,
}

pub(crate) async fn ready(State(backend): State<Arc<Backend>>) -> Response {
    let services = &backend.upstreams;
    let (auth, blog, storage) =
        tokio::join!(answers(&services.auth), answers(&services.blog), answers(&services.storage));
    let shell = backend.registry.live().shell().is_some();
    let ready = auth && blog && storage && shell;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, auth, blog, storage, shell })).into_response()
}

async fn answers(service: &Upstream) -> bool {
    service
        .call(Method::GET, "/ready", None, None, HeaderMap::new())
        .await
        .is_ok_and(|answer| answer.status.is_success())
}
