use contracts::module::Head;
use contracts::pages::{PageHit, SearchHit, SearchPage, Segment, TermCard};
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{day_of, set_cache, show};

use crate::components::{away, category_link, term_cloud};
use crate::routes::List;
use crate::text::{found, text};

/// `/search?q=`
pub(crate) fn page(read: Option<String>, list: &List) -> Markup {
    set_cache(30, 60, &["posts", "pages"]);
    show::<SearchPage>(read, head, |page| view(&page, list))
}

fn head(page: &SearchPage) -> Head {
    let title = if page.q.is_empty() { text().search.to_owned() } else { [&page.q, " · ", text().search].concat() };
    Head { title, robots: Some("noindex".to_owned()), ..Head::default() }
}

fn view(page: &SearchPage, list: &List) -> Markup {
    let text = text();
    let narrowed = !(page.category.is_empty() && page.tag.is_empty());
    let only = |list: List| List { page: 1, ..list }.page_url(1);
    html! {
        div.search-page {
            header.list-head { h1 { (text.search) } }
            form.search-form action="/search" method="get" role="search" {
                label.visually-hidden for="search-q" { (text.search_label) }
                input.input id="search-q" type="search" name="q" value=(page.q) placeholder=(text.search_label) autocomplete="off";
                button class="button button--primary" type="submit" { (text.search) }
            }
            @if page.q.is_empty() {
                p.empty { (text.search_hint) }
            } @else {
                @if page.total > 0 || page.pages.is_empty() {
                    p.list-count role="status" { @if page.total == 0 { (text.found_none) } @else { (found(page.total)) } }
                }
                @if let Some(suggestion) = &page.suggestion {
                    p { (text.meant) " " a href=(only(List { q: suggestion.clone(), ..list.clone() })) { (suggestion) } }
                }
                @if narrowed {
                    p { a href=(only(List { category: String::new(), tag: String::new(), ..list.clone() })) { (text.clear) } }
                }
                (facets(page, list))
                (pages(page))
                ol.hits role="list" { @for item in &page.items { (hit(item)) } }
                (pager(page.page, page.size, page.total, &list.base()))
            }
        }
    }
}

/// Links that narrow the hits down.
fn facets(page: &SearchPage, list: &List) -> Markup {
    let with_category = |slug: &str| List { category: slug.to_owned(), ..list.clone() }.page_url(1);
    let with_tag = |slug: &str| List { tag: slug.to_owned(), ..list.clone() }.page_url(1);
    let facet = |terms: &[TermCard], categories: bool, url: &dyn Fn(&str) -> String| {
        html! { @if terms.len() > 1 { (term_cloud(terms, categories, "tags facet", url)) } }
    };
    html! {
        @if page.categories.len() > 1 || page.tags.len() > 1 {
            nav.facets aria-label=(text().narrow) {
                (facet(&page.categories, true, &with_category))
                (facet(&page.tags, false, &with_tag))
            }
        }
    }
}

/// Pages and notices, before the posts: who looks for one by name wants it first.
fn pages(page: &SearchPage) -> Markup {
    let text = text();
    let item = |PageHit { href, title, notice, excerpt }: &PageHit| {
        html! {
            li.hit {
                p.eyebrow { (if *notice { text.notice } else { text.a_page }) }
                h2 { a href=(href) { (title) } }
                @if !excerpt.is_empty() { p.excerpt { (excerpt) } }
            }
        }
    };
    html! {
        @if !page.missing.is_empty() { (away(text.pages)) } @else if !page.pages.is_empty() {
            section.page-hits aria-label=(text.pages) { ul.hits role="list" { @for hit in &page.pages { (item(hit)) } } }
        }
    }
}

fn hit(hit: &SearchHit) -> Markup {
    html! {
        li.hit {
            @if let Some(category) = &hit.category { p.eyebrow { (category_link(category)) } }
            h2 { a href=(hit.href) { (marked(&hit.title)) } }
            p.excerpt { (marked(&hit.excerpt)) }
            p.byline {
                @if !hit.author_name.is_empty() { span.byline-author { (hit.author_name) } }
                @if !hit.published_at.is_empty() { (day_of(&hit.published_at)) }
            }
        }
    }
}

fn marked(segments: &[Segment]) -> Markup {
    html! { @for segment in segments { @if segment.hit { mark { (segment.text) } } @else { (segment.text) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_counted_where_only_pages_were_found() {
        let hit = PageHit { href: "/pages/about".to_owned(), title: "About".to_owned(), ..PageHit::default() };
        let found = SearchPage { q: "about".to_owned(), page: 1, size: 10, pages: vec![hit], ..SearchPage::default() };
        let shown = view(&found, &List::default()).into_string();
        assert!(shown.contains("/pages/about") && !shown.contains("list-count"), "{shown}");
        let nothing = view(&SearchPage { pages: Vec::new(), ..found }, &List::default()).into_string();
        assert!(nothing.contains(text().found_none), "{nothing}");
    }
}
