use contracts::module::Head;
use contracts::pages::TermsPage;
use maud::{Markup, html};
use shared_ui::{set_cache, show};

use crate::components::{category_class, term_cloud, term_url};
use crate::text::{post_count, text};

/// `/categories`, `/tags`
pub(crate) fn page(read: Option<String>, categories: bool) -> Markup {
    set_cache(60, 600, &["posts"]);
    let (title, path) = if categories { (text().categories, "/categories") } else { (text().tags, "/tags") };
    let head = Head { title: title.to_owned(), canonical: Some(path.to_owned()), ..Head::default() };
    show::<TermsPage>(read, |_| head, |page| view(&page, title, categories))
}

fn view(page: &TermsPage, title: &str, categories: bool) -> Markup {
    html! {
        div.list-page {
            header.list-head { h1 { (title) } }
            @if page.items.is_empty() {
                p.empty { (text().no_terms) }
            } @else if categories {
                ul.term-cards role="list" {
                    @for term in &page.items {
                        li.card {
                            h2 { a class=(category_class(term.color) + " stretched") href=(term_url("/categories", &term.slug)) { (term.name) } }
                            @if let Some(description) = &term.description { p.excerpt { (description) } }
                            p.list-count { (post_count(term.posts)) }
                        }
                    }
                }
            } @else {
                (term_cloud(&page.items, false, "tags tags--all", &|slug| term_url("/tags", slug)))
            }
        }
    }
}
