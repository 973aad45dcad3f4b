//! `docs/configuration.md` says what the structs say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Config, keys::KEYS};

const PAGE: &str = include_str!("../../../docs/configuration.md");

/// A line of the page's tables.
struct Row<'a> {
    key: &'a str,
    environment: &'a str,
    default: &'a str,
    meaning: &'a str,
}

fn rows() -> Vec<Row<'static>> {
    let lines = PAGE.lines().filter(|line| line.starts_with("| `"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [key, environment, default, meaning] = cells[..] else { panic!("four cells: {line}") };
            Row { key: key.trim_matches('`'), environment, default, meaning }
        })
        .collect()
}

/// The values of a configuration by their keys. The tables of a list share their keys.
fn flat(config: &Config) -> BTreeMap<String, Value> {
    fn walk(key: &str, value: Value, into: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    walk(&if key.is_empty() { name } else { format!("{key}.{name}") }, value, into);
                }
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                items.into_iter().for_each(|item| walk(key, item, into));
            }
            value => drop(into.insert(key.to_owned(), value)),
        }
    }
    let mut values = BTreeMap::new();
    walk("", serde_json::to_value(config).unwrap(), &mut values);
    values
}

fn load(toml: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("maru.toml");
    std::fs::write(&file, toml).unwrap();
    Config::load(Some(&file), serde_json::json!({})).unwrap()
}

#[test]
fn every_key_has_its_row_and_every_row_its_key() {
    let example = PAGE.rsplit("```toml\n").next().and_then(|rest| rest.split("```").next()).unwrap();
    let known: BTreeSet<String> = flat(&load(example)).into_keys().collect();
    let listed: BTreeSet<String> = rows().iter().map(|row| row.key.to_owned()).collect();
    assert_eq!(known.difference(&listed).collect::<Vec<_>>(), [""; 0], "keys without a row");
    assert_eq!(listed.difference(&known).collect::<Vec<_>>(), [""; 0], "rows whose key the example does not set");
    assert_eq!(rows().len(), listed.len(), "a key has two rows");
}

#[test]
fn defaults_are_as_the_page_says() {
    let defaults = flat(&Config::default());
    for Row { key, default, meaning, .. } in rows() {
        assert!(!meaning.is_empty(), "{key} is not explained");
        let known = defaults.get(key).unwrap_or(&Value::Null);
        let words = match known {
            Value::String(text) => format!("`{text}`"),
            Value::Null => String::new(),
            other => format!("`{}`", other.to_string().replace(',', ", ")),
        };
        assert!(default.starts_with(&words), "{key}: the page says {default}, the program {words}");
        let required = default == "required";
        assert!(!required || known.is_null(), "{key} has a default");
    }
}

#[test]
fn names_in_the_environment_are_as_the_page_says() {
    let settable: BTreeSet<&str> = KEYS.iter().map(|(key, _)| *key).collect();
    for Row { key, environment, .. } in rows() {
        let name = format!("`MARU_{}`", key.replace('.', "__").to_uppercase());
        let expected = if settable.contains(key) { name.as_str() } else { "–" };
        assert_eq!(environment, expected, "{key}");
    }
    let listed: BTreeSet<&str> = rows().iter().map(|row| row.key).collect();
    assert_eq!(settable.difference(&listed).collect::<Vec<_>>(), [&""; 0], "keys without a row");
}

#[test]
fn the_environment_sets_numbers_lists_and_tables() {
    figment::Jail::expect_with(|jail| {
        jail.set_env("MARU_NETWORK__TRUSTED_PROXIES", "[10.0.0.0/8, 192.0.2.1]");
        jail.set_env("MARU_ANALYTICS__UTC_OFFSET_MINUTES", "540");
        jail.set_env("MARU_SERVICES__URLS__AUTH", "http://auth.internal:3001");
        jail.set_env("MARU_NO_SUCH_KEY", "of another program");
        let config = Config::load(None, serde_json::json!({})).unwrap();
        assert_eq!(config.network.trusted_proxies, ["10.0.0.0/8", "192.0.2.1"]);
        assert_eq!(config.analytics.utc_offset_minutes, 540);
        assert_eq!(config.services.urls["auth"], "http://auth.internal:3001");
        Ok(())
    });
}
