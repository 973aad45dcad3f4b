use contracts::pages::{AdminDraftsPage, DraftRow};
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{encode, moment, show, use_form};

use super::head;
use crate::components::{Section, frame, table};
use crate::routes::{Filter, List};
use crate::text::text;

/// `/admin/drafts`
pub(crate) fn page(read: Option<String>, filter: &Filter) -> Markup {
    show::<AdminDraftsPage>(read, |_| head(text().drafts), |page| view(&page, filter))
}

fn view(page: &AdminDraftsPage, by: &Filter) -> Markup {
    let text = text();
    let headings = [text.title, text.of_post, text.author, text.updated, text.actions];
    let here = by.url(List::Drafts);
    let body = html! {
        p.lead-line { (text.drafts_hint) }
        @if page.items.is_empty() {
            p.empty { (text.no_drafts) }
        } @else {
            (table(text.drafts, &headings, &html! { @for draft in &page.items { (row(draft, &here)) } }))
        }
        (pager(page.page, page.size, page.total, "/admin/drafts?"))
    };
    frame(
        Section::Drafts,
        text.drafts,
        &html! { a class="button button--primary" href="/admin/posts/new" { (text.new_post) } },
        &body,
    )
}

fn row(draft: &DraftRow, here: &str) -> Markup {
    let text = text();
    let version = draft.version.to_string();
    let delete = use_form(&["/forms/drafts/", &draft.id, "/delete"].concat()).asking(text.delete_draft_question);
    html! {
        tr {
            th scope="row" {
                a href={ "/admin/drafts/" (encode(&draft.id)) } { (if draft.title.is_empty() { text.untitled } else { &draft.title }) }
            }
            td { @if !draft.post_slug.is_empty() { a href={ "/admin/posts/edit/" (encode(&draft.post_slug)) } { (draft.post_slug) } } }
            td { (draft.author_name) }
            td.nowrap { (moment(&draft.updated_at)) }
            td.row-actions { (delete.button(text.delete, "button--danger", &[("version", &version), ("next", here)])) }
        }
    }
}
