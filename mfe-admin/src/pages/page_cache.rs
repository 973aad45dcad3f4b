//! Pages that are kept for everybody.

use contracts::pages::ManagementPage;
use maud::{Markup, html};
use shared_ui::use_form;

use crate::components::{figures, panel, table};
use crate::text::{bytes, text};

/// How many tags are shown: an admin looks for what most pages are made of.
const SHOWN: usize = 12;

/// What is kept, how often it served, and buttons that make it anew.
pub(super) fn page_cache(page: &ManagementPage) -> Markup {
    let text = text();
    let cache = &page.cache;
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let numbers = [
        (text.cache_pages, small(cache.entries)),
        (text.cache_hits, small(cache.hits + cache.stale)),
        (text.cache_misses, small(cache.misses)),
        (text.cache_purged, small(cache.purged)),
    ];
    let pages = ["#", text.cache_pages].concat();
    let purge = || use_form("/forms/cache/purge");
    panel(
        "page-cache",
        text.page_cache,
        &html! {
            div.bulk-bar {
                p { (text.page_cache_hint) " " (bytes(cache.bytes)) " / " (bytes(cache.capacity)) }
                (purge().button(text.cache_purge_all, "", &[("all", "true")]))
            }
            (figures(&numbers))
            @if !cache.tags.is_empty() {
                (table(text.page_cache, &[text.cache_made_of, &pages, text.actions], &html! {
                    @for row in cache.tags.iter().take(SHOWN) {
                        tr {
                            th scope="row" { code { (row.tag) } }
                            td.number { (row.entries) }
                            td.row-actions { (purge().button(text.cache_purge, "", &[("tag", &row.tag)])) }
                        }
                    }
                }))
            }
        },
    )
}
