//! Backups, dead letters, the audit log, settings: on one page, and each on its own.

use std::{collections::HashMap, sync::Arc};

use axum::{Json, extract::State};
use contracts::{
    auth::{AuditEntry, AuthSettings, UserCard},
    blog::Paged,
    dead_letters::{DeadLetter, DeadLetters},
    module::Role,
    pages::{AuditRow, BackupRow, DeadLetterRow, ManagementPage},
    storage::{Backup, BackupList, BackupStatus, RestoreStatus},
};
use kit::{ApiResult, clock::rfc3339, extract::Query};

use super::super::{Missing, PageQuery, TABLE_SIZE, login, require};
use crate::{backend::Backend, cache, paths, reconciliation::Last, sessions::Visitor, upstream::optional};

/// `GET /bff/pages/admin/management`
pub(super) async fn all(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<ManagementPage>> {
    require(&visitor, Role::Admin)?;
    let (backups, letters, audit, settings, last) = tokio::join!(
        optional(list_backups(&backend, &visitor)),
        letters(&backend, &visitor),
        optional(list_audit(&backend, &visitor, 1, 10)),
        optional(read_settings(&backend, &visitor)),
        backend.reconciliation.last(),
    );
    let mut missing = Missing::default();
    let (dead_letters, away) = letters;
    let settings = missing.or_default("settings", settings.map(Some));
    let mut page = ManagementPage {
        backups: missing.or_default("backups", backups),
        dead_letters,
        audit: missing.or_default("audit", audit).0,
        cache: cache::admin::status(&backend.cache),
        ..ManagementPage::default()
    };
    show(&mut page, settings);
    show_counts(&mut page, missing.or_default("reconciliation", last));
    page.missing = missing.0;
    page.missing.extend(away);
    Ok(Json(page))
}

/// `GET /bff/pages/admin/backups`
pub(super) async fn backups(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<ManagementPage>> {
    require(&visitor, Role::Admin)?;
    let backups = list_backups(&backend, &visitor).await?;
    Ok(Json(ManagementPage { backups, ..ManagementPage::default() }))
}

/// `GET /bff/pages/admin/dead-letters`
pub(super) async fn dead_letters(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
) -> ApiResult<Json<ManagementPage>> {
    require(&visitor, Role::Admin)?;
    let (dead_letters, missing) = letters(&backend, &visitor).await;
    let mut page = ManagementPage { dead_letters, missing, ..ManagementPage::default() };
    show_counts(&mut page, backend.reconciliation.last().await?);
    Ok(Json(page))
}

/// `GET /bff/pages/admin/audit?page=`
pub(super) async fn audit(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<PageQuery>,
) -> ApiResult<Json<ManagementPage>> {
    require(&visitor, Role::Admin)?;
    let page = which.number();
    let (audit, total) = list_audit(&backend, &visitor, page, TABLE_SIZE).await?;
    Ok(Json(ManagementPage { audit, page, size: TABLE_SIZE, total, ..ManagementPage::default() }))
}

/// `GET /bff/pages/admin/settings`
pub(super) async fn settings(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<ManagementPage>> {
    require(&visitor, Role::Admin)?;
    let mut page = ManagementPage::default();
    show(&mut page, Some(read_settings(&backend, &visitor).await?));
    Ok(Json(page))
}

fn show(page: &mut ManagementPage, settings: Option<AuthSettings>) {
    let Some(settings) = settings else { return };
    login::registration(settings.registration).clone_into(&mut page.registration);
    page.settings_version = settings.version;
}

fn show_counts(page: &mut ManagementPage, last: Option<Last>) {
    let Some(last) = last else { return };
    page.reconciled_at = rfc3339(last.finished_at);
    page.reconciliation_failed = last.failed;
    page.reconciliation = last.rows;
}

async fn read_settings(backend: &Backend, visitor: &Visitor) -> ApiResult<AuthSettings> {
    backend.upstreams.auth.get("/api/auth/settings", visitor).await
}

async fn list_backups(backend: &Backend, visitor: &Visitor) -> ApiResult<Vec<BackupRow>> {
    let list: BackupList = backend.upstreams.storage.get("/api/backups?size=100", visitor).await?;
    Ok(list.items.into_iter().map(backup).collect())
}

fn backup(backup: Backup) -> BackupRow {
    let row = BackupRow {
        id: backup.id,
        created_at: backup.created_at,
        bytes: backup.size,
        status: match backup.status {
            BackupStatus::Running => "RUNNING",
            BackupStatus::Ready => "READY",
            BackupStatus::Failed => "FAILED",
        }
        .to_owned(),
        percent: backup.percent,
        step: backup.step,
        error: backup.error.unwrap_or_default(),
    };
    let Some(restore) = backup.restore else { return row };
    let status = match restore.status {
        RestoreStatus::Preparing => "PREPARING",
        RestoreStatus::Committing => "COMMITTING",
        RestoreStatus::Done => "DONE",
        RestoreStatus::Undoing => "UNDOING",
        RestoreStatus::Undone => "UNDONE",
    };
    BackupRow {
        status: status.to_owned(),
        percent: restore.percent,
        step: restore.step,
        error: restore.error.unwrap_or_default(),
        ..row
    }
}

/// The dead letters of all services, and the names of those that could not be asked.
async fn letters(backend: &Backend, visitor: &Visitor) -> (Vec<DeadLetterRow>, Vec<String>) {
    let asked = backend.upstreams.all().map(async |(name, service)| {
        let path = "/internal/dead-letters";
        (name, optional(service.get_internal::<DeadLetters>(path, &backend.service_authorization, visitor)).await)
    });
    let (mut rows, mut away) = (Vec::new(), Vec::new());
    for (name, letters) in futures_util::future::join_all(asked).await {
        match letters {
            Ok(letters) => rows.extend(letters.items.into_iter().map(|letter| row(name, letter))),
            // A service that keeps none has no such route.
            Err(error) if error.problem().status == 404 => {}
            Err(_) => away.push(format!("dead_letters:{name}")),
        }
    }
    rows.sort_by(|a, b| b.died_at.cmp(&a.died_at));
    (rows, away)
}

fn row(service: &str, letter: DeadLetter) -> DeadLetterRow {
    DeadLetterRow {
        service: service.to_owned(),
        id: letter.id,
        kind: letter.kind,
        aggregate_id: letter.aggregate_id,
        attempts: letter.attempts,
        error: letter.error.unwrap_or_default(),
        died_at: letter.since,
    }
}

async fn list_audit(backend: &Backend, visitor: &Visitor, page: u32, size: u32) -> ApiResult<(Vec<AuditRow>, u32)> {
    let auth = &backend.upstreams.auth;
    let log: Paged<AuditEntry> = auth.get(&format!("/api/users/audit?page={page}&size={size}"), visitor).await?;
    let mut ids: Vec<&str> =
        log.items.iter().flat_map(|entry| [entry.user_id.as_deref(), entry.actor_id.as_deref()]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let names = names(backend, visitor, &ids).await;
    let name = |id: Option<&String>| id.map(|id| names.get(id).unwrap_or(id).clone());
    let rows = log.items.iter().map(|entry| {
        let (user, actor) = (name(entry.user_id.as_ref()), name(entry.actor_id.as_ref()));
        // Where nobody else did it, who it is about did it.
        let by_other = actor.is_some();
        let target = if by_other { user.clone() } else { None };
        AuditRow {
            at: entry.at.clone(),
            actor: actor.or(user).or_else(|| entry.address.clone()).unwrap_or_default(),
            action: entry.event.clone(),
            target: [target, entry.detail.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        }
    });
    Ok((rows.collect(), log.total))
}

/// Names of users; where they cannot be had, their ids will do.
async fn names(backend: &Backend, visitor: &Visitor, ids: &[&str]) -> HashMap<String, String> {
    if ids.is_empty() {
        return HashMap::new();
    }
    let path = format!("/api/users?ids={}", paths::encode_query(&ids.join(",")));
    let cards: ApiResult<Vec<UserCard>> = optional(backend.upstreams.auth.get(&path, visitor)).await;
    cards.unwrap_or_default().into_iter().map(|card| (card.id, card.name)).collect()
}
