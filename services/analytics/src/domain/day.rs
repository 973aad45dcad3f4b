//! Days, weeks and months of reports.

use contracts::analytics::ReportBy;
use time::{
    Date, Duration, OffsetDateTime, UtcOffset, format_description::BorrowedFormatItem, macros::format_description,
};

const FORMAT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// The day it is in the site's time zone.
pub(crate) fn of(now: OffsetDateTime, zone: UtcOffset) -> Date {
    now.to_offset(zone).date()
}

/// `2026-11-21`.
pub(crate) fn text(day: Date) -> String {
    day.format(FORMAT).unwrap_or_default()
}

/// The day of a text; none when there is no such day.
pub(crate) fn parse(text: &str) -> Option<Date> {
    Date::parse(text, FORMAT).ok()
}

/// So many days earlier.
pub(crate) fn before(day: Date, days: i64) -> Date {
    day.saturating_sub(Duration::days(days))
}

/// All days from `from` to `to`, both included.
pub(crate) fn range(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.next_day()).take_while(move |day| *day <= to)
}

/// The row of a report by time to which a day belongs.
pub(crate) fn key(day: Date, by: ReportBy) -> String {
    match by {
        ReportBy::Week => {
            let (year, week, _) = day.to_iso_week_date();
            format!("{year}-W{week:02}")
        }
        ReportBy::Month => format!("{}-{:02}", day.year(), u8::from(day.month())),
        _ => text(day),
    }
}

#[cfg(test)]
mod tests {
    use contracts::analytics::ReportBy;
    use time::macros::{date, datetime, offset};

    use super::{key, of, parse, range};

    #[test]
    fn a_day_ends_at_midnight_of_the_site() {
        let late = datetime!(2026-11-21 23:30 UTC);
        assert_eq!(of(late, offset!(UTC)), date!(2026 - 11 - 21));
        assert_eq!(of(late, offset!(+9)), date!(2026 - 11 - 22));
    }

    #[test]
    fn only_days_that_exist_are_days() {
        assert_eq!(parse("2024-02-29"), Some(date!(2024 - 02 - 29)));
        for none in ["2026-02-29", "2026-13-01", "2026-1-1", "yesterday", "", "2026-11-21T00:00:00Z"] {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    #[test]
    fn weeks_are_those_of_iso() {
        assert_eq!(key(date!(2027 - 01 - 01), ReportBy::Week), "2026-W53");
        assert_eq!(key(date!(2026 - 11 - 21), ReportBy::Month), "2026-11");
        assert_eq!(range(date!(2026 - 12 - 30), date!(2027 - 01 - 02)).count(), 4);
        assert_eq!(range(date!(2026 - 12 - 30), date!(2026 - 12 - 29)).count(), 0);
    }
}
