//! Lists of a service that may be older than this BFF.

use contracts::blog::Paged;
use serde::Deserialize;

/// A page of a list, or, from services before all lists became pages, all of it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Listed<T> {
    Page(Paged<T>),
    All(Vec<T>),
}

impl<T> From<Listed<T>> for Paged<T> {
    fn from(listed: Listed<T>) -> Self {
        match listed {
            Listed::Page(page) => page,
            Listed::All(items) => Self { total: u32::try_from(items.len()).unwrap_or(u32::MAX), items },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_of_before_are_understood() {
        let read = |json: &str| Paged::<u8>::from(serde_json::from_str::<Listed<u8>>(json).unwrap());
        assert_eq!(read(r#"{"items": [1], "total": 7}"#), Paged { items: vec![1], total: 7 });
        assert_eq!(read("[1, 2]"), Paged { items: vec![1, 2], total: 2 });
    }
}
