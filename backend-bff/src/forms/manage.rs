//! Users, images, backups, dead letters, settings.

use axum::response::Response;
use contracts::{
    auth::{AuthSettings, Registration, RoleInput, StatusInput, UserStatus},
    cache::PurgeInput,
    module::Role,
    problem::Problem,
};
use http::{HeaderMap, Method};
use kit::{ApiResult, extract::Path};

use super::{Done, Posted, files};
use crate::{
    cache, paths,
    upstream::{Answer, Upstream},
};

const USERS: &str = "/admin/users";
const IMAGES: &str = "/admin/images";
const MANAGEMENT: &str = "/admin/management";

/// `POST /forms/users/:id/role`
pub(super) async fn role(Path(id): Path<String>, posted: Posted) -> Response {
    let result = async {
        let role = Role::parse(posted.form.trimmed("role")).ok_or_else(|| invalid("role"))?;
        let password = Some(posted.form.field("password").to_owned()).filter(|password| !password.is_empty());
        let path = format!("/api/users/{}/role", paths::encode_segment(&id));
        let auth = &posted.upstreams().auth;
        auth.change(Method::PUT, &path, &RoleInput { role, password }, &posted.visitor).await
    }
    .await;
    finish(posted, USERS, "user_saved", result).await
}

/// `POST /forms/users/:id/status`
pub(super) async fn status(Path(id): Path<String>, posted: Posted) -> Response {
    let result = async {
        let status = match posted.form.trimmed("status") {
            "ACTIVE" => UserStatus::Active,
            "SUSPENDED" => UserStatus::Suspended,
            _ => return Err(invalid("status").into()),
        };
        let path = format!("/api/users/{}/status", paths::encode_segment(&id));
        let auth = &posted.upstreams().auth;
        let answer = auth.change(Method::PUT, &path, &StatusInput { status }, &posted.visitor).await?;
        if status == UserStatus::Suspended {
            posted.backend().sessions.end_all_of(&id).await?;
        }
        Ok(answer)
    }
    .await;
    finish(posted, USERS, "user_saved", result).await
}

/// `POST /forms/images`
pub(super) async fn upload(posted: Posted) -> Response {
    let page = posted.form.next_or(IMAGES);
    let result = files::upload(&posted, "file", "post").await;
    let result = result.map(|_| Done::at(page.clone(), "image_uploaded"));
    posted.answer(&page, result).await
}

/// `POST /forms/images/:id/delete`
pub(super) async fn delete_image(Path(id): Path<String>, posted: Posted) -> Response {
    let path = format!("/api/images/{}", paths::encode_segment(&id));
    let result = posted.upstreams().storage.act(Method::DELETE, &path, &posted.visitor).await;
    finish(posted, IMAGES, "image_deleted", result).await
}

/// `POST /forms/images/orphans/delete`
pub(super) async fn delete_orphans(posted: Posted) -> Response {
    let result = posted.upstreams().storage.act(Method::DELETE, "/api/images/orphans", &posted.visitor).await;
    finish(posted, IMAGES, "images_deleted", result).await
}

/// `POST /forms/backups`
pub(super) async fn back_up(posted: Posted) -> Response {
    let result = posted.upstreams().storage.act(Method::POST, "/api/backups", &posted.visitor).await;
    finish(posted, MANAGEMENT, "backup_started", result).await
}

/// `POST /forms/backups/:id/restore`
pub(super) async fn restore_backup(Path(id): Path<String>, posted: Posted) -> Response {
    backup(posted, Method::POST, &id, "/restore", "restore_started").await
}

/// `POST /forms/backups/:id/verify`
pub(super) async fn verify_backup(Path(id): Path<String>, posted: Posted) -> Response {
    backup(posted, Method::POST, &id, "/verify", "backup_verified").await
}

/// `POST /forms/backups/:id/delete`
pub(super) async fn delete_backup(Path(id): Path<String>, posted: Posted) -> Response {
    backup(posted, Method::DELETE, &id, "", "backup_deleted").await
}

async fn backup(posted: Posted, method: Method, id: &str, rest: &str, flash: &'static str) -> Response {
    let path = format!("/api/backups/{}{rest}", paths::encode_segment(id));
    let result = posted.upstreams().storage.act(method, &path, &posted.visitor).await;
    finish(posted, MANAGEMENT, flash, result).await
}

