use contracts::blog::TermRef;
use contracts::pages::TermCard;
use maud::{Markup, html};
use shared_ui::encode;

/// URL of a post.
pub(crate) fn post_url(slug: &str) -> String {
    "/posts/".to_owned() + &encode(slug)
}

/// URL of a category (`/categories`) or a tag (`/tags`).
pub(crate) fn term_url(base: &str, slug: &str) -> String {
    [base, "/", &encode(slug)].concat()
}

/// Class of a category's colour.
pub(crate) fn category_class(color: u32) -> String {
    ["category c", &(color % 12).to_string()].concat()
}

/// The category of a post, in its colour.
pub(crate) fn category_link(category: &TermRef) -> Markup {
    html! {
        a class=(category_class(category.color)) href=(term_url("/categories", &category.slug)) { (category.name) }
    }
}

/// The tags of a post.
pub(crate) fn tag_list(tags: &[TermRef]) -> Markup {
    html! {
        @if !tags.is_empty() {
            ul.tags role="list" {
                @for tag in tags { li { a.tag href=(term_url("/tags", &tag.slug)) { (tag.name) } } }
            }
        }
    }
}

/// Categories or tags with how many posts they have. `url` says where each leads.
pub(crate) fn term_cloud(terms: &[TermCard], categories: bool, class: &str, url: &dyn Fn(&str) -> String) -> Markup {
    html! {
        ul class=(class) role="list" {
            @for term in terms {
                @let kind = if categories { category_class(term.color) } else { "tag".to_owned() };
                li { a class=(kind) href=(url(&term.slug)) { (term.name) " " span.count { (term.posts) } } }
            }
        }
    }
}
