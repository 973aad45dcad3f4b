use maud::{Markup, html};

use crate::text;

/// Which numbers a pager shows: the first, the last and those around the current one; 0 is a gap.
fn numbers(page: u32, last: u32) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut before = 0;
    for number in 1..=last {
        if number == 1 || number == last || number.abs_diff(page) <= 1 {
            if number > before + 1 {
                numbers.push(0);
            }
            numbers.push(number);
            before = number;
        }
    }
    numbers
}

/// How many pages a list has.
pub(crate) fn page_count(total: u32, size: u32) -> u32 {
    total.div_ceil(size.max(1)).max(1)
}

/// URL of a page of a list. `base` is the list's URL with everything but the page, ending in `?` or `&`.
pub fn page_href(base: &str, page: u32) -> String {
    if page > 1 { [base, "page=", &page.to_string()].concat() } else { base.trim_end_matches(['?', '&']).to_owned() }
}

/// Links to the pages of a list; nothing when there is only one. `base` is the list's URL with everything
/// but the page, ending in `?` or `&`.
pub fn pager(page: u32, size: u32, total: u32, base: &str) -> Markup {
    pager_by("page", page, size, total, base, "")
}

/// The same for a list that is turned by another key than `page`, and stands at a fragment of its page.
pub fn pager_by(key: &str, page: u32, size: u32, total: u32, base: &str, fragment: &str) -> Markup {
    let last = page_count(total, size);
    let link = |number: u32| {
        if number == 1 {
            [base.trim_end_matches(['?', '&']), fragment].concat()
        } else {
            [base, key, "=", &number.to_string(), fragment].concat()
        }
    };
    html! {
        @if last > 1 {
            nav.pager aria-label=(text().pages) {
                @if page > 1 { a.pager-step rel="prev" href=(link(page - 1)) { (text().previous) } }
                span.pager__numbers {
                    @for number in numbers(page, last) {
                        @if number == 0 {
                            span aria-hidden="true" { "…" }
                        } @else {
                            a href=(link(number)) aria-current=[(number == page).then_some("page")] { (number) }
                        }
                    }
                }
                @if page < last { a.pager-step rel="next" href=(link(page + 1)) { (text().next) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_shows_ends_and_neighbours() {
        assert_eq!(numbers(1, 1), [1]);
        assert_eq!(numbers(2, 3), [1, 2, 3]);
        assert_eq!(numbers(10, 20), [1, 0, 9, 10, 11, 0, 20]);
        assert_eq!(numbers(1, 20), [1, 2, 0, 20]);
    }

    #[test]
    fn an_empty_list_has_one_page() {
        assert_eq!(page_count(0, 12), 1);
        assert_eq!(page_count(12, 12), 1);
        assert_eq!(page_count(13, 12), 2);
    }
}
