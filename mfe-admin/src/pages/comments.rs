use contracts::pages::{AdminCommentRow, AdminCommentsPage};
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{encode, moment, sanitised, show, use_form};

use super::head;
use crate::components::{Filtering, Section, all_box, choice_box, filter, frame};
use crate::routes::{Filter, List};
use crate::text::text;

/// `/admin/comments`
pub(crate) fn page(read: Option<String>, filter: &Filter) -> Markup {
    show::<AdminCommentsPage>(read, |_| head(text().comments), |page| view(&page, filter))
}

fn view(page: &AdminCommentsPage, by: &Filter) -> Markup {
    let text = text();
    let fields = [
        Filtering { name: "q", label: text.search_comments, value: &page.q, choices: Vec::new() },
        Filtering {
            name: "status",
            label: text.status,
            value: &page.status,
            choices: vec![
                ("", text.all),
                ("held", text.held),
                ("reported", text.reported),
                ("hidden", text.hidden),
                ("deleted", text.trashed),
            ],
        },
    ];
    let here = "/admin/comments".to_owned() + &by.query();
    let form = use_form("/forms/comments/bulk").class("bulk").label(text.comments);
    let button = |action: &str, label: &str, question: Option<&str>| {
        html! { button class="button button--small" type="submit" name="action" value=(action) data-question=[question] { (label) } }
    };
    let body = html! {
        (filter("/admin/comments", &fields))
        @if page.items.is_empty() {
            p.empty { (text.no_comments) }
        } @else {
            (form.show(html! {
                // Enter on a box presses the first button of a form: this one, which does nothing where no dialog is.
                button type="submit" formmethod="dialog" formaction="#" hidden {}
                input type="hidden" name="next" value=(by.url(List::Comments));
                ul.rows role="list" { @for item in &page.items { (row(item)) } }
                div.bulk-bar {
                    (all_box())
                    (button("approve", text.approve, None))
                    (button("hide", text.hide, None))
                    (button("restore", text.restore, None))
                    (button("trash", text.to_trash, Some(text.bulk_question)))
                    (button("purge", text.purge, Some(text.purge_question)))
                }
            }))
        }
        (pager(page.page, page.size, page.total, &here))
    };
    frame(Section::Comments, text.comments, &html! {}, &body)
}

fn row(item: &AdminCommentRow) -> Markup {
    let text = text();
    let state = match item.state.as_str() {
        "private" => Some(("badge badge--private", text.private)),
        "held" => Some(("badge badge--draft", text.held)),
        "hidden" => Some(("badge badge--trashed", text.hidden)),
        "deleted" => Some(("badge badge--trashed", text.trashed)),
        _ => None,
    };
    html! {
        li.row {
            (choice_box(&item.id, &[text.select, ": ", &item.author_name].concat()))
            div.row-wide {
                p.byline {
                    span.byline-author { (item.author_name) }
                    @if item.guest { span { (text.guest) } }
                    @if !item.post_slug.is_empty() {
                        a href={ "/posts/" (encode(&item.post_slug)) "?comment=" (item.id) "#comment-" (item.id) } { (item.post_title) }
                    }
                    (moment(&item.created_at))
                }
                div.comment-text { (sanitised(&item.html)) }
                @if state.is_some() || item.reports > 0 {
                    p.badges {
                        @if let Some((class, label)) = state { span class=(class) { (label) } }
                        @if item.reports > 0 { span class="badge badge--trashed" { (text.reports) " " (item.reports) } }
                    }
                }
            }
        }
    }
}
