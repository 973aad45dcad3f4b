use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{module::Role, pages::AdminTermsPage};
use kit::ApiResult;

use super::super::{cards, require, terms};
use crate::{backend::Backend, sessions::Visitor};

/// `GET /bff/pages/admin/categories`
pub(super) async fn categories(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
) -> ApiResult<Json<AdminTermsPage>> {
    all(&backend, &visitor, terms::CATEGORIES).await
}

/// `GET /bff/pages/admin/tags`
pub(super) async fn tags(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<AdminTermsPage>> {
    all(&backend, &visitor, terms::TAGS).await
}

/// Not from the cache: who changes terms wants to see them as they are.
async fn all(backend: &Backend, visitor: &Visitor, path: &str) -> ApiResult<Json<AdminTermsPage>> {
    require(visitor, Role::Admin)?;
    let mut found = terms::read(backend, path, visitor).await?;
    found.sort_by_cached_key(|term| term.name.to_lowercase());
    let items = found.into_iter().map(|term| contracts::pages::TermCard { id: term.id.clone(), ..cards::term(term) });
    Ok(Json(AdminTermsPage { items: items.collect() }))
}
