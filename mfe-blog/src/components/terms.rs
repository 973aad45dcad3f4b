use contracts::blog::TermRef;
use contracts::pages::TermCard;
use leptos::prelude::*;
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
#[component]
pub(crate) fn CategoryLink(category: TermRef) -> impl IntoView {
    view! { <a class=category_class(category.color) href=term_url("/categories", &category.slug)>{category.name}</a> }
}

/// The tags of a post.
#[component]
pub(crate) fn TagList(tags: Vec<TermRef>) -> impl IntoView {
    let items = tags
        .into_iter()
        .map(|tag| view! { <li><a class="tag" href=term_url("/tags", &tag.slug)>{tag.name}</a></li> })
        .collect::<Vec<_>>();
    (!items.is_empty()).then(|| view! { <ul class="tags">{items}</ul> })
}

/// Categories or tags with how many posts they have.
#[component]
pub(crate) fn TermCloud(terms: Vec<TermCard>, base: &'static str, class: &'static str) -> impl IntoView {
    let items = terms
        .into_iter()
        .map(|term| {
            let kind = if base == "/categories" { category_class(term.color) } else { "tag".to_owned() };
            view! {
                <li>
                    <a class=kind href=term_url(base, &term.slug)>
                        {term.name}
                        <span class="count">{term.posts.to_string()}</span>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! { <ul class=class>{items}</ul> }
}
