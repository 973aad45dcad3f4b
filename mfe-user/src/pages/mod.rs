//! Pages of the user area, one file each.

pub(crate) mod bookmarks;
pub(crate) mod bug_report;
pub(crate) mod bug_reports;
pub(crate) mod comments;
pub(crate) mod forgot;
pub(crate) mod login;
pub(crate) mod register;
pub(crate) mod reset;
mod sections;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod verify;

use contracts::module::Head;
use contracts::pages::PostLink;
use maud::{Markup, html};
use shared_ui::encode;

use crate::text::text;

/// The head of a page that search engines need not know.
pub(crate) fn head(title: &str) -> Head {
    Head { title: title.to_owned(), robots: Some("noindex".to_owned()), ..Head::default() }
}

/// A link to another page of the area that keeps where to go afterwards.
fn keeping_next(path: &str, next: &str) -> String {
    if next.is_empty() { path.to_owned() } else { [path, "?next=", &encode(next)].concat() }
}

/// A sheet of paper with a heading.
fn sheet(title: &str, lead: &str, body: &Markup) -> Markup {
    html! {
        section.sheet {
            h1 { (title) }
            @if !lead.is_empty() { p.sheet-lead { (lead) } }
            (body)
        }
    }
}

/// A one-time link that is good no more, with a way on.
fn used(hint: &str, href: &str, label: &str) -> Markup {
    sheet(text().link_used, hint, &html! { p { a class="button button--primary" href=(href) { (label) } } })
}

/// A page of the signed-in visitor: heading, and the way to its siblings.
fn my_page(title: &str, body: &Markup) -> Markup {
    let text = text();
    let links = [("/my/settings", text.settings), ("/my/bookmarks", text.bookmarks), ("/my/comments", text.comments)];
    html! {
        div.my {
            header.my-head {
                h1 { (title) }
                nav.tabs aria-label=(text.my_pages) {
                    @for (href, label) in links { a href=(href) aria-current=[(label == title).then_some("page")] { (label) } }
                }
            }
            (body)
        }
    }
}

/// A post, linked if it can be seen.
fn post_link(post: &PostLink) -> Markup {
    html! {
        @if post.slug.is_empty() {
            span.muted { (text().gone) }
        } @else {
            a href={ "/posts/" (encode(&post.slug)) } { (post.title) }
        }
    }
}
