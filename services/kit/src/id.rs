//! Ids: UUIDv7, as text.

/// A new id. Ids made later sort later.
pub fn new() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The id that `text` means, in its one normal spelling.
pub fn parse(text: &str) -> Option<String> {
    uuid::Uuid::try_parse(text).ok().map(|id| id.to_string())
}
