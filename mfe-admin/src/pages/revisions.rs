use contracts::pages::{RevisionRow, RevisionsPage};
use maud::{Markup, html};
use shared_ui::{encode, moment, show, use_form};

use super::head;
use crate::components::{Section, frame, table};
use crate::text::text;

/// `/admin/posts/revisions/:slug`
pub(crate) fn page(read: Option<String>) -> Markup {
    show::<RevisionsPage>(read, |_| head(text().revisions), |page| view(&page))
}

fn view(page: &RevisionsPage) -> Markup {
    let text = text();
    let headings = [text.version, text.title, text.author, text.saved, text.actions];
    let rows = html! { @for item in &page.items { (row(page, item)) } };
    let body = html! {
        p.standing { a href={ "/admin/posts/edit/" (encode(&page.slug)) } { (page.title) } }
        @if page.items.is_empty() { p.empty { (text.no_revisions) } } @else { (table(text.revisions, &headings, &rows)) }
        @if !page.diff.is_empty() { (diff(page)) }
    };
    frame(Section::Posts, text.revisions, &html! {}, &body)
}

fn row(page: &RevisionsPage, item: &RevisionRow) -> Markup {
    let text = text();
    let slug = encode(&page.slug);
    let restore = ["/forms/posts/", &slug, "/revisions/", &item.id, "/restore"].concat();
    let compared = (!item.id.is_empty() && item.id == page.from).then_some("true");
    html! {
        tr aria-current=[compared] {
            td.number { (item.version) @if item.id.is_empty() { " " span class="badge badge--public" { (text.now) } } }
            th scope="row" { (item.title) }
            td { (item.author_name) }
            td.nowrap { (moment(&item.created_at)) }
            td.row-actions {
                @if !item.id.is_empty() {
                    a class="button button--small" href={ "/admin/posts/revisions/" (slug) "?from=" (item.id) "#diff" } { (text.compare) }
                    (use_form(&restore).asking(text.restore_question).button(text.restore, "", &[("version", &page.version.to_string())]))
                }
            }
        }
    }
}

/// What has changed, line by line.
fn diff(page: &RevisionsPage) -> Markup {
    let text = text();
    html! {
        section.panel aria-labelledby="diff" {
            h2 id="diff" { (text.diff) }
            div.diff role="group" aria-labelledby="diff" tabindex="0" {
                @for line in &page.diff {
                    @match line.change.as_str() {
                        "added" => { ins { (line.text) "\n" } }
                        "removed" => { del { (line.text) "\n" } }
                        _ => { span { (line.text) "\n" } }
                    }
                }
            }
        }
    }
}
