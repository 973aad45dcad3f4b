use maud::{Markup, html};

use crate::text::text;

/// In the corner of a part that is not available now.
pub(crate) fn away(title: &str) -> Markup {
    html! { p.notice { (title) ": " (text().part_away) } }
}
