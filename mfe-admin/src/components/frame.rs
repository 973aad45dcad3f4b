use leptos::prelude::*;

use crate::text::text;

/// A section of the admin area, for its navigation.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Section {
    Dashboard,
    Posts,
    NewPost,
    EditPost,
}

/// Navigation and heading of an admin page.
#[component]
pub(crate) fn AdminHead(section: Section, title: &'static str) -> impl IntoView {
    let text = text();
    let link = move |of: Section, href: &'static str, label: &'static str| {
        view! { <a href=href aria-current=(of == section).then_some("page")>{label}</a> }
    };
    view! {
        <header class="admin-head">
            <nav class="admin-nav" aria-label=text.sections>
                {link(Section::Dashboard, "/admin", text.dashboard)}
                {link(Section::Posts, "/admin/posts", text.posts)}
            </nav>
            <div class="admin-title">
                <h1>{title}</h1>
                {(section != Section::NewPost).then(|| view! {
                    <a class="button button--primary" href="/admin/posts/new">{text.new_post}</a>
                })}
            </div>
        </header>
    }
}
