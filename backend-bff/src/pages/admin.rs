use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    auth::UserCount,
    blog::{Paged, PostCounts, PostSummary},
    module::Role,
    pages::{AdminHomePage, ModuleRow},
};
use kit::ApiResult;

use super::{admin_posts, cards::row, optional, require};
use crate::{backend::Backend, paths, sessions::Visitor};

/// `GET /bff/pages/admin`: everything for an admin, their own posts for an author.
pub(super) async fn page(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<AdminHomePage>> {
    let viewer = require(&visitor, Role::Author)?;
    let admin = viewer.role == Role::Admin;
    let service = &backend.service_authorization;
    let counts = if admin {
        "/internal/posts/counts".to_owned()
    } else {
        format!("/internal/posts/counts?author={}", paths::encode_query(&viewer.id))
    };
    let recent = admin_posts::path(viewer, 1, 8, "", "");
    let (blog, auth) = (&backend.upstreams.blog, &backend.upstreams.auth);
    let (counts, recent, users) = tokio::join!(
        blog.get_internal::<PostCounts>(&counts, service, &visitor),
        blog.get::<Paged<PostSummary>>(&recent, &visitor),
        async {
            match admin {
                true => auth
                    .get_internal::<UserCount>("/internal/users/count", service, &visitor)
                    .await
                    .map(|count| Some(count.users)),
                false => Ok(None),
            }
        },
    );
    let counts = counts?;
    Ok(Json(AdminHomePage {
        public_posts: counts.public,
        drafts: counts.drafts,
        users: optional("users", users),
        categories: counts.categories,
        tags: counts.tags,
        recent: recent?.items.into_iter().map(row).collect(),
        modules: if admin { modules(&backend) } else { Vec::new() },
        ..AdminHomePage::default()
    }))
}

fn modules(backend: &Backend) -> Vec<ModuleRow> {
    let live = backend.registry.live();
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    live.versions
        .iter()
        .map(|version| ModuleRow {
            name: version.manifest.name.clone(),
            version: version.manifest.version.clone(),
            released_at: version.released_at.clone(),
            renders: small(version.guest.counters().renders()),
            failures: small(version.guest.counters().failures()),
        })
        .collect()
}
