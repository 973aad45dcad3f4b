use contracts::module::Head;
use contracts::pages::PostListPage;
use leptos::prelude::*;
use shared_ui::components::Pager;
use shared_ui::{set_cache, use_page};

use crate::components::{PostList, category_class};
use crate::routes::{List, ListOf};
use crate::text::{post_count, text};

/// `/posts`, `/categories/:slug`, `/tags/:slug`
pub(crate) fn page(read: Option<String>, list: List) -> impl IntoView {
    set_cache(30, 300, &["posts"]);
    let shown = list.clone();
    use_page::<PostListPage>(read).show(move |page| head(page, &list), move |page| view(page, &shown))
}

fn head(page: &PostListPage, list: &List) -> Head {
    let name = page.term.as_ref().map_or(text().posts, |term| &term.name);
    let title =
        if page.page > 1 { [name, " · ", text().page, " ", &page.page.to_string()].concat() } else { name.to_owned() };
    if cfg!(feature = "client") {
        return Head { title, ..Head::default() };
    }
    let last = page.total.div_ceil(page.size.max(1));
    Head {
        title,
        description: page.term.as_ref().and_then(|term| term.description.clone()),
        canonical: Some(list.page_url(page.page)),
        prev: (page.page > 1).then(|| list.page_url(page.page - 1)),
        next: (page.page < last).then(|| list.page_url(page.page + 1)),
        ..Head::default()
    }
}

fn view(page: PostListPage, list: &List) -> impl IntoView + use<> {
    let text = text();
    let kind = match list.of {
        ListOf::All => None,
        ListOf::Category(_) => Some(text.category),
        ListOf::Tag(_) => Some(text.tag),
    };
    let class = match (&list.of, &page.term) {
        (ListOf::Category(_), Some(term)) => category_class(term.color) + " list-kind",
        _ => "list-kind".to_owned(),
    };
    let (name, description) = match page.term {
        Some(term) => (term.name, term.description),
        None => (text.posts.to_owned(), None),
    };
    let base = list.path() + "?";
    view! {
        <div class="list-page">
            <header class="list-head">
                {kind.map(|kind| view! { <p class=class>{kind}</p> })}
                <h1>{name}</h1>
                {description.map(|description| view! { <p class="list-description">{description}</p> })}
                <p class="list-count">{post_count(page.total)}</p>
            </header>
            <h2 class="visually-hidden">{text.posts}</h2>
            <PostList posts=page.items/>
            <Pager page=page.page size=page.size total=page.total base/>
        </div>
    }
}
