use contracts::pages::Count;
use maud::{Markup, html};

use crate::text::text;

/// Height of the columns.
const HEIGHT: u32 = 60;

/// How tall `count` is where `most` is `full`; something is never nothing.
fn share(count: u32, most: u32, full: u32) -> u32 {
    let part = u64::from(count) * u64::from(full) / u64::from(most.max(1));
    u32::try_from(part).unwrap_or(full).max(u32::from(count > 0))
}

/// Counts side by side as columns, with the numbers below for who cannot see them.
pub(crate) fn columns(label: &str, counts: &[Count]) -> Markup {
    let most = counts.iter().map(|count| count.count).max().unwrap_or_default();
    let width = u32::try_from(counts.len()).unwrap_or_default() * 10;
    html! {
        @if !counts.is_empty() {
            figure.chart {
                svg.columns viewBox={ "0 0 " (width) " " (HEIGHT) } preserveAspectRatio="none" role="img" aria-label=(label) {
                    @for (at, count) in (0u32..).zip(counts) {
                        @let tall = share(count.count, most, HEIGHT);
                        rect x=(at * 10 + 1) y=(HEIGHT - tall) width="8" height=(tall) { title { (count.label) ": " (count.count) } }
                    }
                }
                figcaption {
                    @if let (Some(first), Some(last)) = (counts.first(), counts.last()) {
                        span { (first.label) } span { (label) " · " (text().most) " " (most) } span { (last.label) }
                    }
                }
            }
        }
    }
}

/// Counts as a table with bars.
pub(crate) fn bars(id: &str, title: &str, counts: &[Count]) -> Markup {
    let most = counts.iter().map(|count| count.count).max().unwrap_or_default();
    html! {
        section.panel aria-labelledby=(id) {
            h2 id=(id) { (title) }
            @if counts.is_empty() { p.empty { (text().no_numbers) } }
            ul.bars role="list" {
                @for count in counts {
                    li {
                        span.bar-label {
                            @if count.href.is_empty() { (if count.label.is_empty() { text().unknown } else { &count.label }) } @else { a href=(count.href) { (count.label) } }
                        }
                        span.bar-count { (count.count) }
                        svg.bar viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
                            rect width=(share(count.count, most, 100)) height="4" rx="1" {}
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_little_is_seen_and_nothing_is_not() {
        assert_eq!(share(0, 0, 60), 0);
        assert_eq!(share(1, 10_000, 60), 1);
        assert_eq!(share(5, 10, 60), 30);
        assert_eq!(share(u32::MAX, u32::MAX, 60), 60);
    }
}
