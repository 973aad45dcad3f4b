use contracts::pages::{AdminPageRow, AdminPagesPage};
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{day_of, encode, show, use_form};

use super::head;
use crate::components::{Filtering, Section, filter, frame, table};
use crate::routes::{Filter, List};
use crate::text::text;

/// `/admin/pages`: static pages and notices.
pub(crate) fn page(read: Option<String>, filter: &Filter) -> Markup {
    show::<AdminPagesPage>(read, |_| head(text().pages), |page| view(&page, filter))
}

fn view(page: &AdminPagesPage, by: &Filter) -> Markup {
    let text = text();
    let fields = [
        Filtering {
            name: "kind",
            label: text.kind,
            value: &page.kind,
            choices: vec![("", text.all_kinds), ("STATIC", text.static_page), ("NOTICE", text.notice)],
        },
        Filtering {
            name: "status",
            label: text.status,
            value: &page.status,
            choices: vec![("", text.all), ("PUBLISHED", text.public), ("DRAFT", text.draft), ("TRASHED", text.trashed)],
        },
    ];
    let headings = [text.title, text.kind, text.status, text.updated, text.actions];
    let here = by.url(List::Pages);
    let body = html! {
        (filter("/admin/pages", &fields))
        @if page.items.is_empty() {
            p.empty { (text.no_pages) }
        } @else {
            (table(text.pages, &headings, &html! { @for item in &page.items { (row(item, &here)) } }))
        }
        (pager(page.page, page.size, page.total, &("/admin/pages".to_owned() + &by.query())))
    };
    frame(
        Section::Pages,
        text.pages,
        &html! { a class="button button--primary" href="/admin/pages/new" { (text.new_page) } },
        &body,
    )
}

fn row(item: &AdminPageRow, here: &str) -> Markup {
    let text = text();
    let notice = item.kind == "NOTICE";
    let (class, status) = match item.status.as_str() {
        "PUBLISHED" => ("badge badge--public", text.public),
        "TRASHED" => ("badge badge--trashed", text.trashed),
        _ => ("badge badge--draft", text.draft),
    };
    let next = &[("next", here)];
    let act = |action: &str| use_form(&["/forms/pages/", &item.id, "/", action].concat());
    html! {
        tr {
            th scope="row" {
                a href={ "/admin/pages/edit/" (item.id) } { (item.title) }
                span.row-category { (if notice { "/notices/" } else { "/pages/" }) (item.slug) }
            }
            td { (if notice { text.notice } else { text.static_page }) @if item.pinned { " · " (text.pinned) } }
            td { span class=(class) { (status) } }
            td.nowrap { (day_of(&item.updated_at)) }
            td.row-actions {
                @if item.status == "TRASHED" {
                    (act("restore").button(text.restore, "", next))
                    (act("purge").asking(text.purge_question).button(text.purge, "button--danger", next))
                } @else {
                    a class="button button--small" href={ (if notice { "/notices/" } else { "/pages/" }) (encode(&item.slug)) } { (text.view_post) }
                    (act("delete").asking(text.delete_page_question).button(text.delete, "button--danger", next))
                }
            }
        }
    }
}
