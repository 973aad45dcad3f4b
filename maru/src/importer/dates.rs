//! Dates as people write them in front matter, file names and paths.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, format_description::well_known::Rfc3339};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads `2019-11-07`, `2019/11/07`, either followed by a time and an offset, `Nov 7, 2019`, or
/// `7 November 2019`. A time without an offset is taken as UTC.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(moment);
    }
    numeric(text).or_else(|| named_month(text))
}

/// As the services take it: RFC 3339 in UTC.
pub(super) fn rfc3339(moment: OffsetDateTime) -> Option<String> {
    moment.checked_to_offset(UtcOffset::UTC)?.format(&Rfc3339).ok()
}

/// The date that `name` starts with, as in `2019-11-07-title`, and what follows it.
pub(super) fn leading(name: &str) -> Option<(OffsetDateTime, &str)> {
    let head = name.get(..10)?;
    let bytes = head.as_bytes();
    if !(matches!(bytes[4], b'-' | b'_' | b'.') && bytes[7] == bytes[4]) {
        return None;
    }
    let date = date(&head[..4], &head[5..7], &head[8..10])?;
    let rest = &name[10..];
    let rest = match rest.strip_prefix(['-', '_', ' ', '.']) {
        Some(rest) => rest,
        None if rest.is_empty() => rest,
        None => return None,
    };
    Some((date.midnight().assume_utc(), rest))
}

/// The date in three successive segments of a path, as in `blog/2019/11/07/title`.
pub(super) fn in_path(path: &str) -> Option<OffsetDateTime> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    segments
        .windows(3)
        .find_map(|window| (window[0].len() == 4).then(|| date(window[0], window[1], window[2])).flatten())
        .map(|date| date.midnight().assume_utc())
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
    if !(digits(year) && digits(month) && digits(day)) {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn numeric(text: &str) -> Option<OffsetDateTime> {
    let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    let mut parts = day.split(['-', '/', '.']);
    let day = date(parts.next().filter(|year| year.len() == 4)?, parts.next()?, parts.next()?)?;
    if parts.next().is_some() {
        return None;
    }
    let rest = rest.trim_start_matches(['T', 't', ' ']).trim();
    if rest.is_empty() {
        return Some(day.midnight().assume_utc());
    }
    let end = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    Some(PrimitiveDateTime::new(day, time_of_day(clock)?).assume_offset(offset(zone.trim())?))
}

fn time_of_day(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second = parts.next().and_then(|second| second.split('.').next()).unwrap_or("0").parse().ok()?;
    Time::from_hms(hour, minute, second).ok()
}

fn offset(text: &str) -> Option<UtcOffset> {
    if matches!(text, "" | "Z" | "z" | "UTC" | "GMT") {
        return Some(UtcOffset::UTC);
    }
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|character| *character != ':').collect();
    let hours: i8 = digits.get(..2)?.parse().ok()?;
    let minutes: i8 = digits.get(2..).filter(|rest| !rest.is_empty()).unwrap_or("0").parse().ok()?;
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()
}

fn named_month(text: &str) -> Option<OffsetDateTime> {
    let words: Vec<&str> =
        text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let month = words.iter().find_map(|word| {
        let start = word.get(..3)?.to_ascii_lowercase();
        let index = MONTHS.iter().position(|month| *month == start)?;
        word.bytes().all(|byte| byte.is_ascii_alphabetic()).then_some(index + 1)
    })?;
    let year = words.iter().find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let day = words
        .iter()
        .map(|word| word.trim_end_matches(|character: char| character.is_ascii_alphabetic()))
        .find(|word| (1..=2).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(date(year, &month.to_string(), day)?.midnight().assume_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse(text).and_then(rfc3339)
    }

    #[test]
    fn reads_what_people_write() {
        for (text, expected) in [
            ("2019-11-07", "2019-11-07T00:00:00Z"),
            ("2019/11/7", "2019-11-07T00:00:00Z"),
            ("2019-11-07T09:30:00+09:00", "2019-11-07T00:30:00Z"),
            ("2019-11-07 09:30:00 +0900", "2019-11-07T00:30:00Z"),
            ("2019-11-07 09:30", "2019-11-07T09:30:00Z"),
            ("2019-11-07T09:30:15.250Z", "2019-11-07T09:30:15.25Z"),
            ("2019-11-07T09:30:15", "2019-11-07T09:30:15Z"),
            ("Nov 7, 2019", "2019-11-07T00:00:00Z"),
            ("Jul 08 2022", "2022-07-08T00:00:00Z"),
            ("7th November 2019", "2019-11-07T00:00:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", "soon", "2019-13-01", "2019-02-30", "07-11-2019", "2019-11-07 25:00", "١٢-٣-٤", "2019-11-07 9:00 KST"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn finds_dates_in_names_and_paths() {
        let (moment, rest) = leading("2019-11-07-first-post").unwrap();
        assert_eq!((rfc3339(moment).as_deref(), rest), (Some("2019-11-07T00:00:00Z"), "first-post"));
        assert_eq!(leading("2019-11-07").unwrap().1, "");
        for name in ["2019-11-0x-a", "2019-11-071", "마루의-하루-이야기", "20191107-a", ""] {
            assert!(leading(name).is_none(), "{name}");
        }
        assert!(in_path("inside-rust/2019/11/07/async").is_some());
        assert!(in_path("2019/13/07/async").is_none());
        assert!(in_path("blog/async").is_none());
    }
}
