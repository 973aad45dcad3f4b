//! Splits a Markdown file into its front matter and its text.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The parts of one file.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    /// What stands between the fences; dates are strings.
    pub(super) fields: Map<String, Value>,
    /// Whether there were fences at all.
    pub(super) present: bool,
    /// The Markdown after them.
    pub(super) body: Cow<'a, str>,
    /// Number of the line the body starts on, from 1.
    pub(super) body_line: usize,
}

/// Why front matter could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct FrontMatterError {
    /// Line of the file, from 1.
    pub(super) line: usize,
    message: String,
}

impl FrontMatterError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// Reads TOML between `+++`, YAML between `---`, or a JSON object at the start of `text`.
pub(super) fn split(text: &str) -> Result<Parts<'_>, FrontMatterError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text: Cow<'_, str> = if text.contains('\r') { text.replace("\r\n", "\n").into() } else { text.into() };
    let first = text.lines().next().unwrap_or_default().trim_end();
    match first {
        "+++" => fenced(&text, "+++", parse_toml),
        "---" => fenced(&text, "---", parse_yaml),
        _ if opens_json(&text) => json(&text),
        _ => Ok(Parts { fields: Map::new(), present: false, body: text, body_line: 1 }),
    }
}

type Parse = fn(&str) -> Result<Map<String, Value>, FrontMatterError>;

fn fenced<'a>(text: &str, fence: &str, parse: Parse) -> Result<Parts<'a>, FrontMatterError> {
    let mut offset = 0;
    let mut opened = None;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let closes = line.trim_end() == fence || (fence == "---" && line.trim_end() == "...");
        match opened {
            None => opened = Some(offset + line.len()),
            Some(start) if closes => {
                let fields =
                    parse(&text[start..offset]).map_err(|error| FrontMatterError { line: error.line + 1, ..error })?;
                let body = text[offset + line.len()..].to_owned().into();
                return Ok(Parts { fields, present: true, body, body_line: index + 2 });
            }
            Some(_) => {}
        }
        offset += line.len();
    }
    Err(FrontMatterError::new(1, format!("the front matter opened by {fence} is never closed")))
}

fn parse_toml(source: &str) -> Result<Map<String, Value>, FrontMatterError> {
    let table: toml::Table = toml::from_str(source).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start.min(source.len()));
        let line = source.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        FrontMatterError::new(line, format!("TOML: {}", one_line(error.message())))
    })?;
    Ok(table.into_iter().map(|(key, value)| (key, toml_value(value))).collect())
}

fn toml_value(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(toml_value).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, item)| (key, toml_value(item))).collect())
        }
    }
}

fn parse_yaml(source: &str) -> Result<Map<String, Value>, FrontMatterError> {
    let value: yaml_serde::Value = yaml_serde::from_str(source).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        FrontMatterError::new(line, format!("YAML: {}", one_line(&error.to_string())))
    })?;
    match yaml_value(value) {
        Value::Object(fields) => Ok(fields),
        Value::Null => Ok(Map::new()),
        _ => Err(FrontMatterError::new(1, "YAML: the front matter is not a list of `key: value` lines")),
    }
}

fn yaml_value(value: yaml_serde::Value) -> Value {
    match value {
        yaml_serde::Value::Null => Value::Null,
        yaml_serde::Value::Bool(flag) => flag.into(),
        yaml_serde::Value::Number(number) => serde_json::to_value(number).unwrap_or(Value::Null),
        yaml_serde::Value::String(text) => text.into(),
        yaml_serde::Value::Sequence(items) => items.into_iter().map(yaml_value).collect(),
        yaml_serde::Value::Mapping(mapping) => Value::Object(
            mapping.into_iter().filter_map(|(key, item)| Some((scalar(&yaml_value(key))?, yaml_value(item)))).collect(),
        ),
        yaml_serde::Value::Tagged(tagged) => yaml_value(tagged.value),
    }
}

/// Text of a value that is written as one word or sentence.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `{` alone may open a template tag or a code sample; a JSON object goes on with a key or ends.
fn opens_json(text: &str) -> bool {
    text.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))
}

fn json<'a>(text: &str) -> Result<Parts<'a>, FrontMatterError> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Map<String, Value>>();
    let fields = match stream.next() {
        Some(Ok(fields)) => fields,
        Some(Err(error)) => return Err(FrontMatterError::new(error.line(), format!("JSON: {error}"))),
        None => Map::new(),
    };
    let rest = &text[stream.byte_offset()..];
    let body = rest.strip_prefix('\n').unwrap_or(rest);
    let body_line = text[..text.len() - body.len()].matches('\n').count() + 1;
    Ok(Parts { fields, present: true, body: body.to_owned().into(), body_line })
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_toml_yaml_and_json() {
        for text in [
            "+++\ntitle = \"마루\"\ndate = 2019-11-07\n+++\nText\n",
            "---\ntitle: 마루\ndate: 2019-11-07\n---\nText\n",
            "{\n\"title\": \"마루\", \"date\": \"2019-11-07\"\n}\nText\n",
        ] {
            let parts = split(text).unwrap();
            assert_eq!(parts.fields["title"], "마루", "{text}");
            assert_eq!(parts.fields["date"], "2019-11-07", "{text}");
            assert_eq!(parts.body, "Text\n", "{text}");
            assert!(parts.present);
        }
    }

    #[test]
    fn accepts_a_byte_order_mark_and_windows_line_ends() {
        let parts = split("\u{feff}---\r\ntitle: Hi\r\n---\r\none\r\ntwo").unwrap();
        assert_eq!(parts.fields["title"], "Hi");
        assert_eq!(parts.body, "one\ntwo");
        assert_eq!(parts.body_line, 4);
    }

    #[test]
    fn names_the_line_of_a_mistake() {
        let toml = split("+++\ntitle = \"a\"\ndraft = maybe\n+++\n").unwrap_err();
        assert_eq!(toml.line, 3);
        assert!(toml.to_string().starts_with("TOML: "), "{toml}");
        assert_eq!(split("---\nlayout: a\ntitle: b: c\n---\n").unwrap_err().line, 3);
        assert_eq!(split("{\"title\": \"a\",\n \"date\" 3}\n").unwrap_err().line, 2);
    }

    #[test]
    fn front_matter_that_never_ends_is_an_error() {
        for text in ["+++\ntitle = \"a\"\n\nText", "---\ntitle: a\nText\n", "---"] {
            let error = split(text).unwrap_err();
            assert_eq!(error.line, 1);
            assert!(error.to_string().contains("never closed"), "{error}");
        }
    }

    #[test]
    fn a_file_without_front_matter_is_all_text() {
        for text in ["# Title\n\nText", "", "{{ template }}", "{% raw %}"] {
            let parts = split(text).unwrap();
            assert!(!parts.present && parts.fields.is_empty());
            assert_eq!(parts.body, text);
        }
    }
}
