//! One file a route, or a few that belong together.

mod caller;
mod email;
mod identities;
mod internal;
mod invitations;
mod keys;
mod login;
mod logout;
mod me;
mod oidc;
mod origin;
mod paging;
mod password;
mod profile;
mod refresh;
mod register;
mod session;
mod sessions;
mod site;
mod users;
mod verify;
mod well_known;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// All routes, with what the API document says of them.
pub(crate) fn router(app: App) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(register::handle))
        .routes(routes!(verify::handle))
        .routes(routes!(verify::resend))
        .routes(routes!(login::handle))
        .routes(routes!(logout::handle))
        .routes(routes!(refresh::handle))
        .routes(routes!(me::read, me::delete))
        .routes(routes!(me::export))
        .routes(routes!(me::validate))
        .routes(routes!(profile::handle))
        .routes(routes!(email::handle))
        .routes(routes!(password::change))
        .routes(routes!(password::ask))
        .routes(routes!(password::confirm))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::reauthenticate))
        .routes(routes!(identities::list))
        .routes(routes!(identities::unlink))
        .routes(routes!(oidc::start::handle))
        .routes(routes!(oidc::callback::handle))
        .routes(routes!(oidc::google::handle))
        .routes(routes!(site::options))
        .routes(routes!(site::read, site::write))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::withdraw))
        .routes(routes!(keys::list))
        .routes(routes!(keys::rotate))
        .routes(routes!(users::cards::one))
        .routes(routes!(users::list::handle))
        .routes(routes!(users::list::one))
        .routes(routes!(users::status::handle))
        .routes(routes!(users::role::handle))
        .routes(routes!(users::audit::handle))
        .routes(routes!(well_known::keys))
        .routes(routes!(well_known::configuration))
        .merge(internal())
        .with_state(app)
}

fn internal() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(internal::authors::handle))
        .routes(routes!(internal::setup::state, internal::setup::handle))
        .routes(routes!(internal::users::add))
        .routes(routes!(internal::users::count))
        .routes(routes!(internal::names::handle))
        .routes(routes!(internal::images::handle))
        .routes(routes!(internal::links::handle))
        .routes(routes!(internal::maintenance::handle))
        .routes(routes!(internal::revocations::handle))
        .routes(routes!(users::audit::handle_internally))
        .routes(routes!(keys::rotate_internally))
}
