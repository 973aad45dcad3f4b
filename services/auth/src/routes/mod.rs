//! One file a route.

mod address;
mod authors;
mod cards;
mod jwks;
mod login;
mod logout;
mod me;
mod profile;
mod refresh;
mod register;
mod session;
mod setup;
mod users;

use axum::{
    Router,
    routing::{get, post, put},
};

use crate::app::App;

/// All routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/api/auth/register", post(register::handle))
        .route("/api/auth/login", post(login::handle))
        .route("/api/auth/logout", post(logout::handle))
        .route("/api/auth/refresh-token", post(refresh::handle))
        .route("/api/auth/me", get(me::handle))
        .route("/api/auth/profile", put(profile::handle))
        .route("/api/auth/validate-token", get(me::validate))
        .route("/api/author", get(cards::one))
        .route("/api/users", get(cards::many))
        .route("/.well-known/jwks.json", get(jwks::handle))
        .route("/internal/authors", put(authors::handle))
        .route("/internal/setup", get(setup::state).post(setup::handle))
        .route("/internal/users", post(users::add))
        .route("/internal/users/count", get(users::count))
        .with_state(app)
}
