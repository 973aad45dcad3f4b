use contracts::pages::HomePage;
use maud::{Markup, html};
use shared_ui::{encode, set_cache, show};

use crate::components::{away, lead, link_list, notice_list, post_list, term_cloud, term_url};
use crate::head;
use crate::text::text;

/// `/`
pub(crate) fn page(read: Option<String>) -> Markup {
    set_cache(30, 300, &["posts", "pages"]);
    show::<HomePage>(read, |_| head::site(), view)
}

fn view(home: HomePage) -> Markup {
    let text = text();
    let site = shared_ui::site_name();
    let lost = |part: &str| home.missing.iter().any(|missing| missing == part);
    html! {
        div.home {
            h1.visually-hidden { (site) }
            @if lost("notices") { (away(text.notices)) } @else if !home.notices.is_empty() {
                section.home-notices aria-labelledby="notices" {
                    h2.eyebrow-label id="notices" { (text.notices) }
                    (notice_list(&home.notices))
                    a.more href="/notices" { (text.all_notices) }
                }
            }
            @if let Some(post) = &home.featured { (lead(post)) }
            section.section aria-labelledby="latest" {
                header.section-head {
                    h2 id="latest" { (text.latest) }
                    a.more href="/posts" { (text.all_posts) span.count { (home.total) } }
                }
                (post_list(&home.latest))
            }
            div.home-terms {
                @if lost("popular") { (away(text.popular)) } @else if !home.popular.is_empty() {
                    section.section aria-labelledby="popular" {
                        header.section-head { h2 id="popular" { (text.popular) } }
                        (link_list(&home.popular))
                    }
                }
                // One column: both are short.
                @if lost("categories") || lost("pages") || !home.categories.is_empty() || !home.pages.is_empty() {
                    div {
                        @if lost("categories") { (away(text.categories)) } @else if !home.categories.is_empty() {
                            section.section aria-labelledby="categories" {
                                header.section-head { h2 id="categories" { (text.categories) } }
                                (term_cloud(&home.categories, true, "category-list", &|slug| term_url("/categories", slug)))
                            }
                        }
                        @if lost("pages") { (away(text.static_pages)) } @else if !home.pages.is_empty() {
                            section.section aria-labelledby="pages" {
                                header.section-head { h2 id="pages" { (text.static_pages) } }
                                ul.link-list role="list" {
                                    @for page in &home.pages { li { a href={ "/pages/" (encode(&page.slug)) } { (page.title) } } }
                                }
                            }
                        }
                    }
                }
                @if lost("tags") { (away(text.topics)) } @else if !home.tags.is_empty() {
                    section.section aria-labelledby="topics" {
                        header.section-head { h2 id="topics" { (text.topics) } a.more href="/tags" { (text.all) } }
                        (term_cloud(&home.tags, false, "tags", &|slug| term_url("/tags", slug)))
                    }
                }
            }
        }
    }
}
