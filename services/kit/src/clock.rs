//! Time as a parameter, and how the databases keep it.

use std::{fmt, sync::Arc};

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// Tells the time. Tests turn it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(OffsetDateTime::now_utc))
    }

    /// A clock that shows what `now` answers.
    pub fn from_fn(now: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        (self.0)()
    }

    /// Now, as the databases keep it: see [`to_millis`].
    pub fn millis(&self) -> i64 {
        to_millis(self.now())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Milliseconds since the epoch. The databases keep times as such integers: they sort and compare
/// the same in SQLite and PostgreSQL, and mean no time zone.
pub fn to_millis(time: OffsetDateTime) -> i64 {
    time.unix_timestamp() * 1000 + i64::from(time.millisecond())
}

/// A stored time as RFC 3339 in UTC, without a fraction.
pub fn rfc3339(millis: i64) -> String {
    OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000))
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// The stored form of an RFC 3339 text. None also where the year in UTC has no four digits: [`rfc3339`] could not
/// say it again.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(UtcOffset::UTC)?;
    (time.year() >= 0).then(|| to_millis(time))
}

#[cfg(test)]
mod tests {
    use super::{parse_rfc3339, rfc3339};

    #[test]
    fn times_survive_the_round_trip_in_utc() {
        let millis = parse_rfc3339("2024-02-29T09:30:00.250+09:00");
        assert_eq!(millis.map(rfc3339).as_deref(), Some("2024-02-29T00:30:00Z"));
        assert_eq!(parse_rfc3339("yesterday"), None);
        assert_eq!(parse_rfc3339("2026-02-30T00:00:00Z"), None);
        for edge in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(parse_rfc3339(edge).map(rfc3339).as_deref(), Some(edge));
        }
        for beyond in ["9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01"] {
            assert_eq!(parse_rfc3339(beyond), None, "{beyond}");
        }
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59Z");
    }
}
