use leptos::prelude::*;

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

/// Links to the pages of a list. Nothing when there is only one.
#[component]
pub fn Pager(
    /// This page, from 1.
    page: u32,
    /// Items on a full page.
    size: u32,
    /// Items on all pages.
    total: u32,
    /// URL of the list with everything but the page, ending in `?` or `&`.
    base: String,
) -> impl IntoView {
    let last = page_count(total, size);
    let link = move |number: u32| {
        if number == 1 { base.trim_end_matches(['?', '&']).to_owned() } else { format!("{base}page={number}") }
    };
    (last > 1).then(move || {
        let items = numbers(page, last)
            .into_iter()
            .map(|number| {
                let current = (number == page).then_some("page");
                (number > 0)
                    .then(|| view! { <a href=link(number) aria-current=current>{number.to_string()}</a> })
                    .ok_or_else(|| view! { <span aria-hidden="true">"…"</span> })
                    .map_or_else(leptos::either::Either::Right, leptos::either::Either::Left)
            })
            .collect::<Vec<_>>();
        view! {
            <nav class="pager" aria-label=text().pages>
                {(page > 1).then(|| view! { <a class="pager-step" rel="prev" href=link(page - 1)>{text().previous}</a> })}
                <span class="pager__numbers">{items}</span>
                {(page < last).then(|| view! { <a class="pager-step" rel="next" href=link(page + 1)>{text().next}</a> })}
            </nav>
        }
    })
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
