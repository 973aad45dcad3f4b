//! Form actions. Each works for a plain form post (303, or the page again with what was typed) and for
//! a script that asks for JSON.
//!
//! To add one: a file with a handler that takes a [`Posted`] and ends with [`Posted::answer`], a line here.
//! Every form may send `next`: where to go afterwards. What was saved before the rest was refused has another version:
//! a script finds it in `x-form-version`, a plain page in the field `version`.
//!
//! | form | fields | flash |
//! | --- | --- | --- |
//! | `login` `register` `setup` `logout` | as the services' bodies; `invitation`, `remember?` | `signed_in` `registered` `mail_sent` `set_up` `signed_out` |
//! | `forgot` · `reset` · `verify` · `verify/resend` | `email` · `token password` · `token` · `email?` | `mail_sent` `password_saved` `email_verified` |
//! | `settings` · `settings/avatar` · `settings/avatar/delete` | `name bio locale` · `file` · – | `settings_saved` |
//! | `settings/email` · `password` | `email password` · `current_password password` | `mail_sent` `password_saved` |
//! | `sessions/:id/end` · `sessions/end` · `account/delete` | – · – · `content=keep\|remove password` | `session_ended` `account_deleted` |
//! | `comments` · `comments/:id/edit` | `post slug comments parent content private name password website` · `slug comments content password private?` | `comment_posted` `comment_held` `comment_saved` |
//! | `comments/:id/{delete,restore,report}` | `slug comments password` · `slug comments reason note` | `comment_deleted` `comment_restored` `comment_reported` |
//! | `comments/:id/{approve,hide,trash,purge}` · `comments/bulk` | – · `ids… action` | `comment_approved` `comment_hidden` `comment_deleted` `comment_purged` `changes_saved` |
//! | `likes/:post` · `bookmarks/:post` | `slug comments on?` | – |
//! | `bug-reports` · `bug-reports/:id/response` | `title description category priority screenshot email page` · `status response version` | `bug_reported` `bug_answered` |
//! | `posts` · `posts/:slug` | `title slug category tags excerpt content status scheduled_at cover featured? seo_title seo_description canonical version` | `post_created` `post_saved` `post_published` `post_scheduled` |
//! | `posts/:slug/{publish,delete,restore,purge}` · `posts/bulk` | `version` · `ids…` (slugs) `action=publish\|trash\|restore\|purge` | `post_published` `post_deleted` `post_restored` `post_purged` `changes_saved` `some_failed` |
//! | `posts/:slug/revisions/:id/restore` | `version` | `revision_restored` |
//! | `drafts` · `drafts/:id` · `drafts/:id/{publish,delete}` | as posts, `post` · `at status version` | `draft_saved` `post_published` `post_scheduled` `draft_deleted` |
//! | `categories` `tags` · `…/:slug` · `…/:slug/{delete,merge}` | `name slug description icon color` · – · `into` | `term_saved` `term_deleted` `terms_merged` |
//! | `users/:id/role` · `users/:id/status` | `role password` · `status` | `user_saved` |
//! | `pages` · `pages/:id` · `pages/:id/{delete,restore,purge}` | `title slug kind content status badge pinned template version` | `page_saved` `page_deleted` `page_restored` `page_purged` |
//! | `images` · `images/:id/delete` · `images/orphans/delete` | `file…` | `image_uploaded` `image_deleted` `images_deleted` |
//! | `backups` · `backups/:id/{restore,delete,verify}` | – | `backup_started` `restore_started` `backup_deleted` `backup_verified` |
//! | `dead-letters/:service/:id/{replay,drop}` · `reconcile` · `admin/settings` | – · – · `registration version` | `letter_replayed` `letter_dropped` `reconciled` `settings_saved` |
//! | `cache/purge` | `tag` or `path` or `all` | `cache_purged` |

mod account;
mod bugs;
mod comments;
mod drafts;
mod files;
mod language;
mod mail;
mod manage;
mod moderation;
mod pages;
mod post_input;
mod posted;
mod posts;
mod profile;
mod reactions;
mod submission;
mod terms;

use std::sync::Arc;

use axum::{Router, routing::post};
use contracts::problem::Problem;
use kit::ApiError;

use crate::document::Documents;
use posted::Posted;
use submission::{Done, Submission, Whence};

/// `/forms/…`
pub(crate) fn routes() -> Router<Arc<Documents>> {
    Router::new()
        .merge(of_visitors())
        .merge(of_authors())
        .merge(of_admins())
        .route("/forms/{*rest}", post(async || ApiError::from(Problem::not_found("form"))))
        .layer(files::limit())
}

