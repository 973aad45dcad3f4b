//! Authors as front matter names them.

use serde_json::Value;

use super::front_matter::scalar;

/// A person, or a team that signs as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Author {
    pub(super) name: String,
    pub(super) bio: String,
    /// As it was written: a URL or a file beside the post.
    pub(super) avatar: Option<String>,
}

/// Words that tell a title or a team from a person's name.
const NOT_IN_NAMES: [&str; 12] =
    ["of", "the", "on", "for", "team", "teams", "group", "wg", "project", "council", "foundation", "committee"];

/// Reads a name, a list of names, `{name, bio, avatar}`, or a list of these.
pub(super) fn read(value: &Value) -> Vec<Author> {
    let mut authors: Vec<Author> = Vec::new();
    let mut add = |author: Author| {
        if !author.name.is_empty() && !authors.iter().any(|known| known.name == author.name) {
            authors.push(author);
        }
    };
    let items = match value {
        Value::Array(items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    for item in items {
        match item {
            Value::Object(parts) => {
                let part = |names: &[&str]| names.iter().find_map(|name| parts.get(*name).and_then(scalar));
                add(Author {
                    name: part(&["name", "title"]).unwrap_or_default().trim().to_owned(),
                    bio: part(&["bio", "description"]).unwrap_or_default(),
                    avatar: part(&["avatar", "image", "picture"]),
                });
            }
            other => {
                for name in split_names(&scalar(other).unwrap_or_default()) {
                    add(Author { name, ..Author::default() });
                }
            }
        }
    }
    authors
}

/// `A, B, and C` is three people; `The Release Team` and `A, on behalf of the Core Team` are one.
fn split_names(text: &str) -> Vec<String> {
    let separated = text.replace(" and ", ",").replace(" & ", ",");
    let names: Vec<&str> = separated
        .split([',', ';'])
        .map(|name| name.trim().trim_start_matches("and ").trim())
        .filter(|name| !name.is_empty())
        .collect();
    let people = names.iter().all(|name| {
        let mut words = name.split_whitespace();
        words.clone().count() <= 4 && !words.any(|word| NOT_IN_NAMES.contains(&word.to_lowercase().as_str()))
    });
    if people { names.into_iter().map(str::to_owned).collect() } else { vec![text.trim().to_owned()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(value: Value) -> Vec<String> {
        read(&value).into_iter().map(|author| author.name).collect()
    }

    #[test]
    fn reads_every_shape() {
        assert_eq!(names("마루".into()), ["마루"]);
        assert_eq!(names(serde_json::json!(["A", {"name": "B", "bio": "b"}, "A"])), ["A", "B"]);
        assert_eq!(names(serde_json::json!({"name": "C"})), ["C"]);
        assert!(names(serde_json::json!([null, "", {}])).is_empty());
    }

    #[test]
    fn splits_people_and_leaves_teams_whole() {
        assert_eq!(
            names("Amanieu d'Antras, Jack Huey, and Jakub Beránek".into()),
            ["Amanieu d'Antras", "Jack Huey", "Jakub Beránek"]
        );
        assert_eq!(names("TC & Eric Huss".into()), ["TC", "Eric Huss"]);
        for whole in ["The Rust Infrastructure and Release Team", "Jane Lusby, on behalf of The Rust Project Teams"] {
            assert_eq!(names(whole.into()), [whole]);
        }
    }
}
