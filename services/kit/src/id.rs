//! Ids: UUIDv7, as text.

/// A new id. Ids made later sort later.
pub fn new() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The id that `text` means, in its one normal spelling.
pub fn parse(text: &str) -> Option<String> {
    uuid::Uuid::try_parse(text).ok().map(|id| id.to_string())
}

/// The least id that could be made at this time (milliseconds since 1970): those made before are less.
pub fn first_at(millis: i64) -> String {
    let millis = u64::try_from(millis).unwrap_or(0) & 0xffff_ffff_ffff;
    format!("{:08x}-{:04x}-7000-8000-000000000000", millis >> 16, millis & 0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time() {
        let id = new();
        let made = uuid::Uuid::parse_str(&id).unwrap().get_timestamp().unwrap().to_unix();
        let millis = i64::try_from(made.0).unwrap() * 1000 + i64::from(made.1 / 1_000_000);
        assert!(first_at(millis) <= id && id < first_at(millis + 1), "{id}");
        assert_eq!(parse(&first_at(millis)).as_deref(), Some(first_at(millis).as_str()));
    }
}
