use contracts::pages::AdminPostsPage;
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::show;

use super::head;
use crate::components::{Filtering, Section, filter, frame, post_table};
use crate::routes::{Filter, List};
use crate::text::text;

/// `/admin/posts`
pub(crate) fn page(read: Option<String>, filter: &Filter) -> Markup {
    show::<AdminPostsPage>(read, |_| head(text().posts), |page| view(&page, filter))
}

fn view(page: &AdminPostsPage, by: &Filter) -> Markup {
    let text = text();
    let categories = page.categories.iter().map(|term| (term.slug.as_str(), term.name.as_str()));
    let fields = [
        Filtering { name: "q", label: text.search_label, value: &page.q, choices: Vec::new() },
        Filtering {
            name: "status",
            label: text.status,
            value: &page.status,
            choices: vec![
                ("", text.all),
                ("PUBLIC", text.public),
                ("DRAFT", text.draft),
                ("PRIVATE", text.private),
                ("SCHEDULED", text.scheduled),
                ("TRASHED", text.trashed),
            ],
        },
        Filtering {
            name: "category",
            label: text.category,
            value: &page.category,
            choices: [("", text.all_categories)].into_iter().chain(categories).collect(),
        },
        Filtering {
            name: "sort",
            label: text.sort,
            value: &page.sort,
            choices: vec![
                ("updated", text.updated_last),
                ("newest", text.newest),
                ("popular", text.most_read),
                ("liked", text.most_liked),
            ],
        },
    ];
    let body = html! {
        @if !page.missing.is_empty() { p.notice { (text.partly_away) } }
        (filter("/admin/posts", &fields))
        (post_table(&page.items, Some(&by.url(List::Posts))))
        (pager(page.page, page.size, page.total, &("/admin/posts".to_owned() + &by.query())))
    };
    frame(
        Section::Posts,
        text.posts,
        &html! { a class="button button--primary" href="/admin/posts/new" { (text.new_post) } },
        &body,
    )
}
