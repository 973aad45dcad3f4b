use contracts::module::Head;
use contracts::pages::ArchivePage;
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{set_cache, show};

use crate::components::link_list;
use crate::text::{month, post_count, text};

/// `/archive`
pub(crate) fn page(read: Option<String>) -> Markup {
    set_cache(60, 600, &["posts"]);
    let head = Head { title: text().archive.to_owned(), canonical: Some("/archive".to_owned()), ..Head::default() };
    show::<ArchivePage>(read, |_| head, |page| view(&page))
}

fn view(page: &ArchivePage) -> Markup {
    html! {
        div.list-page {
            header.list-head { h1 { (text().archive) } p.list-count { (post_count(page.total)) } }
            @if page.months.is_empty() { p.empty { (text().no_posts) } }
            @for of in &page.months {
                section.month { h2 { (month(&of.month)) } (link_list(&of.posts)) }
            }
            (pager(page.page, page.size, page.total, "/archive?"))
        }
    }
}