/// `POST /forms/dead-letters/:service/:id/replay`
pub(super) async fn replay(Path((service, id)): Path<(String, String)>, posted: Posted) -> Response {
    let path = format!("/internal/dead-letters/{}/replay", paths::encode_segment(&id));
    let result = letter(&posted, Method::POST, &service, &path).await;
    finish(posted, MANAGEMENT, "letter_replayed", result).await
}

/// `POST /forms/dead-letters/:service/:id/drop`
pub(super) async fn drop_letter(Path((service, id)): Path<(String, String)>, posted: Posted) -> Response {
    let path = format!("/internal/dead-letters/{}", paths::encode_segment(&id));
    let result = letter(&posted, Method::DELETE, &service, &path).await;
    finish(posted, MANAGEMENT, "letter_dropped", result).await
}

async fn letter(posted: &Posted, method: Method, service: &str, path: &str) -> ApiResult<Answer> {
    require_admin(posted)?;
    let service = posted.upstreams().named(service).ok_or_else(|| Problem::not_found("service"))?;
    let answer = operate(posted, service, method, path).await?;
    answer.good()?;
    Ok(answer)
}

/// `POST /forms/reconcile`: every service counts anew what events maintain.
pub(super) async fn reconcile(posted: Posted) -> Response {
    let result = count_anew(&posted).await;
    let page = posted.form.next_or(MANAGEMENT);
    posted.answer(&page, result).await
}

async fn count_anew(posted: &Posted) -> ApiResult<Done> {
    require_admin(posted)?;
    let backend = posted.backend();
    let last = backend.reconciliation.run(&backend.upstreams, &backend.service_authorization).await?;
    if !last.failed.is_empty() {
        let detail = format!("These could not be asked: {}. The others were counted.", last.failed.join(", "));
        return Err(Problem::unavailable().with_detail(detail).into());
    }
    Ok(Done::at(posted.form.next_or(MANAGEMENT), "reconciled"))
}

/// A call that services take from each other: who may ask for it is decided here.
async fn operate(posted: &Posted, service: &Upstream, method: Method, path: &str) -> ApiResult<Answer> {
    let authorization = Some(&posted.backend().service_authorization);
    let trail: HeaderMap = posted.visitor.trail();
    service.call(method, path, authorization, None, trail).await
}

fn require_admin(posted: &Posted) -> Result<(), Problem> {
    match posted.visitor.viewer() {
        None => Err(Problem::unauthenticated()),
        Some(viewer) if viewer.role < Role::Admin => Err(Problem::forbidden()),
        Some(_) => Ok(()),
    }
}

/// `POST /forms/cache/purge`: pages that are kept for everybody are made anew.
pub(super) async fn purge_cache(posted: Posted) -> Response {
    let result = async {
        require_admin(&posted)?;
        let form = &posted.form;
        let input = PurgeInput { tag: form.given("tag"), path: form.given("path"), all: form.checked("all") };
        cache::admin::purge(posted.backend(), input).await
    }
    .await;
    let page = posted.form.next_or(MANAGEMENT);
    let result = result.map(|_| Done::at(page.clone(), "cache_purged"));
    posted.answer(&page, result).await
}

/// `POST /forms/admin/settings`
pub(super) async fn settings(posted: Posted) -> Response {
    let result = async {
        let registration = match posted.form.trimmed("registration") {
            "OPEN" => Registration::Open,
            "INVITATION" => Registration::Invitation,
            "CLOSED" => Registration::Closed,
            _ => return Err(invalid("registration").into()),
        };
        let (auth, path) = (&posted.upstreams().auth, "/api/auth/settings");
        let settings: AuthSettings = auth.get(path, &posted.visitor).await?;
        let version = posted.form.number("version")?.unwrap_or(settings.version);
        let input = AuthSettings { registration, version, ..settings };
        auth.change(Method::PUT, path, &input, &posted.visitor).await
    }
    .await;
    finish(posted, MANAGEMENT, "settings_saved", result).await
}

fn invalid(field: &str) -> Problem {
    Problem::validation().with_field(field, "invalid", "Choose one of these.")
}

async fn finish(posted: Posted, page: &str, flash: &'static str, result: ApiResult<Answer>) -> Response {
    let page = posted.form.next_or(page);
    let result = result.map(|_| Done::at(page.clone(), flash));
    posted.answer(&page, result).await
}
