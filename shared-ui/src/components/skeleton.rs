use maud::{Markup, html};

use crate::text;

/// The outline of a page whose data is on its way.
pub fn skeleton() -> Markup {
    html! {
        div.skeleton-page role="status" {
            span.visually-hidden { (text().loading) }
            div.skeleton."skeleton--title" {}
            div.skeleton."skeleton--line" {}
            div.skeleton."skeleton--line" {}
            div.skeleton."skeleton--block" {}
        }
    }
}
