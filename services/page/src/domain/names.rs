//! Names of kinds, states and templates in the database, which are those of JSON; and where pages live.

use contracts::page::{PageKind, PageStatus, PageTemplate};

pub(crate) fn kind_name(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Static => "STATIC",
        PageKind::Notice => "NOTICE",
    }
}

pub(crate) fn kind(name: &str) -> Option<PageKind> {
    [PageKind::Static, PageKind::Notice].into_iter().find(|kind| kind_name(*kind) == name)
}

pub(crate) fn status_name(status: PageStatus) -> &'static str {
    match status {
        PageStatus::Draft => "DRAFT",
        PageStatus::Published => "PUBLISHED",
        PageStatus::Trashed => "TRASHED",
    }
}

pub(crate) fn status(name: &str) -> Option<PageStatus> {
    [PageStatus::Draft, PageStatus::Published, PageStatus::Trashed]
        .into_iter()
        .find(|status| status_name(*status) == name)
}

pub(crate) fn template_name(template: PageTemplate) -> &'static str {
    match template {
        PageTemplate::Default => "default",
        PageTemplate::Wide => "wide",
        PageTemplate::Resume => "resume",
    }
}

pub(crate) fn template(name: &str) -> PageTemplate {
    match name {
        "wide" => PageTemplate::Wide,
        "resume" => PageTemplate::Resume,
        _ => PageTemplate::Default,
    }
}

/// Where a page lives on the site.
pub(crate) fn path(kind: PageKind, slug: &str) -> String {
    match kind {
        PageKind::Static => format!("/pages/{slug}"),
        PageKind::Notice => format!("/notices/{slug}"),
    }
}
