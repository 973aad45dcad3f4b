use contracts::module::Head;
use contracts::pages::PostListPage;
use maud::{Markup, html};
use shared_ui::components::{avatar, pager};
use shared_ui::{set_cache, show};

use crate::components::{category_class, post_list};
use crate::routes::{List, ListOf};
use crate::text::{post_count, text};

/// `/posts`, `/categories/:slug`, `/tags/:slug`, `/authors/:id`
pub(crate) fn page(read: Option<String>, list: &List) -> Markup {
    set_cache(30, 300, &["posts"]);
    show::<PostListPage>(read, |page| head(page, list), |page| view(&page, list))
}

fn name(page: &PostListPage) -> &str {
    let of = page.term.as_ref().map(|term| &term.name).or(page.author.as_ref().map(|author| &author.name));
    of.map_or(text().posts, |name| name)
}

fn head(page: &PostListPage, list: &List) -> Head {
    let name = name(page);
    let title =
        if page.page > 1 { [name, " · ", text().page, " ", &page.page.to_string()].concat() } else { name.to_owned() };
    if cfg!(feature = "client") {
        return Head { title, ..Head::default() };
    }
    let last = page.total.div_ceil(page.size.max(1));
    let narrowed = !(list.sort.is_empty() && list.category.is_empty() && list.tag.is_empty());
    Head {
        title,
        description: page.term.as_ref().and_then(|term| term.description.clone()),
        canonical: Some(list.page_url(page.page)),
        // The same posts in another order are nothing to find.
        robots: narrowed.then(|| "noindex".to_owned()),
        prev: (page.page > 1).then(|| list.page_url(page.page - 1)),
        next: (page.page < last).then(|| list.page_url(page.page + 1)),
        ..Head::default()
    }
}

fn view(page: &PostListPage, list: &List) -> Markup {
    let text = text();
    let kind = match list.of {
        ListOf::All => "",
        ListOf::Category => text.category,
        ListOf::Tag => text.tag,
        ListOf::Author => text.author,
    };
    let class = match (&list.of, &page.term) {
        (ListOf::Category, Some(term)) => category_class(term.color) + " list-kind",
        _ => "list-kind".to_owned(),
    };
    let description = page.term.as_ref().and_then(|term| term.description.as_deref());
    let description = description.or(page.author.as_ref().map(|author| author.bio.as_str())).unwrap_or_default();
    html! {
        div.list-page {
            header.list-head {
                @if !kind.is_empty() { p class=(class) { (kind) } }
                div.list-title {
                    @if let Some(author) = &page.author { (avatar(&author.name, author.avatar.as_deref())) }
                    h1 { (name(page)) }
                }
                @if !description.is_empty() { p.list-description { (description) } }
                p.list-count { (post_count(page.total)) }
            }
            (filter(page, list))
            h2.visually-hidden { (text.posts) }
            (post_list(&page.items))
            (pager(page.page, page.size, page.total, &list.base()))
        }
    }
}

/// In which order, and of which category: a plain form that asks.
fn filter(page: &PostListPage, list: &List) -> Markup {
    let text = text();
    let sorts = [("", text.newest), ("popular", text.most_read), ("liked", text.most_liked)];
    let sort = if page.sort == "newest" { "" } else { page.sort.as_str() };
    html! {
        form.list-filter action=(list.path) method="get" aria-label=(text.filter) {
            @if !page.missing.is_empty() { p.notice { (text.categories) ": " (text.part_away) } }
            @if !page.categories.is_empty() {
                label.visually-hidden for="list-category" { (text.category) }
                select.select id="list-category" name="category" {
                    option value="" { (text.categories) ": " (text.all) }
                    @for term in &page.categories {
                        option value=(term.slug) selected[term.slug == page.category] { (term.name) }
                    }
                }
            }
            @if !page.tag.is_empty() { input type="hidden" name="tag" value=(page.tag); }
            label.visually-hidden for="list-sort" { (text.sort) }
            select.select id="list-sort" name="sort" {
                @for (value, label) in sorts { option value=(value) selected[value == sort] { (label) } }
            }
            button class="button" type="submit" { (text.apply) }
        }
    }
}
