use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{auth::Me, module::Role, pages::SettingsPage};
use kit::ApiResult;

use super::require;
use crate::{backend::Backend, sessions::Visitor};

/// `GET /bff/pages/my/settings`
pub(super) async fn page(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<SettingsPage>> {
    require(&visitor, Role::User)?;
    let me: Me = backend.upstreams.auth.get("/api/auth/me", &visitor).await?;
    Ok(Json(SettingsPage { email: me.email, name: me.name, bio: me.bio, avatar: me.avatar, ..SettingsPage::default() }))
}
