//! `GET /api/auth/oidc/:provider?next=&link=`

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use contracts::{auth::OidcStart, problem::Problem};
use http::{HeaderValue, StatusCode, header};
use kit::{
    ApiError, ApiResult, Secret,
    auth::OptionalViewer,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{BINDING_COOKIE, failed, unknown_provider};
use crate::{
    app::App,
    routes::{caller, origin::Origin},
    store::{
        oidc::{self, Login},
        tokens::hash,
    },
};

const MAX_NEXT: usize = 500;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct Params {
    /// Path on this site to go on to.
    next: Option<String>,
    /// Link the provider to the account of the caller, who signed in a moment ago, instead of signing
    /// in.
    link: Option<bool>,
}

/// Sends the browser to a provider to sign in there.
#[utoipa::path(
    get, path = "/api/auth/oidc/{provider}", tag = "providers", params(("provider" = String, Path), Params),
    responses(
        (status = 200, body = OidcStart, description = "Asked with `Accept: application/json`"),
        (status = 303, description = "To the provider, with a cookie that binds the sign-in to this browser"),
        (status = 429, description = "Too many attempts"), (status = 502, description = "The provider is away"),
    ),
    security((), ("bearer" = [])),
)]
pub(in crate::routes) async fn handle(
    State(app): State<App>,
    origin: Origin,
    OptionalViewer(viewer): OptionalViewer,
    Path(id): Path<String>,
    Query(params): Query<Params>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let provider = app.providers.get(&id).ok_or_else(unknown_provider)?;
    origin.attempt(&app).await?;
    let user_id = if params.link.unwrap_or_default() {
        let viewer = viewer.ok_or_else(Problem::unauthenticated)?;
        let user = caller::user(app.db.read(), &viewer).await?;
        caller::require_fresh(&app, &viewer, &user, None).await?;
        Some(user.id)
    } else {
        None
    };
    let (state, binding) = (Secret::random(), Secret::random());
    let begun = provider.begin(state.expose()).await.map_err(|error| failed(&id, &error))?;
    let login = Login {
        provider: id,
        binding_hash: hash(binding.expose()),
        nonce: begun.nonce,
        verifier: begun.verifier,
        next: local(params.next.as_deref().unwrap_or_default()),
        user_id,
    };
    oidc::begin(app.db.write(), state.expose(), &login, app.clock.millis()).await?;
    if wants_json(&headers) {
        return Ok(Json(OidcStart { location: begun.location, binding: binding.expose().to_owned() }).into_response());
    }
    let secure = if app.site.url.starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!(
        "{BINDING_COOKIE}={}; Path=/api/auth/oidc; Max-Age=600; HttpOnly; SameSite=Lax{secure}",
        binding.expose()
    );
    let header = |text: &str| HeaderValue::from_str(text).map_err(ApiError::internal);
    let headers = [
        (header::LOCATION, header(&begun.location)?),
        (header::SET_COOKIE, header(&cookie)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// A path on this site; the home page when it is none.
fn local(next: &str) -> String {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.contains(char::is_control)
        && next.len() <= MAX_NEXT;
    if is_local { next.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(local("/posts/hello?x=1"), "/posts/hello?x=1");
        for next in ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "/\n/x"] {
            assert_eq!(local(next), "/", "{next}");
        }
    }
}
