use leptos::either::Either;
use leptos::prelude::*;

/// Somebody's picture, or their initial. Decoration: the name stands beside it.
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
