use contracts::pages::BookmarksPage;
use maud::{Markup, html};
use shared_ui::components::{page_href, pager};
use shared_ui::{day_of, show, use_form};

use super::{head, my_page, post_link};
use crate::text::text;

/// `/my/bookmarks`
pub(crate) fn page(read: Option<String>) -> Markup {
    show::<BookmarksPage>(read, |_| head(text().bookmarks), |page| view(&page))
}

fn view(page: &BookmarksPage) -> Markup {
    let text = text();
    let here = page_href("/my/bookmarks?", page.page);
    let body = html! {
        @if !page.missing.is_empty() { p.notice { (text.titles_away) } }
        @if page.items.is_empty() { p.empty { (text.no_bookmarks) } }
        ul.rows role="list" {
            @for row in &page.items {
                li.row {
                    div { p.row-title { (post_link(&row.post)) } p.byline { span { (text.kept) " " (day_of(&row.created_at)) } } }
                    (use_form(&["/forms/bookmarks/", &row.post_id].concat()).button(text.take_off, "", &[("on", ""), ("next", &here)]))
                }
            }
        }
        (pager(page.page, page.size, page.total, "/my/bookmarks?"))
    };
    my_page(text.bookmarks, &body)
}
