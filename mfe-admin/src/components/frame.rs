use maud::{Markup, html};
use shared_ui::member;

use crate::text::text;

/// A section of the admin area, for its navigation.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Section {
    Dashboard,
    Posts,
    Drafts,
    Images,
    Categories,
    Tags,
    Comments,
    Pages,
    Users,
    Analytics,
    Management,
}

impl Section {
    fn link(self) -> (&'static str, &'static str) {
        let text = text();
        match self {
            Self::Dashboard => ("/admin", text.dashboard),
            Self::Posts => ("/admin/posts", text.posts),
            Self::Drafts => ("/admin/drafts", text.drafts),
            Self::Images => ("/admin/images", text.images),
            Self::Categories => ("/admin/categories", text.categories),
            Self::Tags => ("/admin/tags", text.tags),
            Self::Comments => ("/admin/comments", text.comments),
            Self::Pages => ("/admin/pages", text.pages),
            Self::Users => ("/admin/users", text.users),
            Self::Analytics => ("/admin/analytics", text.analytics),
            Self::Management => ("/admin/management", text.management),
        }
    }
}

/// What authors look after; the rest is for admins.
const FOR_AUTHORS: [Section; 4] = [Section::Dashboard, Section::Posts, Section::Drafts, Section::Images];
const FOR_ADMINS: [Section; 7] = [
    Section::Categories,
    Section::Tags,
    Section::Comments,
    Section::Pages,
    Section::Users,
    Section::Analytics,
    Section::Management,
];

/// An admin page: navigation, heading with what one can do beside it, and the rest.
pub(crate) fn frame(section: Section, title: &str, tools: &Markup, body: &Markup) -> Markup {
    let admin = member().is_some_and(|member| member.admin);
    let sections = FOR_AUTHORS.into_iter().chain(FOR_ADMINS.into_iter().filter(|_| admin));
    html! {
        div.admin {
            nav.admin-nav aria-label=(text().sections) {
                @for of in sections {
                    @let (href, label) = of.link();
                    a href=(href) aria-current=[(of == section).then_some("page")] { (label) }
                }
            }
            div.admin-main {
                header.admin-title { h1 { (title) } div.admin-tools { (tools) } }
                (body)
            }
        }
    }
}
