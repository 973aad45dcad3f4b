//! Days, as each language writes them.

use maud::{Markup, html};

use crate::{Locale, locale};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The day of an RFC 3339 time: `2026년 11월 21일`, `21 November 2026`. What is no such time comes back as it is.
pub fn day(time: &str) -> String {
    written(time, locale()).unwrap_or_else(|| time.to_owned())
}

fn written(time: &str, locale: Locale) -> Option<String> {
    let year = time.get(..4)?;
    let month: usize = time.get(5..7)?.parse().ok()?;
    let day: u8 = time.get(8..10)?.parse().ok()?;
    Some(match locale {
        Locale::Ko => [year, "년 ", &month.to_string(), "월 ", &day.to_string(), "일"].concat(),
        Locale::En => [day.to_string().as_str(), " ", MONTHS.get(month.checked_sub(1)?)?, " ", year].concat(),
    })
}

/// A day, readable by people and programs.
pub fn day_of(time: &str) -> Markup {
    html! { time datetime=(time.get(..10).unwrap_or(time)) { (day(time)) } }
}

/// A day and the time of day in UTC: `21 November 2026, 09:30`.
pub fn moment(time: &str) -> Markup {
    html! {
        time datetime=(time) {
            (day(time))
            @if let Some(clock) = time.get(11..16) { " " (clock) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_language() {
        assert_eq!(written("2026-11-21T09:00:00Z", Locale::Ko).as_deref(), Some("2026년 11월 21일"));
        assert_eq!(written("2026-01-05T09:00:00Z", Locale::En).as_deref(), Some("5 January 2026"));
        assert_eq!(written("soon", Locale::En), None);
        assert_eq!(written("2026-13-01", Locale::En), None);
    }
}
