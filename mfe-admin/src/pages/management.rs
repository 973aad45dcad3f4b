use contracts::pages::ManagementPage;
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::show;

use super::{head, page_cache, parts};
use crate::components::{Section, frame};
use crate::text::text;

/// A part of the management with a page of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part {
    Backups,
    DeadLetters,
    Audit,
    Settings,
}

impl Part {
    /// On the site, and below `/bff/pages`.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Backups => "/admin/backups",
            Self::DeadLetters => "/admin/dead-letters",
            Self::Audit => "/admin/audit",
            Self::Settings => "/admin/settings",
        }
    }

    fn label(self) -> &'static str {
        let text = text();
        match self {
            Self::Backups => text.backups,
            Self::DeadLetters => text.dead_letters,
            Self::Audit => text.audit,
            Self::Settings => text.settings,
        }
    }
}

/// `/admin/management` and, with one part, `/admin/backups` and its like.
pub(crate) fn page(read: Option<String>, part: Option<Part>) -> Markup {
    let title = part.map_or(text().management, Part::label);
    show::<ManagementPage>(read, |_| head(title), |page| view(&page, part, title))
}

fn view(page: &ManagementPage, part: Option<Part>, title: &str) -> Markup {
    let text = text();
    let tabs = [Part::Backups, Part::DeadLetters, Part::Audit, Part::Settings];
    let shows = |of: Part| part.is_none_or(|part| part == of);
    let body = html! {
        nav.tabs aria-label=(text.management) {
            a href="/admin/management" aria-current=[part.is_none().then_some("page")] { (text.overview) }
            @for of in tabs { a href=(of.path()) aria-current=[(part == Some(of)).then_some("page")] { (of.label()) } }
        }
        @if shows(Part::Backups) { (parts::backups(page)) }
        @if shows(Part::DeadLetters) { (parts::dead_letters(page)) (parts::reconciliation(page)) }
        @if part.is_none() { (page_cache::page_cache(page)) }
        @if shows(Part::Settings) { (parts::settings(page)) }
        @if shows(Part::Audit) { (parts::audit(page)) }
        @if let Some(part) = part { (pager(page.page.max(1), page.size, page.total, &[part.path(), "?"].concat())) }
    };
    frame(Section::Management, title, &html! {}, &body)
}
