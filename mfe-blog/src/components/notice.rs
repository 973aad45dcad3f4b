use contracts::pages::NoticeCard;
use maud::{Markup, html};
use shared_ui::{day_of, encode};

use crate::text::text;

/// What stands in front of a notice's title.
pub(crate) fn badge(badge: &str, pinned: bool) -> Markup {
    html! {
        @if pinned { span class="badge badge--draft" { (text().pinned) } }
        @if !badge.is_empty() { span class="badge badge--public" { (badge) } }
    }
}

/// Notices, one below the other.
pub(crate) fn notice_list(notices: &[NoticeCard]) -> Markup {
    html! {
        ul.link-list role="list" {
            @for notice in notices {
                li {
                    span.notice-title {
                        (badge(&notice.badge, notice.pinned))
                        a href={ "/notices/" (encode(&notice.slug)) } { (notice.title) }
                    }
                    (day_of(&notice.published_at))
                }
            }
        }
    }
}