fn of_visitors() -> Router<Arc<Documents>> {
    Router::new()
        .route("/forms/login", post(account::login))
        .route("/forms/logout", post(account::logout))
        .route("/forms/register", post(account::register))
        .route("/forms/setup", post(account::setup))
        .route("/forms/forgot", post(mail::forgot))
        .route("/forms/reset", post(mail::reset))
        .route("/forms/verify", post(mail::verify))
        .route("/forms/verify/resend", post(mail::resend))
        .route("/forms/settings", post(profile::settings))
        .route("/forms/settings/avatar", post(profile::avatar))
        .route("/forms/settings/avatar/delete", post(profile::remove_avatar))
        .route("/forms/settings/email", post(profile::email))
        .route("/forms/password", post(profile::password))
        .route("/forms/sessions/end", post(profile::end_others))
        .route("/forms/sessions/{id}/end", post(profile::end_session))
        .route("/forms/account/delete", post(profile::delete_account))
        .route("/forms/comments", post(comments::create))
        .route("/forms/comments/{id}/edit", post(comments::edit))
        .route("/forms/comments/{id}/delete", post(comments::delete))
        .route("/forms/comments/{id}/restore", post(comments::restore))
        .route("/forms/comments/{id}/report", post(comments::report))
        .route("/forms/likes/{post}", post(reactions::like))
        .route("/forms/bookmarks/{post}", post(reactions::bookmark))
        .route("/forms/bug-reports", post(bugs::report))
        .route("/forms/locale", post(language::choose))
}

fn of_authors() -> Router<Arc<Documents>> {
    Router::new()
        .route("/forms/posts", post(posts::create))
        .route("/forms/posts/bulk", post(posts::bulk))
        .route("/forms/posts/{slug}", post(posts::update))
        .route("/forms/posts/{slug}/delete", post(posts::delete))
        .route("/forms/posts/{slug}/publish", post(posts::publish))
        .route("/forms/posts/{slug}/restore", post(posts::restore))
        .route("/forms/posts/{slug}/purge", post(posts::purge))
        .route("/forms/posts/{slug}/revisions/{id}/restore", post(posts::restore_revision))
        .route("/forms/drafts", post(drafts::create))
        .route("/forms/drafts/{id}", post(drafts::save))
        .route("/forms/drafts/{id}/publish", post(drafts::publish))
        .route("/forms/drafts/{id}/delete", post(drafts::delete))
        .route("/forms/images", post(manage::upload))
        .route("/forms/images/orphans/delete", post(manage::delete_orphans))
        .route("/forms/images/{id}/delete", post(manage::delete_image))
}

fn of_admins() -> Router<Arc<Documents>> {
    let mut routes = Router::new()
        .route("/forms/comments/bulk", post(moderation::bulk))
        .route("/forms/comments/{id}/approve", post(moderation::approve))
        .route("/forms/comments/{id}/hide", post(moderation::hide))
        .route("/forms/comments/{id}/trash", post(moderation::trash))
        .route("/forms/comments/{id}/purge", post(moderation::purge))
        .route("/forms/bug-reports/{id}/response", post(bugs::respond))
        .route("/forms/users/{id}/role", post(manage::role))
        .route("/forms/users/{id}/status", post(manage::status))
        .route("/forms/pages", post(pages::create))
        .route("/forms/pages/{id}", post(pages::update))
        .route("/forms/pages/{id}/delete", post(pages::delete))
        .route("/forms/pages/{id}/restore", post(pages::restore))
        .route("/forms/pages/{id}/purge", post(pages::purge))
        .route("/forms/backups", post(manage::back_up))
        .route("/forms/backups/{id}/restore", post(manage::restore_backup))
        .route("/forms/backups/{id}/verify", post(manage::verify_backup))
        .route("/forms/backups/{id}/delete", post(manage::delete_backup))
        .route("/forms/dead-letters/{service}/{id}/replay", post(manage::replay))
        .route("/forms/dead-letters/{service}/{id}/drop", post(manage::drop_letter))
        .route("/forms/reconcile", post(manage::reconcile))
        .route("/forms/cache/purge", post(manage::purge_cache))
        .route("/forms/admin/settings", post(manage::settings));
    for kind in ["categories", "tags"] {
        routes = routes
            .route(&format!("/forms/{kind}"), post(terms::create))
            .route(&format!("/forms/{kind}/{{slug}}"), post(terms::update))
            .route(&format!("/forms/{kind}/{{slug}}/delete"), post(terms::delete))
            .route(&format!("/forms/{kind}/{{slug}}/merge"), post(terms::merge));
    }
    routes
}
