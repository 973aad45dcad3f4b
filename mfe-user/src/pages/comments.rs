use contracts::pages::{MyComment, MyCommentsPage};
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{encode, moment, sanitised, show};

use super::{head, my_page, post_link};
use crate::text::text;

/// `/my/comments`
pub(crate) fn page(read: Option<String>) -> Markup {
    show::<MyCommentsPage>(read, |_| head(text().comments), |page| view(&page))
}

fn view(page: &MyCommentsPage) -> Markup {
    let body = html! {
        @if page.items.is_empty() { p.empty { (text().no_comments) } }
        ul.rows role="list" { @for item in &page.items { (comment(item)) } }
        (pager(page.page, page.size, page.total, "/my/comments?"))
    };
    my_page(text().comments, &body)
}

fn comment(item: &MyComment) -> Markup {
    let text = text();
    let state = match item.state.as_str() {
        "private" => text.private,
        "held" => text.held,
        "hidden" => text.hidden,
        "deleted" => text.deleted,
        _ => "",
    };
    html! {
        li.row {
            div.row-wide {
                p.byline {
                    span { (post_link(&item.post)) }
                    @if item.post.slug.is_empty() {
                        (moment(&item.created_at))
                    } @else {
                        a href={ "/posts/" (encode(&item.post.slug)) "?comment=" (item.id) "#comment-" (item.id) } { (moment(&item.created_at)) }
                    }
                    @if !state.is_empty() { span.badge { (state) } }
                }
                div.comment-text { (sanitised(&item.html)) }
            }
        }
    }
}
