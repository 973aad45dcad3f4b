use leptos::either::Either;
use leptos::prelude::*;
use maud::{Markup, html};

/// Somebody's picture, or their initial. Decoration: the name stands beside it.
pub fn avatar(name: &str, picture: Option<&str>) -> Markup {
    html! {
        @if let Some(picture) = picture {
            img.avatar src=(picture) alt="" width="40" height="40" loading="lazy";
        } @else {
            span.avatar aria-hidden="true" { @if let Some(initial) = name.chars().next() { (initial.to_string()) } }
        }
    }
}

/// The same, as a component of the shell.
#[component]
pub fn Avatar(
    /// Display name.
    name: String,
    /// URL of the picture.
    picture: Option<String>,
) -> impl IntoView {
    match picture {
        Some(picture) => {
            Either::Left(view! { <img class="avatar" src=picture alt="" width="40" height="40" loading="lazy"/> })
        }
        None => {
            let initial: String = name.chars().take(1).collect();
            Either::Right(view! { <span class="avatar" aria-hidden="true">{initial}</span> })
        }
    }
}
