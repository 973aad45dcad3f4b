//! The parts of the management.

use contracts::pages::{BackupRow, DeadLetterRow, ManagementPage};
use maud::{Markup, html};
use shared_ui::{Field, encode, moment, submit, use_form};

use crate::components::{panel, table};
use crate::happenings::in_words;
use crate::text::{bytes, text};

fn away(page: &ManagementPage, part: &str) -> bool {
    page.missing.iter().any(|missing| missing == part)
}

/// Backups, and the button that makes one.
pub(super) fn backups(page: &ManagementPage) -> Markup {
    let text = text();
    let size = ["#", text.size].concat();
    let headings = [text.begun, text.status, &size, text.actions];
    panel(
        "backups",
        text.backups,
        &html! {
            div.bulk-bar {
                p { (text.backups_hint) }
                (use_form("/forms/backups").button(text.back_up, "button--primary", &[]))
            }
            @if away(page, "backups") {
                p.notice { (text.partly_away) }
            } @else if page.backups.is_empty() {
                p.empty { (text.no_backups) }
            } @else {
                (table(text.backups, &headings, &html! { @for backup in &page.backups { (backup_row(backup)) } }))
            }
        },
    )
}

fn backup_row(backup: &BackupRow) -> Markup {
    let text = text();
    let (class, status) = match backup.status.as_str() {
        "READY" => ("badge badge--public", text.backup_ready),
        "DONE" => ("badge badge--public", text.backup_restored),
        "FAILED" => ("badge badge--trashed", text.backup_failed),
        "UNDONE" => ("badge badge--trashed", text.backup_undone),
        "UNDOING" => ("badge badge--draft", text.backup_undoing),
        "PREPARING" | "COMMITTING" => ("badge badge--draft", text.backup_restoring),
        _ => ("badge badge--draft", text.backup_running),
    };
    let busy = backup.percent < 100 && !matches!(backup.status.as_str(), "READY" | "DONE" | "FAILED" | "UNDONE");
    let act = |action: &str| use_form(&["/forms/backups/", &backup.id, "/", action].concat());
    html! {
        tr {
            th scope="row" { (moment(&backup.created_at)) }
            td {
                span class=(class) { (status) }
                @if busy { " " progress max="100" value=(backup.percent) aria-label=(status) {} " " span.muted { (backup.step) } }
                @if !backup.error.is_empty() { p.field__error { (backup.error) } }
            }
            td.number { @if backup.bytes > 0 { (bytes(backup.bytes)) } }
            td.row-actions {
                @if !busy && backup.status != "FAILED" {
                    a class="button button--small" href={ "/api/backups/" (backup.id) "/download" } download { (text.download) }
                    (act("restore").asking(text.restore_backup_question).button(text.restore, "", &[]))
                }
                @if !busy { (act("delete").asking(text.delete_backup_question).button(text.delete, "button--danger", &[])) }
            }
        }
    }
}

/// Events that could not be delivered.
pub(super) fn dead_letters(page: &ManagementPage) -> Markup {
    let text = text();
    let attempts = ["#", text.attempts].concat();
    let headings = [text.event, text.service, &attempts, text.error, text.given_up, text.actions];
    let missing = page.missing.iter().any(|missing| missing.starts_with("dead_letters"));
    panel(
        "dead-letters",
        text.dead_letters,
        &html! {
            @if missing { p.notice { (text.partly_away) } }
            @if page.dead_letters.is_empty() {
                p.empty { (text.no_dead_letters) }
            } @else {
                (table(text.dead_letters, &headings, &html! { @for letter in &page.dead_letters { (letter_row(letter)) } }))
            }
        },
    )
}

fn letter_row(letter: &DeadLetterRow) -> Markup {
    let text = text();
    let act = |action: &str| {
        use_form(&["/forms/dead-letters/", &encode(&letter.service), "/", &encode(&letter.id), "/", action].concat())
    };
    html! {
        tr {
            th scope="row" { (letter.kind) span.row-category { (letter.aggregate_id) } }
            td { (letter.service) }
            td.number { (letter.attempts) }
            td.wide-text { (letter.error) }
            td.nowrap { (moment(&letter.died_at)) }
            td.row-actions {
                (act("replay").button(text.replay, "", &[]))
                (act("drop").asking(text.drop_question).button(text.drop, "button--danger", &[]))
            }
        }
    }
}

/// Counting again what events maintain.
pub(super) fn reconciliation(page: &ManagementPage) -> Markup {
    let text = text();
    let numbers = [text.checked, text.drift, text.repaired].map(|label| ["#", label].concat());
    let headings = [text.check, text.service, &numbers[0], &numbers[1], &numbers[2]];
    panel(
        "reconciliation",
        text.reconciliation,
        &html! {
            div.bulk-bar {
                p { (text.reconcile_hint) }
                (use_form("/forms/reconcile").button(text.reconcile, "", &[]))
            }
            @if !page.reconciled_at.is_empty() {
                p { (text.counted_at) ": " (moment(&page.reconciled_at)) }
            }
            @if !page.reconciliation_failed.is_empty() {
                p.notice { (text.not_counted) ": " (page.reconciliation_failed.join(", ")) }
            }
            @if !page.reconciliation.is_empty() {
                (table(text.reconciliation, &headings, &html! {
                    @for row in &page.reconciliation {
                        tr {
                            th scope="row" { (row.check) }
                            td { (row.service) }
                            td.number { (row.checked) }
                            td.number { (row.drift) }
                            td.number { (row.repaired) }
                        }
                    }
                }))
            }
        },
    )
}

/// What an admin decides.
pub(super) fn settings(page: &ManagementPage) -> Markup {
    let text = text();
    if away(page, "settings") {
        return panel("settings", text.settings, &html! { p.notice { (text.partly_away) } });
    }
    let form = use_form("/forms/admin/settings");
    let choices = [("OPEN", text.open), ("INVITATION", text.by_invitation), ("CLOSED", text.closed)];
    panel(
        "settings",
        text.settings,
        &form.show(html! {
            (form.select(Field {
                name: "registration", label: text.registration, value: &page.registration, ..Field::default()
            }, choices))
            (form.hidden("version", &page.settings_version.to_string()))
            div.form-foot { (submit(text.save)) }
        }),
    )
}

/// What happened last.
pub(super) fn audit(page: &ManagementPage) -> Markup {
    let text = text();
    let headings = [text.when, text.who, text.what, text.whom];
    panel(
        "audit",
        text.audit,
        &html! {
            @if away(page, "audit") {
                p.notice { (text.partly_away) }
            } @else if page.audit.is_empty() {
                p.empty { (text.no_audit) }
            } @else {
                (table(text.audit, &headings, &html! {
                    @for row in &page.audit {
                        tr {
                            td.nowrap { (moment(&row.at)) }
                            th scope="row" { (row.actor) }
                            td { (in_words(&row.action)) }
                            td { (row.target) }
                        }
                    }
                }))
            }
        },
    )
}
