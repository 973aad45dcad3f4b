use contracts::module::Head;
use contracts::pages::NoticesPage;
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{set_cache, show};

use crate::components::notice_list;
use crate::text::text;

/// `/notices`
pub(crate) fn page(read: Option<String>) -> Markup {
    set_cache(60, 600, &["pages"]);
    let head = Head { title: text().notices.to_owned(), canonical: Some("/notices".to_owned()), ..Head::default() };
    show::<NoticesPage>(read, |_| head, |page| view(&page))
}

fn view(page: &NoticesPage) -> Markup {
    html! {
        div.list-page {
            header.list-head { h1 { (text().notices) } }
            @if page.items.is_empty() { p.empty { (text().no_terms) } } @else { (notice_list(&page.items)) }
            (pager(page.page, page.size, page.total, "/notices?"))
        }
    }
}
