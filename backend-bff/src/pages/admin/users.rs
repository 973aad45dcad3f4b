use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    auth::{UserAccount, UserStatus},
    blog::Paged,
    module::Role,
    pages::{AdminUsersPage, UserRow},
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use super::super::{TABLE_SIZE, page_number, query, require};
use crate::{backend::Backend, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
    #[serde(default)]
    q: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    status: String,
}

/// `GET /bff/pages/admin/users?page=&q=&role=&status=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<AdminUsersPage>> {
    require(&visitor, Role::Admin)?;
    let page = page_number(which.page.as_deref());
    let role = Role::parse(&which.role).map_or("", Role::as_str);
    let status = if matches!(which.status.as_str(), "ACTIVE" | "SUSPENDED") { which.status } else { String::new() };
    let (number, size) = (page.to_string(), TABLE_SIZE.to_string());
    let pairs = [("q", which.q.as_str()), ("role", role), ("status", &status), ("page", &number), ("size", &size)];
    let found: Paged<UserAccount> =
        backend.upstreams.auth.get(&format!("/api/users{}", query(&pairs)), &visitor).await?;
    Ok(Json(AdminUsersPage {
        items: found.items.into_iter().map(row).collect(),
        page,
        size: TABLE_SIZE,
        total: found.total,
        q: which.q,
        role: role.to_owned(),
        status,
    }))
}

fn row(user: UserAccount) -> UserRow {
    let status = match user.status {
        UserStatus::Active => "ACTIVE",
        UserStatus::Suspended => "SUSPENDED",
    };
    UserRow {
        id: user.id,
        email: user.email.unwrap_or_default(),
        name: user.name,
        role: user.role.as_str().to_owned(),
        status: status.to_owned(),
        email_verified: user.email_verified,
        created_at: user.created_at,
        seen_at: user.last_seen_at,
    }
}
