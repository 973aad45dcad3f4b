use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    analytics::Stats,
    auth::UserCount,
    blog::{Paged, PostCounts, PostSummary},
    content::QueuePage,
    module::Role,
    pages::{AdminHomePage, Count, ModuleRow, Numbers, ReconciliationRow, ServiceRow},
};
use kit::{ApiResult, clock::rfc3339};

use super::{
    super::{Missing, cards::row, require, small},
    comments, posts,
};
use crate::{backend::Backend, paths, sessions::Visitor, upstream::optional};

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
    let recent = posts::path(viewer, 1, 8, &posts::Filter::default());
    let (services, who) = (&backend.upstreams, &visitor);
    let (counts, recent, users, held, newest, numbers, ready, last) = tokio::join!(
        services.blog.get_internal::<PostCounts>(&counts, service, who),
        services.blog.get::<Paged<PostSummary>>(&recent, who),
        optional(only(admin, services.auth.get_internal::<UserCount>("/internal/users/count", service, who))),
        optional(only(
            admin,
            services.content.get::<QueuePage>("/api/comments/queue?state=pending&page=1&size=1", who)
        )),
        optional(only(admin, services.content.get::<QueuePage>("/api/comments/queue?state=all&page=1&size=5", who))),
        optional(only(admin, services.analytics.get::<Stats>("/api/stats", who))),
        async {
            match admin {
                true => backend.health.services(&backend.upstreams).await,
                false => Arc::default(),
            }
        },
        only(admin, backend.reconciliation.last()),
    );
    let counts = counts?;
    let mut missing = Missing::default();
    let newest = missing.or_default("comments", newest).unwrap_or_default();
    Ok(Json(AdminHomePage {
        public_posts: counts.public,
        drafts: counts.drafts,
        users: missing.or_default("users", users).map(|count| count.users),
        categories: counts.categories,
        tags: counts.tags,
        recent: recent?.items.into_iter().map(row).collect(),
        modules: if admin { modules(&backend) } else { Vec::new() },
        held_comments: missing.or_default("held_comments", held).map(|queue| queue.counts.pending),
        comments: newest.items.into_iter().map(comments::row).collect(),
        numbers: missing.or_default("numbers", numbers).map(numbers_of),
        services: ready.iter().map(|(name, ready)| ServiceRow { name: (*name).to_owned(), ready: *ready }).collect(),
        reconciliation: missing.or_default("reconciliation", last).flatten().map(|last| ReconciliationRow {
            at: rfc3339(last.finished_at),
            drift: last.rows.iter().map(|row| row.drift).sum(),
            failed: last.failed,
        }),
        missing: missing.0,
    }))
}

/// A part that only an admin sees.
async fn only<T>(admin: bool, part: impl Future<Output = ApiResult<T>>) -> ApiResult<Option<T>> {
    if admin { part.await.map(Some) } else { Ok(None) }
}

fn numbers_of(stats: Stats) -> Numbers {
    Numbers {
        views_today: small(stats.views_today),
        visitors_today: small(stats.visitors_today),
        views: small(stats.views_month),
        visitors: small(stats.trend.iter().map(|day| day.visitors).sum()),
        by_day: stats
            .trend
            .into_iter()
            .map(|day| Count { label: day.day, count: small(day.views), href: String::new() })
            .collect(),
    }
}

fn modules(backend: &Backend) -> Vec<ModuleRow> {
    let live = backend.registry.live();
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
